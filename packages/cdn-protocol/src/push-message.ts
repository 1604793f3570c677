import { equalBytes } from '@aerogram/crypto';
import { macOf } from './node-keys.ts';
import { FILE_ID_BYTES } from './tokens.ts';
import { MAX_WINDOW, windowLength } from './windows.ts';

/** HTTP header with the message of the origin to a node. */
export const MESSAGE_HEADER = 'aerogram-cdn-message';
/** HTTP header with the MAC of the message. */
export const MAC_HEADER = 'aerogram-cdn-mac';
/** Path on the private port to which messages are posted. */
export const PUSH_PATH = '/push';

/** Files that one message tells a node to forget, at most. */
export const MAX_FORGOTTEN = 100;

const MAX_HEADER_CHARS = 8192;
const NONCE_CHARS = 32;
/** Length of a ticket of a node, in hex. */
export const TICKET_CHARS = 48;

/** A window of a file's ciphertext, which is the body of the message. File ids and hashes are in hex. */
export interface WindowMessage {
  kind: 'window';
  file: string;
  window: number;
  /** Size of the whole file in bytes. */
  size: number;
  /** SHA-256 of the body. */
  sha256: string;
}

/** What the origin says to a node. */
export type PushContent =
  | WindowMessage
  /** The origin is there, and everything that the node should forget has been told to it. `ticket` is what the node said at /health just before. */
  | { kind: 'alive'; ticket: string }
  /** These files must not be served any more. */
  | { kind: 'forget'; files: readonly string[] };

/** A message with what protects it from being replayed. */
export interface PushMessage {
  content: PushContent;
  /** Random name of the run of the node for which the message is made: no message outlives a restart of the node. */
  boot: string;
  /** Unix milliseconds. */
  timeMs: number;
  /** 16 random bytes in hex. */
  nonce: string;
}

/** The headers of a message. The body of a `window` message is covered by the hash in it. */
export interface SignedHeaders {
  [MESSAGE_HEADER]: string;
  [MAC_HEADER]: string;
}

/** Writes and authenticates the headers of a message. @param key the push key of the node */
export function signMessage(key: Uint8Array, message: PushMessage): SignedHeaders {
  const text = Buffer.from(JSON.stringify(message)).toString('base64url');
  return { [MESSAGE_HEADER]: text, [MAC_HEADER]: macText(key, 'push message', Buffer.from(text)) };
}

/**
 * Reads the headers of a message. The text is parsed only after its MAC was found right.
 * @returns undefined when somebody else made the message, or it is malformed
 */
export function readMessage(key: Uint8Array, text: unknown, mac: unknown): PushMessage | undefined {
  if (typeof text !== 'string' || typeof mac !== 'string' || text.length > MAX_HEADER_CHARS) return undefined;
  if (!isSame(mac, macText(key, 'push message', Buffer.from(text)))) return undefined;
  try {
    const message = JSON.parse(Buffer.from(text, 'base64url').toString()) as PushMessage;
    return isWellFormed(message) ? message : undefined;
  } catch {
    return undefined;
  }
}

/** Authenticates the answer of a node, so that nobody between can say that a message arrived. @param key the push key of the node */
export function signAnswer(key: Uint8Array, nonce: string, status: number, body: string): string {
  return macText(key, 'push answer', Buffer.from(`${nonce} ${status} ${body}`));
}

/** Whether an answer was made by the node for the message with this nonce. */
export function isAnswerOfNode(key: Uint8Array, nonce: string, answer: { status: number; body: string; mac: unknown }): boolean {
  return typeof answer.mac === 'string' && isSame(answer.mac, signAnswer(key, nonce, answer.status, answer.body));
}

function macText(key: Uint8Array, use: string, bytes: Uint8Array): string {
  return Buffer.from(macOf(key, use, bytes)).toString('hex');
}

function isSame(a: string, b: string): boolean {
  return equalBytes(Buffer.from(a), Buffer.from(b));
}

/** Whether something is a text of so many hex digits. */
export const isHex = (text: unknown, chars: number): text is string => typeof text === 'string' && text.length === chars && /^[0-9a-f]*$/.test(text);

const isFileId = (text: unknown): boolean => isHex(text, 2 * FILE_ID_BYTES);

function isWellFormed({ content, boot, timeMs, nonce }: PushMessage): boolean {
  return typeof boot === 'string' && Number.isSafeInteger(timeMs) && isHex(nonce, NONCE_CHARS) && isContent(content);
}

function isContent(content: PushContent): boolean {
  switch (content.kind) {
    case 'alive':
      return isHex(content.ticket, TICKET_CHARS);
    case 'forget':
      return Array.isArray(content.files) && content.files.length <= MAX_FORGOTTEN && content.files.every(isFileId);
    case 'window': {
      const { file, window, size, sha256 } = content;
      if (!isFileId(file) || !isHex(sha256, 64) || !Number.isSafeInteger(size)) return false;
      return Number.isInteger(window) && window >= 0 && window <= MAX_WINDOW && windowLength(size, window) > 0;
    }
    default:
      return false;
  }
}
