import { unmarkPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';
import { storedDecode, storedEncode } from '@aerogram/tl-compat';

import type { ResolvedPeer } from '../access/index.ts';
import { BOT_FATHER_ID } from '../peers/index.ts';
import { createKeyedMac, definePort, type DomainDeps, QuotaBuckets } from '../shared/index.ts';
import type { BotQuestions } from './bot-questions.ts';
import type { BotQueryKey } from './bot-query-store.ts';
import type { InlineIds } from './inline-ids.ts';
import { findPressed, type Press, type PressedDeps } from './find-pressed.ts';

/** The answer of a bot to a pressed button. */
export type CallbackAnswer = tl.messages.botCallbackAnswer;

/** Answers for BotFather, which is a part of the server. */
export const ASK_FATHER = definePort<(press: Press) => Promise<CallbackAnswer>>('bot-queries.askFather');

/** What {@link ButtonPresses} needs. */
export interface ButtonPressesDeps extends Pick<DomainDeps, 'clock' | 'hasLimits'>, PressedDeps {
  questions: BotQuestions;
  inlineIds: InlineIds;
  /** Make the numbers that stand for a chat towards a bot; by version. */
  instanceKeys: ReadonlyMap<number, Uint8Array>;
  /** See {@link ASK_FATHER}. */
  askFather(press: Press): Promise<CallbackAnswer>;
}

/** Buttons of bots that people press: finds them, tells the bot, and waits for its answer. */
export class ButtonPresses {
  readonly #deps: ButtonPressesDeps;
  readonly #instances: ReturnType<typeof createKeyedMac>;
  readonly #presses: QuotaBuckets;
  readonly #pressesOfBot: QuotaBuckets;

  constructor(deps: ButtonPressesDeps) {
    this.#deps = deps;
    this.#instances = createKeyedMac(deps.instanceKeys, 8);
    this.#presses = new QuotaBuckets(deps, 'buttonPresses');
    this.#pressesOfBot = new QuotaBuckets(deps, 'pressesOfBot');
  }

  /** Finds the button that somebody presses. Throws as {@link findPressed}. */
  findPressed(userId: bigint, pressed: { peer: ResolvedPeer; msgId: number; data: Uint8Array }): Promise<Press> {
    return findPressed(this.#deps, userId, pressed);
  }

  /**
   * Tells a bot that one of its buttons was pressed, and waits for the answer. Waiting holds no transaction.
   * @param onWait called when the bot was told
   * @throws RpcError 400 BOT_RESPONSE_TIMEOUT, 420 FLOOD_WAIT
   */
  async doPress(press: Press, onWait?: () => void): Promise<CallbackAnswer> {
    const { questions } = this.#deps;
    const { userId, botId } = press;
    const waitS = this.#presses.take(String(userId), 1) || this.#pressesOfBot.take(String(botId), 1);
    if (waitS > 0) throw rpcError('FLOOD_WAIT_%d', waitS);
    if (botId === BOT_FATHER_ID) return this.#deps.askFather(press);
    const { answer } = await questions.doAsk({ botId, userId, question: this.#questionOf(press), onWait });
    // The cast is safe: doAnswer stored it.
    return storedDecode(answer) as CallbackAnswer;
  }

  /** What the bot is told, without an id. */
  #questionOf({ userId: user_id, botId, message, chat, button: { data } }: Press): tl.updateBotCallbackQuery | tl.updateInlineBotCallbackQuery {
    const query_id = 0n;
    const chat_instance = this.#instances.of(Buffer.from(`${botId}:${chat}`)).readBigInt64LE(0);
    if ('ownerId' in message) return { _: 'updateInlineBotCallbackQuery', query_id, user_id, msg_id: this.#deps.inlineIds.of(botId, message), chat_instance, data };
    return { _: 'updateBotCallbackQuery', query_id, user_id, peer: unmarkPeer(message.peerId), msg_id: message.msgId, chat_instance, data };
  }

  /** Stores the answer of a bot to a pressed button. Throws as {@link BotQuestions.doAnswer}. */
  doAnswer(key: BotQueryKey, answer: CallbackAnswer): Promise<void> {
    return this.#deps.questions.doAnswer(key, { answer: storedEncode(answer) });
  }
}
