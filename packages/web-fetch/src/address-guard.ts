import { BlockList, isIP } from 'node:net';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { addressBytes } from '@aerogram/runtime';

/** IPv4 networks that are not part of the public internet or lead to other things (IANA's special-purpose registry, and clouds). */
const CLOSED_V4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8], // this network
  ['10.0.0.0', 8], // private
  ['100.64.0.0', 10], // shared address space of carriers; metadata service of Alibaba
  ['127.0.0.0', 8], // loopback
  ['168.63.129.16', 32], // the host of an Azure machine
  ['169.254.0.0', 16], // link local; metadata service of most clouds
  ['172.16.0.0', 12], // private
  ['192.0.0.0', 24], // protocol assignments; metadata service of Oracle
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

/** Only 2000::/3 of IPv6 is allocated; these parts of it are not public either. */
const CLOSED_V6: readonly (readonly [string, number])[] = [
  ['2001::', 23], // Teredo, benchmarks, ORCHID and other protocol assignments
  ['2001:db8::', 32], // documentation
  ['2002::', 16], // 6to4: contains an IPv4 address
  ['2620:4f:8000::', 48], // AS112
  ['3fff::', 20], // documentation
];

const closedV4 = new BlockList();
for (const [network, prefix] of CLOSED_V4) closedV4.addSubnet(network, prefix, 'ipv4');
const closedV6 = new BlockList();
for (const [network, prefix] of CLOSED_V6) closedV6.addSubnet(network, prefix, 'ipv6');
const globalV6 = new BlockList();
globalV6.addSubnet('2000::', 3, 'ipv6');

/** IPv6 prefixes with an embedded IPv4 address: mapped (::ffff:0:0/96), and NAT64 (64:ff9b::/96). All other embedding forms are refused. */
const EMBEDDING = [addressBytes('::ffff:0:0'), addressBytes('64:ff9b::')];

/**
 * Whether an address belongs to the public internet, so that connecting to it cannot reach anything that is only reachable from this
 * machine. False for invalid addresses.
 */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !closedV4.check(address, 'ipv4');
  if (family !== 6 || address.includes('%')) return false;
  const embedded = embeddedV4(address);
  if (embedded !== undefined) return isPublicAddress(embedded);
  return globalV6.check(address, 'ipv6') && !closedV6.check(address, 'ipv6');
}

/** Returns whether an address may be connected to. */
export type AddressGuard = (address: string) => boolean;

/** A network as `address/prefix`, or a single address. */
export interface Network {
  address: string;
  prefix: number;
}

/** The addresses by which a machine reaches itself. */
export const LOOPBACK: readonly Network[] = [{ address: '127.0.0.0', prefix: 8 }, { address: '::1', prefix: 128 }];

/**
 * Creates a guard that allows public addresses except the machine's own.
 * @param options.allowed networks that are allowed in any case
 * @param options.own the machine's addresses, whose services may be closed to everybody else
 */
export function createAddressGuard(options: { allowed: readonly Network[]; own: () => Iterable<string> }): AddressGuard {
  const isAllowed = createNetworkTest(options.allowed);
  return (address) => {
    if (isAllowed(address)) return true;
    if (!isPublicAddress(address)) return false;
    const plain = embeddedV4(address) ?? address;
    for (const own of options.own()) if (own === plain) return false;
    return true;
  };
}

/** Creates a test whether an address is in one of these networks. False for invalid addresses. */
export function createNetworkTest(networks: readonly Network[]): (address: string) => boolean {
  const inside = new BlockList();
  for (const { address, prefix } of networks) inside.addSubnet(address, prefix, isIP(address) === 4 ? 'ipv4' : 'ipv6');
  return (address) => {
    // An address with a zone is link local.
    if (isIP(address) === 0 || address.includes('%')) return false;
    const plain = embeddedV4(address) ?? address;
    return inside.check(plain, isIP(plain) === 4 ? 'ipv4' : 'ipv6');
  };
}

/** The addresses of this machine. */
export function listOwnAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address));
}

/** An interface with a shorter prefix than this says how addresses are routed, and not who is near. */
const PREFIX_MIN = { ipv4: 16, ipv6: 48 } as const;

/** The networks of this machine's interfaces, in which its neighbours are. */
export function listOwnNetworks(interfaces: Readonly<Record<string, readonly Pick<NetworkInterfaceInfo, 'cidr'>[] | undefined>> = networkInterfaces()): BlockList {
  const networks = new BlockList();
  for (const { cidr } of Object.values(interfaces).flatMap((addresses) => addresses ?? [])) {
    const [address = '', bits = '0'] = cidr?.split('/') ?? [];
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (isIP(address) !== 0 && Number(bits) >= PREFIX_MIN[family]) networks.addSubnet(address, Number(bits), family);
  }
  return networks;
}

/** The IPv4 address embedded in an IPv6 address; undefined if there is none. */
function embeddedV4(address: string): string | undefined {
  if (isIP(address) !== 6) return undefined;
  const bytes = addressBytes(address);
  const isEmbedded = EMBEDDING.some((prefix) => prefix.subarray(0, 12).every((byte, at) => byte === bytes[at]));
  return isEmbedded ? [...bytes.subarray(12)].join('.') : undefined;
}
