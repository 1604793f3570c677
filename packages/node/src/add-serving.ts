import type { RequestListener } from 'node:http';
import { availableParallelism } from 'node:os';
import { BotApi, type BotCallWatch, loadFileIds } from '@aerogram/bot-api';
import type { Bus } from '@aerogram/bus';
import type { Owners } from '@aerogram/cluster';
import { type CodeDelivery, createDomain, type Domain, FileCpu, type HasLimits, type OwnRelay, type WebTokens } from '@aerogram/domain';
import { createGateway, type Gateway, type GatewayDeps } from '@aerogram/gateway';
import { createUpdatePusher } from '@aerogram/gateway/updates';
import type { LinkHub } from '@aerogram/link';
import { FileHook, MediaLane, PhotoLane } from '@aerogram/media';
import { createCryptoPool, createPacketPool } from '@aerogram/mtproto';
import { createPushSender } from '@aerogram/push';
import type { HomeLinks } from '@aerogram/relay';
import { createDispatcher, type DirectCalls } from '@aerogram/rpc';
import { methods } from '@aerogram/rpc-handlers';
import { ByteBudget, type Clock, type ClockDoubt, type Config, type Lifecycle, type Logger, type Metrics, type Random, type ServerPublicKey, type Tracer, TrustedProxies, workerFile } from '@aerogram/runtime';
import { type Database, type DueJobs, type LeaseHolder, SingleTasks } from '@aerogram/storage';
import { createPageFetcher } from '@aerogram/web-fetch';
import { relaySecret } from './calls/relay-place.ts';
import { openCompany } from './company/open-company.ts';
import { standardConsole } from './delivery/console-delivery.ts';
import { createDelivery } from './delivery/create-delivery.ts';
import type { AdminCommands } from './http/admin/admin-commands.ts';
import { createDomainHandler } from './domain-handler.ts';
import type { DomainHandler } from './http/domain-routes.ts';
import { createFileSender } from './http/send-file.ts';
import { shareRequests } from './http/shard-requests.ts';
import { expireUploads } from './expire-uploads.ts';
import { ServedCdn } from './open-cdn.ts';
import { addHomes, type OpenedHomes } from './homes/open-homes.ts';
import { shareJobHints } from './job-hints.ts';
import { openFiles } from './open-files.ts';
import { openLocalFiles } from './open-local-files.ts';
import { reportMissingMasterKeys } from './missing-master-keys.ts';
import type { NodeShards } from './node-shards.ts';
import { openServerKeys } from './open-server-keys.ts';
import { showFigures } from './show-figures.ts';
import { addWork } from './start-work.ts';
import { readPhoneKeys } from './phone-keys.ts';
import { ownsShard } from './workers/shards.ts';

export interface ServingDeps {
  config: Config;
  clock: Clock;
  /** See `NodeOverrides.sessionClock`. */
  sessionClock?: Clock | undefined;
  random: Random;
  log: Logger;
  metrics: Metrics;
  /** Makes traces of calls; undefined if there are none. */
  tracer: Tracer | undefined;
  db: Database;
  bus: Bus;
  /** The links to the other nodes; undefined for a server that is alone. */
  links?: LinkHub | undefined;
  /** Divides the keys between the nodes; undefined for a server that is alone. */
  nodes?: GatewayDeps['nodes'];
  /** The nodes of the cluster; undefined for a server that is alone. */
  owners?: Owners | undefined;
  /** Which node answers for which bots; undefined for a server that is alone. */
  shards?: NodeShards | undefined;
  /** The other data centres; undefined for a server that is alone. */
  homes?: OpenedHomes | undefined;
  /** Holds the leases of this node. */
  holder: LeaseHolder;
  /** Why no file may be written to the data directory now; undefined if files may be written. */
  filesRefusal(): Error | undefined;
  /** Whether the clock is reliable; absent: always. */
  doubt?: ClockDoubt | undefined;
  /** Replaces the delivery that the settings configure. */
  codeDelivery?: CodeDelivery | undefined;
  /** Handles the requests on the MTProto port that are not MTProto and do not need the domain. */
  otherRequests?: RequestListener;
  shared?: GatewayDeps['shared'];
  /** Which of several serving processes this is, from 0. */
  slot?: number;
  /** See `DomainDeps.homeOfPhone`. */
  homeOfPhone?: ((phone: string) => number) | undefined;
  /** See `NodeOverrides.webTokens`. */
  webTokens?: WebTokens | undefined;
  /** See `NodeOverrides.onServing`. */
  onServing?: ((parts: ServedParts) => void) | undefined;
  /** See `NodeOverrides.hasLimits`. */
  hasLimits?: HasLimits | undefined;
  /** Whether people can only read now. */
  isReadOnly(): boolean;
  /** See `NodeOverrides.botCalls`. */
  botCalls?: BotCallWatch | undefined;
  /** What admins can do on the admin page; by default nothing. */
  adminCommands?: AdminCommands | undefined;
  /** The metrics of all processes of the server; by default those of this one. */
  renderMetrics?: (() => Promise<string>) | undefined;
  /** Returns the relay of calls; undefined if the settings want none. */
  openRelay(secret: string): OwnRelay | undefined;
  /** Called with the current step of the startup. */
  say(progress: string): void;
  /** Called when the domain has been created, and everything that a startup has to write has been written. */
  onDomain(): void;
}

/** The parts of a running server, for a program that contains one. */
export interface ServedParts {
  domain: Domain;
  calls: DirectCalls;
  bus: Bus;
  db: Database;
  /** The links to other nodes; undefined for a server that is alone. */
  links: LinkHub | undefined;
  /** The links to other data centres; undefined for a server that is alone. */
  homes: HomeLinks | undefined;
  /** The jobs, in a process that runs them. */
  jobs: DueJobs | undefined;
}

/** The parts that serve clients, before any port is open. */
export interface Serving {
  gateway: Gateway;
  /** Handles the HTTP requests that need the domain. */
  domainHandler: DomainHandler;
  publicKeys: ServerPublicKey[];
}

const MEBIBYTE = 1024 * 1024;

/** Number of threads for long packets in this process: the thread that serves messages needs a core too. */
function countPacketThreads({ packetThreads, workers }: Config, cores: number): number {
  return packetThreads > 0 ? Math.min(packetThreads, cores) : Math.max(1, Math.floor((cores - 1) / workers));
}

/** By what push services of browsers can reach the operator. */
function contactOf({ noticesContact, webAddress }: Config): string {
  return noticesContact ?? (webAddress?.startsWith('https:') === true ? webAddress : 'mailto:nobody@aerogram.invalid');
}

/** How many photos this process makes at once, and how many other files it looks into: all processes of the server together use half of the processors, and each of them at least one. */
function countFileProcesses(workers: number): number {
  return Math.max(1, Math.floor(availableParallelism() / 2 / Math.max(1, workers)));
}

/**
 * Adds the parts that serve clients to a process and starts them in order: keys, domain, pusher, jobs if the process has that role,
 * dispatcher, gateway. The caller starts and stops the gateway.
 */
export async function addServing(lifecycle: Lifecycle, deps: ServingDeps): Promise<Serving> {
  const { config, clock, sessionClock = clock, random, log, metrics, db, bus, doubt, hasLimits, say, otherRequests, tracer } = deps;
  say('loading keys');
  const keys = await openServerKeys({ dataDir: config.dataDir, db, log });
  const cryptoPool = await createCryptoPool({
    workerFile: workerFile('crypto-worker'),
    threads: config.handshakeThreads,
    keys: keys.keys,
    onCrash: (error) => log.error({ err: error }, 'crypto worker died'),
  });
  lifecycle.own('crypto workers', cryptoPool);
  const packetPool = createPacketPool({
    workerFile: workerFile('packet-worker'),
    threads: countPacketThreads(config, availableParallelism()),
    onCrash: (error) => log.error({ err: error }, 'packet worker died'),
  });
  lifecycle.own('packet workers', packetPool);
  await lifecycle.start();

  say('starting the domain');
  const delivery = createDelivery(config, { console: standardConsole(process.env), log });
  lifecycle.add({ name: 'code delivery', stop: () => delivery[Symbol.dispose]() });
  const fetcher = createPageFetcher({ ports: config.linkPreviewPorts, allowed: config.linkPreviewNetworks, allowsLoopback: config.isLocalOnly });
  const [pageFetcher, fileFetcher] = [config.linkPreviews ? fetcher : undefined, config.filesByUrl ? fetcher : undefined];
  const codeDelivery = deps.codeDelivery ?? delivery;
  const fileStorage = await openFiles({ config, clock, random, owners: deps.owners, refusal: deps.filesRefusal });
  lifecycle.own('files', fileStorage);
  lifecycle.own('expiry of uploads', expireUploads({ uploads: fileStorage.ownUploads, clock, log, doubt }));
  const lane = { processes: countFileProcesses(config.workers), cpu: new FileCpu({ clock, hasLimits }), clock: sessionClock, log, metrics };
  const photos = new PhotoLane({ ...lane, file: workerFile('photo-worker') });
  lifecycle.own('processes that make photos', photos);
  const media = new MediaLane({ ...lane, file: workerFile('media-worker') });
  lifecycle.own('processes that read audio and video', media);
  const { fileHookCommand: command, fileHookTimeoutMs: timeoutMs, fileHookParallel: parallel } = config;
  const fileHook = command === undefined ? undefined : new FileHook({ command, timeoutMs, parallel, clock: sessionClock, log, metrics });
  // Only the first one of several processes has the jobs.
  if (config.roles.includes('jobs')) await reportMissingMasterKeys({ db, keys: fileStorage.keys, log });
  const cdn = await ServedCdn.open({ db, bus, keys: fileStorage.keys, clock, random, log, metrics });
  lifecycle.own('CDN nodes', cdn);
  // Of several processes of a server, only the one with the jobs does what one node does for all.
  const tasks = config.roles.includes('jobs') ? new SingleTasks({ db, clock, log, holder: deps.holder }) : undefined;
  if (tasks !== undefined) {
    lifecycle.own('tasks of one node', tasks);
    await tasks.renew();
  }
  const cleansUp = (): boolean => tasks?.holds('clean-up') === true;
  const places = { isLocalOnly: config.isLocalOnly, networks: config.noticesNetworks };
  const phones = readPhoneKeys(config);
  const pushSender = config.notices ? (keys: ReadonlyMap<number, Uint8Array>) => createPushSender({ keys, contact: contactOf(config), places, phones, clock: sessionClock, random }) : undefined;
  const ownRelay = deps.openRelay(relaySecret(keys));
  const domain = await createDomain({ db, bus, clock, sessionClock, random, log, metrics, config, codeDelivery, pageFetcher, fileFetcher, pushSender, doubt, fileStorage, photos, media, fileHook, cdnNodes: cdn.nodes, homeOfPhone: deps.homeOfPhone, owners: deps.owners, homes: deps.homes?.links, dcAddresses: deps.homes?.directory, hasLimits, webTokens: deps.webTokens, cleansUp, ownRelay });
  lifecycle.own('domain', domain);
  // Nothing waits for it.
  domain.calls.resumeRelay().catch((error: unknown) => log.error({ err: error }, 'the relay of calls could not be begun for calls that go on'));
  const fileIds = await loadFileIds({ db, clock, random });
  deps.onDomain();
  const pusher = createUpdatePusher({ source: domain.updates, channels: domain.channelUpdates, calls: domain.calls, bus, clock, log, metrics, tracer });
  lifecycle.own('pusher', pusher);
  // Clients read the addresses and keys of nodes again then.
  lifecycle.own('announcement of CDN nodes', cdn.nodes.onChange(() => pusher.tellAll({ _: 'updateConfig' })));
  if (deps.homes) {
    addHomes(lifecycle, deps.homes, domain);
    lifecycle.own('announcement of data centres', deps.homes.directory.onChange(() => pusher.tellAll({ _: 'updateConfig' })));
  }
  let jobs: DueJobs | undefined;
  if (tasks !== undefined) {
    lifecycle.own('lease of CDN nodes', cdn.lead(domain.cdnRevocations, () => tasks.holds('cdn-nodes')));
    showFigures({ db, clock, sessionClock, log, metrics });
    jobs = addWork(lifecycle, { db, bus, clock, log, metrics, holder: deps.holder, kinds: domain.jobKinds, doubt });
  } else {
    lifecycle.own('hints of jobs', shareJobHints({ db, bus }));
  }
  await lifecycle.start();

  const room = new ByteBudget(config.partBufferMib * MEBIBYTE);
  const parts = { room, bytesPerSecond: config.partMibPerSecond * MEBIBYTE };
  const dispatcher = createDispatcher({ methods, domain, clock, random, log, metrics, tracer, parts, hasLimits, isReadOnly: deps.isReadOnly });
  const owns = (botId: bigint): boolean => deps.shards ? deps.shards.otherOwner(`bot${botId}`) === undefined : ownsShard({ slot: deps.slot ?? 0, workers: config.workers }, `bot${botId}`);
  const sendFile = createFileSender(sessionClock);
  const localFiles = await openLocalFiles({ config, slot: deps.slot ?? 0, owns, refusal: deps.filesRefusal, domain, clock, log });
  if (localFiles !== undefined) lifecycle.own('copies of files for bots', localFiles);
  const botApi = new BotApi({ domain, calls: dispatcher, bus, fileIds, localFiles, sendFile, config, owns, onOwnersChange: deps.shards && ((fn) => deps.shards!.onChange(fn)), clock, sessionClock, random, log, metrics, hasLimits, watch: deps.botCalls });
  lifecycle.add({
    name: 'Bot API',
    start: () => botApi.start(),
    drain: (signal) => botApi.drain(signal),
    stop: () => botApi[Symbol.asyncDispose](),
  });
  deps.onServing?.({ domain, calls: dispatcher, bus, db, links: deps.links, homes: deps.homes?.links, jobs });
  const trusted = new TrustedProxies(config.trustedProxies);
  const enter = openCompany(lifecycle, { config, domain, holds: tasks && (() => tasks.holds('company-checks')), clock, log });
  const ownHandler = createDomainHandler({
    botApi, sendFile, trusted, enter, linkPages: domain.linkPages, files: domain.files.named, clock, log, metrics,
    invite: { links: domain.auth.invitationLinks, isReadOnly: deps.isReadOnly },
    admin: { db, door: domain.auth.adminDoor, commands: deps.adminCommands ?? {}, config, clock, log, renderMetrics: deps.renderMetrics ?? (() => metrics.render()) },
  });
  const domainHandler = deps.links && deps.shards ? shareRequests(ownHandler, { links: deps.links, shards: deps.shards, trusted, maxOfNetwork: config.maxConnectionsPerAddress, botApi }) : ownHandler;
  const gateway = createGateway({
    config,
    fingerprints: keys.fingerprints,
    cryptoPool,
    packetPool,
    parts: room,
    authKeyStore: domain.auth.keyStore,
    callers: domain.auth,
    dispatcher,
    pusher,
    bus,
    clock: sessionClock,
    random,
    log,
    metrics,
    ...(otherRequests ? { httpHandler: (request, response) => void (domainHandler(request, response) || otherRequests(request, response)) } : {}),
    ...(deps.shared ? { shared: deps.shared } : {}),
    nodes: deps.nodes,
  });
  return { gateway, domainHandler, publicKeys: keys.publicKeys.map(({ pem, fingerprint }) => ({ pem, fingerprint: fingerprint.toString() })) };
}
