// One JSON request a line on stdin, one JSON answer or event a line on stdout: the same for every client library.
import { createInterface } from 'node:readline'

/**
 * Serves requests `{ id, client, method, params }` until stdin ends.
 *
 * @param {(name: string, emit: (event: object) => void) => object} createClient
 *   makes the object whose async methods are the commands; one per client name, kept after `close`
 * @param {(error: any) => { code: number, text: string }} describeError turns a library's error into plain values
 * @param {() => Promise<void>} atEnd ends what must not be cut off
 */
export function serveLines(createClient, describeError, atEnd = async () => {}) {
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
  lines.on('close', () => void atEnd().finally(() => process.exit(0)))
}

/** `messages.dialogFilter` and `DialogFilter` → `dialogFilter`: names as tests have them, whatever the library calls them. */
export function plainName(name) {
  const local = name.slice(name.lastIndexOf('.') + 1)
  return local[0].toLowerCase() + local.slice(1)
}

/** `user_id` → `userId`. */
export function camelCase(name) {
  return name.replaceAll(/_(\w)/g, (_match, letter) => letter.toUpperCase())
}

/** `userId` → `user_id`. */
export function snakeCase(name) {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** Seconds until a date of the schema; 0 for none. */
export function secondsUntil(date) {
  return date ? Math.max(0, date - Date.now() / 1000) : 0
}

/** Integers that a double does not hold go as text. */
export function plainInteger(text) {
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : String(text)
}
