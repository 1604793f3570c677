import { createHash, ECDH } from 'node:crypto';
import { rpcError } from '@aerogram/errors';

/** Kinds of push services, as listed at https://core.telegram.org/api/push-updates#subscribing-to-notifications */
export const TokenType = { apns: 1, fcm: 2, simple: 4, session: 7, webPush: 10 } as const;

const TOKEN_TYPE_MAX = 13;
const TOKEN_MAX = 4096;
/** Maximum length of the address of a push service. */
const ADDRESS_MAX = 1024;
/** Length of the key that encrypts notices. */
const SECRET_BYTES = 256;
/** Lengths of the keys of a Web Push subscription (RFC 8291): a point on P-256, not compressed, and the secret. */
const [POINT_BYTES, AUTH_BYTES] = [65, 16];
/** Hosts of this machine, to which plain HTTP is enough. */
const OWN_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** A subscription of a browser. */
export interface WebPushToken {
  endpoint: string;
  /** Base64url. */
  p256dh: string;
  auth: string;
}

/** PostgreSQL text cannot contain NUL, and no push service uses it. */
const isToken = (token: string): boolean => token.length <= TOKEN_MAX && !token.includes('\u0000');

/**
 * Rebuilds the token of a push service, so that the same one is always written in the same way. Pure.
 * @throws RpcError 400 TOKEN_TYPE_INVALID, TOKEN_EMPTY, TOKEN_INVALID, WEBPUSH_TOKEN_INVALID, WEBPUSH_KEY_INVALID, WEBPUSH_AUTH_INVALID
 */
export function readPushToken(tokenType: number, token: string): string {
  if (!Number.isInteger(tokenType) || tokenType < 1 || tokenType > TOKEN_TYPE_MAX) throw rpcError('TOKEN_TYPE_INVALID');
  if (token === '') throw rpcError('TOKEN_EMPTY');
  if (!isToken(token)) throw rpcError('TOKEN_INVALID');
  switch (tokenType) {
    case TokenType.webPush: {
      const { endpoint, p256dh, auth } = readWebPush(token);
      return JSON.stringify({ endpoint, p256dh, auth });
    }
    case TokenType.session:
      if (!/^\d{1,20}$/.test(token)) throw rpcError('TOKEN_INVALID');
      return BigInt.asUintN(64, BigInt(token)).toString();
    case TokenType.simple:
      if (!isPushAddress(token)) throw rpcError('TOKEN_INVALID');
      return token;
    default:
      return token;
  }
}

/** Reads a token that {@link readPushToken} has rebuilt. Pure. */
export const openWebPushToken = (token: string): WebPushToken => JSON.parse(token) as WebPushToken;

/** Checks the key that encrypts the notices of a device. Sessions and simple push have no use for one. Pure. @throws RpcError 400 TOKEN_INVALID */
export function checkPushSecret(tokenType: number, { length }: Uint8Array): void {
  const isUnused = tokenType === TokenType.session || tokenType === TokenType.simple;
  if (length !== 0 && length !== SECRET_BYTES && !isUnused) throw rpcError('TOKEN_INVALID');
}

/** By what the same token of several devices is found. Pure. */
export const hashPushToken = (token: string): Uint8Array => createHash('sha256').update(token).digest();

function readWebPush(token: string): WebPushToken {
  let read: unknown;
  try {
    read = JSON.parse(token);
  } catch {
    throw rpcError('WEBPUSH_TOKEN_INVALID');
  }
  const { endpoint, keys } = (read ?? {}) as { endpoint?: unknown; keys?: unknown };
  if (typeof endpoint !== 'string' || !isPushAddress(endpoint)) throw rpcError('WEBPUSH_TOKEN_INVALID');
  const { p256dh, auth } = (typeof keys === 'object' && keys !== null ? keys : {}) as { p256dh?: unknown; auth?: unknown };
  const point = typeof p256dh === 'string' ? Buffer.from(p256dh, 'base64url') : Buffer.alloc(0);
  if (!isPoint(point)) throw rpcError('WEBPUSH_KEY_INVALID');
  const secret = typeof auth === 'string' ? Buffer.from(auth, 'base64url') : Buffer.alloc(0);
  if (secret.length !== AUTH_BYTES) throw rpcError('WEBPUSH_AUTH_INVALID');
  return { endpoint, p256dh: point.toString('base64url'), auth: secret.toString('base64url') };
}

/** Whether bytes are a point on the curve: with others nothing could be encrypted. */
function isPoint(bytes: Buffer): boolean {
  if (bytes.length !== POINT_BYTES) return false;
  try {
    ECDH.convertKey(bytes, 'prime256v1');
    return true;
  } catch {
    return false;
  }
}

/** Whether a text is an address to which notices may be sent. Which hosts may be asked is decided when that is done. */
function isPushAddress(text: string): boolean {
  if (text.length > ADDRESS_MAX || !URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  return (protocol === 'https:' || (protocol === 'http:' && OWN_HOSTS.has(hostname))) && username === '' && password === '';
}
