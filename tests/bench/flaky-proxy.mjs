// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A bad line on loopback: forwards connections, towards the server at RATE bytes a second for all of
// them together, each byte DELAY ms late in either direction, and cuts every connection at random
// moments, EVERY seconds apart on the average. The first line of output is its port; one line for
// each cut follows.
//
//   node flaky-proxy.mjs TARGET_PORT RATE DELAY EVERY SEED

import net from 'node:net'

const [target, rate, delay, every, seed] = process.argv.slice(2).map(Number)
const open = new Set()
let state = seed
const random = () => { // the same cuts for the same seed (mulberry32)
  state = (state + 0x6d2b79f5) | 0
  let t = Math.imul(state ^ (state >>> 15), 1 | state)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}

// What the line still carries of what was given to it: time at which it is free again.
let free = 0
const now = () => performance.now()

function forward(from, to, isUp) {
  from.on('data', (bytes) => {
    let wait = delay
    if (isUp) {
      free = Math.max(free, now()) + (bytes.length / rate) * 1000
      wait += free - now()
      // As a router's buffer: a tenth of a second of bytes, and no more.
      if (free - now() > 100) {
        from.pause()
        setTimeout(() => from.resume(), free - now() - 100)
      }
    }
    setTimeout(() => { if (!to.destroyed) to.write(bytes) }, wait)
  })
  from.on('end', () => setTimeout(() => to.end(), delay + Math.max(0, free - now())))
}

net
  .createServer({ highWaterMark: 16384, allowHalfOpen: true }, (client) => {
    const server = net.connect({ port: target, host: '127.0.0.1', allowHalfOpen: true })
    forward(client, server, true)
    forward(server, client, false)
    const both = [client, server]
    open.add(both)
    for (const one of both) {
      one.on('error', () => both.forEach((each) => each.destroy()))
      one.on('close', () => { both.forEach((each) => each.destroy()); open.delete(both) })
    }
  })
  .listen(0, '127.0.0.1', function () {
    console.log(this.address().port)
  })

function cutLater() {
  setTimeout(() => {
    console.log(`cut ${open.size}`)
    for (const both of [...open]) both.forEach((each) => each.resetAndDestroy())
    cutLater()
  }, -Math.log(1 - random()) * every * 1000)
}
if (every > 0) cutLater()
