// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Uploads files with tus-js-client, one after the other: what the benchmarks compare with. Prints one
// JSON line: seconds of wall and CPU time for the uploads alone, and the last one's address.
//
//   node tus-upload.mjs FILE... URL
//   CHUNK_SIZE    bytes of a PATCH; all in one where it is not set

import fs from 'node:fs'
import path from 'node:path'
import * as tus from 'tus-js-client'

const files = process.argv.slice(2, -1)
const endpoint = process.argv.at(-1)
const chunkSize = Number(process.env.CHUNK_SIZE) || Infinity
const began = process.hrtime.bigint()
const cpuBefore = process.cpuUsage()

function send(file) {
  return new Promise((resolve, reject) => {
    const upload = new tus.Upload(fs.createReadStream(file), {
      endpoint,
      uploadSize: fs.statSync(file).size,
      chunkSize,
      metadata: { filename: path.basename(file), filetype: 'video/mp4' },
      retryDelays: null,
      onError: reject,
      onSuccess: () => resolve(upload.url),
    })
    upload.start()
  })
}

let url
try {
  for (const file of files) url = await send(file)
} catch (error) {
  console.error(String(error))
  process.exit(1)
}
const cpu = process.cpuUsage(cpuBefore)
console.log(
  JSON.stringify({
    wall_s: Number(process.hrtime.bigint() - began) / 1e9,
    cpu_s: (cpu.user + cpu.system) / 1e6,
    url,
  }),
)
