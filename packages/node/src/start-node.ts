import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Bus, createInProcessBus } from '@aerogram/bus';
import type { CodeDelivery } from '@aerogram/domain';
import type { Gateway } from '@aerogram/gateway';
import {
  type Clock,
  type Config,
  type Endpoint,
  type Logger,
  type Random,
  type ServerFile,
  type ServerPublicKey,
  createMetrics,
  Lifecycle,
  removeServerFile,
  systemClock,
  systemRandom,
  writeServerFile,
} from '@aerogram/runtime';
import { LAYER } from '@aerogram/tl';
import { addServing } from './add-serving.ts';
import { createOpsHandler } from './http/ops.ts';
import { openStorage } from './open-storage.ts';

/** What a test or a tool puts in place of the ordinary parts. */
export interface NodeOverrides {
  clock?: Clock;
  random?: Random;
  log?: Logger;
  bus?: Bus;
  codeDelivery?: CodeDelivery;
}

/** A node that serves. */
export interface RunningNode {
  readonly mtproto: Endpoint;
  readonly http: Endpoint;
  readonly publicKeys: readonly ServerPublicKey[];
  /** Drains, closes everything and takes `server.json` away. A second call waits for the first. */
  stop(): Promise<void>;
}

/**
 * Wires all parts into one node and starts it: storage, keys, domain, dispatcher, sockets, in this order.
 * `/readyz` answers from the first moment; `server.json` appears when clients may come.
 *
 * @throws whatever part cannot start; everything started before it is closed again
 */
export async function startNode(config: Config, overrides: NodeOverrides & { log: Logger }): Promise<RunningNode> {
  const { clock = systemClock, random = systemRandom, log, bus = createInProcessBus() } = overrides;
  const metrics = createMetrics({ process: true });
  const lifecycle = new Lifecycle({ log, clock, drainTimeoutMs: config.drainTimeoutMs });
  lifecycle.own('metrics', metrics);
  let progress = 'starting';
  let info: ServerFile | undefined;
  const say = (words: string): void => {
    progress = words;
    log.debug({ progress }, 'starting');
  };

  try {
    const pages = createOpsHandler({ isReady: () => info !== undefined, progress: () => progress, metrics, config, info: () => info });
    let handleMtproto: Gateway['handleHttp'] | undefined;
    const httpServer = createServer((request, response) => {
      if (handleMtproto?.(request, response) !== true) pages(request, response);
    });
    lifecycle.add({ name: 'http', start: () => listen(httpServer, config), stop: () => close(httpServer) });
    await lifecycle.start();

    say('starting the database');
    const storage = await openStorage({ config, log, clock, random, metrics });
    lifecycle.own('storage', storage);
    await lifecycle.start();
    say('bringing the schema up to date');
    await storage.db.migrate();

    const { gateway, publicKeys } = await addServing(lifecycle, {
      config,
      clock,
      random,
      log,
      metrics,
      db: storage.db,
      bus,
      codeDelivery: overrides.codeDelivery,
      httpHandler: pages,
      say,
      onDomain: () => storage.started(),
    });
    gateway.attachWebSocket(httpServer);
    handleMtproto = (request, response) => gateway.handleHttp(request, response);
    const http = endpointOf(httpServer);
    let mtproto: Endpoint | undefined;
    lifecycle.add({
      name: 'gateway',
      async start() {
        mtproto = await gateway.listen();
      },
      drain: (signal) => gateway.drain(signal),
      stop: async () => gateway[Symbol.asyncDispose](),
    });
    await lifecycle.start();

    const running = { mtproto: mtproto!, http, publicKeys };
    lifecycle.add({
      name: 'server.json',
      start() {
        info = {
          pid: process.pid,
          dc_id: config.homeDcId,
          mtproto: running.mtproto,
          http,
          public_keys: publicKeys,
          layer: LAYER,
          test_mode: config.testMode,
        };
        writeServerFile(config.dataDir, info);
      },
      drain() {
        progress = 'stopping';
        info = undefined;
        removeServerFile(config.dataDir);
      },
    });
    await lifecycle.start();
    return { ...running, stop: () => lifecycle.stop() };
  } catch (error) {
    await lifecycle.stop();
    throw error;
  }
}

function listen(server: Server, config: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.httpPort, config.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function endpointOf(server: Server): Endpoint {
  const { address, port } = server.address() as AddressInfo;
  return { host: address, port };
}
