import type { KeyObject } from 'node:crypto';
import { LinkCertificates, LinkHub, type LinkMember } from '@aerogram/link';
import { type Clock, type Config, formatEndpoint, type Lifecycle, type Logger, type Metrics, OperatorError, type Random } from '@aerogram/runtime';
import type { Member, Membership } from '@aerogram/storage';

interface LinkDeps {
  config: Pick<Config, 'linkHost' | 'linkPort' | 'maxConnections'>;
  clusterKey: KeyObject;
  lease: Pick<Membership, 'self' | 'token' | 'members' | 'peers' | 'onChange'>;
  clock: Clock;
  random: Random;
  log: Logger;
  metrics: Metrics;
}

/** How long a node that joins waits for its links to all members, in milliseconds: longer than a member that was killed can stay one. */
const LINKS_WITHIN_MS = 15_000;
/** Channels of connections that the owner refuses because it has as many as it may: they are open until the other end knows. */
const REFUSED_CHANNELS = 1024;

/**
 * Accepts links, and keeps one to each other node that accepts them.
 * @returns the hub, and the address at which others reach it (host:port)
 * @throws OperatorError when the address cannot be used
 */
export async function openLinks(lifecycle: Lifecycle, { config, clusterKey, lease, clock, random, log, metrics }: LinkDeps): Promise<{ hub: LinkHub; address: string }> {
  const { linkHost: host, linkPort: port, maxConnections } = config;
  const certificates = new LinkCertificates({ name: lease.self, clusterKey, clock });
  lifecycle.own('certificate of links', certificates);
  // A relayed connection is one channel, and counts among the connections at both ends, so these bound the channels and tell clients so.
  const limits = { maxChannels: maxConnections + REFUSED_CHANNELS };
  const hub = new LinkHub({ clock, log, metrics, random, certificates, limits, token: lease.token });
  lifecycle.own('links', hub);
  const address = formatEndpoint(await hub.listen({ host, port }));
  const look = (): void => hub.setMembers(lease.peers.map(toLinkMember));
  lifecycle.own('list of nodes with links', lease.onChange(look));
  look();
  await lifecycle.start();
  return { hub, address };
}

/** Waits for the links to all members. @throws OperatorError naming a member that there is no link to */
export async function linkToMembers(hub: LinkHub, { lease, clock }: Pick<LinkDeps, 'lease' | 'clock'>): Promise<void> {
  const missing = (): Member | undefined => lease.members.find(({ name }) => name !== lease.self && !hub.up.includes(name));
  await new Promise<void>((resolve, reject) => {
    const timer = clock.setTimeout(() => {
      changes[Symbol.dispose]();
      const { name, linkAddress } = missing()!;
      reject(new OperatorError(`no link to the node ${name} at ${linkAddress} came about: is it reachable from here, and this node from there (AEROGRAM_LINK_HOST, AEROGRAM_LINK_PORT)?`));
    }, LINKS_WITHIN_MS);
    const look = (): void => {
      if (missing()) return;
      timer.cancel();
      changes[Symbol.dispose]();
      resolve();
    };
    const changes = lease.onChange(look);
    hub.onUp(look);
    look();
  });
}

function toLinkMember({ name, token, linkAddress }: Member): LinkMember {
  const at = linkAddress.lastIndexOf(':');
  const host = linkAddress.slice(0, at).replace(/^\[(.*)\]$/, '$1');
  return { name, token, endpoint: { host, port: Number(linkAddress.slice(at + 1)) } };
}
