/** A request of the Bot API, as its path says. */
export interface BotPath {
  kind: 'method' | 'file';
  /** Decoded, and never to be logged. */
  token: string;
  /** Name of the method, in lower case, or the `file_path`. */
  rest: string;
}

const PATH = /^\/(file\/)?bot([^/]*)(?:\/(.*))?$/is;
const TEST = 'test/';
/** A link to somebody whose name begins with "bot", or to a message there; or a file, by a token that begins so (`FileLinks`). */
const OTHERS = /^\/(?:bot\w{1,29}(?:\/\d{1,9}){0,2}|file\/bot[\w-]{17,61}(?:\/[^/]*)?)$/i;

/**
 * Reads a path such as `/bot<token>/sendMessage`, `/bot<token>/test/sendMessage` or `/file/bot<token>/<path>`.
 * @param path of the request, without its query
 * @returns undefined if the path is of another kind, such as a link to somebody whose name begins with "bot". All other paths that begin so are of the Bot API, also those whose token
 * cannot be one: a program that has a wrong token should read why.
 */
export function readBotPath(path: string): BotPath | undefined {
  const [, file, token, rest = ''] = PATH.exec(path) ?? [];
  if (token === undefined || OTHERS.test(path)) return undefined;
  // What test servers are elsewhere is the same server here.
  const inside = rest.startsWith(TEST) ? rest.slice(TEST.length) : rest;
  return file === undefined ? { kind: 'method', token: decode(token), rest: inside.toLowerCase() } : { kind: 'file', token: decode(token), rest: decode(inside) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const ID = /^[^:]*/;
const DIGITS = /^\d+$/;
/** Ids of users are less. */
const ID_BOUND = 2n ** 54n;

const TOKEN_BYTES_MAX = 80;

/**
 * Judges what is written where a token should be.
 * @returns `invalid`: it can never be a token; `misdirected`: its id is no number; otherwise the id of the bot
 */
export function botIdOf(token: string): bigint | 'invalid' | 'misdirected' {
  if (token.startsWith('0') || Buffer.byteLength(token) > TOKEN_BYTES_MAX || token.includes('/') || !token.includes(':')) return 'invalid';
  const id = ID.exec(token)![0];
  if (!DIGITS.test(id)) return id.startsWith('-') && DIGITS.test(id.slice(1)) ? 'invalid' : 'misdirected';
  const value = BigInt(id);
  return value > 0n && value < ID_BOUND ? value : 'invalid';
}
