import { isLoopbackHost } from '@aerogram/runtime';
import { BlockList, isIP } from 'node:net';

const LOCAL = new BlockList();
for (const [network, prefix] of [['10.0.0.0', 8], ['100.64.0.0', 10], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.168.0.0', 16]] as const) {
  LOCAL.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [['fc00::', 7], ['fe80::', 10]] as const) LOCAL.addSubnet(network, prefix, 'ipv6');

/**
 * Describes the location of an IP address as far as the address itself tells, because the server has no geolocation data. Clients show the
 * text as the country after a dash, so it is never empty. Pure.
 */
export function describePlace(address: string): string {
  if (isLoopbackHost(address)) return 'This computer';
  const plain = address.split('%')[0]!;
  const family = isIP(plain);
  if (family !== 0 && LOCAL.check(plain, family === 4 ? 'ipv4' : 'ipv6')) return 'Local network';
  return 'Unknown location';
}
