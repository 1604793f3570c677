// One JSON request a line on stdin, one JSON answer or event a line on stdout: the same for every client library.
import { createInterface } from 'node:readline'

/**
 * Serves requests `{ id, client, method, params }` until stdin ends.
 *
 * @param {(name: string, emit: (event: object) => void) => object} createClient
 *   makes the object whose async methods are the commands; one per client name, kept after `close`
 * @param {(error: any) => { code: number, text: string }} describeError turns a library's error into plain values
 */
export function serveLines(createClient, describeError) {
  const clients = new Map()
  const write = (line) => process.stdout.write(JSON.stringify(line) + '\n')
  const lines = createInterface({ input: process.stdin, crlfDelay: Infinity })
  lines.on('line', (text) => {
    const { id, client: name, method, params } = JSON.parse(text)
    let client = clients.get(name)
    if (!client) {
      client = createClient(name, (event) => write({ client: name, event }))
      clients.set(name, client)
    }
    Promise.resolve()
      .then(() => client[method](params ?? {}))
      .then(
        (result) => write({ id, result: result ?? null }),
        (error) => write({ id, error: describeError(error) }),
      )
  })
  lines.on('close', () => process.exit(0))
}
