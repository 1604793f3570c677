import { botTopic } from '@aerogram/bus';
import { rpcError } from '@aerogram/errors';
import type { TimerHandle } from '@aerogram/runtime';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import { storedDecode, storedEncode } from '@aerogram/tl-compat';

import { publishTransient } from '../events/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import { type BotQueryKey, insertQuery, listAnswered, listBotsWithUnqueued, listUnqueuedQueries, lockQuery, readAnswer, saveAnswer } from './bot-query-store.ts';

/** How long a person waits for a bot, in milliseconds. */
const WAIT_MS = 30_000;
/** How often answers are looked for whose hints may have been lost, in milliseconds. */
const REPAIR_MS = 2000;
/** How long a question is kept, so that a repeated answer is recognised, in seconds. */
const KEPT_S = 600;
/** Bits of a question's id below its date. */
const RANDOM_BITS = 31n;

/** What {@link BotQuestions} needs. */
export type BotQuestionsDeps = Pick<DomainDeps, 'db' | 'bus' | 'clock' | 'random'>;

/** Somebody who asks a bot. */
export interface Asking {
  botId: bigint;
  userId: bigint;
  /** The update that the bot gets; its `query_id` is made here. */
  question: Question;
  /** Called when the bot was told. */
  onWait?: (() => void) | undefined;
}

type Question = tl.updateBotCallbackQuery | tl.updateInlineBotCallbackQuery | tl.updateBotInlineQuery;

/** What a bot was told, by an update that has no place in its box. */
export interface ToldUpdate {
  /** Also names the row, if nobody waits for an answer. */
  queryId: bigint;
  update: tl.Update;
  /** Unix seconds. */
  date: number;
}

/** The answer of a bot. */
export interface Answering {
  answer: Uint8Array;
  /** Stores what belongs to the answer of an inline query; undefined for that of a pressed button. Called for the first answer only. */
  keep?: (tx: Tx, asked: { userId: bigint; question: Uint8Array }) => Promise<void>;
}

/** A call that waits for an answer. */
interface Waiting {
  key: BotQueryKey;
  /** Has the answer read. */
  wake(): void;
  /** Ends the wait, as if the time were over. */
  end(): void;
}

const NO_ANSWER = new Uint8Array();

function isInline(question: Uint8Array): boolean {
  return storedDecode(question)._ === 'updateBotInlineQuery';
}

const nameOf = ({ botId, queryId }: BotQueryKey): string => `${botId}:${queryId}`;

/** Lets people wait for what a bot answers. The questions are rows, so the bot may answer in another process. */
export class BotQuestions implements Disposable {
  readonly #deps: BotQuestionsDeps;
  /** By the name of the question. */
  readonly #waiting = new Map<string, Waiting>();
  /** Runs while somebody waits. */
  #repair: TimerHandle | undefined;
  #isEnded = false;

  constructor(deps: BotQuestionsDeps) {
    this.#deps = deps;
  }

  /**
   * Asks a bot and waits for the answer. Waiting holds no transaction.
   * @throws RpcError 400 BOT_RESPONSE_TIMEOUT
   */
  async doAsk({ botId, userId, question, onWait }: Asking): Promise<{ queryId: bigint; answer: Uint8Array }> {
    const told = await this.#insert(botId, userId, (query_id) => ({ update: { ...question, query_id }, answer: null }));
    const answer = this.#wait({ botId, queryId: told.queryId });
    publishTransient(this.#deps.bus, botId, told.update);
    onWait?.();
    return { queryId: told.queryId, answer: await answer };
  }

  /** Tells a bot something for which nobody waits. A bot that does not listen now finds it within ten minutes. */
  async doTell(botId: bigint, userId: bigint, update: tl.updateBotInlineSend): Promise<void> {
    // Stored as answered, so that a bot cannot answer it.
    await this.#insert(botId, userId, () => ({ update, answer: NO_ANSWER }));
    publishTransient(this.#deps.bus, botId, update);
  }

  /** Lists what a bot was told in the last ten minutes, and what is not among its updates over HTTP. */
  async listUnqueued(botId: bigint, limit: number): Promise<ToldUpdate[]> {
    const rows = await listUnqueuedQueries(this.#deps.db, { botId, queryId: this.#oldest() }, limit);
    // The cast is safe: only updates are stored.
    return rows.map(({ queryId, question }) => ({ queryId, update: storedDecode(question) as tl.Update, date: Number(queryId >> RANDOM_BITS) }));
  }

  /** Which of these bots {@link BotQuestions.listUnqueued} finds something for. */
  listBotsWithUnqueued(botIds: readonly bigint[]): Promise<bigint[]> {
    return listBotsWithUnqueued(this.#deps.db, botIds, this.#oldest());
  }

  /**
   * Stores the answer of a bot. The first answer counts; the same once more is no error.
   * @throws RpcError 400 QUERY_ID_INVALID (not asked, too long ago, a question of another kind, or answered otherwise)
   */
  async doAnswer(key: BotQueryKey, { answer, keep }: Answering): Promise<void> {
    const { db, bus } = this.#deps;
    await db.transact('answer-bot-query', async (tx) => {
      const row = await lockQuery(tx, key);
      if (row === undefined || isInline(row.question) !== (keep !== undefined)) throw rpcError('QUERY_ID_INVALID');
      if (row.answer !== null) {
        if (Buffer.compare(row.answer, answer) !== 0) throw rpcError('QUERY_ID_INVALID');
        return;
      }
      await saveAnswer(tx, key, answer);
      await keep?.(tx, { userId: row.user_id, question: row.question });
    });
    bus.publish(botTopic(key.botId), key.queryId);
  }

  /** The least id of the questions that are kept. */
  #oldest(): bigint {
    return BigInt(this.#deps.clock.now() - KEPT_S) << RANDOM_BITS;
  }

  async #insert(botId: bigint, userId: bigint, make: (queryId: bigint) => { update: tl.Update; answer: Uint8Array | null }): Promise<{ queryId: bigint; update: tl.Update }> {
    const { db, clock, random } = this.#deps;
    const nowDate = BigInt(clock.now());
    for (;;) {
      // The upper bits are the date, so that the primary key finds old questions.
      const queryId = (nowDate << RANDOM_BITS) | (random.int63() >> (63n - RANDOM_BITS));
      const { update, answer } = make(queryId);
      const row = { botId, queryId, userId, question: storedEncode(update), answer, oldest: this.#oldest() };
      if (await db.transact('ask-bot', (tx) => insertQuery(tx, row))) return { queryId, update };
    }
  }

  /** Waits for the stored answer. Hints may be lost, so answers are also looked for now and then. */
  async #wait(key: BotQueryKey): Promise<Uint8Array> {
    const { db, bus, clock } = this.#deps;
    let isOver = this.#isEnded;
    const waiting: Waiting = {
      key,
      wake: () => undefined,
      end() {
        isOver = true;
        waiting.wake();
      },
    };
    this.#waiting.set(nameOf(key), waiting);
    this.#repair ??= clock.setInterval(() => void this.#findAnswered(), REPAIR_MS);
    const timer = clock.setTimeout(waiting.end, WAIT_MS);
    using _listening = bus.subscribe(botTopic(key.botId), (queryId) => queryId === key.queryId && waiting.wake());
    try {
      for (;;) {
        const woken = new Promise<void>((resolve) => (waiting.wake = resolve));
        const answer = await readAnswer(db, key);
        if (answer !== undefined) return answer;
        if (isOver) throw rpcError('BOT_RESPONSE_TIMEOUT');
        await woken;
      }
    } finally {
      timer.cancel();
      this.#waiting.delete(nameOf(key));
      if (this.#waiting.size === 0) this.#stopRepair();
    }
  }

  /** Looks for the answers that everybody waits for in one read, because thousands may wait for a bot that does not answer. */
  async #findAnswered(): Promise<void> {
    const keys = [...this.#waiting.values()].map(({ key }) => key);
    // While the database cannot be reached, the next round tries again.
    const answered = await listAnswered(this.#deps.db, keys).catch(() => []);
    for (const key of answered) this.#waiting.get(nameOf(key))?.wake();
  }

  #stopRepair(): void {
    this.#repair?.cancel();
    this.#repair = undefined;
  }

  /** Ends all waits, as if the time were over. */
  [Symbol.dispose](): void {
    this.#isEnded = true;
    this.#stopRepair();
    for (const { end } of this.#waiting.values()) end();
  }
}
