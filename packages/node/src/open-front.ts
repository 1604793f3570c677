import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import {
  type Clock,
  type Config,
  createMetrics,
  type Endpoint,
  Lifecycle,
  listenOn,
  type Logger,
  type Metrics,
  removeServerFile,
  type ServerFile,
  type ServerPublicKey,
  writeServerFile,
} from '@aerogram/runtime';
import { LAYER } from '@aerogram/tl';
import { createOpsHandler } from './http/ops.ts';

/** A node that serves. */
export interface RunningNode {
  readonly mtproto: Endpoint;
  readonly http: Endpoint;
  readonly publicKeys: readonly ServerPublicKey[];
  /** Resolves with the reason when the node has stopped by itself. */
  readonly failed: Promise<Error>;
  /** Drains, closes everything and takes `server.json` away. A second call waits for the first. */
  stop(): Promise<void>;
}

/** What every node has whoever serves in it: a beginning and an end, the HTTP port with the operators' pages, `server.json`. */
export interface Front {
  readonly lifecycle: Lifecycle;
  readonly metrics: Metrics;
  readonly httpServer: Server;
  /** The operators' pages, and 404 for all else. */
  readonly pages: (request: IncomingMessage, response: ServerResponse) => void;
  /** Says on `/readyz` what is being done. */
  say(progress: string): void;
  /** Offers each request of the HTTP port to somebody first. @param handler says whether it took the request */
  serve(handler: (request: IncomingMessage, response: ServerResponse) => boolean): void;
  /** Stops the node, because it may not go on. */
  fail(reason: Error): void;
  /** Clients may come: writes `server.json`. */
  announce(mtproto: Endpoint, publicKeys: readonly ServerPublicKey[]): Promise<RunningNode>;
}

export interface FrontDeps {
  clock: Clock;
  log: Logger;
  /** The page of `/metrics`; by default the front's own metrics. */
  renderMetrics?: (own: Metrics) => Promise<string>;
  /** Why clients are not served now, in a few words, once they were announced to be; undefined while they are. */
  obstacle?: () => string | undefined;
}

/** Opens the HTTP port: `/readyz` answers from this moment on. @throws OperatorError when the port cannot be had */
export async function openFront(config: Config, deps: FrontDeps): Promise<Front> {
  const { clock, log, renderMetrics = (own) => own.render(), obstacle = () => undefined } = deps;
  const metrics = createMetrics({ process: true });
  const lifecycle = new Lifecycle({ log, clock, drainTimeoutMs: config.drainTimeoutMs });
  lifecycle.own('metrics', metrics);
  let progress = 'starting';
  let info: ServerFile | undefined;
  const pages = createOpsHandler({
    isReady: () => info !== undefined && obstacle() === undefined,
    progress: () => (info && obstacle()) ?? progress,
    renderMetrics: () => renderMetrics(metrics),
    config,
    info: () => info,
  });
  let handler = (_request: IncomingMessage, _response: ServerResponse): boolean => false;
  // MTProto over HTTP needs no name of the server; HTTP/1.1 does.
  const httpServer = createServer({ requireHostHeader: false }, (request, response) => {
    if (handler(request, response)) return;
    if (request.headers.host === undefined && request.httpVersion === '1.1') response.writeHead(400, { Connection: 'close', 'Content-Length': 0 }).end();
    else pages(request, response);
  });
  let http: Endpoint | undefined;
  lifecycle.add({
    name: 'http',
    async start() {
      http = await listenOn(httpServer, { host: config.host, port: config.httpPort }, '--http-port (AEROGRAM_HTTP_PORT)');
    },
    stop: () => close(httpServer),
  });
  await lifecycle.start();

  let settleFailure: (reason: Error) => void = () => {};
  const failed = new Promise<Error>((resolve) => {
    settleFailure = resolve;
  });

  return {
    lifecycle,
    metrics,
    httpServer,
    pages,
    say(words) {
      progress = words;
      log.debug({ progress }, 'starting');
    },
    serve(own) {
      handler = own;
    },
    fail(reason) {
      lifecycle.stop().then(
        () => settleFailure(reason),
        () => settleFailure(reason),
      );
    },
    async announce(mtproto, publicKeys) {
      const endpoint = http!;
      lifecycle.add({
        name: 'server.json',
        start() {
          const { homeDcId: dc_id, testMode: test_mode } = config;
          info = { pid: process.pid, dc_id, mtproto, http: endpoint, public_keys: [...publicKeys], layer: LAYER, test_mode };
          writeServerFile(config.dataDir, info);
        },
        drain() {
          progress = 'stopping';
          info = undefined;
          removeServerFile(config.dataDir);
        },
      });
      await lifecycle.start();
      return { mtproto, http: endpoint, publicKeys, failed, stop: () => lifecycle.stop() };
    },
  };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
