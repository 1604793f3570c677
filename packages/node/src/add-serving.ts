import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Bus } from '@aerogram/bus';
import { prepareSrp } from '@aerogram/crypto';
import { type CodeDelivery, createDomain } from '@aerogram/domain';
import { createGateway, createUpdatePusher, type Gateway, type GatewayDeps } from '@aerogram/gateway';
import { createCryptoPool } from '@aerogram/mtproto';
import { createDispatcher } from '@aerogram/rpc';
import { methods } from '@aerogram/rpc-handlers';
import { type Clock, type ClockDoubt, type Config, type Lifecycle, type Logger, type Metrics, type Random, type ServerPublicKey, workerFile } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import { createPageFetcher } from '@aerogram/web-fetch';
import { standardConsole } from './delivery/console-delivery.ts';
import { createDelivery } from './delivery/create-delivery.ts';
import { createDomainHandler } from './http/domain-routes.ts';
import { openServerKeys } from './open-server-keys.ts';
import { addWork } from './start-work.ts';

export interface ServingDeps {
  config: Config;
  clock: Clock;
  random: Random;
  log: Logger;
  metrics: Metrics;
  db: Database;
  bus: Bus;
  /** Whether the clock is believed; absent: it always is. */
  doubt?: ClockDoubt | undefined;
  /** In place of the one that the settings ask for. */
  codeDelivery?: CodeDelivery | undefined;
  /** Gets the requests on the MTProto port that are neither MTProto's nor need the domain. */
  otherRequests?: RequestListener;
  shared?: GatewayDeps['shared'];
  /** Told what is being done. */
  say(progress: string): void;
  /** The domain is there: what a start has to write is written. */
  onDomain(): void;
}

/** What serves clients, before any port is open. */
export interface Serving {
  gateway: Gateway;
  /** Answers the HTTP requests that need the domain. @returns whether it has taken the request */
  domainHandler: (request: IncomingMessage, response: ServerResponse) => boolean;
  publicKeys: ServerPublicKey[];
}

/**
 * Adds the parts that serve clients to a process, in their order, and starts them: keys, domain, pusher, jobs where the process has
 * that role, dispatcher, gateway. The gateway is the caller's to start and to stop.
 */
export async function addServing(lifecycle: Lifecycle, deps: ServingDeps): Promise<Serving> {
  const { config, clock, random, log, metrics, db, bus, doubt, say, otherRequests } = deps;
  say('loading keys');
  const keys = await openServerKeys({ dataDir: config.dataDir, db, log });
  const startingPool = createCryptoPool({
    workerFile: workerFile('crypto-worker'),
    threads: config.handshakeThreads,
    keys: keys.keys,
    onCrash: (error) => log.error({ err: error }, 'crypto worker died'),
  });
  // In the same time in which the workers set up their arithmetic; nobody is served yet.
  prepareSrp();
  const cryptoPool = await startingPool;
  lifecycle.own('crypto workers', cryptoPool);
  await lifecycle.start();

  say('starting the domain');
  const delivery = createDelivery(config, { console: standardConsole(process.env), log });
  lifecycle.add({ name: 'code delivery', stop: () => delivery[Symbol.dispose]() });
  const pageFetcher = config.linkPreviews ? createPageFetcher({ ports: config.linkPreviewPorts, allowed: config.linkPreviewNetworks }) : undefined;
  const codeDelivery = deps.codeDelivery ?? delivery;
  const domain = await createDomain({ db, bus, clock, random, log, metrics, config, codeDelivery, pageFetcher, doubt });
  lifecycle.own('domain', domain);
  deps.onDomain();
  const pusher = createUpdatePusher({ source: domain.updates, bus, clock, log, metrics });
  lifecycle.own('pusher', pusher);
  if (config.roles.includes('jobs')) {
    addWork(lifecycle, { db, clock, log, metrics, dataDir: config.dataDir, kinds: domain.jobKinds, doubt });
  }
  await lifecycle.start();

  const domainHandler = createDomainHandler({ metrics });
  const dispatcher = createDispatcher({ methods, domain, clock, random, log, metrics });
  const gateway = createGateway({
    config,
    fingerprints: keys.fingerprints,
    cryptoPool,
    authKeyStore: domain.auth.keyStore,
    callers: domain.auth,
    dispatcher,
    pusher,
    bus,
    clock,
    random,
    log,
    metrics,
    ...(otherRequests ? { httpHandler: (request, response) => void (domainHandler(request, response) || otherRequests(request, response)) } : {}),
    ...(deps.shared ? { shared: deps.shared } : {}),
  });
  return { gateway, domainHandler, publicKeys: keys.publicKeys.map(({ pem, fingerprint }) => ({ pem, fingerprint: fingerprint.toString() })) };
}
