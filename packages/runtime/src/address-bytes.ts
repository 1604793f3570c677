import { isIP } from 'node:net';

/** Groups of 16 bits in an IPv6 address. */
const GROUPS = 8;

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
  const all = [...first, ...Array.from({ length: GROUPS - first.length - last.length }, () => 0), ...last];
  const bytes = Buffer.alloc(2 * GROUPS);
  for (const [index, group] of all.entries()) bytes.writeUInt16BE(group, index * 2);
  return bytes;
}
