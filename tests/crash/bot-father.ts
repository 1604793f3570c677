import { setTimeout as delay } from 'node:timers/promises';
import { RawAccount, type ServerInfo } from '@aerogram/dev-env/load';
import { RawClientError } from '@aerogram/mtproto/client';
import type { Random } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { readHistory } from './chat-history.ts';
import { findUser, peerOf } from './crash-bot.ts';

const POLL_MS = 10;
const REPLY_MS = 30_000;
const TOKEN = /\d+:[\w-]{35}/;
/** Maximum number of bots that are made in one round. */
const MADE_MAX = 3;

/** A bot that was made, and its token as BotFather said it. */
export interface MadeBot {
  username: string;
  token: string;
}

/** Somebody makes bots by talking to BotFather, one after the other. A message without an answer is sent again with its `random_id`. */
export class FatherTalks {
  readonly made: MadeBot[] = [];
  readonly #person: RawAccount;
  readonly #random: Random;
  readonly #peer: tl.InputPeer;
  /** Texts that are still to be said before the bot that is being made is there. */
  #rest: string[] = [];
  #username = '';
  /** What was said last. */
  #said: { text: string; randomId: bigint } | undefined;
  #begun = 0;
  #saidCount = 0;
  #madeNow = 0;

  private constructor(person: RawAccount, random: Random, peer: tl.InputPeer) {
    this.#person = person;
    this.#random = random;
    this.#peer = peer;
  }

  static async begin(person: RawAccount, random: Random): Promise<FatherTalks> {
    return new FatherTalks(person, random, peerOf(await findUser(person, 'BotFather')));
  }

  /** Says something, waits for the reply, and so on until a bot was made. */
  async make(): Promise<void> {
    if (this.#madeNow >= MADE_MAX) return delay(POLL_MS);
    const { made } = this;
    for (const before = made.length; made.length === before; ) await this.#turn();
    this.#madeNow++;
  }

  /** Says other things than `/newbot`. @returns the last reply */
  async say(...texts: string[]): Promise<string> {
    let reply = '';
    for (const text of texts) {
      this.#said = { text, randomId: this.#random.int63() };
      reply = await this.#finish();
    }
    return reply;
  }

  async #turn(): Promise<void> {
    if (this.#said === undefined) {
      if (this.#rest.length === 0) {
        const number = this.#begun++;
        this.#username = `crash_${number}_bot`;
        this.#rest = ['/newbot', `Bot ${number}`, this.#username];
      }
      this.#said = { text: this.#rest.shift()!, randomId: this.#random.int63() };
    }
    const isLast = this.#rest.length === 0;
    const reply = await this.#finish();
    if (!isLast) return;
    const token = TOKEN.exec(reply)?.[0];
    if (token === undefined) throw new Error(`BotFather makes no bot, but says: ${reply}`);
    this.made.push({ username: this.#username, token });
  }

  /** Sends what was said last, perhaps once more, and waits for the reply. */
  async #finish(): Promise<string> {
    const { text, randomId } = this.#said!;
    const { id } = await this.#person.sendTo(this.#peer, text, randomId);
    const page = { offset_id: 0, offset_date: 0, add_offset: 0, limit: 5, max_id: 0, min_id: id, hash: 0n };
    for (const deadline = performance.now() + REPLY_MS; ; await delay(POLL_MS)) {
      const answer = await this.#person.call<'messages.getHistory'>({ _: 'messages.getHistory', peer: this.#peer, ...page });
      const reply = 'messages' in answer ? answer.messages.find((message) => message._ === 'message' && !message.out) : undefined;
      if (reply?._ === 'message') {
        this.#said = undefined;
        this.#saidCount++;
        return reply.message;
      }
      if (performance.now() > deadline) throw new Error(`BotFather does not answer "${text}"`);
    }
  }

  /**
   * Checks after a crash that each message has one reply, behind it, and that each talk has made one bot. It goes on with the talk that was cut off.
   * @returns what is wrong, in words
   */
  async check(): Promise<string[]> {
    if (this.#said !== undefined) await this.#turn();
    this.#madeNow = 0;
    const broken: string[] = [];
    const history = (await readHistory(this.#person, this.#peer)).toReversed();
    const sides = history.map((message) => (message.out === true ? 'i' : 'o')).join('');
    if (sides !== 'io'.repeat(this.#saidCount)) broken.push(`${this.#saidCount} messages to BotFather and replies follow each other as ${sides}`);
    const bots = await this.#person.call<'bots.getAdminedBots'>({ _: 'bots.getAdminedBots' });
    const inOrder = (names: readonly string[]): string => names.toSorted((a, b) => a.localeCompare(b)).join();
    const names = inOrder(bots.map((bot) => (bot._ === 'user' ? String(bot.username) : bot._)));
    const wanted = inOrder(this.made.map(({ username }) => username));
    if (names !== wanted) broken.push(`the bots [${names}] were made, not [${wanted}]`);
    return broken;
  }
}

/** The owner of a bot replaces its token without end. */
export class BotTokens {
  readonly #owner: RawAccount;
  readonly #bot: tl.inputUser;
  #token: string;
  #former: string | undefined;
  #isOpen = false;
  /** How often the token was replaced. */
  count = 0;

  /** @param token as it is at first */
  constructor(owner: RawAccount, bot: tl.inputUser, token: string) {
    this.#owner = owner;
    this.#bot = bot;
    this.#token = token;
  }

  async revoke(): Promise<void> {
    this.#isOpen = true;
    const { token } = await this.#owner.call<'bots.exportBotToken'>({ _: 'bots.exportBotToken', bot: this.#bot, revoke: true });
    this.#replace(token);
    this.#isOpen = false;
  }

  /** Checks that the bot has the token that was acknowledged, which opens the bot, and that the one before it does not. @returns what is wrong, in words */
  async check(server: ServerInfo): Promise<string[]> {
    const broken: string[] = [];
    const { token } = await this.#owner.call<'bots.exportBotToken'>({ _: 'bots.exportBotToken', bot: this.#bot, revoke: false });
    if (token !== this.#token) {
      if (!this.#isOpen) broken.push('the bot has another token than the server had acknowledged');
      this.#replace(token);
    }
    this.#isOpen = false;
    const refused = this.#former === undefined ? 'ACCESS_TOKEN_EXPIRED' : await logInError(server, this.#former);
    if (refused !== 'ACCESS_TOKEN_EXPIRED') broken.push(`a revoked token is answered ${refused}`);
    const error = await logInError(server, token);
    if (error !== undefined) broken.push(`the token of the bot is answered ${error}`);
    return broken;
  }

  #replace(token: string): void {
    this.#former = this.#token;
    this.#token = token;
    this.count++;
  }
}

/** Logs in with a token and out again. @returns the error; undefined if the token is right */
async function logInError(server: ServerInfo, token: string): Promise<string | undefined> {
  try {
    const account = await RawAccount.logInBot(server, token, { name: 'bot' });
    await account.call<'auth.logOut'>({ _: 'auth.logOut' });
    account.disconnect();
    return undefined;
  } catch (error) {
    if (error instanceof RawClientError) return error.message;
    throw error;
  }
}
