import { isIP } from 'node:net';
import { readAddress } from '@aerogram/runtime';

/** An address with a port. */
interface Place {
  address: string;
  port: number;
}

/** Both ends of a connection that a client has to a proxy. */
export interface ProxiedEnds {
  source: Place;
  destination: Place;
}

/** What the first bytes of a proxy's connection are. */
export type ProxyHeader =
  | { kind: 'need-more' }
  /** @property why in plain words, for the operator of the proxy */
  | { kind: 'invalid'; why: string }
  /**
   * A whole header.
   * @property length bytes of the header; what follows is the client's
   * @property ends undefined if the proxy speaks for itself, as in a health check, or does not know the client's address
   */
  | { kind: 'header'; length: number; ends: ProxiedEnds | undefined };

const SIGNATURE_V1 = Buffer.from('PROXY ');
const SIGNATURE_V2 = Buffer.from([0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a]);
/** With the line break. */
const MAX_BYTES_V1 = 107;
/** What fits into one segment of every network, so that proxies send a header at once. */
const MAX_BYTES_V2 = 536;

const FIXED_BYTES_V2 = 16;
const LINE_V1 = /^PROXY TCP([46]) (\S+) (\S+) (0|[1-9]\d{0,4}) (0|[1-9]\d{0,4})$/;

const NEED_MORE: ProxyHeader = { kind: 'need-more' };

/**
 * Reads the header with which a connection of a proxy begins (PROXY protocol, version 1 or 2). Pure.
 * @param bytes all that has arrived so far
 * @see https://www.haproxy.org/download/2.6/doc/proxy-protocol.txt
 */
export function parseProxyHeader(bytes: Uint8Array): ProxyHeader {
  if (begins(bytes, SIGNATURE_V2)) return bytes.length < FIXED_BYTES_V2 ? NEED_MORE : parseVersion2(bytes);
  if (begins(bytes, SIGNATURE_V1)) return bytes.length < SIGNATURE_V1.length ? NEED_MORE : parseVersion1(bytes);
  return { kind: 'invalid', why: 'the connection does not begin with a PROXY header' };
}

/** Whether bytes begin with a signature, as far as there are any. */
function begins(bytes: Uint8Array, signature: Uint8Array): boolean {
  const length = Math.min(bytes.length, signature.length);
  for (let at = 0; at < length; at++) if (bytes[at] !== signature[at]) return false;
  return true;
}

function parseVersion1(bytes: Uint8Array): ProxyHeader {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, MAX_BYTES_V1)).toString('latin1');
  const end = text.indexOf('\r\n');
  if (end === -1) return bytes.length < MAX_BYTES_V1 ? NEED_MORE : { kind: 'invalid', why: `a PROXY line of more than ${MAX_BYTES_V1} bytes` };
  const line = text.slice(0, end);
  const length = end + 2;
  if (/^PROXY UNKNOWN(?: |$)/.test(line)) return { kind: 'header', length, ends: undefined };
  const [, family, from = '', to = '', fromPort, toPort] = LINE_V1.exec(line) ?? [];
  const source = readPlace(from, Number(fromPort));
  const destination = readPlace(to, Number(toPort));
  const isOfFamily = isIP(from) === Number(family) && isIP(to) === Number(family);
  if (!isOfFamily || !source || !destination) return { kind: 'invalid', why: 'a PROXY line that cannot be read' };
  return { kind: 'header', length, ends: { source, destination } };
}

function readPlace(text: string, port: number): Place | undefined {
  const address = readAddress(text);
  return address === undefined || port > 65_535 ? undefined : { address, port };
}

const LOCAL = 0x20;
const PROXY = 0x21;
/** Address family and protocol: TCP over IPv4 and IPv6. */
const TCP4 = 0x11;

const TCP6 = 0x21;
/** Without an IP address: unspecified, and Unix sockets. */
const WITHOUT_ADDRESS: readonly (number | undefined)[] = [0x00, 0x31];

function parseVersion2(bytes: Uint8Array): ProxyHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const command = view.getUint8(12);
  const kind = view.getUint8(13);
  const addressBytes = view.getUint16(14);
  const length = FIXED_BYTES_V2 + addressBytes;
  if (command !== LOCAL && command !== PROXY) return { kind: 'invalid', why: `a PROXY header of an unknown version or command (0x${command.toString(16)})` };
  if (length > MAX_BYTES_V2) return { kind: 'invalid', why: `a PROXY header of ${length} bytes, more than ${MAX_BYTES_V2}` };
  const isUnnamed = command === LOCAL || WITHOUT_ADDRESS.includes(kind);
  const width = kind === TCP4 ? 4 : 16;
  if (!isUnnamed && kind !== TCP4 && kind !== TCP6) return { kind: 'invalid', why: `a PROXY header for another protocol than TCP (0x${kind.toString(16)})` };
  if (!isUnnamed && addressBytes < 2 * width + 4) return { kind: 'invalid', why: 'a PROXY header that is too short for its addresses' };
  if (bytes.length < length) return NEED_MORE;
  if (isUnnamed) return { kind: 'header', length, ends: undefined };
  const placeAt = (nth: 0 | 1): Place => ({ address: formatAddress(bytes, FIXED_BYTES_V2 + nth * width, width), port: view.getUint16(FIXED_BYTES_V2 + 2 * width + 2 * nth) });
  // What is left are extensions (TLVs), which nothing here needs.
  return { kind: 'header', length, ends: { source: placeAt(0), destination: placeAt(1) } };
}

function formatAddress(bytes: Uint8Array, start: number, width: 4 | 16): string {
  if (width === 4) return bytes.subarray(start, start + 4).join('.');
  const groups = Array.from({ length: 8 }, (_, nth) => ((bytes[start + 2 * nth]! << 8) | bytes[start + 2 * nth + 1]!).toString(16));
  // Always a valid address.
  return readAddress(groups.join(':'))!;
}
