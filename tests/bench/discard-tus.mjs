// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A tus 1.0.0 server that counts bytes and keeps none, for measurements only: memory on uploads of
// any size, and many uploads at once. A double, written from the specification. First line of
// output: its address.

import http from 'node:http'

const uploads = new Map()
const base = { 'Tus-Resumable': '1.0.0' }

const server = http.createServer((request, response) => {
  const reply = (status, headers = {}) => {
    response.writeHead(status, { ...base, ...headers })
    response.end()
  }
  if (request.method === 'OPTIONS') {
    return reply(204, { 'Tus-Version': '1.0.0', 'Tus-Extension': 'creation,termination,creation-defer-length' })
  }
  if (request.method === 'POST') {
    const id = String(uploads.size + 1)
    uploads.set(id, { offset: 0, length: Number(request.headers['upload-length'] ?? -1) })
    request.resume()
    return reply(201, { Location: `/files/${id}` })
  }
  const upload = uploads.get(request.url.split('/').pop())
  if (!upload) return reply(404)
  const state = () => ({
    'Upload-Offset': String(upload.offset),
    ...(upload.length >= 0 ? { 'Upload-Length': String(upload.length) } : { 'Upload-Defer-Length': '1' }),
    'Cache-Control': 'no-store',
  })
  if (request.method === 'HEAD') return reply(200, state())
  if (request.method === 'DELETE') return reply(204)
  if (Number(request.headers['upload-offset']) !== upload.offset) return reply(409)
  if (request.headers['upload-length']) upload.length = Number(request.headers['upload-length'])
  request.on('data', (bytes) => { upload.offset += bytes.length })
  request.on('end', () => reply(204, state()))
})
server.requestTimeout = 0
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/files`))
