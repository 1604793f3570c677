import { type BotCallWatch, BotError, Described, JsonText, type WatchedCall, type WatchedPost } from '@aerogram/bot-api';
import { type Clock, pause, systemClock } from '@aerogram/runtime';
import { BotFaults, type Fault } from './bot-faults.ts';
import { readableParams, searchableText } from './readable-params.ts';

/** One call of a bot, as tests see it. */
export interface RecordedCall {
  /** Counts up in the order in which the calls ended. */
  n: number;
  botId: string;
  method: string;
  params: Record<string, unknown>;
  ok: boolean;
  result?: unknown;
  error?: { error_code: number; description: string; parameters?: Record<string, unknown> };
  startedMs: number;
  endedMs: number;
}

/** What bots have called, and which of their calls go wrong on purpose. */
export interface BotCallLog extends BotCallWatch, Disposable {
  /** The number of the newest call of these bots; 0 if there was none. */
  newest(bots: ReadonlySet<bigint>): number;
  /** The calls of these bots that are kept, oldest first. */
  list(bots: ReadonlySet<bigint>, after?: number): RecordedCall[];
  /** Calls a listener after each recorded call, until the returned function is called. */
  onCall(listener: (call: RecordedCall) => void): () => void;
  readonly faults: BotFaults;
  /** Forgets the calls and faults of bots that are no more. */
  forget(bots: ReadonlySet<bigint>): void;
}

/** The most calls that are kept, and the most characters of them. The oldest are dropped. */
const KEPT = { calls: 10_000, characters: 32 * 1024 * 1024 } as const;

/** A longer result is not kept, in characters. */
const RESULT_MAX = 1024 * 1024;

/** What the Bot API says with an error. */
const DESCRIPTIONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden: bot was blocked by the user',
  404: 'Not Found',
  409: 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
};

interface LogDeps {
  /** The time that calls are recorded with. */
  clock: Pick<Clock, 'nowMs'>;
  /** Real time, for delays. */
  sessionClock?: Clock;
}

/** Creates a log without calls and faults. */
export function createBotCallLog(deps: LogDeps): BotCallLog {
  return new CallLog(deps);
}

class CallLog implements BotCallLog {
  readonly faults = new BotFaults();
  readonly #clock: Pick<Clock, 'nowMs'>;
  readonly #sessionClock: Clock;
  readonly #listeners = new Set<(call: RecordedCall) => void>();
  readonly #newest = new Map<string, number>();
  readonly #ending = new AbortController();
  #calls: { call: RecordedCall; size: number }[] = [];
  #size = 0;
  #count = 0;

  constructor({ clock, sessionClock = systemClock }: LogDeps) {
    this.#clock = clock;
    this.#sessionClock = sessionClock;
  }

  newest(bots: ReadonlySet<bigint>): number {
    let newest = 0;
    for (const bot of bots) newest = Math.max(newest, this.#newest.get(String(bot)) ?? 0);
    return newest;
  }

  list(bots: ReadonlySet<bigint>, after = 0): RecordedCall[] {
    const ids = namesOf(bots);
    return this.#calls.filter(({ call }) => call.n > after && ids.has(call.botId)).map(({ call }) => call);
  }

  onCall(listener: (call: RecordedCall) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  forget(bots: ReadonlySet<bigint>): void {
    const ids = namesOf(bots);
    this.#calls = this.#calls.filter(({ call }) => !ids.has(call.botId));
    this.#size = this.#calls.reduce((sum, { size }) => sum + size, 0);
    for (const id of ids) this.#newest.delete(id);
    this.faults.clear(bots);
  }

  async around(call: WatchedCall, run: () => Promise<unknown>, cut: () => void): Promise<unknown> {
    const startedMs = this.#clock.nowMs();
    const params = readableParams(call);
    const fault = this.faults.ofCall(call, () => searchableText(params));
    const record = (outcome: Outcome): void => this.#record({ botId: String(call.botId), method: call.method, params, startedMs, ...outcome });
    try {
      const result = await this.#runWith(fault, call, run, cut);
      record({ ok: true, result });
      return result;
    } catch (error) {
      record({ ok: false, error: describeError(error) });
      throw error;
    }
  }

  async aroundPost<T>(post: WatchedPost, send: () => Promise<T>): Promise<T> {
    const fault = this.faults.ofPost(post);
    if (fault?.kind === 'late') await this.#pass(fault.delayMs);
    const answer = await send();
    return fault?.kind === 'twice' ? await send() : answer;
  }

  /** Ends all delays. */
  [Symbol.dispose](): void {
    this.#ending.abort();
  }

  /** Runs a call, or does not, as its fault says. */
  async #runWith(fault: Fault | undefined, call: WatchedCall, run: () => Promise<unknown>, cut: () => void): Promise<unknown> {
    if (fault?.kind === 'error') throw errorOf(fault);
    if (fault?.kind === 'cut') {
      cut();
      throw new BotError(500, CUT);
    }
    if (fault?.kind !== 'slow') return await run();
    try {
      return await run();
    } finally {
      await this.#pass(fault.delayMs, call.signal);
    }
  }

  /** Waits, unless nobody waits any more for what comes then. */
  #pass(ms = 0, ...signals: AbortSignal[]): Promise<void> {
    return pause(this.#sessionClock, ms, this.#ending.signal, ...signals);
  }

  #record(made: Omit<RecordedCall, 'n' | 'endedMs'>): void {
    const { result, ...rest } = made;
    const plain = plainOf(result);
    // Bots ask all the time.
    if (made.method === 'getUpdates' && Array.isArray(plain?.value) && plain.value.length === 0) return;
    const call: RecordedCall = { n: ++this.#count, ...rest, ...(plain === undefined ? {} : { result: plain.value }), endedMs: this.#clock.nowMs() };
    const size = JSON.stringify(rest.params).length + (plain?.length ?? 0);
    this.#newest.set(call.botId, call.n);
    this.#calls.push({ call, size });
    this.#size += size;
    this.#dropOldest();
    for (const listener of this.#listeners) listener(call);
  }

  #dropOldest(): void {
    let dropped = 0;
    while (this.#calls.length - dropped > KEPT.calls || this.#size > KEPT.characters) this.#size -= this.#calls[dropped++]!.size;
    if (dropped > 0) this.#calls.splice(0, dropped);
  }
}

type Outcome = Pick<RecordedCall, 'ok' | 'result' | 'error'>;

/** What is recorded of a call whose connection was closed. The bot does not see it. */
const CUT = 'the connection was closed without an answer';

function namesOf(bots: ReadonlySet<bigint>): Set<string> {
  return new Set([...bots].map(String));
}

/** What the bot reads of a result. It is copied, so that nobody changes it later. @returns undefined if there is none, or if it is too long */
function plainOf(result: unknown): { value: unknown; length: number } | undefined {
  const value = result instanceof Described ? result.result : result;
  const json = value instanceof JsonText ? value.text : (JSON.stringify(value) as string | undefined);
  return json === undefined || json.length > RESULT_MAX ? undefined : { value: JSON.parse(json), length: json.length };
}

function describeError(error: unknown): NonNullable<RecordedCall['error']> {
  const { code, message, parameters } = error instanceof BotError ? error : new BotError(500, DESCRIPTIONS[500]!);
  return { error_code: code, description: message, ...(parameters === undefined ? {} : { parameters: { ...parameters } }) };
}

function errorOf({ code = 500, description, retryAfter = code === 429 ? 1 : undefined }: Fault): BotError {
  const parameters = retryAfter === undefined ? undefined : { retry_after: retryAfter };
  return new BotError(code, description ?? (code === 429 ? `Too Many Requests: retry after ${retryAfter}` : (DESCRIPTIONS[code] ?? 'Error')), parameters);
}
