// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// @uploadx/core as a tus server on loopback, for tests: a server that checks checksums, and that is
// looser than the specification in many places. Runs until it is killed.
//
//   PORT        0 = a free one; the first line of output is the upload address
//   DATA_DIR    where uploads are stored
//   AUTH_TOKEN  every request must carry "Authorization: Bearer <token>"
//   EXPIRE      unfinished uploads expire after so long: "10s"
//   PURGE       how often it removes what has expired: "5s"

import http from 'node:http'
import { Tus } from '@uploadx/core'

const { PORT = '0', DATA_DIR, AUTH_TOKEN, EXPIRE, PURGE = '5s' } = process.env
if (!DATA_DIR) {
  console.error('DATA_DIR is not set')
  process.exit(2)
}

const uploads = new Tus({
  uploadDir: DATA_DIR,
  basePath: '/tus',
  maxFileSize: '5TB',
  ...(EXPIRE ? { expiration: { maxAge: EXPIRE, purgeInterval: PURGE } } : {}),
})

const listener = http.createServer((request, response) => {
  if (AUTH_TOKEN && request.headers.authorization !== `Bearer ${AUTH_TOKEN}`) {
    response.writeHead(401).end('Unauthorized\n')
    return
  }
  uploads.handle(request, response)
})
listener.requestTimeout = 0 // Node's default of 300 s would cut long uploads
// It answers 503 until it has looked at its folder.
while (!uploads.storage.isReady) await new Promise((resolve) => setTimeout(resolve, 5))
listener.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${listener.address().port}/tus`)
})
