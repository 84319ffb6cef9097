// APNs on Node's http2 (nghttp2): TLS, HTTP/2, verified signatures. Shares nothing with python_fake.py but
// the words it is told in; see fake.py.

import { createPublicKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { constants, createSecureServer } from 'node:http2'
import { createInterface } from 'node:readline'

const told = JSON.parse(process.argv[2])
const publicKey = createPublicKey(readFileSync(told.public_key))
const options = { answers: {}, hold: false, goaway: null, expired: 0, first_streams: 1, streams: 1000, window: null, ...told }
const sessions = new Set()
const ids = new Map()
const providerTokens = new Map()
const none = () => ({ most_at_once: 0, cancelled: 0, pings: 0, broken: 0, refused_tokens: 0 })
let counts = none()
let connections = 0
let held = []
let last = {}

function claimsOf(token) {
  const [header, claims, signature] = token.split('.')
  const read = part => JSON.parse(Buffer.from(part, 'base64url'))
  const signed = Buffer.from(`${header}.${claims}`)
  const key = { key: publicKey, dsaEncoding: 'ieee-p1363' }
  if (!verify('sha256', signed, key, Buffer.from(signature, 'base64url'))) throw new Error('signature')
  if (read(header).alg !== 'ES256' || read(header).kid !== told.key_id) throw new Error('key')
  if (read(claims).iss !== told.team_id) throw new Error('team')
  return read(claims)
}

function refusedCredentials(headers) {
  const [scheme, token] = (headers.authorization ?? '').split(' ')
  if (scheme !== 'bearer') return [403, 'MissingProviderToken']
  if (!providerTokens.has(token)) {
    try {
      providerTokens.set(token, claimsOf(token))
    } catch {
      return [403, 'InvalidProviderToken']
    }
  }
  const position = [...providerTokens.keys()].indexOf(token)
  const old = Date.now() / 1000 - providerTokens.get(token).iat > 3600
  return position < options.expired || old ? [403, 'ExpiredProviderToken'] : null
}

function refusedMessage(headers, body) {
  if (headers[':method'] !== 'POST') return [405, 'MethodNotAllowed']
  if (!/^\/3\/device\/[^/]+$/.test(headers[':path'])) return [404, 'BadPath']
  if (headers['apns-topic'] !== told.topic) return [400, 'TopicDisallowed']
  const priority = { alert: '10', background: '5' }[headers['apns-push-type']]
  if (priority === undefined) return [400, 'InvalidPushType']
  if (headers['apns-priority'] !== priority) return [400, 'BadPriority']
  if (!/^[0-9a-f-]{36}$/.test(headers['apns-id'] ?? '')) return [400, 'BadMessageId']
  if (!/^\d+$/.test(headers['apns-expiration'] ?? '')) return [400, 'BadExpirationDate']
  if (Buffer.byteLength(headers['apns-collapse-id'] ?? '') > 64) return [400, 'BadCollapseId']
  if (body.length > 4096) return [413, 'PayloadTooLarge']
  try {
    if (typeof JSON.parse(body).aps === 'object') return null
  } catch {
    // below
  }
  return [400, 'PayloadEmpty']
}

function answer(stream, spec) {
  if (stream.destroyed) return
  if (spec.instead === 'silence') return
  if (spec.instead === 'drop') return stream.session.destroy()
  if (spec.instead === 'reset') return stream.close(constants.NGHTTP2_INTERNAL_ERROR)
  const { reason, timestamp } = spec
  const body = spec.body ?? (reason === undefined ? '' : JSON.stringify({ reason, timestamp }))
  const headers = { ':status': spec.status, 'apns-id': stream.name ?? '' }
  if (spec.retry_after !== undefined) headers['retry-after'] = spec.retry_after
  stream.respond(headers, { endStream: body === '' })
  if (body === '') return
  if (!spec.split) return stream.end(body)
  const bytes = Buffer.from(body)
  const next = at => (at === bytes.length ? stream.end() : stream.write(bytes.subarray(at, at + 1), () => next(at + 1)))
  next(0)
}

function sayGoodbye(session, kind) {
  if (session.destroyed) return
  if (kind === 'notice') {
    session.goaway(constants.NGHTTP2_NO_ERROR, 2 ** 31 - 1)
    setImmediate(() => session.close())
  } else if (kind === 'abrupt') {
    session.endsAfter = session.lastStream
    session.goaway(constants.NGHTTP2_NO_ERROR, session.endsAfter)
    setImmediate(() => session.destroy())
  } else {
    session.close()
  }
}

function onRequest(stream, headers, body) {
  const { session } = stream
  if (session === undefined) return // it ended before this message's end was read
  stream.name = headers['apns-id']
  let refusal = refusedCredentials(headers)
  if (refusal !== null) {
    counts.refused_tokens += 1
    return answer(stream, { status: refusal[0], reason: refusal[1] })
  }
  if (!session.trusted) {
    session.trusted = true
    session.settings({ maxConcurrentStreams: options.streams })
  }
  const id = headers['apns-id'] ?? ''
  ids.set(id, (ids.get(id) ?? 0) + 1)
  last = { headers: { ...headers }, body: body.toString() }
  session.messages += 1
  refusal = refusedMessage(headers, body)
  const kind = headers[':path'].split('/').at(-1).split('-')[0]
  const spec = refusal ? { status: refusal[0], reason: refusal[1] } : (options.answers[kind] ?? { status: 200 })
  const { goaway } = options
  const ends = goaway !== null && session.messages === goaway.after
  if (options.hold) held.push([stream, spec])
  else if (!ends || goaway.kind !== 'abrupt') answer(stream, spec)
  if (ends) sayGoodbye(session, goaway.kind)
}

const settings = { maxConcurrentStreams: options.first_streams }
if (options.window !== null) settings.initialWindowSize = options.window
const server = createSecureServer({
  cert: readFileSync(told.certificate),
  key: readFileSync(told.key),
  settings,
})
server.on('session', session => {
  connections += 1
  session.messages = 0
  session.endsAfter = Infinity
  session.open = new Set()
  sessions.add(session)
  session.on('ping', () => { counts.pings += 1 })
  session.on('error', () => { counts.broken += 1 })
  session.on('close', () => sessions.delete(session))
})
server.on('stream', (stream, headers) => {
  const { session } = stream
  stream.on('error', () => {})
  // in the same read as what ended the session: not taken
  if (session === undefined || stream.id > session.endsAfter) return
  const body = []
  session.lastStream = stream.id
  session.open.add(stream)
  counts.most_at_once = Math.max(counts.most_at_once, session.open.size)
  stream.on('close', () => {
    session.open.delete(stream)
    if (stream.rstCode === constants.NGHTTP2_CANCEL && !session.destroyed) counts.cancelled += 1
    held = held.filter(([one]) => one !== stream)
  })
  stream.on('data', data => body.push(data))
  stream.on('end', () => onRequest(stream, headers, Buffer.concat(body)))
})

function act(command) {
  for (const [name, value] of Object.entries(command.set ?? {})) options[name] = value
  const released = held
  switch (command.do) {
    case 'release':
      held = []
      released.forEach(([stream, spec]) => answer(stream, spec))
      break
    case 'goaway':
      sessions.forEach(session => sayGoodbye(session, command.kind))
      break
    case 'drop':
      sessions.forEach(session => session.destroy())
      break
    case 'streams':
      sessions.forEach(session => session.settings({ maxConcurrentStreams: command.streams }))
      break
    case 'forget':
      ids.clear()
      counts = none()
  }
}

function report() {
  const times = [...ids.values()]
  const windows = [...sessions].filter(one => !one.destroyed).map(one => one.state.remoteWindowSize)
  return {
    connections,
    live: sessions.size,
    taken: times.reduce((sum, one) => sum + one, 0),
    messages: ids.size,
    doubles: times.reduce((sum, one) => sum + one - 1, 0),
    held: held.length,
    provider_tokens: providerTokens.size,
    window: windows.length ? Math.min(...windows) : null,
    last,
    ...counts,
  }
}

server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ port: server.address().port }))
  const commands = createInterface({ input: process.stdin })
  commands.on('line', line => {
    act(JSON.parse(line))
    console.log(JSON.stringify(report()))
  })
  commands.on('close', () => process.exit(0))
})
