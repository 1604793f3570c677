import { type ClientHttp2Session, constants, type Http2Stream, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { HomeAway, type HomeAnswerer } from '@aerogram/cluster';
import { type Clock, type Logger, TokenBuckets } from '@aerogram/runtime';
import type { RelayLimits } from '../relay-limits.ts';

const ASK_PATH = '/ask/';
const NAME = /^[\w.-]{1,64}$/;

/** How many questions without an answer, of another home or to it, are logged at once, and how many a second after that: otherwise the other home could fill the disk. */
export const LOGGED = { capacity: 20, tokensPerSecond: 1, maxBuckets: 8 };

/** Collects what a stream brings. @returns undefined if it is too much */
async function collect(stream: Http2Stream, most: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > most) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

interface Question {
  dc: number;
  name: string;
  body: Uint8Array;
}

/** Asks another home. @returns the answer, or the HTTP status of a refusal @throws HomeAway if there was no answer */
export async function askHome(session: ClientHttp2Session, { dc, name, body }: Question, { clock, limits }: { clock: Clock; limits: RelayLimits }): Promise<Uint8Array | number> {
  if (!NAME.test(name)) throw new Error(`a question has no such name: ${name}`);
  if (body.length > limits.maxAskBytes) throw new Error('a question that is too long');
  const stream = session.request({ ':method': 'POST', ':path': ASK_PATH + name });
  const timer = clock.setTimeout(() => stream.destroy(), limits.askMs);
  try {
    const status = new Promise<number | undefined>((resolve) => {
      stream.once('response', (headers: IncomingHttpHeaders & { ':status'?: number }) => resolve(headers[':status']));
      stream.once('close', () => resolve(undefined));
      stream.on('error', () => undefined);
    });
    stream.end(body);
    const answered = await status;
    if (answered === undefined) throw new HomeAway(dc);
    if (answered !== 200) return answered;
    const answer = await collect(stream, limits.maxAskBytes);
    // A stream that ended too early ends without an error here.
    if (answer === undefined || stream.rstCode !== constants.NGHTTP2_NO_ERROR || !stream.readableEnded) throw new HomeAway(dc);
    return answer;
  } catch {
    throw new HomeAway(dc);
  } finally {
    timer.cancel();
    stream.destroy();
  }
}

/** What the log says of a question that another home did not answer. An older program does not know each question. */
export function describeStatus(status: number): string {
  return status === 404 ? 'another data centre does not know a question: an older program runs there' : 'another data centre could not answer a question';
}

/** Answers the questions of other homes. */
export class Answers {
  readonly #answerers = new Map<string, HomeAnswerer>();
  readonly #underWay = new Map<number, number>();
  readonly #clock: Clock;
  readonly #limits: RelayLimits;
  readonly #log: Logger;
  readonly #logged: TokenBuckets;

  constructor({ clock, limits, log }: { clock: Clock; limits: RelayLimits; log: Logger }) {
    this.#clock = clock;
    this.#limits = limits;
    this.#log = log;
    this.#logged = new TokenBuckets(clock, LOGGED);
  }

  /** Sets who answers the questions of a name. */
  on(name: string, answer: HomeAnswerer): void {
    if (!NAME.test(name) || this.#answerers.has(name)) throw new Error(`the question ${name} is answered twice, or has no such name`);
    this.#answerers.set(name, answer);
  }

  /** Answers a request, if it is a question. @param from the home that asks @returns whether it is one */
  take(stream: ServerHttp2Stream, path: string, from: number): boolean {
    if (!path.startsWith(ASK_PATH)) return false;
    void this.#answer(stream, path.slice(ASK_PATH.length), from);
    return true;
  }

  async #answer(stream: ServerHttp2Stream, name: string, from: number): Promise<void> {
    const answerer = this.#answerers.get(name);
    const count = this.#underWay.get(from) ?? 0;
    if (answerer === undefined) return respond(stream, 404);
    if (count >= this.#limits.maxAsks) return respond(stream, 503);
    this.#underWay.set(from, count + 1);
    // Also one that brings its question slowly, or does not read the answer, has a place only so long.
    const timer = this.#clock.setTimeout(() => stream.destroy(), 2 * this.#limits.askMs);
    const closed = new Promise<void>((resolve) => void (stream.closed ? resolve() : stream.once('close', () => resolve())));
    try {
      const body = await collect(stream, this.#limits.maxAskBytes);
      if (body === undefined) return respond(stream, 413);
      const answer = await answerer(body, from);
      if (answer.length > this.#limits.maxAskBytes) throw new Error(`the answer to ${name} has ${answer.length} bytes`);
      respond(stream, 200, answer);
    } catch (error) {
      if (this.#logged.take(String(from), 1) === 0) this.#log.warn({ dc: from, question: name, err: error }, 'could not answer another data centre');
      respond(stream, 500);
    } finally {
      await closed;
      timer.cancel();
      this.#underWay.set(from, this.#underWay.get(from)! - 1);
    }
  }
}

/** Answers a request. The other end may be gone. */
export function respond(stream: ServerHttp2Stream, status: number, body?: Uint8Array): void {
  if (stream.destroyed || stream.closed || stream.headersSent) return;
  stream.respond({ ':status': status }, { endStream: body === undefined });
  // What the other end still sends is dropped, so that it fills no window.
  stream.resume();
  if (body !== undefined) stream.end(body);
}
