import { BlockList, isIP } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether only programs on this machine can reach what listens on `host`. */
export function isLoopbackHost(host: string): boolean {
  if (host === 'localhost') return true;
  const family = isIP(host);
  if (family === 0) return false;
  // IPv4 addresses inside IPv6 (::ffff:127.0.0.1) match the IPv4 rules as well.
  return loopback.check(host, family === 4 ? 'ipv4' : 'ipv6');
}
