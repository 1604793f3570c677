import type { RawAccount } from '@aerogram/dev-env/load';
import { RawClientError } from '@aerogram/mtproto/client';
import type { tl } from '@aerogram/tl';
import { type CrashBot, peerOf } from './crash-bot.ts';

/** How many of the last questions are answered once more after a crash. */
const AGAIN = 3;

/** Where somebody presses a button without end. */
interface Pressed {
  person: RawAccount;
  /** The bot, as the person refers to it. */
  input: tl.inputUser;
  /** The message with the button, in the box of the person. */
  msgId: number;
  data: Uint8Array;
}

/** People press a button of a bot without end, and the bot gives two different answers each time, of which one may count. */
export class BotPresses {
  readonly #bot: CrashBot;
  /** The acknowledged answers to each question. */
  readonly #acknowledged = new Map<bigint, Set<string>>();
  readonly #seen: string[] = [];

  constructor(bot: CrashBot) {
    this.#bot = bot;
    bot.answers.push(async (update) => {
      if (update._ !== 'updateBotCallbackQuery') return;
      const { query_id: queryId } = update;
      await Promise.all(['first', 'second'].map((variant) => this.#answer(queryId, `${queryId} ${variant}`)));
    });
  }

  /** How many answers people have got. */
  get count(): number {
    return this.#seen.length;
  }

  async press({ person, input, msgId: msg_id, data }: Pressed): Promise<void> {
    const { message } = await person.call<'messages.getBotCallbackAnswer'>({ _: 'messages.getBotCallbackAnswer', peer: peerOf(input), msg_id, data });
    this.#seen.push(message ?? '');
  }

  /** Checks that each question has one answer, which is the one that the person got, and that no other is taken after the crash. @returns what is wrong, in words */
  async check(): Promise<string[]> {
    for (const queryId of [...this.#acknowledged.keys()].slice(-AGAIN)) await this.#answer(queryId, `${queryId} late`);
    const broken: string[] = [];
    for (const [queryId, answers] of this.#acknowledged) if (answers.size > 1) broken.push(`both of [${[...answers].join()}] count as the answer to ${queryId}`);
    if (new Set(this.#seen.map((text) => text.split(' ')[0])).size !== this.#seen.length) broken.push('the answer to one press was given to two');
    for (const text of this.#seen) {
      const answers = this.#acknowledged.get(BigInt(text.split(' ')[0]!));
      if (answers !== undefined && !answers.has(text)) broken.push(`somebody got the answer ${text}, and [${[...answers].join()}] was acknowledged`);
    }
    return broken;
  }

  async #answer(query_id: bigint, message: string): Promise<void> {
    try {
      await this.#bot.account.call<'messages.setBotCallbackAnswer'>({ _: 'messages.setBotCallbackAnswer', query_id, message, cache_time: 0 });
    } catch (error) {
      if (error instanceof RawClientError && error.message.includes('QUERY_ID_INVALID')) return;
      throw error;
    }
    const known = this.#acknowledged.get(query_id);
    if (known === undefined) this.#acknowledged.set(query_id, new Set([message]));
    else known.add(message);
  }
}
