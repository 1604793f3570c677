import { createServer } from 'node:net';
import type { OtherHomes } from '@aerogram/cluster';
import type { HomeIdentity } from '@aerogram/relay';
import { type Clock, type Config, type Endpoint, type Lifecycle, listenOn, type Logger, type WebEndpoint } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import { HomeDirectory } from './home-directory.ts';
import { writeHomePorts } from './home-ports.ts';
import { doNoteAddresses } from './join-homes.ts';
import { ownAddresses } from './own-addresses.ts';

interface HomesDeps {
  config: Config;
  identity: HomeIdentity;
  db: Database;
  clock: Clock;
  log: Logger;
}

/** The other data centres of a server that has begun to listen for their links. */
export interface OpenedHomes {
  others: OtherHomes | undefined;
  directory: HomeDirectory;
  /** Where their links are accepted. */
  link: Endpoint;
}

/** Opens the links to the other data centres of the cluster. */
export async function openHomes(lifecycle: Lifecycle, { config, identity, db, clock, log }: HomesDeps): Promise<OpenedHomes> {
  void identity;
  const server = createServer((socket) => socket.destroy());
  const link = await listenOn(server, { host: config.dcLinkHost, port: config.dcLinkPort }, 'AEROGRAM_DC_LINK_PORT');
  lifecycle.add({ name: 'links of data centres', stop: () => new Promise<void>((resolve) => void server.close(() => resolve())) });
  const directory = await HomeDirectory.open({ db, homes: undefined, clock, log });
  lifecycle.own('directory of data centres', directory);
  await lifecycle.start();
  return { others: undefined, directory, link };
}

/** Notes where this data centre is reached now, so that the others are told, and keeps its ports for the next start. */
export async function announceHome({ config, db, dc }: { config: Config; db: Database; dc: number }, at: { mtproto: Endpoint; http: WebEndpoint; link: Endpoint }): Promise<void> {
  writeHomePorts(config.dataDir, { port: at.mtproto.port, httpPort: at.http.port, linkPort: at.link.port });
  await doNoteAddresses(db, dc, ownAddresses(config, at));
}
