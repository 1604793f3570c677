import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ByteBudget, dropRest, type Logger, systemClock } from '@aerogram/runtime';
import type { Operation } from '../define-operation.ts';
import type { Kit } from '../kit.ts';
import type { TestSet } from '../test-set.ts';
import { MAIN_SET } from '../test-sets.ts';
import { streamCalls } from './call-stream.ts';
import { checkCaller } from './check-caller.ts';
import { ControlError, toControlError } from './control-error.ts';
import { describeOpenApi } from './open-api.ts';
import { BODY_BYTES_MAX, readJsonBody } from './read-body.ts';
import { readParams, shapeResult } from './read-params.ts';
import { sendError, sendJson } from './send-answer.ts';

export interface ControlOptions {
  kit: Kit;
  operations: readonly Operation[];
  /** What callers have to know; by default a new one. */
  secret?: string;
  log: Logger;
  /** Requests that are worked on at once, with those that wait for something and streams of calls; by default 1,000. */
  requestsMax?: number;
}

/** The control API of a kit, as it runs. */
export interface Control {
  /** Without a path: `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly secret: string;
  /** Ends all requests that run, with the error `stopping`, and closes the port. */
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';

const REQUESTS_MAX = 1_000;
const CONNECTIONS_MAX = 2_000;

/** Bytes of bodies that are in memory at once. */
const BODY_ROOM = 4 * BODY_BYTES_MAX;

/** How much of the body of a refused request is read and dropped, in bytes, so that its sender gets to read the answer. */
const DROPPED_MAX = 2 * BODY_BYTES_MAX;
/** The same for a request without the secret. */
const UNKNOWN_DROPPED_MAX = 64 * 1024;

/** For the headers of a request. */
const HEADERS_MS = 10_000;

/** For a request with its body. */
const REQUEST_MS = 60_000;
/** How long an idle connection stays open. */
const KEEP_ALIVE_MS = 60_000;
/** How long requests may take to end when the server stops. */
const STOP_MS = 2_000;

/** How often idle connections are closed meanwhile. */
const IDLE_CHECK_MS = 20;

/** Opens the control API on a free port of 127.0.0.1. */
export async function startControl(options: ControlOptions): Promise<Control> {
  const { kit, secret = Buffer.from(kit.random.bytes(32)).toString('base64url') } = options;
  const requests = new ControlRequests({ ...options, secret });
  const server = createServer({ headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS, keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    requests.answer(request, response).catch(() => response.destroy());
  });
  server.maxConnections = CONNECTIONS_MAX;
  server.listen(0, HOST);
  await once(server, 'listening');
  // For a TCP server the address is an object.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${HOST}:${port}`,
    secret,
    async stop() {
      requests.stop();
      await close(server);
    },
  };
}

async function close(server: Server): Promise<void> {
  const late = setTimeout(() => server.closeAllConnections(), STOP_MS);
  // A connection becomes idle when its last answer has been sent, and would stay open.
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  clearTimeout(late);
  clearInterval(idle);
}

class ControlRequests {
  readonly #kit: Kit;
  readonly #operations: ReadonlyMap<string, Operation>;
  readonly #pages: ReadonlyMap<string, Route>;
  readonly #secret: string;
  readonly #log: Logger;
  readonly #requestsMax: number;
  readonly #bodies = new ByteBudget(BODY_ROOM);
  readonly #running = new Set<AbortController>();
  #isStopping = false;

  constructor({ kit, operations, secret, log, requestsMax = REQUESTS_MAX }: ControlOptions & { secret: string }) {
    this.#kit = kit;
    this.#operations = new Map(operations.map((operation) => [`/v1/${operation.name}`, operation]));
    const list = operations.map(({ name, summary }) => ({ name, summary }));
    this.#pages = new Map<string, Route>([
      ['/v1', (_, response) => sendJson(response, 200, { operations: list })],
      ['/v1/calls', (request, response, call) => streamCalls(response, { botCalls: kit.botCalls, after: readAfter(request), isOver: () => !this.#isOpen(call.set), ...call })],
      ['/openapi.json', (_, response) => sendJson(response, 200, describeOpenApi(operations))],
    ]);
    this.#secret = secret;
    this.#log = log;
    this.#requestsMax = requestsMax;
  }

  /** Ends what runs; later requests are refused. */
  stop(): void {
    this.#isStopping = true;
    for (const request of this.#running) request.abort(stopping());
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const running = new AbortController();
    response.once('close', () => response.writableFinished || running.abort());
    let set: TestSet | undefined;
    try {
      checkCaller(request, this.#secret);
      if (this.#isStopping) throw stopping();
      if (this.#running.size >= this.#requestsMax) throw new ControlError('busy', `More than ${this.#requestsMax} requests run at the same time.`);
      this.#running.add(running);
      const route = this.#find(request, response);
      set = this.#kit.sets.get(readSetId(request));
      await route(request, response, { set, signal: running.signal });
    } catch (thrown) {
      const isGone = response.destroyed || (request.destroyed && !request.complete);
      if (isGone) return;
      const error = toControlError(thrown) ?? (running.signal.aborted ? stopping() : this.#unforeseen(thrown, request));
      // Only callers with the secret may send much for nothing.
      const isUnread = !(await dropRest(request, systemClock, error.code === 'unauthorized' ? UNKNOWN_DROPPED_MAX : DROPPED_MAX));
      const callsUpTo = set && this.#kit.botCalls.newest(set.bots);
      sendError(response, error, { callsUpTo, isUnread });
    } finally {
      this.#running.delete(running);
    }
  }

  /** @throws ControlError `invalid`: 404 for what is not there, 405 for another method of HTTP */
  #find({ method, url = '' }: IncomingMessage, response: ServerResponse): Route {
    const path = url.split('?', 1)[0]!;
    const page = this.#pages.get(path);
    const operation = this.#operations.get(path);
    if (page === undefined && operation === undefined) throw new ControlError('invalid', 'There is no such operation; GET /v1 lists all.', { status: 404 });
    const wanted = operation === undefined ? 'GET' : 'POST';
    if (method !== wanted) {
      response.setHeader('Allow', wanted);
      throw new ControlError('invalid', `${path} takes ${wanted} only.`, { status: 405 });
    }
    return operation === undefined ? page! : (request, response, call) => this.#run(operation, request, response, call);
  }

  async #run(operation: Operation, request: IncomingMessage, response: ServerResponse, call: RequestCall): Promise<void> {
    const params = readParams(operation, await readJsonBody(request, this.#bodies));
    const result = shapeResult(operation, await operation.run({ kit: this.#kit, ...call }, params));
    sendJson(response, 200, { result, callsUpTo: this.#kit.botCalls.newest(call.set.bots) });
  }

  #isOpen(set: TestSet): boolean {
    try {
      return this.#kit.sets.get(set.id) === set;
    } catch {
      return false;
    }
  }

  #unforeseen(thrown: unknown, { url = '' }: IncomingMessage): ControlError {
    this.#log.error({ err: thrown, path: url.split('?', 1)[0] }, 'a request of the control API failed');
    return new ControlError('internal', 'The server has a fault; its log says which.');
  }
}

interface RequestCall {
  set: TestSet;
  signal: AbortSignal;
}

type Route = (request: IncomingMessage, response: ServerResponse, call: RequestCall) => void | Promise<void>;

const stopping = (): ControlError => new ControlError('stopping', 'The server is stopping.');

function readSetId({ headers }: IncomingMessage): string {
  const id = headers['aerogram-set'];
  return typeof id === 'string' ? id : MAIN_SET;
}

/** The query parameter `after`; by default 0. @throws ControlError `invalid` */
function readAfter({ url = '' }: IncomingMessage): number {
  const text = new URLSearchParams(url.split(/\?(.*)/s, 2)[1] ?? '').get('after') ?? '0';
  if (!/^\d{1,15}$/.test(text)) throw new ControlError('invalid', 'after must be the number of a call.');
  return Number(text);
}
