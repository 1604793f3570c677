import type { RawAccount } from '@aerogram/dev-env/load';
import { RawClientError } from '@aerogram/mtproto/client';
import type { Random } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { type CrashBot, peerOf } from './crash-bot.ts';

/** The boxes of those who must have the messages: the ids of the messages with each text. */
export type Copies = ReadonlyMap<RawAccount, ReadonlyMap<string, readonly number[]>>;

interface BotMessage {
  name: string;
  randomId: bigint;
  id: number | undefined;
  /** How often it was edited, as the server acknowledged, and as the bot tried. */
  version: number;
  tried: number;
}

/** How many of the last messages are read with their keyboards after a crash. */
const READ = 5;

const textOf = ({ name }: BotMessage, version: number): string => `${name} v${version}`;

/** A keyboard of one button, whose data are its text. */
export function keyboard(text: string): tl.replyInlineMarkup {
  return { _: 'replyInlineMarkup', rows: [{ _: 'keyboardInlineButtonRow', buttons: [{ _: 'keyboardInlineButton', text, type: { _: 'inlineButtonTypeCallback', data: Buffer.from(text) } }] }] };
}

/** A bot sends messages with keyboards to a person and edits them, both together, without end. */
export class BotMessages {
  readonly #bot: CrashBot;
  readonly #to: RawAccount;
  readonly #all: BotMessage[] = [];

  constructor(bot: CrashBot, to: RawAccount) {
    this.#bot = bot;
    this.#to = to;
  }

  get count(): number {
    return this.#all.length;
  }

  async send(random: Random): Promise<void> {
    const one: BotMessage = { name: `${this.#bot.username} ${this.#all.length}`, randomId: random.int63(), id: undefined, version: 0, tried: 0 };
    this.#all.push(one);
    await this.#send(one);
  }

  async #send(one: BotMessage): Promise<void> {
    const text = textOf(one, 0);
    one.id = await sendWithKeyboard(this.#bot, this.#to, { text, randomId: one.randomId });
  }

  /** Edits the newest message that was acknowledged, text and keyboard. */
  async edit(): Promise<void> {
    const one = this.#all.findLast(({ id }) => id !== undefined);
    if (one === undefined) return;
    one.tried = Math.max(one.tried, one.version) + 1;
    const { tried } = one;
    const text = textOf(one, tried);
    await this.#bot.account.call<'messages.editMessage'>({ _: 'messages.editMessage', peer: this.#peer, id: one.id!, message: text, reply_markup: keyboard(text) });
    one.version = tried;
  }

  /** Sends again what was not acknowledged. */
  async repeatOpen(): Promise<void> {
    for (const one of this.#all) if (one.id === undefined) await this.#send(one);
  }

  /** Checks that acknowledged messages and edits are there, once and with their keyboards, on both sides. @returns what is wrong, in words */
  async check(copies: Copies): Promise<string[]> {
    const broken: string[] = [];
    for (const one of this.#all) {
      const found = [this.#bot.account, this.#to].map((account) => {
        const box = copies.get(account)!;
        return Array.from({ length: one.tried + 1 }, (_, version) => version).flatMap((version) => (box.get(textOf(one, version)) ?? []).map((id) => ({ version, id })));
      });
      const [mine, theirs] = found as [{ version: number; id: number }[], { version: number; id: number }[]];
      const most = one.id === undefined ? mine.length : 1;
      if (mine.length !== most || most > 1 || theirs.length !== most || mine[0]?.version !== theirs[0]?.version) broken.push(`"${one.name}" is there ${mine.length} and ${theirs.length} times`);
      if (one.id === undefined) continue;
      if (mine[0]?.id !== one.id) broken.push(`"${one.name}", acknowledged as ${one.id}, has the id ${mine[0]?.id}`);
      const version = mine[0]?.version ?? -1;
      if (version < one.version) broken.push(`"${one.name}" is at edit ${version}, the server had acknowledged ${one.version}`);
      one.version = version;
    }
    return [...broken, ...(await this.#checkKeyboards())];
  }

  async #checkKeyboards(): Promise<string[]> {
    const id = this.#all.flatMap((one) => (one.id === undefined ? [] : [{ _: 'inputMessageID' as const, id: one.id }])).slice(-READ);
    const answer = await this.#bot.account.call<'messages.getMessages'>({ _: 'messages.getMessages', id });
    if (!('messages' in answer)) throw new Error(`getMessages answers ${answer._}`);
    return answer.messages.flatMap((message) => {
      const markup = message._ === 'message' ? message.reply_markup : undefined;
      const type = markup?._ === 'replyInlineMarkup' ? markup.rows[0]?.buttons[0]?.type : undefined;
      const data = type?._ === 'inlineButtonTypeCallback' ? Buffer.from(type.data).toString() : 'none';
      return message._ === 'message' && data === message.message ? [] : [`"${message._ === 'message' ? message.message : message._}" has the keyboard ${data}`];
    });
  }

  get #peer(): tl.inputPeerUser {
    return { _: 'inputPeerUser', user_id: this.#to.userId, access_hash: 0n };
  }
}

/** A bot sends a text with a button to a person. @returns the acknowledged id */
export async function sendWithKeyboard(bot: CrashBot, to: RawAccount, { text, randomId: random_id }: { text: string; randomId: bigint }): Promise<number> {
  const peer = { _: 'inputPeerUser', user_id: to.userId, access_hash: 0n } as const;
  const answer = await bot.account.call<'messages.sendMessage'>({ _: 'messages.sendMessage', peer, message: text, random_id, reply_markup: keyboard(text) });
  if (answer._ === 'updateShortSentMessage') return answer.id;
  const named = answer._ === 'updates' ? answer.updates.find((update) => update._ === 'updateMessageID') : undefined;
  if (named === undefined) throw new Error(`a send is answered by ${answer._}`);
  return named.id;
}

interface InlineSend {
  text: string;
  queryId: bigint;
  randomId: bigint;
  isAcknowledged: boolean;
}

/** A person asks a bot inline and sends its result to another person, without end. */
export class InlineSends {
  readonly #person: RawAccount;
  readonly #to: RawAccount;
  readonly #input: tl.inputUser;
  readonly #all: InlineSend[] = [];
  #asked = 0;

  /** @param input the bot, as the person refers to it */
  constructor(person: RawAccount, to: RawAccount, { bot, input }: { bot: CrashBot; input: tl.inputUser }) {
    this.#person = person;
    this.#to = to;
    this.#input = input;
    bot.answers.push(async (update) => {
      if (update._ !== 'updateBotInlineQuery') return;
      const message = `result of ${update.query}`;
      const send_message = { _: 'inputBotInlineMessageText', message, reply_markup: keyboard(message) } as const;
      const results = [{ _: 'inputBotInlineResult', id: '1', type: 'article', title: message, send_message }] as const;
      await bot.account.call<'messages.setInlineBotResults'>({ _: 'messages.setInlineBotResults', query_id: update.query_id, results: [...results], cache_time: 0 });
    });
  }

  get count(): number {
    return this.#all.length;
  }

  async send(random: Random): Promise<void> {
    const query = `question ${this.#asked++}`;
    const { query_id: queryId } = await this.#person.call<'messages.getInlineBotResults'>({ _: 'messages.getInlineBotResults', bot: this.#input, peer: this.#person.inputPeer(this.#to), query, offset: '' });
    const one: InlineSend = { text: `result of ${query}`, queryId, randomId: random.int63(), isAcknowledged: false };
    this.#all.push(one);
    await this.#send(one);
  }

  async #send(one: InlineSend): Promise<void> {
    const { queryId: query_id, randomId: random_id } = one;
    await this.#person.call<'messages.sendInlineBotResult'>({ _: 'messages.sendInlineBotResult', peer: this.#person.inputPeer(this.#to), query_id, id: '1', random_id });
    one.isAcknowledged = true;
  }

  /** Sends again what was not acknowledged, if the server still knows the results. */
  async repeatOpen(): Promise<void> {
    for (const one of this.#all.filter(({ isAcknowledged }) => !isAcknowledged)) {
      try {
        await this.#send(one);
      } catch (error) {
        if (!(error instanceof RawClientError) || !error.message.includes('INLINE_RESULT_EXPIRED')) throw error;
      }
    }
  }

  /** Checks that sent results are there once on both sides, others on both or on none. @returns what is wrong, in words */
  check(copies: Copies): string[] {
    return this.#all.flatMap(({ text, isAcknowledged }) => {
      const [mine, theirs] = [this.#person, this.#to].map((account) => copies.get(account)!.get(text)?.length ?? 0);
      return mine === theirs && mine! <= 1 && (!isAcknowledged || mine === 1) ? [] : [`${isAcknowledged ? 'acknowledged' : 'unacknowledged'} "${text}" is there ${mine} and ${theirs} times`];
    });
  }
}

/** The id of the message with this text in the chat of a person with a bot. */
export async function findMessage(person: RawAccount, input: tl.inputUser, text: string): Promise<number> {
  const page = { offset_id: 0, offset_date: 0, add_offset: 0, limit: 100, max_id: 0, min_id: 0, hash: 0n };
  const answer = await person.call<'messages.getHistory'>({ _: 'messages.getHistory', peer: peerOf(input), ...page });
  const found = 'messages' in answer ? answer.messages.find((message) => message._ === 'message' && message.message === text) : undefined;
  if (found === undefined) throw new Error(`${person.name} has no "${text}"`);
  return found.id;
}
