import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

import type { BotWebhooks, NewWebhook, WebhookRow, WebhookTrouble } from '@aerogram/domain';
import { createFakeClock, createMetrics, type FakeClock, type Metrics, seededRandom, silentLogger } from '@aerogram/runtime';

import type { BotInbox, StoredUpdate } from '../src/updates/inbox.ts';
import { type UpdateWishes, Webhooks, type WebhooksDeps } from '../src/webhooks/webhooks.ts';

/** Updates that wait in memory. */
export class FakeInbox implements BotInbox, Disposable {
  readonly updates: StoredUpdate[] = [];
  readonly confirmed: number[] = [];
  allowed: readonly string[] | undefined;
  nextId = 1;
  opened = 0;
  readonly #listeners = new Set<() => void>();

  /** Makes updates of these queues, in order. */
  add(...queues: number[]): void {
    for (const queue of queues) {
      const id = this.nextId++;
      this.updates.push({ id, name: 'message', queue: BigInt(queue), expires: 2_000_000_000, json: JSON.stringify({ update_id: id, queue }) });
    }
    for (const listener of this.#listeners) listener();
  }

  list(fromId: number, limit: number): Promise<StoredUpdate[]> {
    return Promise.resolve(this.updates.filter(({ id }) => id >= fromId).slice(0, limit));
  }

  confirm(ids: readonly number[]): Promise<void> {
    this.confirmed.push(...ids);
    for (const id of ids) this.updates.splice(this.updates.findIndex((update) => update.id === id), 1);
    return Promise.resolve();
  }

  confirmBefore(): Promise<void> {
    return Promise.reject(new Error('webhooks confirm single updates'));
  }

  keepLast(): Promise<void> {
    return Promise.reject(new Error('webhooks keep all updates'));
  }

  drop(): Promise<void> {
    this.updates.length = 0;
    return Promise.resolve();
  }

  count(): Promise<number> {
    return Promise.resolve(this.updates.length);
  }

  onArrival(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  setAllowed(names: readonly string[] | undefined): Promise<void> {
    this.allowed = names;
    return Promise.resolve();
  }

  [Symbol.dispose](): void {
    this.opened--;
  }
}

/** Rows of webhooks in memory. */
export class FakeRows {
  readonly rows = new Map<bigint, WebhookRow>();
  readonly #listeners = new Set<(botId: bigint) => void>();

  find = (botId: bigint): Promise<WebhookRow | undefined> => Promise.resolve(this.rows.get(botId));
  findAll = (botIds: readonly bigint[]): Promise<WebhookRow[]> => Promise.resolve(botIds.flatMap((botId) => this.rows.get(botId) ?? []));
  list = (after: bigint, limit: number): Promise<WebhookRow[]> => Promise.resolve([...this.rows.values()].filter((row) => row.bot_id > after).slice(0, limit));

  doSet = (webhook: NewWebhook): Promise<boolean> => {
    this.rows.set(webhook.bot_id, { ...webhook, last_error_date: 0, last_error_message: '', gone_since: 0 });
    return Promise.resolve(true);
  };

  doRemove = (botId: bigint): Promise<boolean> => Promise.resolve(this.rows.delete(botId));

  doNoteTrouble = ({ bot_id: botId }: Pick<WebhookRow, 'bot_id' | 'url'>, trouble: WebhookTrouble): Promise<void> => {
    const row = this.rows.get(botId);
    if (row !== undefined) this.rows.set(botId, { ...row, ...trouble });
    return Promise.resolve();
  };

  onChange = (listener: (botId: bigint) => void): Disposable => {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  };

  /** Removes a row as another process does, and tells of it. */
  revoke(botId: bigint): void {
    this.rows.delete(botId);
    for (const listener of this.#listeners) listener(botId);
  }
}

/** Webhooks whose inboxes, rows and clock are those of a test. Connections are real. */
export class WebhookWorld implements AsyncDisposable {
  readonly clock: FakeClock = createFakeClock();
  readonly metrics: Metrics = createMetrics();
  readonly rows: FakeRows;
  readonly inboxes = new Map<bigint, FakeInbox>();
  /** What the answers of webhooks contained. */
  readonly ran: { botId: bigint; contentType: string; body: string }[] = [];
  readonly webhooks: Webhooks;

  /** @param rows those of an earlier process */
  constructor(deps: Partial<WebhooksDeps> = {}, rows = new FakeRows()) {
    this.rows = rows;
    this.webhooks = new Webhooks({
      webhooks: this.rows as unknown as BotWebhooks,
      inboxes: {
        open: (botId) => {
          const inbox = this.inbox(botId);
          inbox.opened++;
          return Promise.resolve(inbox);
        },
      },
      config: { isLocalOnly: true, botApiLocal: false, webhookNetworks: [] },
      clock: this.clock,
      sessionClock: this.clock,
      random: seededRandom('webhooks'),
      log: silentLogger,
      metrics: this.metrics,
      owns: () => true,
      runAnswer: (botId, contentType, body) => {
        this.ran.push({ botId, contentType, body: Buffer.from(body).toString() });
        return Promise.resolve();
      },
      endPolls: () => {},
      ...deps,
    });
    this.webhooks.start();
  }

  inbox(botId: bigint): FakeInbox {
    const inbox = this.inboxes.get(botId) ?? new FakeInbox();
    this.inboxes.set(botId, inbox);
    return inbox;
  }

  /** Sets the webhook of a bot. */
  set(botId: bigint, url: string, more: Partial<NewWebhook> = {}, wishes: Partial<UpdateWishes> = {}): Promise<string> {
    return this.webhooks.doSet({ bot_id: botId, url, secret: '', certificate: null, ip_address: '', max_connections: 40, ...more }, new Uint8Array(32), { dropPending: false, allowed: 'unchanged', ...wishes });
  }

  /** Number of attempts so far that ended in this way. */
  async count(outcome: string): Promise<number> {
    return Number(new RegExp(`aerogram_webhook_attempts_total\\{outcome="${outcome}"\\} (\\d+)`).exec(await this.metrics.render())?.[1] ?? 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.webhooks[Symbol.asyncDispose]();
  }
}

/** A request that a webhook has got. */
export interface Hit {
  id: number;
  queue: number;
  /** What was sent. */
  update: Record<string, unknown>;
  headers: IncomingMessage['headers'];
  method: string;
  url: string;
  /** Answers it. */
  answer(status?: number, body?: string, headers?: Record<string, string>): void;
  response: ServerResponse;
}

/** The program of a bot: a web server that answers what it is told to. */
export class HookServer implements AsyncDisposable {
  readonly #server: Server;
  readonly hits: Hit[] = [];
  /** What is done with a request; it waits if undefined. */
  reply: ((hit: Hit) => void) | undefined = (hit) => hit.answer();
  readonly #waiting = new Set<() => void>();
  connections = 0;

  private constructor(tls?: { key: string; cert: string }) {
    const onRequest = (request: IncomingMessage, response: ServerResponse): void => void this.#take(request, response);
    this.#server = tls === undefined ? createHttpServer(onRequest) : createHttpsServer(tls, onRequest);
    this.#server.on('connection', () => this.connections++);
  }

  static async open(tls?: { key: string; cert: string }): Promise<HookServer> {
    const server = new HookServer(tls);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook?x=1`;
  }

  get ids(): number[] {
    return this.hits.map(({ id }) => id);
  }

  get sortedIds(): number[] {
    return this.ids.toSorted((a, b) => a - b);
  }

  /** Waits until so many requests have come. */
  async sees(count: number): Promise<void> {
    await this.until(() => this.hits.length >= count);
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const update = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
    const { update_id: id, queue } = update as { update_id: number; queue: number };
    const { headers, method = '', url = '' } = request;
    const answer = (status = 200, body = '', more: Record<string, string> = {}): void => {
      if (!response.headersSent) response.writeHead(status, more).end(body);
    };
    const hit: Hit = { id, queue, update, headers, method, url, answer, response };
    this.hits.push(hit);
    this.reply?.(hit);
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    if (this.#server.listening) await once(this.#server, 'close');
  }
}

/** Waits until something is so, while the event loop turns. */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise<void>((resolve) => setImmediate(resolve));
}
