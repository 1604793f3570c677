import { botTopic } from '@aerogram/bus';
import { unmarkPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';
import { storedDecode, storedEncode } from '@aerogram/tl-compat';

import type { ResolvedPeer } from '../access/index.ts';
import { publishTransient } from '../events/index.ts';
import { BOT_FATHER_ID } from '../peers/index.ts';
import { createKeyedMac, type DomainDeps, QuotaBuckets } from '../shared/index.ts';
import { findPressed, type Press, type PressedDeps } from './find-pressed.ts';
import { type BotQueryKey, insertQuery, readAnswer, saveAnswer } from './bot-query-store.ts';

/** How long a person waits for a bot, in milliseconds. */
const WAIT_MS = 30_000;
/** How often an answer is looked for whose hint may have been lost, in milliseconds. */
const REPAIR_MS = 2000;
/** How long a question is kept, so that a repeated answer is recognised, in seconds. */
const KEPT_S = 600;
/** Bits of a question's id below its date. */
const RANDOM_BITS = 31n;

/** The answer of a bot to a pressed button. */
export type CallbackAnswer = tl.messages.botCallbackAnswer;

/** What {@link BotQueries} needs. */
export interface BotQueriesDeps extends Pick<DomainDeps, 'db' | 'bus' | 'clock' | 'random'>, PressedDeps {
  /** Make the numbers that stand for a chat towards a bot; by version. */
  instanceKeys: ReadonlyMap<number, Uint8Array>;
  /** Answers for BotFather, which is a part of the server. */
  askFather(press: Press): Promise<CallbackAnswer>;
}

/** Lets people wait for what a bot answers. The questions are rows, so the bot may answer in another process. */
export class BotQueries implements Disposable {
  readonly #deps: BotQueriesDeps;
  readonly #instances: ReturnType<typeof createKeyedMac>;
  readonly #presses: QuotaBuckets;
  readonly #pressesOfBot: QuotaBuckets;
  /** Ends the waits that are going on. */
  readonly #ends = new Set<() => void>();
  #isEnded = false;

  constructor(deps: BotQueriesDeps) {
    this.#deps = deps;
    this.#instances = createKeyedMac(deps.instanceKeys, 8);
    this.#presses = new QuotaBuckets(deps.clock, 'buttonPresses');
    this.#pressesOfBot = new QuotaBuckets(deps.clock, 'pressesOfBot');
  }

  /** Finds the button that somebody presses. Throws as {@link findPressed}. */
  findPressed(userId: bigint, pressed: { peer: ResolvedPeer; msgId: number; data: Uint8Array }): Promise<Press> {
    return findPressed(this.#deps, userId, pressed);
  }

  /**
   * Tells a bot that one of its buttons was pressed, and waits for the answer. Waiting holds no transaction.
   * @throws RpcError 400 BOT_RESPONSE_TIMEOUT, 420 FLOOD_WAIT
   */
  async doPress(press: Press): Promise<CallbackAnswer> {
    const { userId, botId, botPeerId, botMsgId, button } = press;
    const waitS = this.#presses.take(String(userId), 1) || this.#pressesOfBot.take(String(botId), 1);
    if (waitS > 0) throw rpcError('FLOOD_WAIT_%d', waitS);
    if (botId === BOT_FATHER_ID) return this.#deps.askFather(press);
    const key = await this.#ask(botId, userId);
    const answer = this.#wait(key);
    const instance = this.#instances.of(Buffer.from(`${botId}:${botPeerId}`)).readBigInt64LE(0);
    publishTransient(this.#deps.bus, botId, {
      _: 'updateBotCallbackQuery', query_id: key.queryId, user_id: userId, peer: unmarkPeer(botPeerId), msg_id: botMsgId, chat_instance: instance, data: button.data,
    });
    // The cast is safe: doAnswer stored it.
    return storedDecode(await answer) as CallbackAnswer;
  }

  /**
   * Stores the answer of a bot to a pressed button. The first answer counts; the same once more is no error.
   * @throws RpcError 400 QUERY_ID_INVALID (not asked, too long ago, or answered otherwise)
   */
  async doAnswer(key: BotQueryKey, answer: CallbackAnswer): Promise<void> {
    const { db, bus } = this.#deps;
    const bytes = storedEncode(answer);
    const kept = await db.transact('answer-bot-query', (tx) => saveAnswer(tx, key, bytes));
    if (kept === undefined || Buffer.compare(kept, bytes) !== 0) throw rpcError('QUERY_ID_INVALID');
    bus.publish(botTopic(key.botId), key.queryId);
  }

  async #ask(botId: bigint, userId: bigint): Promise<BotQueryKey> {
    const { db, clock, random } = this.#deps;
    const nowDate = BigInt(clock.now());
    const oldest = (nowDate - BigInt(KEPT_S)) << RANDOM_BITS;
    for (;;) {
      // Begins with the date, so that old ones are found by the key of the table.
      const queryId = (nowDate << RANDOM_BITS) | (random.int63() >> (63n - RANDOM_BITS));
      if (await db.transact('ask-bot', (tx) => insertQuery(tx, { botId, queryId, userId, oldest }))) return { botId, queryId };
    }
  }

  /** Waits for the stored answer. Hints may be lost, so it is also looked for now and then. */
  async #wait(key: BotQueryKey): Promise<Uint8Array> {
    const { db, bus, clock } = this.#deps;
    let wake = (): void => undefined;
    let isOver = this.#isEnded;
    const end = (): void => {
      isOver = true;
      wake();
    };
    this.#ends.add(end);
    const timers = [clock.setTimeout(end, WAIT_MS), clock.setInterval(() => wake(), REPAIR_MS)];
    using _listening = bus.subscribe(botTopic(key.botId), (queryId) => queryId === key.queryId && wake());
    try {
      for (;;) {
        const woken = new Promise<void>((resolve) => (wake = resolve));
        const answer = await readAnswer(db, key);
        if (answer !== undefined) return answer;
        if (isOver) throw rpcError('BOT_RESPONSE_TIMEOUT');
        await woken;
      }
    } finally {
      this.#ends.delete(end);
      for (const timer of timers) timer.cancel();
    }
  }

  /** Ends all waits, as if the time were over. */
  [Symbol.dispose](): void {
    this.#isEnded = true;
    for (const end of this.#ends) end();
  }
}
