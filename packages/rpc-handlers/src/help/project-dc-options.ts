import type { KnownNode } from '@aerogram/cdn-origin';
import type { DcAddress, DomainConfig } from '@aerogram/domain';
import type { Caller } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';
import { isIPv6 } from 'node:net';

/**
 * Addresses of every DC that this server serves (rule P9, DC ids): the configured ones, otherwise the one that the client connected to. Only IP
 * addresses, no names. Pure.
 */
export function projectDcOptions(
  config: Pick<DomainConfig, 'dcIds' | 'publicAddress' | 'publicAddressV6' | 'publicPort'>,
  caller: Pick<Caller, 'localAddress' | 'localPort'>,
): tl.dcOption[] {
  const port = config.publicPort === 0 ? caller.localPort : config.publicPort;
  const configured = [config.publicAddress, config.publicAddressV6].filter((address) => address !== undefined);
  // A socket that listens on :: reports IPv4 addresses with this prefix; clients need the plain form.
  const local = caller.localAddress.replace(/^::ffff:(?=\d+\.)/i, '');
  const addresses = configured.length > 0 ? configured : [local];
  return config.dcIds.flatMap((id) =>
    addresses.map((address): tl.dcOption => ({
      _: 'dcOption',
      ipv6: isIPv6(address) || undefined,
      id,
      ip_address: address,
      port,
    })),
  );
}

/** Addresses of the other data centres of the cluster. Pure. */
export function projectOtherDcs(others: readonly DcAddress[]): tl.dcOption[] {
  return others.map(({ dc, host, port }) => ({ _: 'dcOption', ipv6: isIPv6(host) || undefined, id: dc, ip_address: host, port }));
}

/** Addresses of the CDN nodes. Those that are away keep theirs, because clients forget what is not in the list. Pure. */
export function projectCdnOptions(nodes: readonly KnownNode[]): tl.dcOption[] {
  return nodes.map(({ dc, client: { host, port } }) => ({ _: 'dcOption', ipv6: isIPv6(host) || undefined, cdn: true, id: dc, ip_address: host, port }));
}
