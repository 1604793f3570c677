// TDLib has the addresses of Telegram's servers in its code, and the way to others leads through a proxy.
import { connect, createServer } from 'node:net'

/** The greeting's answer: version 5, nobody has to say who they are (RFC 1928). */
const GREETED = Buffer.from([5, 0])
/** A request was granted; the address in it means nothing to the client. */
const GRANTED = Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0])

/** The address that a request asks for, if it is of IPv4. */
function askedFor(request) {
  return request[3] === 1 && request.length >= 10 ? { host: request.subarray(4, 8).join('.'), port: request.readUInt16BE(8) } : undefined
}

/**
 * Serves SOCKS5 on loopback and leads every connection to one address, whatever was asked for.
 *
 * @param {{ host: string, port: number }} target
 * @param {{ host: string, port: number }[]} direct addresses of other servers, to which connections lead that ask for them
 * @param {Map<string, { host: string, port: number }>} others where connections lead that ask for these hosts
 * @returns {Promise<number>} the port
 */
export async function serveSocks(target, direct = [], others = new Map()) {
  const server = createServer((client) => {
    client.on('error', () => {})
    client.once('data', () => {
      client.write(GREETED)
      client.once('data', (request) => {
        const asked = askedFor(request)
        const { host, port } = direct.find((one) => one.host === asked?.host && one.port === asked.port) ?? others.get(asked?.host) ?? target
        const upstream = connect(port, host, () => {
          client.write(GRANTED)
          client.pipe(upstream).pipe(client)
        })
        upstream.on('error', () => {})
        upstream.on('close', () => client.destroy())
        client.on('close', () => upstream.destroy())
      })
    })
  })
  server.unref()
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server.address().port
}
