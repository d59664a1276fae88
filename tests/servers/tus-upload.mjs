// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Uploads a file with tus-js-client in one PATCH: what the benchmark compares with.
// Prints one JSON line: seconds of wall and CPU time for the upload alone.
//
//   node tus-upload.mjs FILE URL

import fs from 'node:fs'
import path from 'node:path'
import * as tus from 'tus-js-client'

const [file, endpoint] = process.argv.slice(2)
const stream = fs.createReadStream(file)
const { size } = fs.statSync(file)
const began = process.hrtime.bigint()
const cpuBefore = process.cpuUsage()

const upload = new tus.Upload(stream, {
  endpoint,
  uploadSize: size,
  metadata: { filename: path.basename(file), filetype: 'video/mp4' },
  retryDelays: null,
  onError(error) {
    console.error(String(error))
    process.exit(1)
  },
  onSuccess() {
    const cpu = process.cpuUsage(cpuBefore)
    console.log(
      JSON.stringify({
        wall_s: Number(process.hrtime.bigint() - began) / 1e9,
        cpu_s: (cpu.user + cpu.system) / 1e6,
        url: upload.url,
      }),
    )
  },
})
upload.start()
