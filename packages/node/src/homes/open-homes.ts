import type { Bus } from '@aerogram/bus';
import { type AppliesFrames, type HomeIdentity, HomeLinks } from '@aerogram/relay';
import type { Clock, Config, Endpoint, Lifecycle, Logger, Metrics, Random, WebEndpoint } from '@aerogram/runtime';
import type { Database, LeaseHolder } from '@aerogram/storage';
import { HomeDirectory } from './home-directory.ts';
import { writeHomePorts } from './home-ports.ts';
import { doNoteAddresses } from './join-homes.ts';
import { ownAddresses } from './own-addresses.ts';

interface HomesDeps {
  config: Config;
  identity: HomeIdentity;
  db: Database;
  clock: Clock;
  random: Random;
  log: Logger;
  metrics: Metrics;
  bus: Bus;
  /** Of the nodes of this home, one sends the frames, by a lease. */
  holder: LeaseHolder;
}

/** The other data centres of a server. */
export interface OpenedHomes {
  others: HomeLinks;
  directory: HomeDirectory;
  /** Begins to accept and to open links, which end with the lifecycle. @throws OperatorError when the port cannot be opened */
  start(lifecycle: Lifecycle, frames: AppliesFrames): void;
}

/** The hints are the data centres that another node has written frames for. */
const TOPIC = 'home-frames';

/** Reads who the other data centres of the cluster are. There are no links to them yet. */
export async function openHomes(lifecycle: Lifecycle, { config, identity, bus, ...deps }: HomesDeps): Promise<OpenedHomes> {
  const links = await HomeLinks.open({
    ...deps, identity,
    waiting: config,
    listen: { host: config.dcLinkHost, port: config.dcLinkPort },
    announce: {
      written: (dc) => bus.publish(TOPIC, dc),
      onWritten: (fn) => bus.subscribe(TOPIC, (dc) => void (typeof dc === 'number' && fn(dc))),
    },
  });
  const directory = await HomeDirectory.open({ ...deps, homes: links });
  lifecycle.own('directory of data centres', directory);
  return {
    others: links,
    directory,
    start: (parts, frames) => parts.add({ name: 'links of data centres', start: () => links.start(frames), stop: () => links[Symbol.asyncDispose]() }),
  };
}

/** Notes where this data centre is reached now, so that the others are told, and keeps its ports for the next start. */
export async function announceHome({ config, db, dc }: { config: Config; db: Database; dc: number }, at: { mtproto: Endpoint; http: WebEndpoint; link: Endpoint }): Promise<void> {
  writeHomePorts(config.dataDir, { port: at.mtproto.port, httpPort: at.http.port, linkPort: at.link.port });
  await doNoteAddresses(db, dc, ownAddresses(config, at));
}
