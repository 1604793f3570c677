import { type ClientHttp2Session, connect, constants } from 'node:http2';
import type { Clock } from '@aerogram/runtime';

/** How long an answer may take, in milliseconds. */
const ANSWER_MS = 10_000;
/** Most bytes of an answer that are read. */
const ANSWER_BYTES = 4096;

/** Keeps one HTTP/2 connection to each of a few hosts that the operator has chosen. */
export class Http2Hosts implements Disposable {
  readonly #sessions = new Map<string, ClientHttp2Session>();
  readonly #clock: Clock;
  readonly #ca: string | undefined;

  /** @param options.ca whom connections trust, if not those whom everybody trusts */
  constructor({ clock, ca }: { clock: Clock; ca?: string | undefined }) {
    this.#clock = clock;
    this.#ca = ca;
  }

  /** Sends a request. Never rejects. @returns undefined if there is no answer in time */
  async post(origin: string, path: string, headers: Readonly<Record<string, string>>, body: Uint8Array): Promise<{ status: number; body: Uint8Array } | undefined> {
    return new Promise((resolve) => {
      const session = this.#sessionOf(origin);
      const stream = session.request({ ...headers, [constants.HTTP2_HEADER_METHOD]: 'POST', [constants.HTTP2_HEADER_PATH]: path });
      let status = 0;
      const chunks: Uint8Array[] = [];
      let length = 0;
      const timer = this.#clock.setTimeout(() => stream.destroy(), ANSWER_MS);
      stream.on('response', (answer) => (status = Number(answer[constants.HTTP2_HEADER_STATUS])));
      stream.on('data', (chunk: Uint8Array) => {
        length += chunk.length;
        if (length <= ANSWER_BYTES) chunks.push(chunk);
      });
      // Whatever has happened is known by the status alone.
      stream.on('error', () => undefined);
      stream.on('close', () => {
        timer.cancel();
        resolve(status === 0 ? undefined : { status, body: Buffer.concat(chunks) });
      });
      stream.end(body);
    });
  }

  [Symbol.dispose](): void {
    for (const session of this.#sessions.values()) session.destroy();
    this.#sessions.clear();
  }

  #sessionOf(origin: string): ClientHttp2Session {
    const known = this.#sessions.get(origin);
    if (known && !known.closed && !known.destroyed) return known;
    const session = connect(origin, this.#ca === undefined ? {} : { ca: this.#ca });
    const forget = (): void => {
      if (this.#sessions.get(origin) === session) this.#sessions.delete(origin);
    };
    session.on('error', forget).on('close', forget);
    // The other side takes no more requests here, and answers those it has.
    session.on('goaway', forget);
    this.#sessions.set(origin, session);
    return session;
  }
}
