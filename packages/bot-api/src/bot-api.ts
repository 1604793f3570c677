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

const requests = defineCounter({ name: 'aerogram_bot_api_requests_total', help: 'Requests of the Bot API, by method and by the code of the answer.', labels: ['method', 'code'] });

/** The longest file that a bot may upload, in bytes. */
const UPLOAD_BYTES_MAX = 50 * 1024 * 1024;

export interface BotApiDeps {
  domain: Domain;
  calls: DirectCalls;
  /** The number of this data centre. */
  dcId: number;
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
export class BotApi {
  readonly #deps: BotApiDeps;
  readonly #tokens: KnownTokens;
  readonly #callers: BotCallers;
  readonly #methods = new Map<string, BotMethod>();
  readonly #requests: Counter<'method' | 'code'>;

  constructor(deps: BotApiDeps) {
    this.#deps = deps;
    this.#tokens = new KnownTokens(deps.domain.auth.botTokens, deps.clock);
    this.#callers = new BotCallers(deps.calls, deps.dcId);
    this.#requests = deps.metrics.counter(requests);
    for (const method of BOT_METHODS) this.#methods.set(method.method.toLowerCase(), method);
    for (const [alias, name] of Object.entries(ALIASES)) if (this.#methods.has(name)) this.#methods.set(alias, this.#methods.get(name)!);
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
    const call = this.#callOf(botId, caller, response);
    const { raw, files } = await readContent(request, query, (file) => saveUpload(call, this.#deps.random, file, UPLOAD_BYTES_MAX));
    checkRefused(raw);
    const result = await method.run(call, new Params(raw, files));
    return result;
  }

  #callOf(botId: bigint, caller: DirectCaller, response: ServerResponse): BotCall {
    const { domain, clock, random, log } = this.#deps;
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    return { botId, domain, clock, random, log, fileIds: NO_FILE_IDS, signal: gone.signal, invoke: this.#callers.invokeAs(caller) };
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

const NO_FILE_IDS: FileIds = { fileId: () => '', uniqueId: () => '', read: () => undefined };
