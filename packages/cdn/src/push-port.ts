import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { MAC_HEADER, MESSAGE_HEADER, PUSH_PATH, type PushContent, signAnswer, type WindowMessage, windowLength } from '@aerogram/cdn-protocol';
import type { Metrics } from '@aerogram/runtime';
import type { CdnFiles } from './cdn-files.ts';
import { cdnBytes, cdnPushes } from './cdn-metrics.ts';
import type { Lease } from './lease.ts';
import type { PushGuard, Refusal } from './push-guard.ts';

export interface PushPortDeps {
  /** The push key. */
  key: Uint8Array;
  guard: PushGuard;
  files: CdnFiles;
  lease: Lease;
  metrics: Metrics;
  /** The answer to GET /health. */
  health(): object;
  renderMetrics(): Promise<string>;
}

/** What becomes of a message. */
interface PushResult {
  status: number;
  outcome: string;
}

/** Messages are refused before their body is read; only the origin's own mistakes get further. */
const REFUSALS: Readonly<Record<Refusal, number>> = { unauthentic: 401, 'other-boot': 409, 'too-old': 401, replayed: 409, 'too-many': 503 };

/** Connections to the port for pushes. A process of the server needs twelve; Prometheus and operators ask, too. */
const MAX_CONNECTIONS = 512;

const MAX_HEADERS_MS = 10_000;
/** For a message with its body. */
const MAX_REQUEST_MS = 30_000;

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
}

/**
 * Creates the server of the private port: messages of the origin, /health and /metrics. It does not listen yet. A message is authenticated
 * by its headers, which contain the hash of its body, before a byte of the body is read. A sender that asks (`Expect: 100-continue`) is told when to send it.
 */
export function createPushPort(deps: PushPortDeps): Server {
  const answer = (request: IncomingMessage, response: ServerResponse): void => void respond(deps, request, response).catch(() => response.destroy());
  const server = createServer({ requestTimeout: MAX_REQUEST_MS, headersTimeout: MAX_HEADERS_MS, connectionsCheckingInterval: 1_000 }, answer);
  server.on('checkContinue', answer);
  server.maxConnections = MAX_CONNECTIONS;
  return server;
}

async function respond(deps: PushPortDeps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === PUSH_PATH && request.method === 'POST') return receive(deps, request, response);
  request.resume();
  if (request.url === '/health' && request.method === 'GET') return end(response, 200, 'application/json', JSON.stringify(deps.health()));
  if (request.url === '/metrics' && request.method === 'GET') return end(response, 200, 'text/plain; charset=utf-8', await deps.renderMetrics());
  end(response, 404, 'text/plain', 'not found\n');
}

function end(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body), 'cache-control': 'no-store' }).end(body);
}

async function receive(deps: PushPortDeps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { key, guard, metrics } = deps;
  const pushes = metrics.counter(cdnPushes);
  const message = guard.accept(request.headers[MESSAGE_HEADER], request.headers[MAC_HEADER]);
  if (typeof message === 'string') {
    pushes.inc({ kind: 'unknown', outcome: message });
    // The body is not read, so the connection cannot be used any more.
    response.writeHead(REFUSALS[message], { connection: 'close', 'content-length': 0 }).end();
    return;
  }
  const { content, nonce } = message;
  const { status, outcome } = await handle(deps, content, { request, response });
  pushes.inc({ kind: content.kind, outcome });
  const body = JSON.stringify({ outcome });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), [MAC_HEADER]: signAnswer(key, nonce, status, body) };
  response.writeHead(status, request.complete ? headers : { ...headers, connection: 'close' }).end(body);
}

async function handle({ files, lease, metrics }: PushPortDeps, content: PushContent, exchange: Exchange): Promise<PushResult> {
  const { request } = exchange;
  const length = Number(request.headers['content-length'] ?? 0);
  const wanted = content.kind === 'window' ? windowLength(content.size, content.window) : 0;
  if (length !== wanted || request.headers['transfer-encoding'] !== undefined) return { status: length > wanted ? 413 : 400, outcome: 'length' };
  switch (content.kind) {
    case 'alive':
      return lease.renew(content.ticket) ? { status: 200, outcome: 'ok' } : { status: 400, outcome: 'ticket' };
    case 'forget':
      files.forget(content.files);
      return { status: 200, outcome: 'ok' };
    case 'window': {
      const result = await receiveWindow(files, content, exchange);
      if (result.status === 200) metrics.counter(cdnBytes).inc({ direction: 'in' }, wanted);
      return result;
    }
  }
}

/** Receives a window into memory, and serves it when all of it has come and has the right hash. */
async function receiveWindow(files: CdnFiles, message: WindowMessage, { request, response }: Exchange): Promise<PushResult> {
  const draft = files.receive(message);
  if (draft === 'forgotten') return { status: 410, outcome: 'forgotten' };
  if (draft === 'full') return { status: 503, outcome: 'full' };
  try {
    if (request.headers.expect !== undefined) response.writeContinue();
    const hash = createHash('sha256');
    for await (const chunk of request as AsyncIterable<Buffer>) {
      hash.update(chunk);
      if (!draft.write(chunk)) return { status: 413, outcome: 'length' };
    }
    if (hash.digest('hex') !== message.sha256) return { status: 400, outcome: 'hash' };
    return files.keep(draft, message) ? { status: 200, outcome: 'ok' } : { status: 410, outcome: 'forgotten' };
  } finally {
    // Does nothing when the window was kept.
    draft.drop();
  }
}
