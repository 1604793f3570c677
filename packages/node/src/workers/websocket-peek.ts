import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** RFC 6455, 1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
/** Clients fail unless the server accepts this subprotocol. */
const SUBPROTOCOL = 'binary';

const KEY = /^[+/0-9A-Za-z]{22}==$/;

/** Returns the response to a WebSocket upgrade. @returns undefined if we do not accept the request */
export function acceptUpgrade({ method, headers }: IncomingMessage): string | undefined {
  const key = headers['sec-websocket-key'];
  if (method !== 'GET' || headers.upgrade?.toLowerCase() !== 'websocket') return undefined;
  if (key === undefined || !KEY.test(key) || headers['sec-websocket-version'] !== '13') return undefined;
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  return [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${createHash('sha1').update(key + GUID).digest('base64')}`,
    ...(offered.includes(SUBPROTOCOL) ? [`Sec-WebSocket-Protocol: ${SUBPROTOCOL}`] : []),
    '\r\n',
  ].join('\r\n');
}

const MASKED = 0x80;
const CONTROL = 0x08;

/**
 * Returns the first bytes of the stream inside a WebSocket, from the frames that have arrived, without consuming them.
 * @param limit maximum number of bytes
 */
export function peekWebSocket(bytes: Uint8Array, limit: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: number[] = [];
  for (let at = 0; at + 2 <= bytes.length && found.length < limit; ) {
    const isControl = (bytes[at]! & CONTROL) !== 0;
    const isMasked = (bytes[at + 1]! & MASKED) !== 0;
    const short = bytes[at + 1]! & 0x7f;
    const lengthAt = at + 2;
    const maskAt = lengthAt + (short === 126 ? 2 : short === 127 ? 8 : 0);
    const start = maskAt + (isMasked ? 4 : 0);
    if (start > bytes.length) break;
    const length = short === 126 ? view.getUint16(lengthAt) : short === 127 ? Number(view.getBigUint64(lengthAt)) : short;
    const end = Math.min(start + length, bytes.length);
    for (let index = start; !isControl && index < end && found.length < limit; index++) {
      found.push(bytes[index]! ^ (isMasked ? bytes[maskAt + ((index - start) & 3)]! : 0));
    }
    at = start + length;
  }
  return Uint8Array.from(found);
}
