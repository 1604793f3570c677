import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Cloud, type RecordedCall } from '@aerogram/testing';

/** A request as the stand-in got it. */
export interface Asked {
  operation: string;
  set: string;
  params: Record<string, unknown>;
}

/** What the stand-in answers: a result, or an error. */
export interface Told {
  result?: unknown;
  error?: { code: string; message: string; refusal?: string; talk?: string };
  callsUpTo?: number;
}

type Answers = Record<string, (asked: Asked) => Told | Promise<Told>>;

const SECRET = 'the-secret';

/** People and bots that any test can make. */
const BASIC: Answers = {
  'people.create': ({ params }) => ({ result: { id: '11', phone: '9996620001', code: '22222', ...params } }),
  'bots.create': ({ params }) => ({ result: { id: '22', username: 'made_up_bot', name: 'Made up', token: '22:token', ...params } }),
};

/** Plays the control API for a `Cloud`: answers as the test says, and notes what it was asked. */
export class StandIn implements AsyncDisposable {
  readonly asked: Asked[] = [];
  readonly cloud: Cloud;
  /** Number of the last call that was recorded. */
  newest = 0;
  readonly #answers: Answers;
  readonly #server = createServer();
  readonly #streams = new Set<ServerResponse>();
  readonly #calls: object[] = [];
  #closesNext = false;

  private constructor(answers: Answers, server: ReturnType<typeof createServer>) {
    this.#answers = { ...BASIC, ...answers };
    this.#server = server;
    server.on('request', (request, response) => void this.#handle(request, response));
    const controlUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const described = { dc_id: 2, mtproto: { host: '127.0.0.1', port: 1 }, http: { host: '127.0.0.1', port: 2 }, public_keys: [], layer: 1, test_mode: true };
    this.cloud = new Cloud({
      ready: { apiRoot: 'http://127.0.0.1:2', controlUrl, secret: SECRET, server: described },
      pid: process.pid,
      endReason: undefined,
      exited: new Promise(() => {}),
      stop: async () => {},
    });
  }

  /** @param answers by operation; others get an empty object as their result */
  static async start(answers: Answers = {}): Promise<StandIn> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new StandIn(answers, server);
  }

  /** The parameters of the last request of an operation. */
  last(operation: string): Record<string, unknown> | undefined {
    return this.asked.findLast((asked) => asked.operation === operation)?.params;
  }

  /** Records a call of a bot, and writes it to the streams. */
  record(call: Partial<RecordedCall> & { method: string }): void {
    this.newest += 1;
    const line = { n: this.newest, botId: '22', params: {}, ok: true, startedMs: 0, endedMs: 0, ...call };
    this.#calls.push(line);
    for (const stream of this.#streams) stream.write(`${JSON.stringify(line)}\n`);
  }

  /** Closes the connection of the next request instead of reading it, as happens when the server gives up an idle connection that is just used again. */
  closeAtNextRequest(): void {
    this.#closesNext = true;
  }

  /** Cuts the streams of calls. */
  cutStreams(): void {
    for (const stream of this.#streams) stream.destroy();
    this.#streams.clear();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#closesNext) {
      this.#closesNext = false;
      return void request.socket.resetAndDestroy();
    }
    const { pathname, searchParams } = new URL(request.url!, 'http://localhost');
    if (request.headers.authorization !== `Bearer ${SECRET}`) return void response.writeHead(401).end('{}');
    if (request.method === 'GET' && pathname === '/v1/calls') {
      this.#streams.add(response);
      response.writeHead(200, { 'content-type': 'application/x-ndjson' }).flushHeaders();
      for (const call of this.#calls.slice(Number(searchParams.get('after')))) response.write(`${JSON.stringify(call)}\n`);
      return;
    }
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const asked = { operation: pathname.slice('/v1/'.length), set: String(request.headers['aerogram-set']), params: JSON.parse(body) as Record<string, unknown> };
    this.asked.push(asked);
    const told = (await this.#answers[asked.operation]?.(asked)) ?? { result: {} };
    response.writeHead(told.error === undefined ? 200 : 400, { 'content-type': 'application/json' }).end(JSON.stringify({ callsUpTo: this.newest, ...told }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cloud.stop();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
