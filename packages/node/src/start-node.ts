import type { BotCallWatch } from '@aerogram/bot-api';
import { type Bus, createInProcessBus } from '@aerogram/bus';
import { type CodeDelivery, type HasLimits, loadLanguages, type MaintenanceWatch, watchMaintenance, type WebTokens } from '@aerogram/domain';
import { type LinkHub, openClusterKey } from '@aerogram/link';
import { type Clock, type Config, type Endpoint, type Logger, OperatorError, type Random, systemClock, systemRandom } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import { addServing, type ServedParts } from './add-serving.ts';
import { addBackups } from './backups/scheduled-backups.ts';
import { busWithLosses } from './bus-with-losses.ts';
import { openRelay } from './calls/open-relay.ts';
import { claimFiles } from './claim-files.ts';
import { hasOtherMembers, joinNodes } from './join-nodes.ts';
import { leaseHolderOf } from './lease-holder.ts';
import type { AdminCommands } from './http/admin/admin-commands.ts';
import { openFront, type RunningNode } from './open-front.ts';
import { announceHome, type OpenedHomes, openHomes } from './homes/open-homes.ts';
import { checkOwnHome, playOwnHome } from './homes/own-home.ts';
import { LinkedOwners } from './linked-owners.ts';
import { nameIdleSettings } from './name-idle-settings.ts';
import { NodeShards } from './node-shards.ts';
import { nodeName } from './node-name.ts';
import { linkToMembers, openLinks } from './open-links.ts';
import { openNodeBus } from './open-node-bus.ts';
import { keysDirectory, openServerKeys } from './open-server-keys.ts';
import { openStorage } from './open-storage.ts';
import { openTracer } from './open-tracer.ts';
import { KeyRelay } from './relay-keys.ts';
import { type TakenDatabase, takeDatabase } from './take-database.ts';
import { startSupervisor } from './workers/start-supervisor.ts';

/** Parts that tests and tools can replace. */
export interface NodeOverrides {
  clock?: Clock;
  /**
   * Clock of what lasts as long as a connection or a process: sessions with their message ids and salts, lifetimes of keys, what requests wait for. By default, `clock`.
   * It is real time where `clock` is moved by hand.
   */
  sessionClock?: Clock;
  random?: Random;
  log?: Logger;
  bus?: Bus;
  codeDelivery?: CodeDelivery;
  /** Also judges a replaced clock, like the machine's clock. */
  watchesClock?: boolean;
  /** Folder of the web client. */
  webFolder?: string | undefined;
  /** Returns the database that the parts use, which may watch what they do with the one of the node. */
  watchDatabase?: (db: Database) => Database;
  /** See `DomainDeps.homeOfPhone`. */
  homeOfPhone?: (phone: string) => number;
  /** Tokens with which browsers log in without a code. Servers have none unless they are for tests only. */
  webTokens?: WebTokens;
  /** Called with the parts of the server before clients can connect. */
  onServing?: (parts: ServedParts) => void;
  /** For whom the limits hold on how much somebody does; by default for everybody, except as the settings say of test numbers. */
  hasLimits?: HasLimits;
  /** Sees and alters what bots call. */
  botCalls?: BotCallWatch;
  /** See `ServingDeps.adminCommands`. */
  adminCommands?: AdminCommands;
  /** Settings of the embedded database that override its own. */
  databaseSettings?: Readonly<Record<string, string>>;
}

/** Why a node ended that others go on without: nothing failed. */
export class Drained extends OperatorError {}

/**
 * Creates a node and starts it: storage, serving lease, keys, domain, dispatcher, sockets, in this order. With more than one worker it
 * starts a supervisor and the serving processes (docs/workers.md), for which only clock, log and web client can be replaced. `/readyz` responds
 * from the start; `server.json` appears when clients can connect.
 *
 * @throws the error of the part that cannot start; everything started before it is closed again
 */
export async function startNode(given: Config, overrides: NodeOverrides & { log: Logger }): Promise<RunningNode> {
  const { clock = systemClock, sessionClock = clock, random = systemRandom, log, webFolder, watchDatabase = (db) => db } = overrides;
  // The serving processes load them too. Loading them here shows errors to the operator at once, and only once.
  await loadLanguages(given.langDir);
  const { config, identity } = await playOwnHome(given);
  nameIdleSettings(config, log);
  if (config.workers > 1) return startSupervisor(config, { clock, random, log, webFolder });
  let taken: TakenDatabase | undefined;
  const obstacle = (): string | undefined => (taken?.lease.isAnswering === false ? 'the database does not answer' : undefined);
  let maintenance: MaintenanceWatch | undefined;
  let homes: OpenedHomes | undefined;
  const hasHeirs = (): boolean => taken !== undefined && hasOtherMembers(taken.lease);
  const front = await openFront(config, { clock: sessionClock, log, obstacle, maintenance: () => maintenance?.describe(), hasHeirs, dcAddresses: () => homes?.directory.list() ?? [], webFolder });
  const { lifecycle, metrics, pages, say } = front;
  try {
    const tracer = await openTracer({ config, process: () => nodeName(config.dataDir), log, metrics });
    if (tracer) lifecycle.own('traces', tracer);
    say('starting the database');
    const storage = await openStorage({
      config,
      log,
      clock,
      random,
      metrics,
      say,
      databaseSettings: overrides.databaseSettings,
      gate: () => taken?.lease.gate(),
      incarnation: () => taken?.lease.incarnation,
      primary: { timeline: () => taken?.lease.timeline, met: () => taken?.lease.lookNow() },
    });
    lifecycle.own('storage', storage);
    await lifecycle.start();
    const watched = overrides.watchesClock === true ? clock : undefined;
    const joins = config.natsUrl !== undefined;
    taken = await takeDatabase(lifecycle, { config, db: storage.db, url: storage.url, joins, watched, log, metrics, say });
    await checkOwnHome(storage.db, config, identity);
    const { lease } = taken;
    const watch = (maintenance = await watchMaintenance({ db: storage.db, clock: systemClock, log }));
    lifecycle.own('maintenance', watch);
    void lease.lost.then((reason) => front.fail(reason));
    let bus = overrides.bus ?? createInProcessBus();
    let links: LinkHub | undefined;
    let relay: KeyRelay | undefined;
    if (joins) {
      const { fingerprints } = await openServerKeys({ dataDir: config.dataDir, db: storage.db, log, hasOthers: hasOtherMembers(lease) });
      const clusterKey = await openClusterKey(keysDirectory(config.dataDir), { hasOthers: hasOtherMembers(lease) });
      const opened = await openLinks(lifecycle, { config, clusterKey, lease, clock: systemClock, random, log, metrics });
      links = opened.hub;
      relay = new KeyRelay({ lease, hub: links, log });
      lifecycle.own('keys of the nodes', relay);
      const hintNames = await joinNodes({ config, lease, random, clusterKey, identity, fingerprints, linkAddress: opened.address });
      bus = await openNodeBus(lifecycle, { config, db: storage.db, lease, links, hintNames, log, metrics });
    } else {
      const inner = bus;
      const losses = busWithLosses(inner, (topic, hint) => inner.decide(topic, hint));
      lifecycle.own('barrier', lease.onBarrier(() => losses.tell()));
      bus = losses.bus;
    }
    await claimFiles({ config, db: storage.db, log });
    const holder = leaseHolderOf(lease);
    homes = identity && (await openHomes({ config, identity, db: storage.db, bus, hasNodes: joins, holder, clock: systemClock, random, log, metrics }));
    const shards = links && new NodeShards(lease);

    const { gateway, domainHandler, publicKeys } = await addServing(lifecycle, {
      config,
      clock,
      sessionClock,
      random,
      log,
      metrics,
      tracer,
      db: watchDatabase(storage.db),
      filesRefusal: () => storage.filesRefusal(),
      bus,
      links,
      nodes: relay,
      ...(relay ? { shared: { process: `${lease.self}/${lease.token}` } } : {}),
      owners: links && shards && new LinkedOwners({ links, lease, shards, clock: systemClock, log }),
      shards,
      homes,
      holder,
      doubt: taken.watch.doubt,
      codeDelivery: overrides.codeDelivery,
      homeOfPhone: overrides.homeOfPhone,
      webTokens: overrides.webTokens,
      onServing: overrides.onServing,
      hasLimits: overrides.hasLimits,
      botCalls: overrides.botCalls,
      isReadOnly: () => watch.isOn(),
      adminCommands: overrides.adminCommands,
      otherRequests: pages,
      openRelay: (secret) => openRelay(lifecycle, { config, secret, log, metrics }),
      say,
      onDomain: () => storage.started(),
    });
    gateway.attachWebSocket(front.httpServer);
    front.serve((request, response) => gateway.handleHttp(request, response) || domainHandler(request, response));
    let mtproto: Endpoint | undefined;
    lifecycle.add({
      name: 'gateway',
      async start() {
        mtproto = await gateway.listen();
      },
      async drain(signal) {
        if (relay) {
          await lease.drain();
          await relay.handOver(signal);
          // Their packets go to the others meanwhile.
          if (lease.members.length > 0) await gateway.closeGradually(signal);
        }
        await gateway.drain(signal);
      },
      stop: async () => gateway[Symbol.asyncDispose](),
    });
    addBackups(lifecycle, { config, url: storage.url, clock, log, metrics });
    if (links) {
      await linkToMembers(links, { lease, clock: systemClock });
      relay?.start(() => gateway.giveUpKeys());
      lifecycle.add({ name: 'membership', start: () => lease.serve() });
      lifecycle.own('orders of operators', lease.onChange(() => {
        if (lease.isDraining) front.fail(new Drained('this node has given its work to the others'));
      }));
    }
    await lifecycle.start();
    if (homes) await announceHome({ config, db: storage.db, node: lease.self, links: homes.links, log }, { mtproto: mtproto!, http: front.http });
    return await front.announce(mtproto!, publicKeys, homes?.links.address);
  } catch (error) {
    await lifecycle.stop();
    throw error;
  }
}
