import { BlockList, isIP } from 'node:net';

/** Networks of IPv4 that are not the public internet, or reach something beside it (IANA's special-purpose registry, and clouds). */
const CLOSED_V4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8], // this network
  ['10.0.0.0', 8], // private
  ['100.64.0.0', 10], // shared by carriers; metadata of Alibaba
  ['127.0.0.0', 8], // loopback
  ['168.63.129.16', 32], // the host of an Azure machine
  ['169.254.0.0', 16], // link local; metadata of most clouds
  ['172.16.0.0', 12], // private
  ['192.0.0.0', 24], // protocol assignments; metadata of Oracle
  ['192.0.2.0', 24], // documentation
  ['192.31.196.0', 24], // AS112
  ['192.52.193.0', 24], // AMT
  ['192.88.99.0', 24], // 6to4 relays
  ['192.168.0.0', 16], // private
  ['192.175.48.0', 24], // AS112
  ['198.18.0.0', 15], // benchmarks
  ['198.51.100.0', 24], // documentation
  ['203.0.113.0', 24], // documentation
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, broadcast
];

/** Of IPv6 only 2000::/3 is given out; these parts of it are not the public internet either. */
const CLOSED_V6: readonly (readonly [string, number])[] = [
  ['2001::', 23], // Teredo, benchmarks, ORCHID and other protocol assignments
  ['2001:db8::', 32], // documentation
  ['2002::', 16], // 6to4: an IPv4 address in disguise
  ['2620:4f:8000::', 48], // AS112
  ['3fff::', 20], // documentation
];

const closedV4 = new BlockList();
for (const [network, prefix] of CLOSED_V4) closedV4.addSubnet(network, prefix, 'ipv4');
const closedV6 = new BlockList();
for (const [network, prefix] of CLOSED_V6) closedV6.addSubnet(network, prefix, 'ipv6');
const globalV6 = new BlockList();
globalV6.addSubnet('2000::', 3, 'ipv6');

/** IPv4 as IPv6: mapped (::ffff:0:0/96), and as networks without IPv4 translate it (64:ff9b::/96). The rest of what embeds it is closed. */
const EMBEDDING = [bytesOf('::ffff:0:0'), bytesOf('64:ff9b::')];

/**
 * Whether an address is one of the public internet, so that connecting to it reaches nothing that only this machine can.
 * What is no address is not.
 */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !closedV4.check(address, 'ipv4');
  if (family !== 6 || address.includes('%')) return false;
  const embedded = embeddedV4(address);
  if (embedded !== undefined) return isPublicAddress(embedded);
  return globalV6.check(address, 'ipv6') && !closedV6.check(address, 'ipv6');
}

/** Says of an address whether it may be connected to. */
export type AddressGuard = (address: string) => boolean;

/** A network as `address/prefix`, or one address. */
export interface Network {
  address: string;
  prefix: number;
}

/**
 * A guard that admits public addresses, but for the machine's own.
 * @param options.allowed networks that are admitted in any case
 * @param options.own the machine's addresses: what listens there may be closed to everybody else
 */
export function createAddressGuard(options: { allowed: readonly Network[]; own: () => Iterable<string> }): AddressGuard {
  const allowed = new BlockList();
  for (const { address, prefix } of options.allowed) allowed.addSubnet(address, prefix, isIP(address) === 4 ? 'ipv4' : 'ipv6');
  return (address) => {
    // An address with a zone is one of a single link.
    if (isIP(address) === 0 || address.includes('%')) return false;
    const plain = embeddedV4(address) ?? address;
    const family = isIP(plain);
    if (allowed.check(plain, family === 4 ? 'ipv4' : 'ipv6')) return true;
    if (!isPublicAddress(address)) return false;
    for (const own of options.own()) if (own === plain) return false;
    return true;
  };
}

/** The IPv4 address that an IPv6 one stands for; undefined when it stands for none. */
function embeddedV4(address: string): string | undefined {
  if (isIP(address) !== 6) return undefined;
  const bytes = bytesOf(address);
  const isEmbedded = EMBEDDING.some((prefix) => prefix.subarray(0, 12).every((byte, at) => byte === bytes[at]));
  return isEmbedded ? [...bytes.subarray(12)].join('.') : undefined;
}

/** The 16 bytes of a valid IPv6 address. */
function bytesOf(address: string): Uint8Array {
  // The parser of URLs writes every form of an address in one: eight groups, the longest run of zeros left out.
  const written = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [head = '', tail] = written.split('::');
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  const all = [...left, ...Array.from({ length: 8 - left.length - right.length }, () => '0'), ...right];
  return Uint8Array.from(all.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]));
}
