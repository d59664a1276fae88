// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The reference tus server on loopback, for tests. Runs until it is killed.
//
//   PORT        0 = a free one; the first line of output is the upload address
//   DATA_DIR    where uploads are stored
//   AUTH_TOKEN  every request must carry "Authorization: Bearer <token>"
//   EXPIRE_MS   unfinished uploads expire after so long
//   MAX_SIZE    bytes of the largest upload

import http from 'node:http'
import { FileStore } from '@tus/file-store'
import { Server } from '@tus/server'

const { PORT = '0', DATA_DIR, AUTH_TOKEN, EXPIRE_MS = '0', MAX_SIZE = '0' } = process.env
if (!DATA_DIR) {
  console.error('DATA_DIR is not set')
  process.exit(2)
}

const server = new Server({
  path: '/files',
  maxSize: Number(MAX_SIZE) || undefined,
  datastore: new FileStore({
    directory: DATA_DIR,
    expirationPeriodInMilliseconds: Number(EXPIRE_MS),
  }),
  async onIncomingRequest(request) {
    if (AUTH_TOKEN && request.headers.get('authorization') !== `Bearer ${AUTH_TOKEN}`) {
      throw { status_code: 401, body: 'Unauthorized\n' }
    }
  },
})

// A client that leaves while the last bytes of a GET are on their way makes Node 20's own web streams
// throw where nobody can catch it ("ReadableStream is already closed"): that client's loss, not the
// end of the server.
process.on('uncaughtException', (error) => {
  console.error(error)
  if (error.code !== 'ERR_INVALID_STATE') process.exit(1)
})

const listener = http.createServer((request, response) => server.handle(request, response))
listener.requestTimeout = 0 // Node's default of 300 s would cut long uploads
listener.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${listener.address().port}/files`)
})
