// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A narrow uplink on loopback: forwards connections, towards the server at RATE bytes a second for
// all of them together, back without a limit. The first line of output is its port.
//
//   node rate-proxy.mjs TARGET_PORT RATE

import net from 'node:net'

const [target, rate] = process.argv.slice(2).map(Number)
const burst = rate / 20 // 50 ms
let tokens = burst
let filled = process.hrtime.bigint()
const waiting = []

function refill() {
  const now = process.hrtime.bigint()
  tokens = Math.min(burst, tokens + (Number(now - filled) / 1e9) * rate)
  filled = now
}

setInterval(() => {
  refill()
  while (waiting.length > 0 && tokens > 0) waiting.shift()()
}, 5)

net
  .createServer({ highWaterMark: 65536 }, (client) => {
    const server = net.connect({ port: target, host: '127.0.0.1' })
    client.on('data', (bytes) => {
      client.pause()
      const pass = () => {
        tokens -= bytes.length
        server.write(bytes)
        client.resume()
      }
      if (tokens > 0 && waiting.length === 0) pass()
      else waiting.push(pass)
    })
    client.on('end', () => server.end())
    server.pipe(client)
    for (const [one, other] of [[client, server], [server, client]])
      one.on('error', () => other.destroy())
  })
  .listen(0, '127.0.0.1', function () {
    console.log(this.address().port)
  })
