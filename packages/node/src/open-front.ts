import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Server as TlsServer } from 'node:tls';
import { LEAVING_MS } from '@aerogram/gateway';
import {
  type Clock,
  type Config,
  createMetrics,
  defineGauge,
  type TimerHandle,
  type WebEndpoint,
  type Endpoint,
  findBuilt,
  Lifecycle,
  listenOn,
  type Logger,
  type Metrics,
  removeServerFile,
  type ServerFile,
  type ServerPublicKey,
  TrustedProxies,
  VERSION,
  writeServerFile,
} from '@aerogram/runtime';
import type { DcAddress } from '@aerogram/domain';
import { DataDirectoryLocked, findDataDirectoryHolder, SCHEMA_VERSION } from '@aerogram/storage';
import { LAYER } from '@aerogram/tl';
import { CertificateFiles } from './http/certificate-files.ts';
import { createOpsHandler } from './http/ops.ts';
import { readServerPicture } from './http/read-server-picture.ts';
import { createTimedServer } from './http/timed-server.ts';
import { WebFolder } from './http/web-folder.ts';
import { webHomesOf } from './http/web-homes.ts';
import { serveBelow, serveWebFolder } from './http/web-routes.ts';

const buildInfo = defineGauge({
  name: 'aerogram_build_info',
  help: '1; the labels are the version of the program and of the database schema that it was written for.',
  labels: ['version', 'schema'],
});

const certificateEnd = defineGauge({
  name: 'aerogram_certificate_expiry_timestamp_seconds',
  help: 'When the certificate of the HTTP port ends, in unix seconds; absent without one.',
});

/** Folder of the admin page below that of the web client, and its path. */
const ADMIN = 'admin';

/** A running node. */
export interface RunningNode {
  /** Addresses and keys: the content of `server.json`. */
  readonly server: ServerFile;
  /** Resolves with the reason when the node has stopped by itself. */
  readonly failed: Promise<Error>;
  /** Drains, closes everything and deletes `server.json`. A second call waits for the first. */
  stop(): Promise<void>;
}

/** The parts that every node has, whichever processes serve in it: lifecycle, the HTTP port with the web client and the operator pages, `server.json`. */
export interface Front {
  readonly lifecycle: Lifecycle;
  readonly metrics: Metrics;
  readonly httpServer: Server;
  /** The web client and the operator pages; everything else is answered with 404. */
  readonly pages: (request: IncomingMessage, response: ServerResponse) => void;
  /** Sets the progress shown on `/readyz`. */
  say(progress: string): void;
  /** Sets a handler that gets each request of the HTTP port first. @param handler returns whether it handles the request */
  serve(handler: (request: IncomingMessage, response: ServerResponse) => boolean): void;
  /** Stops the node because it must not continue. */
  fail(reason: Error): void;
  /** Accepts clients from now on: writes `server.json`. @param link where other data centres reach this one; undefined if it is alone */
  announce(mtproto: Endpoint, publicKeys: readonly ServerPublicKey[], link?: Endpoint): Promise<RunningNode>;
  /** Where the HTTP port listens. */
  readonly http: WebEndpoint;
}

export interface FrontDeps {
  clock: Clock;
  log: Logger;
  /** The page at `/metrics`; by default the metrics of this process. */
  renderMetrics?: (own: Metrics) => Promise<string>;
  /** Why clients cannot be served now, after the node was announced; undefined if they can. */
  obstacle?: () => string | undefined;
  /** The maintenance in which people can only read, in words; undefined if there is none. */
  maintenance?: () => string | undefined;
  /** Whether other nodes serve the clients of this one when it ends. */
  hasHeirs?: () => boolean;
  /** Where clients reach the other data centres of the cluster, as far as that is known now. */
  dcAddresses?: (() => readonly DcAddress[]) | undefined;
  /** Folder of the web client; by default the one that the build makes. */
  webFolder?: string | undefined;
}

/** Opens the HTTP port; `/readyz` responds from now on. @throws OperatorError when a server has the data directory already, or the port cannot be opened */
export async function openFront(config: Config, deps: FrontDeps): Promise<Front> {
  const { clock, log, renderMetrics = (own) => own.render(), obstacle = () => undefined, maintenance = () => undefined, hasHeirs = () => false, dcAddresses, webFolder = findBuilt('web') } = deps;
  // Otherwise the ports of the server that has the directory would be said to belong to another program.
  const holder = await findDataDirectoryHolder(config.dataDir);
  if (holder !== undefined) throw new DataDirectoryLocked(config.dataDir, holder);
  const folder = webFolder === undefined ? undefined : await WebFolder.open(webFolder);
  const adminFolder = webFolder === undefined ? undefined : await WebFolder.open(join(webFolder, ADMIN));
  const metrics = createMetrics({ process: true });
  const lifecycle = new Lifecycle({ log, clock, drainTimeoutMs: config.drainTimeoutMs + (config.natsUrl === undefined ? 0 : LEAVING_MS) });
  lifecycle.own('metrics', metrics);
  metrics.gauge(buildInfo).set({ version: VERSION, schema: SCHEMA_VERSION }, 1);
  let progress = 'starting';
  let info: ServerFile | undefined;
  let isLeaving = false;
  const homes = dcAddresses && (() => webHomesOf(dcAddresses()));
  const pages = createOpsHandler({
    isReady: () => info !== undefined && obstacle() === undefined,
    isLeaving: () => isLeaving,
    maintenance,
    progress: () => (info && obstacle()) ?? progress,
    renderMetrics: () => renderMetrics(metrics),
    trusted: new TrustedProxies(config.trustedProxies),
    config,
    clock,
    picture: config.serverPicture === undefined ? undefined : readServerPicture(config.serverPicture),
    info: () => info,
    web: folder && serveWebFolder(folder, { log, homes }),
    homes,
    admin: adminFolder && serveBelow(`/${ADMIN}`, serveWebFolder(adminFolder, { log })),
  });
  let handler = (_request: IncomingMessage, _response: ServerResponse): boolean => false;
  const certificate = CertificateFiles.open(config);
  if (certificate) metrics.onRender(() => metrics.gauge(certificateEnd).set(certificate.endDate));
  const httpServer = createTimedServer(clock, (request, response) => {
    if (handler(request, response)) return;
    // MTProto over HTTP does not need a Host header, but HTTP/1.1 does.
    if (request.headers.host === undefined && request.httpVersion === '1.1') response.writeHead(400, { Connection: 'close', 'Content-Length': 0 }).end();
    else pages(request, response);
  }, certificate?.pair);
  let http: WebEndpoint | undefined;
  let rereading: TimerHandle | undefined;
  lifecycle.add({
    name: 'http',
    async start() {
      const endpoint = await listenOn(httpServer, { host: config.host, port: config.httpPort }, '--http-port (AEROGRAM_HTTP_PORT)');
      http = certificate === undefined ? endpoint : { ...endpoint, tls: true };
      if (certificate && httpServer instanceof TlsServer) rereading = certificate.follow(httpServer, { clock, log });
    },
    stop() {
      rereading?.cancel();
      return close(httpServer);
    },
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
    http: http!,
    async announce(mtproto, publicKeys, link) {
      const { homeDcId: dc_id, testMode: test_mode } = config;
      const server: ServerFile = { pid: process.pid, dc_id, mtproto, http: http!, ...(link && { link }), public_keys: [...publicKeys], layer: LAYER, test_mode };
      lifecycle.add({
        name: 'server.json',
        start() {
          info = server;
          writeServerFile(config.dataDir, server);
        },
        drain() {
          progress = 'stopping';
          isLeaving = hasHeirs();
          info = undefined;
          removeServerFile(config.dataDir);
        },
      });
      await lifecycle.start();
      return { server, failed, stop: () => lifecycle.stop() };
    },
  };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
