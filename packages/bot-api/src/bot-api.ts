import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Bus } from '@aerogram/bus';
import type { Domain, HasLimits, LinkedFile } from '@aerogram/domain';
import type { DirectCaller, DirectCalls } from '@aerogram/rpc';
import { ByteBudget, type Clock, type Config, type Counter, defineCounter, dropRest, type Logger, type Metrics, type Random, waitForRoom } from '@aerogram/runtime';

import { BotCallers, type ClientPlace } from './bot-callers.ts';
import type { BotCall } from './bot-call.ts';
import type { BotCallWatch } from './bot-call-watch.ts';
import { BotError, badRequest, tooManyRequests } from './bot-error.ts';
import { BotInstances } from './bot-instances.ts';
import type { BotMethod } from './define-bot-method.ts';
import { explainRefusals } from './explain-refusals.ts';
import { FloodBrake } from './flood-brake.ts';
import { openBotFile } from './files/bot-file.ts';
import type { FileIds } from './files/file-ids.ts';
import type { LocalFiles } from './files/local-files.ts';
import { bodyOf, sendError, sendJson, sendOptions } from './http/answer.ts';
import { readBotPath } from './http/bot-path.ts';
import { KnownTokens } from './http/known-tokens.ts';
import { DROPPED_BYTES_MAX, TEXT_BYTES_MAX } from './http/body-limits.ts';
import { type ChargeBytes, readContent, type RequestContent } from './http/read-body.ts';
import type { ComingFile } from './http/read-form.ts';
import { PART_BYTES, saveUpload } from './http/save-upload.ts';
import { ALIASES, BOT_METHODS } from './methods/index.ts';
import { projectUpdates } from './objects/index.ts';
import { findChatId } from './params/chat-id.ts';
import { Params, type UploadedFile } from './params/params.ts';
import { checkRefused } from './params/refused.ts';
import { rememberNames } from './remember-names.ts';
import { SendRates, type SendRateLimits } from './send-rates.ts';
import { toBotError } from './to-bot-error.ts';
import { OpenInboxes } from './updates/inboxes.ts';
import { Receivers } from './updates/receivers.ts';
import { readAnswerMethod } from './webhooks/answer-method.ts';
import type { WebhookPlaces } from './webhooks/webhook-address.ts';
import { Webhooks } from './webhooks/webhooks.ts';

const requests = defineCounter({ name: 'aerogram_bot_api_requests_total', help: 'Requests of the Bot API, by method and by the code of the answer.', labels: ['method', 'code'] });

/** The longest file that a bot may upload unless the server is in local mode, in bytes. */
const UPLOAD_BYTES_MAX = 50 * 1024 * 1024;

/** Bytes of bodies that are in memory at once, of all bots together. */
const BODY_ROOM = 128 * 1024 * 1024;
/** How long a request waits until its body is read, in milliseconds. A bot of which nothing is read never waits. */
const BODY_WAIT_MS = 30_000;
/** How long the client of a refused request should wait, in seconds. */
const FULL_WAIT_S = 5;

/** Tokens that a request costs besides those of the methods that it calls. */
const REQUEST_COST = 1;

export interface BotApiDeps {
  domain: Domain;
  calls: DirectCalls;
  bus: Bus;
  config: SendRateLimits & WebhookPlaces & Pick<Config, 'homeDcId' | 'uploadPartsMax'>;
  /** Whether this process answers for a bot. */
  owns(botId: bigint): boolean;
  /** Calls `fn` when this process answers for other bots than before; absent if that never happens. */
  onOwnersChange?: ((fn: () => void) => Disposable) | undefined;
  /** Names files for a bot. */
  fileIds: (botId: bigint) => FileIds;
  /** Copies of files for programs on this machine; undefined unless the server is in local mode. */
  localFiles: LocalFiles | undefined;
  /** Answers a request for a file with the part of it that the request wants. @param receiver whose files are counted. Rejects when the client goes away. */
  sendFile: (file: LinkedFile, request: IncomingMessage, response: ServerResponse, receiver: string) => Promise<void>;
  clock: Clock;
  /** Clock of what requests and webhooks wait for: real time, also where `clock` is moved by hand. */
  sessionClock: Clock;
  random: Random;
  log: Logger;
  metrics: Metrics;
  /** Which bots may only send so fast; if absent, all. */
  hasLimits?: HasLimits | undefined;
  /** Sees and alters what bots call. */
  watch?: BotCallWatch | undefined;
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
  readonly #bodies = new ByteBudget(BODY_ROOM);
  readonly #inboxes: OpenInboxes;
  readonly #receivers: Receivers;
  readonly #methods = new Map<string, BotMethod>();
  readonly #rates: SendRates;
  readonly #brake: FloodBrake;
  readonly #requests: Counter<'method' | 'code'>;
  readonly #webhooks: Webhooks;
  readonly #instances: BotInstances;
  readonly #owners: Disposable | undefined;

  constructor(deps: BotApiDeps) {
    this.#deps = deps;
    this.#tokens = new KnownTokens(deps.domain, deps.clock);
    this.#callers = new BotCallers(deps.calls, deps.config.homeDcId);
    this.#rates = new SendRates(deps.clock, deps.config);
    this.#brake = new FloodBrake(deps.clock);
    this.#inboxes = new OpenInboxes({
      ...deps,
      project: (botId, updates) => projectUpdates({ botId, domain: deps.domain, fileIds: deps.fileIds(botId), invoke: this.#callers.invokeAs(this.#callers.of(botId, FROM_HERE)) }, updates),
    });
    this.#receivers = new Receivers({
      ...deps,
      clock: deps.sessionClock,
      inboxes: this.#inboxes,
      tokens: deps.domain.auth.botTokens,
      hasWebhook: (botId) => this.#webhooks.has(botId),
      onBotChange: (listener) => deps.domain.botWebhooks.onChange(listener),
    });
    this.#requests = deps.metrics.counter(requests);
    this.#webhooks = new Webhooks({
      ...deps,
      inboxes: this.#inboxes,
      webhooks: deps.domain.botWebhooks,
      runAnswer: (botId, contentType, body) => this.#runAnswer(botId, contentType, body),
      endPolls: (botId) => this.#receivers.webhookSet(botId),
    });
    this.#instances = new BotInstances({ receivers: this.#receivers, webhooks: this.#webhooks, tokens: deps.domain.auth.botTokens });
    this.#owners = deps.onOwnersChange?.(() => {
      this.#webhooks.ownersChanged();
      this.#receivers.ownersChanged();
      this.#inboxes.ownersChanged();
    });
    for (const method of BOT_METHODS) this.#methods.set(method.method.toLowerCase(), method);
    for (const [alias, name] of Object.entries(ALIASES)) if (this.#methods.has(name)) this.#methods.set(alias, this.#methods.get(name)!);
  }

  /** Begins to send updates to webhooks. */
  start(): void {
    this.#webhooks.start();
  }

  /** Ends the requests that wait for updates, sends no more updates to webhooks, and waits for the answers that are outstanding. */
  drain(signal: AbortSignal): Promise<void> {
    this.#owners?.[Symbol.dispose]();
    this.#receivers[Symbol.dispose]();
    return this.#webhooks.drain(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#owners?.[Symbol.dispose]();
    this.#receivers[Symbol.dispose]();
    await this.#webhooks[Symbol.asyncDispose]();
    await this.#inboxes[Symbol.asyncDispose]();
  }

  /** Whether a request has the token of a bot. @param url one of the Bot API @param network see `BotClient` */
  async knows(url: string, network: string | undefined): Promise<boolean> {
    try {
      await this.#tokens.check(readBotPath(url.split('?', 1)[0]!)!.token, { network });
      return true;
    } catch (error) {
      if (error instanceof BotError) return false;
      throw error;
    }
  }

  /** Answers a request that the server has no room for now. Never rejects. */
  async refuse(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#requests.inc({ method: 'refused', code: '429' });
    await this.#sendError(request, response, tooManyRequests(FULL_WAIT_S));
    request.resume();
  }

  /** Answers a request whose path is one of the Bot API. Never rejects. */
  async answer(request: IncomingMessage, response: ServerResponse, client: BotClient): Promise<void> {
    const [pathText = '', query = ''] = (request.url ?? '').split(/\?(.*)/s, 2);
    const path = readBotPath(pathText)!;
    const method = path.kind === 'file' ? undefined : this.#methods.get(path.rest);
    let code = 200;
    let botId: bigint | undefined;
    try {
      if (request.method === 'OPTIONS') return sendOptions(response);
      if (request.method !== 'GET' && request.method !== 'POST' && !(request.method === 'HEAD' && path.kind === 'file')) throw new BotError(405, 'Method Not Allowed');
      const known = await this.#tokens.check(path.token, client);
      botId = known.botId;
      if (this.#hasLimits(botId)) await this.#brake.hold(botId);
      if (path.kind === 'file') return await this.#sendFile(botId, path.rest, request, response);
      sendJson(response, 200, await this.#run(method, { ...known, token: path.token, query, request, response, client }));
    } catch (thrown) {
      // A client that leaves before its body has ended is no fault of the server.
      const error = toBotError(thrown) ?? (request.destroyed && !request.complete ? badRequest('the request was not finished') : this.#unforeseen(thrown, method));
      code = error.code;
      if (code === 429 && botId !== undefined) this.#brake.refused(botId);
      await this.#sendError(request, response, error);
    } finally {
      // The rest of a body that nobody wants would block the connection's next request.
      request.resume();
      this.#requests.inc({ method: method?.method ?? path.kind, code: String(code) });
    }
  }

  /** Sends an error when the body has ended, or is longer than is worth reading. */
  async #sendError(request: IncomingMessage, response: ServerResponse, error: BotError): Promise<void> {
    sendError(response, error, !(await dropRest(request, this.#deps.sessionClock, DROPPED_BYTES_MAX)));
  }

  /** @returns the body of the answer */
  async #run(method: BotMethod | undefined, { botId, token, tokenHash, query, request, response, client }: Asked): Promise<string> {
    const { calls } = this.#deps;
    const caller = this.#callers.of(botId, client);
    const waitS = calls.take(caller, REQUEST_COST);
    if (waitS > 0) throw tooManyRequests(waitS);
    if (method === undefined) throw new BotError(404, 'Not Found: method not found');
    await this.#instances.enter(botId);
    const call: BotCall = { ...this.#callOf(botId, caller, signalOfClosing(response)), tokenHash, checkToken: () => this.#tokens.checkAgain(token) };
    const content = await this.#read(call, { request, query, charge: (bytes) => calls.chargeBytes(caller, bytes) });
    // A body may take long, and whoever has a revoked token must not do anything after the revocation.
    await call.checkToken();
    const body = bodyOf(await this.#call(method, call, content, () => void response.destroy()));
    calls.chargeBytes(caller, body.length);
    return body;
  }

  /** Runs a method, as the watch lets it. @param cut closes the connection without an answer @returns what becomes the `result` of the answer */
  #call(method: BotMethod, call: BotCall, content: RequestContent, cut: () => void): Promise<unknown> {
    const { watch } = this.#deps;
    if (watch === undefined) return this.#runMethod(method, call, content);
    const { botId, signal } = call;
    const run = (): Promise<unknown> =>
      this.#runMethod(method, call, content).catch((thrown: unknown) => {
        throw toBotError(thrown) ?? thrown;
      });
    return watch.around({ botId, method: method.method, params: content.raw, files: content.files, signal }, run, cut);
  }

  /** Runs a method, unless the bot calls too often. @returns what becomes the `result` of the answer */
  async #runMethod(method: BotMethod, call: BotCall, { raw, files }: RequestContent): Promise<unknown> {
    checkRefused(raw, method.params);
    const params = new Params(raw, files);
    if (method.sends !== undefined && this.#hasLimits(call.botId)) {
      const chatId = await findChatId(call, params.text('chat_id'));
      if (chatId !== undefined) this.#rates.take(call.botId, chatId, method.sends(params));
    }
    // Not awaited here: a bot may wait for updates, and each function that waits with it costs memory.
    return method.run(call, params);
  }

  /** Reads what came with a request, once there is room for it. @throws BotError 400, 413, 429 */
  async #read(call: BotCall, { request, query, charge }: Coming): Promise<RequestContent> {
    const { sessionClock: clock } = this.#deps;
    const length = request.method === 'GET' ? 0 : Number(request.headers['content-length'] ?? Infinity);
    const release = await waitForRoom(this.#bodies, { clock, owner: String(call.botId), bytes: Math.min(length, TEXT_BYTES_MAX), maxWaitMs: BODY_WAIT_MS });
    if (!release) throw tooManyRequests(FULL_WAIT_S);
    try {
      return await readContent(request, query, (file) => this.#save(call, file), charge);
    } finally {
      release();
    }
  }

  #save(call: BotCall, file: ComingFile): Promise<UploadedFile> {
    const { random, config } = this.#deps;
    return saveUpload(call, random, file, config.botApiLocal ? config.uploadPartsMax * PART_BYTES : UPLOAD_BYTES_MAX);
  }

  /** Calls the method in the answer of a webhook. Nobody sees the result. @throws BotError, RpcError */
  async #runAnswer(botId: bigint, contentType: string, body: Uint8Array): Promise<void> {
    const { calls } = this.#deps;
    const caller = this.#callers.of(botId, FROM_HERE);
    const waitS = calls.take(caller, REQUEST_COST);
    if (waitS > 0) throw tooManyRequests(waitS);
    const call = this.#callOf(botId, caller, NEVER);
    const asked = await readAnswerMethod(contentType, body, (file) => this.#save(call, file));
    const method = asked && this.#methods.get(asked.name);
    if (method === undefined) return;
    let code = 200;
    try {
      // There is no connection that could be cut.
      await this.#call(method, call, asked!, () => undefined);
    } catch (thrown) {
      code = (toBotError(thrown) ?? this.#unforeseen(thrown, method)).code;
    } finally {
      this.#requests.inc({ method: method.method, code: String(code) });
    }
  }

  #hasLimits(botId: bigint): boolean {
    return this.#deps.hasLimits?.(botId) ?? true;
  }

  #callOf(botId: bigint, caller: DirectCaller, signal: AbortSignal): BotCall {
    const { domain, clock, random, log, localFiles } = this.#deps;
    return { botId, domain, clock, random, log, fileIds: this.#deps.fileIds(botId), localFiles, receivers: this.#receivers, webhooks: this.#webhooks, instances: this.#instances, signal, invoke: rememberNames(explainRefusals({ botId, domain, clock }, this.#callers.invokeAs(caller))), checkToken: () => Promise.resolve() };
  }

  async #sendFile(botId: bigint, path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const file = await openBotFile({ domain: this.#deps.domain, botId }, path);
    if (file === undefined) throw new BotError(404, 'Not Found');
    response.setHeader('Access-Control-Allow-Origin', '*');
    await this.#deps.sendFile(file, request, response, `bot${botId}`).catch((error: unknown) => {
      if (!response.destroyed) this.#deps.log.error({ err: error }, 'a file could not be sent to a bot');
      response.destroy();
    });
  }

  #unforeseen(thrown: unknown, method: BotMethod | undefined): BotError {
    this.#deps.log.error({ err: thrown, method: method?.method }, 'a request of the Bot API failed');
    return new BotError(500, 'Internal Server Error');
  }
}

/** Fires when the connection of a response is closed before the response is finished. */
function signalOfClosing(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  if (response.destroyed) gone.abort();
  // Aborting makes an error, so it is left out for responses that end as they should.
  else response.once('close', () => response.writableFinished || gone.abort());
  return gone.signal;
}

/** The parameters of a request, which are still to be read. */
interface Coming {
  request: IncomingMessage;
  query: string;
  charge: ChargeBytes;
}

interface Asked {
  botId: bigint;
  token: string;
  tokenHash: Uint8Array;
  query: string;
  request: IncomingMessage;
  response: ServerResponse;
  client: ClientPlace;
}

/** Where calls come from that the server makes for a bot, without a request. */
const FROM_HERE: ClientPlace = { remoteAddress: '127.0.0.1', localAddress: '127.0.0.1', localPort: 0 };
/** For calls that nobody waits for. */
const NEVER = new AbortController().signal;
