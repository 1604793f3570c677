import type { RecordedCall } from '../control/call-stream.ts';
import { traceCaller } from '../control/caller-trace.ts';
import { CloudError } from '../control/cloud-error.ts';
import { formatSpan, type Span } from '../span.ts';
import type { HasChat } from './chat.ts';
import type { SetLink } from './set-link.ts';
import { toTimeoutMs } from './waiting.ts';

/** How many of the calls that came instead an error names. */
const SHOWN_CALLS = 20;

/** How a new bot is called. What is left out is made up. */
export interface BotOptions {
  /** Ends with `bot`, without `@`. */
  username?: string;
  name?: string;
}

/** A bot as the control API makes it. */
export interface NewBot {
  id: string;
  username: string;
  name: string;
  token: string;
}

interface CallWaiter {
  isWanted(call: RecordedCall): boolean;
  resolve(call: RecordedCall): void;
}

/**
 * A bot of the cloud. The program under test logs in with its `token`, at the root URL `apiRoot`.
 *
 * @example
 * const bot = await cloud.bot();
 * const app = new grammy.Bot(bot.token, { client: { apiRoot: bot.apiRoot } });
 */
export class Bot implements HasChat {
  readonly id: string;
  readonly chat: string;
  readonly username: string;
  readonly name: string;
  readonly token: string;
  /** Root URL of the Bot API, without a slash at its end. */
  readonly apiRoot: string;
  /** All calls of the Bot API that this bot has made so far, in the order in which they ended. It grows by itself, and is never behind an awaited function of this package. */
  readonly calls: RecordedCall[] = [];
  readonly #link: SetLink;
  readonly #waiters = new Set<CallWaiter>();
  /** How many of `calls` were seen by `nextCall`. */
  #seen = 0;

  /** Made by `cloud.bot`. */
  constructor(link: SetLink, bot: NewBot, apiRoot: string) {
    this.#link = link;
    this.id = bot.id;
    this.chat = bot.id;
    this.username = bot.username;
    this.name = bot.name;
    this.token = bot.token;
    this.apiRoot = apiRoot;
  }

  /** Takes a call from the stream. @internal */
  record(call: RecordedCall): void {
    this.calls.push(call);
    for (const waiter of this.#waiters) {
      if (!waiter.isWanted(call)) continue;
      this.#seen = this.calls.length;
      this.#waiters.delete(waiter);
      waiter.resolve(call);
      return;
    }
  }

  /**
   * Waits for a call of this bot that no person can see, such as `setMyCommands`. Calls that came before count too, if they are later than the last one that `nextCall` returned.
   * @param method or a function that is given each call
   * @param options.timeout how long to wait; 4 s by default, at most a minute
   * @throws CloudError `timeout` with the methods that the bot has called meanwhile
   * @example await bot.nextCall('setMyCommands');
   */
  async nextCall(method: string | ((call: RecordedCall) => boolean), options: { timeout?: Span } = {}): Promise<RecordedCall> {
    const trace = traceCaller();
    const timeoutMs = toTimeoutMs(options.timeout, trace);
    const isWanted = typeof method === 'string' ? (call: RecordedCall) => call.method.toLowerCase() === method.toLowerCase() : method;
    const first = this.#seen;
    const known = this.calls.findIndex((call, index) => index >= first && isWanted(call));
    if (known !== -1) {
      this.#seen = known + 1;
      return this.calls[known]!;
    }
    return new Promise((resolve, reject) => {
      const waiter: CallWaiter = { isWanted, resolve: (call) => (clearTimeout(timer), resolve(call)) };
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter);
        const what = typeof method === 'string' ? method : 'a call that fits the function';
        const others = this.calls.slice(first).slice(-SHOWN_CALLS).map((call) => call.method);
        reject(new CloudError('timeout', `waited ${formatSpan(timeoutMs)} for ${what} of @${this.username}, which called ${others.length === 0 ? 'nothing' : others.join(', ')}`, {}, trace));
      }, timeoutMs);
      this.#waiters.add(waiter);
    });
  }

  /**
   * Sets what the bot gets in groups: with privacy on, as new bots have it, only commands, replies to it and messages that mention it.
   * @throws CloudError
   * @example await bot.setPrivacy(false);
   */
  async setPrivacy(on: boolean): Promise<void> {
    await this.#link.call('bots.setPrivacy', { bot: this.id, on }, traceCaller());
  }

  /**
   * Turns inline queries on, which they are for new bots, or off.
   * @param placeholder text in the empty input line after the bot's username; null turns inline queries off
   * @throws CloudError
   * @example await bot.setInline('Search songs');
   */
  async setInline(placeholder: string | null): Promise<void> {
    await this.#link.call('bots.setInline', { bot: this.id, placeholder }, traceCaller());
  }

  /**
   * Deletes the bot: its token works no more, and its username is free.
   * @throws CloudError
   * @example await bot.delete();
   */
  async delete(): Promise<void> {
    await this.#link.call('bots.delete', { bot: this.id }, traceCaller());
  }
}
