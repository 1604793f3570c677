import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Domain } from '@aerogram/domain';
import type { DirectCaller, DirectCalls } from '@aerogram/rpc';
import { type Clock, type Counter, defineCounter, type Logger, type Metrics, type Random } from '@aerogram/runtime';

import { BotCallers, type ClientPlace } from './bot-callers.ts';
import type { BotCall } from './bot-call.ts';
import { BotError } from './bot-error.ts';
import type { BotMethod } from './define-bot-method.ts';
import { toBotError } from './errors.ts';
import type { FileIds } from './files/file-ids.ts';
import { bodyOf, sendError, sendJson, sendOptions } from './http/answer.ts';
import { type BotPath, readBotPath } from './http/bot-path.ts';
import { KnownTokens } from './http/known-tokens.ts';
import { readContent } from './http/read-body.ts';
import { saveUpload } from './http/save-upload.ts';
import { ALIASES, BOT_METHODS } from './methods/index.ts';
import { Params } from './params/params.ts';
import { checkRefused } from './params/refused.ts';
import type { BotInbox, Inboxes } from './updates/inbox.ts';
import { readAnswerMethod } from './webhooks/answer-method.ts';
import type { WebhookPlaces } from './webhooks/webhook-address.ts';
import { Webhooks } from './webhooks/webhooks.ts';

const requests = defineCounter({ name: 'aerogram_bot_api_requests_total', help: 'Requests of the Bot API, by method and by the code of the answer.', labels: ['method', 'code'] });

/** The longest file that a bot may upload, in bytes. */
const UPLOAD_BYTES_MAX = 50 * 1024 * 1024;

export interface BotApiDeps {
  domain: Domain;
  calls: DirectCalls;
  /** The number of this data centre. */
  dcId: number;
  config: WebhookPlaces;
  /** The updates of bots. */
  inboxes?: Inboxes;
  /** Whether this process answers for a bot. */
  owns(botId: bigint): boolean;
  clock: Clock;
  random: Random;
  log: Logger;
  metrics: Metrics;
}

/** Where a request comes from, and which network it is counted for. */
export interface BotClient extends ClientPlace {
  /** Undefined for this machine. */
  network: string | undefined;
}

/** The Bot API over HTTP. */
export class BotApi implements AsyncDisposable {
  readonly #deps: BotApiDeps;
  readonly #tokens: KnownTokens;
  readonly #callers: BotCallers;
  readonly #methods = new Map<string, BotMethod>();
  readonly #requests: Counter<'method' | 'code'>;
  readonly #webhooks: Webhooks;

  constructor(deps: BotApiDeps) {
    this.#deps = deps;
    this.#tokens = new KnownTokens(deps.domain.auth.botTokens, deps.clock);
    this.#callers = new BotCallers(deps.calls, deps.dcId);
    this.#requests = deps.metrics.counter(requests);
    this.#webhooks = new Webhooks({
      ...deps,
      inboxes: deps.inboxes ?? NO_INBOXES,
      webhooks: deps.domain.botWebhooks,
      runAnswer: (botId, contentType, body) => this.#runAnswer(botId, contentType, body),
      endPolls: () => {},
    });
    for (const method of BOT_METHODS) this.#methods.set(method.method.toLowerCase(), method);
    for (const [alias, name] of Object.entries(ALIASES)) if (this.#methods.has(name)) this.#methods.set(alias, this.#methods.get(name)!);
  }

  /** Begins to send updates to webhooks. */
  start(): void {
    this.#webhooks.start();
  }

  /** Sends no more updates to webhooks, and waits for the answers that are outstanding. */
  drain(signal: AbortSignal): Promise<void> {
    return this.#webhooks.drain(signal);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#webhooks[Symbol.asyncDispose]();
  }

  /** Answers a request whose path is one of the Bot API. Never rejects. */
  async answer(request: IncomingMessage, response: ServerResponse, client: BotClient): Promise<void> {
    const [pathText = '', query = ''] = (request.url ?? '').split(/\?(.*)/s, 2);
    const path = readBotPath(pathText)!;
    const method = path.kind === 'file' ? undefined : this.#methods.get(path.rest);
    let code = 200;
    try {
      if (request.method === 'OPTIONS') return sendOptions(response);
      if (request.method !== 'GET' && request.method !== 'POST') throw new BotError(405, 'Method Not Allowed');
      const botId = await this.#tokens.check(path.token, client.network);
      sendJson(response, 200, bodyOf(await this.#run(method, { botId, query, request, response, client, path })));
    } catch (thrown) {
      const error = toBotError(thrown) ?? this.#unforeseen(thrown, method);
      code = error.code;
      sendError(response, error, !request.complete);
    } finally {
      // The rest of a body that nobody wants would block the connection's next request.
      request.resume();
      this.#requests.inc({ method: method?.method ?? path.kind, code: String(code) });
    }
  }

  async #run(method: BotMethod | undefined, { botId, query, request, response, client }: Asked): Promise<unknown> {
    if (method === undefined) throw new BotError(404, 'Not Found: method not found');
    const caller = this.#callers.of(botId, client);
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const call = this.#callOf(botId, caller, gone.signal);
    const { raw, files } = await readContent(request, query, (file) => saveUpload(call, this.#deps.random, file, UPLOAD_BYTES_MAX));
    checkRefused(raw);
    const result = await method.run(call, new Params(raw, files));
    return result;
  }

  /** Calls the method in the answer of a webhook. Nobody sees the result. */
  async #runAnswer(botId: bigint, contentType: string, body: Uint8Array): Promise<void> {
    const call = this.#callOf(botId, this.#callers.of(botId, NO_PLACE), NEVER);
    const asked = await readAnswerMethod(contentType, body, (file) => saveUpload(call, this.#deps.random, file, UPLOAD_BYTES_MAX));
    const method = asked && this.#methods.get(asked.name);
    if (method === undefined) return;
    let code = 200;
    try {
      checkRefused(asked!.raw);
      await method.run(call, new Params(asked!.raw, asked!.files));
    } catch (thrown) {
      code = (toBotError(thrown) ?? this.#unforeseen(thrown, method)).code;
    } finally {
      this.#requests.inc({ method: method.method, code: String(code) });
    }
  }

  #callOf(botId: bigint, caller: DirectCaller, signal: AbortSignal): BotCall {
    const { domain, clock, random, log } = this.#deps;
    return { botId, domain, clock, random, log, fileIds: NO_FILE_IDS, webhooks: this.#webhooks, signal, invoke: this.#callers.invokeAs(caller) };
  }

  #unforeseen(thrown: unknown, method: BotMethod | undefined): BotError {
    this.#deps.log.error({ err: thrown, method: method?.method }, 'a request of the Bot API failed');
    return new BotError(500, 'Internal Server Error');
  }
}

interface Asked {
  botId: bigint;
  query: string;
  request: IncomingMessage;
  response: ServerResponse;
  client: ClientPlace;
  path: BotPath;
}

/** The place of calls that come with the answer of a webhook. */
const NO_PLACE: ClientPlace = { remoteAddress: '127.0.0.1', localAddress: '127.0.0.1', localPort: 0 };

/** For calls that nobody waits for. */
const NEVER = new AbortController().signal;

const NO_FILE_IDS: FileIds = { fileId: () => '', uniqueId: () => '', read: () => undefined };

const NO_INBOX: BotInbox & Disposable = {
  nextId: 1,
  allowed: undefined,
  list: () => Promise.resolve([]),
  confirmBefore: () => Promise.resolve(),
  confirm: () => Promise.resolve(),
  keepLast: () => Promise.resolve(),
  drop: () => Promise.resolve(),
  count: () => Promise.resolve(0),
  onArrival: () => ({ [Symbol.dispose]: () => {} }),
  setAllowed: () => Promise.resolve(),
  [Symbol.dispose]: () => {},
};
const NO_INBOXES: Inboxes = { open: () => Promise.resolve(NO_INBOX) };
