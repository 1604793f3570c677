import { BlockList, isIP } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** The host of a URL, an IPv6 address without its brackets. @throws TypeError if it is no URL */
export const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[(.*)\]$/, '$1');

/** Whether only programs on this machine can connect to `host`. */
export function isLoopbackHost(host: string): boolean {
  if (host === 'localhost') return true;
  const family = isIP(host);
  if (family === 0) return false;
  // Without the list, which makes an object for each question: this is asked for each request.
  if (family === 4) return host.startsWith('127.');
  // IPv4 addresses inside IPv6 (::ffff:127.0.0.1) match the IPv4 rules as well.
  return loopback.check(host, 'ipv6');
}

/** Whether a server that listens on `host` listens on all addresses of its machine, of one family or both. */
export const isEveryAddress = (host: string): boolean => host === '0.0.0.0' || host === '::';

/** An IP network; for a single address the prefix has the full length. */
export interface Network {
  address: string;
  prefix: number;
}

/**
 * Parses a network in a setting: an address, or address/prefix.
 * @throws Error that says what is wrong
 */
export function parseNetwork(text: string): Network {
  const [address = '', length, ...rest] = text.split('/');
  const family = isIP(address);
  const widest = family === 4 ? 32 : 128;
  const prefix = length === undefined ? widest : Number(length);
  const isWritten = length === undefined || /^\d{1,3}$/.test(length);
  if (family === 0 || address.includes('%') || rest.length > 0 || !isWritten || prefix > widest) {
    throw new Error(`must be addresses, or address/prefix, not "${text}"`);
  }
  return { address, prefix };
}

/**
 * Parses a network of trusted proxies: like {@link parseNetwork}, but not the whole internet, and IPv4 written as IPv4.
 * @throws Error that says what is wrong
 */
export function parseProxyNetwork(text: string): Network {
  const network = parseNetwork(text);
  if (network.prefix === 0) throw new Error(`would trust every address by "${text}": name the addresses of the proxies`);
  if (readAddress(network.address)?.includes(':') === false && network.address.includes(':')) throw new Error(`must name IPv4 addresses as IPv4, not "${text}"`);
  return network;
}

/**
 * Reads an IP address and returns it in its usual spelling; an IPv4 address inside an IPv6 address (`::ffff:192.0.2.1`) as IPv4. Undefined for
 * everything else, also for addresses with a zone.
 */
export function readAddress(text: string): string | undefined {
  const family = isIP(text);
  if (family === 4) return text;
  if (family === 0 || text.includes('%')) return undefined;
  // The URL parser writes every notation of an address in the same way.
  const written = new URL(`http://[${text}]/`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(written) ?? [];
  if (high === undefined || low === undefined) return written;
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [a >> 8, a & 0xff, b >> 8, b & 0xff].join('.');
}

/**
 * Parses the origin of web pages as browsers send it, or `*` for all.
 * @throws Error that says what is wrong
 */
export function parseOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (text === '*' || (url && `${url.protocol}//${url.host}` === text.toLowerCase())) return text.toLowerCase();
  throw new Error(`must be * or origins such as https://chat.example.org, without a path, not "${text}"`);
}

/** Whether an address may be spoken to without TLS: it is on this machine. Pure. */
export const isLocalUrl = (url: string): boolean => isLoopbackHost(new URL(url).hostname.replace(/^\[(.*)\]$/, '$1'));
