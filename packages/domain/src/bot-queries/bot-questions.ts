import { botTopic } from '@aerogram/bus';
import { rpcError } from '@aerogram/errors';
import type { TimerHandle } from '@aerogram/runtime';
import type { Tx } from '@aerogram/storage';

import type { DomainDeps } from '../shared/index.ts';
import { type BotQueryKey, insertQuery, listAnswered, lockQuery, readAnswer, saveAnswer } from './bot-query-store.ts';

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
  /** The inline query; null for a pressed button. */
  question: Uint8Array | null;
  /** Tells the bot. */
  tell: (queryId: bigint) => void;
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
  async doAsk({ botId, userId, question, tell }: Asking): Promise<{ queryId: bigint; answer: Uint8Array }> {
    const { db, clock, random } = this.#deps;
    const nowDate = BigInt(clock.now());
    const oldest = (nowDate - BigInt(KEPT_S)) << RANDOM_BITS;
    for (;;) {
      // Begins with the date, so that old ones are found by the key of the table.
      const queryId = (nowDate << RANDOM_BITS) | (random.int63() >> (63n - RANDOM_BITS));
      if (!(await db.transact('ask-bot', (tx) => insertQuery(tx, { botId, queryId, userId, question, oldest })))) continue;
      const answer = this.#wait({ botId, queryId });
      tell(queryId);
      return { queryId, answer: await answer };
    }
  }

  /**
   * Stores the answer of a bot. The first answer counts; the same once more is no error.
   * @throws RpcError 400 QUERY_ID_INVALID (not asked, too long ago, a question of another kind, or answered otherwise)
   */
  async doAnswer(key: BotQueryKey, { answer, keep }: Answering): Promise<void> {
    const { db, bus } = this.#deps;
    await db.transact('answer-bot-query', async (tx) => {
      const row = await lockQuery(tx, key);
      if (row === undefined || (row.question === null) !== (keep === undefined)) throw rpcError('QUERY_ID_INVALID');
      if (row.answer !== null) {
        if (Buffer.compare(row.answer, answer) !== 0) throw rpcError('QUERY_ID_INVALID');
        return;
      }
      await saveAnswer(tx, key, answer);
      if (row.question !== null) await keep?.(tx, { userId: row.user_id, question: row.question });
    });
    bus.publish(botTopic(key.botId), key.queryId);
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
