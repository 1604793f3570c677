import type { Bus } from '@aerogram/bus';
import type { Domain } from '@aerogram/domain';
import { type HomeIdentity, HomeLinks, type HomeLinksOptions } from '@aerogram/relay';
import { type Clock, type Config, type Endpoint, isLoopbackHost, type Lifecycle, type Logger, type Metrics, type Random, type WebEndpoint } from '@aerogram/runtime';
import type { Database, LeaseHolder } from '@aerogram/storage';
import { createAddressGuard, listOwnAddresses } from '@aerogram/web-fetch';
import { HomeDirectory, OWN_VERSIONS } from './home-directory.ts';
import { writeHomePorts } from './home-ports.ts';
import { doNoteOwnAddresses, doNoteVersions } from './join-homes.ts';
import { ownAddresses } from './own-addresses.ts';

interface HomesDeps {
  config: Config;
  identity: HomeIdentity;
  db: Database;
  bus: Bus;
  /** Whether other nodes serve this data centre too, of which one sends to the others. */
  hasNodes: boolean;
  holder: LeaseHolder;
  clock: Clock;
  random: Random;
  log: Logger;
  metrics: Metrics;
}

/** What a server knows of the other data centres, and how it reaches them. */
export interface OpenedHomes {
  links: HomeLinks;
  directory: HomeDirectory;
}

/** Where data centres on one machine find each other. */
const LOOPBACK = [
  { address: '127.0.0.0', prefix: 8 },
  { address: '::1', prefix: 128 },
];

/** Reads who the other data centres are. There are no links before {@link addHomes}. */
export async function openHomes({ config, identity, db, bus, hasNodes, holder, clock, random, log, metrics }: HomesDeps): Promise<OpenedHomes> {
  const links = await HomeLinks.open({
    identity,
    db,
    clock,
    random,
    log,
    metrics,
    waiting: config,
    holder,
    mayDial: createAddressGuard({ allowed: [...config.dcLinkNetworks, ...(isLoopbackHost(config.dcLinkHost) ? LOOPBACK : [])], own: listOwnAddresses }),
    listen: { host: config.dcLinkHost, port: config.dcLinkPort },
    announce: hasNodes ? announceFrames(bus) : undefined,
  });
  return { links, directory: await HomeDirectory.open({ db, homes: links, clock, log }) };
}

/** Begins to listen for the links of the others and to open links to them, when the domain can take what comes. */
export function addHomes(lifecycle: Lifecycle, { links, directory }: OpenedHomes, domain: Pick<Domain, 'frames'>): void {
  lifecycle.add({ name: 'links of data centres', start: () => links.start(domain.frames), stop: () => links[Symbol.asyncDispose]() });
  lifecycle.add({ name: 'directory of data centres', start: () => directory.start(), stop: () => directory[Symbol.asyncDispose]() });
}

/** Notes where this data centre is reached now, so that the others are told, and keeps its ports for the next start. */
export async function announceHome({ config, db, node, links, log }: { config: Config; db: Database; node: string; links: HomeLinks; log: Logger }, at: { mtproto: Endpoint; http: WebEndpoint }): Promise<void> {
  const link = links.address!;
  writeHomePorts(config.dataDir, { port: at.mtproto.port, httpPort: at.http.port, linkPort: link.port });
  const addresses = ownAddresses(config, { ...at, link });
  if (addresses.link_port === 0) log.error('other data centres cannot be told where to reach this one: set AEROGRAM_DC_LINK_ADDRESS');
  if (addresses.client_port === 0) log.error('clients of other data centres cannot be told where to reach this one: set AEROGRAM_PUBLIC_ADDRESS');
  await doNoteOwnAddresses(db, links.own, node, addresses);
  await doNoteVersions(db, links.own, OWN_VERSIONS);
}

/** The hints are data centres for which a node has written frames. */
const TOPIC = 'homes';

/** Tells the node that sends to the others of frames that this one has written; once in each turn of the event loop. A hint that is lost costs a second. */
function announceFrames(bus: Bus): NonNullable<HomeLinksOptions['announce']> {
  let written = new Set<number>();
  const tell = (): void => {
    bus.publish(TOPIC, [...written]);
    written = new Set();
  };
  return {
    written(dc) {
      if (written.size === 0) setImmediate(tell);
      written.add(dc);
    },
    onWritten: (fn) => bus.subscribe(TOPIC, (hint) => {
      if (Array.isArray(hint)) for (const dc of hint) if (typeof dc === 'number') fn(dc);
    }),
  };
}
