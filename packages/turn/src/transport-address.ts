import { isIP, SocketAddress } from 'node:net';

/** Address and port of one end of a path. */
export interface TransportAddress {
  /** An IP address, written as the system writes it, without brackets and zone. */
  address: string;
  port: number;
}

const V4_BYTES = 4;
const V6_BYTES = 16;
const V6_GROUPS = 8;
const MAPPED = '::ffff:';

/** 4 or 6. */
export type Family = 4 | 6;

/** The family of an address that is known to be one. */
export function familyOf(address: string): Family {
  return address.includes(':') ? 6 : 4;
}

/** An IPv4 address that a socket for both families reports as `::ffff:192.0.2.7`, without its prefix; others as they are. */
export function withoutMapping(address: string): string {
  return address.startsWith(MAPPED) && isIP(address.slice(MAPPED.length)) === 4 ? address.slice(MAPPED.length) : address;
}

/** The 4 or 16 bytes of an address. @throws Error if it is none */
export function addressBytes(address: string): Buffer {
  const family = isIP(address);
  if (family === 4) return Buffer.from(address.split('.').map(Number));
  if (family !== 6 || address.includes('%')) throw new Error(`${address} is not an IP address`);
  // The last 32 bits may be written as an IPv4 address.
  const lastColon = address.lastIndexOf(':');
  const tail = address.slice(lastColon + 1);
  const [a = 0, b = 0, c = 0, d = 0] = tail.split('.').map(Number);
  const text = tail.includes('.') ? `${address.slice(0, lastColon + 1)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}` : address;
  const [left = '', right] = text.split('::');
  const groups = (half: string): number[] => (half === '' ? [] : half.split(':').map((group) => Number.parseInt(group, 16)));
  const [first, last] = [groups(left), right === undefined ? [] : groups(right)];
  const all = [...first, ...Array.from({ length: V6_GROUPS - first.length - last.length }, () => 0), ...last];
  const bytes = Buffer.alloc(V6_BYTES);
  for (const [index, group] of all.entries()) bytes.writeUInt16BE(group, index * 2);
  return bytes;
}

/** The address of 4 or 16 bytes, written as the system writes it. */
export function addressOfBytes(bytes: Uint8Array): string {
  if (bytes.length === V4_BYTES) return bytes.join('.');
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const groups = Array.from({ length: V6_GROUPS }, (_, index) => view.readUInt16BE(index * 2).toString(16));
  return new SocketAddress({ family: 'ipv6', address: groups.join(':') }).address;
}
