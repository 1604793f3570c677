import { Agent as HttpAgent, type IncomingMessage, request as requestHttp, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { checkServerIdentity } from 'node:tls';

import { equalBytes } from '@aerogram/crypto';
import type { NewWebhook } from '@aerogram/domain';
import type { Clock, TimerHandle } from '@aerogram/runtime';

import type { WebhookAddresses } from './webhook-address.ts';
import { derOf } from './webhook-certificate.ts';
import { failureOf, mostTelling, WebhookFailure } from './webhook-failure.ts';
import { readRetryAfter } from './webhook-schedule.ts';
import { parseWebhookUrl, type WebhookTarget } from './webhook-url.ts';

/** How long one attempt may take, to the last byte of the answer, in milliseconds. */
const ATTEMPT_MS = 60_000;

/** How long an attempt may still take after the bot has set the same webhook again, in milliseconds: the program that has not answered yet may have been replaced. */
const HURRIED_MS = 5000;

/** How long a connection may take, with its TLS handshake, in milliseconds. */
const CONNECT_MS = 10_000;

/** The most bytes of an answer that are read. */
const ANSWER_BYTES_MAX = 65_536;

const HEADER_BYTES_MAX = 16_384;

/** How long an unused connection is kept, in milliseconds, and how many of them. */
const IDLE = { ms: 30_000, most: 8 } as const;

/** How long addresses are used before the name is resolved again, in milliseconds. */
const RESOLVED_MS = 600_000;

/** How many addresses of a name are tried. */
const ADDRESSES_TRIED = 3;

/** The answer of a webhook. */
export interface WebhookAnswer {
  status: number;
  /** The status as text, such as `500 Internal Server Error`. */
  statusText: string;
  /** How long the webhook wants to be left alone, in seconds; 0 if it does not say. */
  retryAfterS: number;
  contentType: string;
  /** Empty if the answer did not end in time or was too long. */
  body: Uint8Array;
}

/** Sends updates of one bot over connections that are kept. */
export class WebhookPoster implements Disposable {
  readonly #webhook: NewWebhook;
  readonly #target: WebhookTarget;
  readonly #addresses: WebhookAddresses;
  readonly #clock: Clock;
  readonly #agent: HttpAgent | HttpsAgent;
  readonly #ending = new AbortController();
  /** For each attempt that runs, what shortens it. */
  readonly #attempts = new Set<() => void>();
  #found: { addresses: readonly string[]; untilMs: number } | undefined;

  constructor(webhook: NewWebhook, { addresses, clock }: { addresses: WebhookAddresses; clock: Clock }) {
    this.#webhook = webhook;
    this.#target = parseWebhookUrl(webhook.url);
    this.#addresses = addresses;
    this.#clock = clock;
    const pool = { keepAlive: true, maxSockets: webhook.max_connections, maxFreeSockets: IDLE.most, timeout: IDLE.ms };
    this.#agent = this.#target.isSecure ? new HttpsAgent({ ...pool, ...this.#trust() }) : new HttpAgent(pool);
  }

  /** The address that updates are sent to; undefined if it is not known. */
  get address(): string | undefined {
    return this.#found?.addresses[0];
  }

  /**
   * Finds the addresses, unless they were found a short time ago.
   * @throws BotError 400 if they must not be asked
   */
  async resolve(): Promise<readonly string[]> {
    const nowMs = this.#clock.monotonicMs();
    if (this.#found !== undefined && this.#found.untilMs > nowMs) return this.#found.addresses;
    const addresses = await this.#addresses.find(this.#target, this.#webhook.ip_address);
    this.#found = { addresses, untilMs: nowMs + RESOLVED_MS };
    return addresses;
  }

  /**
   * Sends one update. Redirects are not followed.
   * @throws WebhookFailure if there is no answer
   */
  async post(json: string): Promise<WebhookAnswer> {
    const failures: unknown[] = [];
    try {
      const addresses = await this.resolve();
      for (const address of addresses.slice(0, ADDRESSES_TRIED)) {
        try {
          return await this.#ask(address, json);
        } catch (error) {
          // A webhook that has taken the update and is silent is not asked a second time.
          if ((error instanceof WebhookFailure && error.kind === 'silent') || this.#ending.signal.aborted) throw error;
          failures.push(error);
        }
      }
    } catch (error) {
      failures.unshift(error);
    }
    // The name may lead elsewhere by now.
    this.#found = undefined;
    throw failureOf(mostTelling(failures));
  }

  /** Gives the attempts that run a few seconds more, instead of up to a minute. */
  hurry(): void {
    for (const shorten of this.#attempts) shorten();
  }

  /** Ends the connections, also those on which answers are awaited. */
  [Symbol.dispose](): void {
    this.#ending.abort();
    this.#agent.destroy();
  }

  async #ask(address: string, json: string): Promise<WebhookAnswer> {
    try {
      return await this.#exchange(address, json);
    } catch (error) {
      // The other side may close a kept connection at the moment at which it is used again.
      if (!(error instanceof StaleConnection)) throw error;
      return await this.#exchange(address, json).catch((again: unknown) => {
        throw again instanceof StaleConnection ? new WebhookFailure('silent', 'Connection closed') : again;
      });
    }
  }

  #exchange(address: string, json: string): Promise<WebhookAnswer> {
    const body = Buffer.from(json);
    return new Promise((resolve, reject) => {
      const request = (this.#target.isSecure ? requestHttps : requestHttp)(this.#optionsOf(address, body.length));
      const timers: TimerHandle[] = [];
      let isConnected = false;
      const end = (): void => {
        for (const timer of timers) timer.cancel();
        this.#ending.signal.removeEventListener('abort', stop);
        this.#attempts.delete(shorten);
      };
      // A request that has an answer is not destroyed itself: whoever reads the answer would not hear of it.
      let cut = (failure: WebhookFailure): void => void request.destroy(failure);
      const stop = (): void => cut(new WebhookFailure('unreachable', 'Connection closed'));
      this.#ending.signal.addEventListener('abort', stop, { once: true });
      const connecting = this.#clock.setTimeout(() => cut(new WebhookFailure('unreachable', 'Connection timed out')), CONNECT_MS);
      const cutIn = (ms: number): void => void timers.push(this.#clock.setTimeout(() => cut(new WebhookFailure('silent', 'Read timeout expired')), ms));
      const shorten = (): void => {
        cutIn(HURRIED_MS);
        this.#attempts.delete(shorten);
      };
      this.#attempts.add(shorten);
      timers.push(connecting);
      cutIn(ATTEMPT_MS);
      request.once('socket', (socket) => {
        const note = (): void => {
          isConnected = true;
          connecting.cancel();
        };
        if (request.reusedSocket) note();
        else socket.once(this.#target.isSecure ? 'secureConnect' : 'connect', note);
      });
      request.once('response', (response) => {
        cut = () => void response.destroy();
        void readAnswer(response).then((answer) => {
          end();
          resolve(answer);
        });
      });
      request.once('upgrade', (_response, socket) => {
        socket.on('error', () => {});
        socket.destroy();
        end();
        reject(new WebhookFailure('silent', 'Connection closed'));
      });
      request.on('error', (error: NodeJS.ErrnoException) => {
        end();
        const failure = isConnected ? failureOf(error, 'silent') : error;
        reject(request.reusedSocket && error.code === 'ECONNRESET' ? new StaleConnection() : failure);
      });
      request.end(body);
    });
  }

  #optionsOf(address: string, length: number): RequestOptions & { servername?: string } {
    const { host, port, authority, path, authorization } = this.#target;
    const { secret } = this.#webhook;
    return {
      // An address, so that nothing is resolved a second time.
      host: address,
      port,
      method: 'POST',
      path,
      agent: this.#agent,
      setHost: false,
      maxHeaderSize: HEADER_BYTES_MAX,
      servername: isIP(host) === 0 ? host : '',
      headers: {
        host: authority,
        'content-type': 'application/json',
        'content-length': length,
        connection: 'keep-alive',
        ...(secret === '' ? {} : { 'x-telegram-bot-api-secret-token': secret }),
        ...(authorization === undefined ? {} : { authorization }),
      },
    };
  }

  /** Whom an encrypted connection trusts: those whom everybody trusts, or only the certificate that the bot has uploaded. */
  #trust() {
    const { certificate } = this.#webhook;
    const own = certificate === null ? [] : derOf(certificate);
    return {
      ...(certificate === null ? {} : { ca: certificate }),
      checkServerIdentity: (_name: string, peer: Parameters<typeof checkServerIdentity>[1]): Error | undefined =>
        // The very certificate that was uploaded may be for any name.
        own.some((der) => equalBytes(der, peer.raw)) ? undefined : checkServerIdentity(this.#target.host, peer),
    };
  }
}

/** A kept connection that was closed before the webhook has seen the request. */
class StaleConnection extends Error {
  override readonly name = 'StaleConnection';
}

/** Reads an answer. Its status counts even if the rest does not arrive, or is too long. */
async function readAnswer(response: IncomingMessage): Promise<WebhookAnswer> {
  const { statusCode: status = 0, statusMessage = '', headers } = response;
  const chunks: Uint8Array[] = [];
  let length = 0;
  let isWhole = true;
  try {
    for await (const chunk of response as AsyncIterable<Uint8Array>) {
      length += chunk.length;
      if (length > ANSWER_BYTES_MAX) {
        isWhole = false;
        break;
      }
      chunks.push(chunk);
    }
  } catch {
    isWhole = false;
  }
  return {
    status,
    // Anything may stand there, and the bot reads it.
    statusText: `${status} ${statusMessage.replaceAll(/[^\x20-\x7e]/g, '').slice(0, 100)}`.trim(),
    retryAfterS: readRetryAfter(status, headers['retry-after']),
    contentType: headers['content-type'] ?? '',
    body: isWhole ? Buffer.concat(chunks) : new Uint8Array(),
  };
}
