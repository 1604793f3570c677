import { Agent as HttpAgent, type IncomingMessage, request as requestHttp, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import type { checkServerIdentity } from 'node:tls';
import type { Clock, TimerHandle } from '@aerogram/runtime';

import { failureOf, mostTelling, PostFailure } from './post-failure.ts';
import type { PostTarget } from './post-target.ts';
import { readRetryAfter } from './read-retry-after.ts';

/** How long an attempt may still take after {@link Poster.hurry}, in milliseconds. */
const HURRIED_MS = 5000;

const HEADER_BYTES_MAX = 16_384;

/** How long an unused connection is kept, in milliseconds, and how many of them. */
const IDLE = { ms: 30_000, most: 8 } as const;

/** How long addresses are used before the name is resolved again, in milliseconds. */
const RESOLVED_MS = 600_000;

/** How many addresses of a name are tried. */
const ADDRESSES_TRIED = 3;

/** What whoever was asked has answered. */
export interface PostAnswer {
  status: number;
  /** The status as text, such as `500 Internal Server Error`. */
  statusText: string;
  /** How long the other side wants to be left alone, in seconds; 0 if it does not say. */
  retryAfterS: number;
  contentType: string;
  /** Empty if the answer did not end in time or was too long. */
  body: Uint8Array;
}

/** How long one attempt of a request may take, in milliseconds: the next address of the same name is another attempt. */
export interface PostTimes {
  /** To the last byte of the answer. */
  attempt: number;
  /** Until there is a connection, with its TLS handshake. */
  connect: number;
}

export interface PosterOptions {
  target: PostTarget;
  /** Finds the addresses to which connections may be made. Connections go to exactly these: a name that resolves differently a moment later leads nowhere. */
  find(): Promise<readonly string[]>;
  clock: Clock;
  /** Connections at a time. */
  connections: number;
  times: PostTimes;
  /** The most bytes of an answer that are read. */
  answerBytes: number;
  /** Whom an encrypted connection trusts, if not those whom everybody trusts. */
  trust?: { ca?: string | Buffer; checkServerIdentity?: typeof checkServerIdentity };
}

export interface PostRequest {
  method: 'POST' | 'PUT';
  /** Path and query. */
  path: string;
  /** Besides `Host`, `Content-Length` and `Connection`. */
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
}

/** Sends requests to one host over connections that are kept. */
export class Poster implements Disposable {
  readonly #options: PosterOptions;
  readonly #agent: HttpAgent | HttpsAgent;
  readonly #ending = new AbortController();
  /** For each attempt that runs, what shortens it. */
  readonly #attempts = new Set<() => void>();
  #found: { addresses: readonly string[]; untilMs: number } | undefined;

  constructor(options: PosterOptions) {
    this.#options = options;
    const { target, trust, connections } = options;
    const pool = { keepAlive: true, maxSockets: connections, maxFreeSockets: IDLE.most, timeout: IDLE.ms };
    this.#agent = target.isSecure ? new HttpsAgent({ ...pool, ...trust }) : new HttpAgent(pool);
  }

  /** The address that requests are sent to; undefined if it is not known. */
  get address(): string | undefined {
    return this.#found?.addresses[0];
  }

  /** Finds the addresses, unless they were found a short time ago. @throws what `find` does */
  async resolve(): Promise<readonly string[]> {
    const nowMs = this.#options.clock.monotonicMs();
    if (this.#found !== undefined && this.#found.untilMs > nowMs) return this.#found.addresses;
    const addresses = await this.#options.find();
    this.#found = { addresses, untilMs: nowMs + RESOLVED_MS };
    return addresses;
  }

  /**
   * Sends one request. Redirects are not followed.
   * @throws PostFailure if there is no answer, and what `find` does
   */
  async post(request: PostRequest): Promise<PostAnswer> {
    const failures: unknown[] = [];
    const addresses = await this.resolve();
    for (const address of addresses.slice(0, ADDRESSES_TRIED)) {
      try {
        return await this.#ask(address, request);
      } catch (error) {
        // Whoever has taken the request and is silent is not asked a second time.
        if ((error instanceof PostFailure && error.kind === 'silent') || this.#ending.signal.aborted) {
          failures.unshift(error);
          break;
        }
        failures.push(error);
      }
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

  async #ask(address: string, sent: PostRequest): Promise<PostAnswer> {
    try {
      return await this.#exchange(address, sent);
    } catch (error) {
      // The other side may close a kept connection at the moment at which it is used again.
      if (!(error instanceof StaleConnection)) throw error;
      return await this.#exchange(address, sent).catch((again: unknown) => {
        throw again instanceof StaleConnection ? new PostFailure('silent', 'Connection closed') : again;
      });
    }
  }

  #exchange(address: string, sent: PostRequest): Promise<PostAnswer> {
    const { clock, target, times } = this.#options;
    return new Promise((resolve, reject) => {
      const request = (target.isSecure ? requestHttps : requestHttp)(this.#optionsOf(address, sent));
      const timers: TimerHandle[] = [];
      let isConnected = false;
      const end = (): void => {
        for (const timer of timers) timer.cancel();
        this.#ending.signal.removeEventListener('abort', stop);
        this.#attempts.delete(shorten);
      };
      // A request that has an answer is not destroyed itself: whoever reads the answer would not hear of it.
      let cut = (failure: PostFailure): void => void request.destroy(failure);
      const stop = (): void => cut(new PostFailure('unreachable', 'Connection closed'));
      this.#ending.signal.addEventListener('abort', stop, { once: true });
      const connecting = clock.setTimeout(() => cut(new PostFailure('unreachable', 'Connection timed out')), times.connect);
      const cutIn = (ms: number): void => void timers.push(clock.setTimeout(() => cut(new PostFailure('silent', 'Read timeout expired')), ms));
      const shorten = (): void => {
        cutIn(HURRIED_MS);
        this.#attempts.delete(shorten);
      };
      this.#attempts.add(shorten);
      timers.push(connecting);
      cutIn(times.attempt);
      request.once('socket', (socket) => {
        const note = (): void => {
          isConnected = true;
          connecting.cancel();
        };
        if (request.reusedSocket) note();
        else socket.once(target.isSecure ? 'secureConnect' : 'connect', note);
      });
      request.once('response', (response) => {
        cut = () => void response.destroy();
        void readAnswer(response, this.#options.answerBytes).then((answer) => {
          end();
          resolve(answer);
        });
      });
      request.once('upgrade', (_response, socket) => {
        socket.on('error', () => {});
        socket.destroy();
        end();
        reject(new PostFailure('silent', 'Connection closed'));
      });
      request.on('error', (error: NodeJS.ErrnoException) => {
        end();
        const failure = isConnected ? failureOf(error, 'silent') : error;
        reject(request.reusedSocket && error.code === 'ECONNRESET' ? new StaleConnection() : failure);
      });
      request.end(sent.body);
    });
  }

  #optionsOf(address: string, { method, path, headers, body }: PostRequest): RequestOptions & { servername?: string } {
    const { host, port, authority } = this.#options.target;
    return {
      // An address, so that nothing is resolved a second time.
      host: address,
      port,
      method,
      path,
      agent: this.#agent,
      setHost: false,
      maxHeaderSize: HEADER_BYTES_MAX,
      servername: isIP(host) === 0 ? host : '',
      headers: { host: authority, ...headers, 'content-length': body.length, connection: 'keep-alive' },
    };
  }
}

/** A kept connection that was closed before the other side has seen the request. */
class StaleConnection extends Error {
  override readonly name = 'StaleConnection';
}

/** Reads an answer. Its status counts even if the rest does not arrive, or is too long. */
async function readAnswer(response: IncomingMessage, mostBytes: number): Promise<PostAnswer> {
  const { statusCode: status = 0, statusMessage = '', headers } = response;
  const chunks: Uint8Array[] = [];
  let length = 0;
  let isWhole = true;
  try {
    for await (const chunk of response as AsyncIterable<Uint8Array>) {
      length += chunk.length;
      if (length > mostBytes) {
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
    // Anything may stand there, and people read it.
    statusText: `${status} ${statusMessage.replaceAll(/[^\x20-\x7e]/g, '').slice(0, 100)}`.trim(),
    retryAfterS: readRetryAfter(status, headers['retry-after']),
    contentType: headers['content-type'] ?? '',
    body: isWhole ? Buffer.concat(chunks) : new Uint8Array(),
  };
}
