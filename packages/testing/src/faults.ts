import type { Bot } from './actors/bot.ts';
import type { SetLink } from './actors/set-link.ts';
import { traceCaller, type CallerTrace } from './control/caller-trace.ts';
import { type Span, spanMs } from './span.ts';

/** Which calls of a bot go wrong. */
export interface FaultChoice {
  /** Only calls of this method, such as `sendMessage`. */
  method?: string;
  /** Only calls whose parameters contain this text. */
  contains?: string;
  /** How often it happens: once by default; 0 for always, until it is removed. */
  times?: number;
}

/** How a call is refused. */
export interface ErrorFault extends FaultChoice {
  /** HTTP status and `error_code`: 429 if `retryAfter` is given, otherwise 500. */
  code?: number;
  /** Text of the error; the usual one of the code by default. */
  description?: string;
  /** After how many seconds the bot may try again. */
  retryAfter?: number;
}

/** A fault that was added. */
export interface Fault {
  readonly id: string;
  /** Ends it. @example await fault.remove(); */
  remove(): Promise<void>;
}

/** Makes calls of bots, and what the cloud posts to their webhooks, go wrong on purpose. */
export class Faults {
  readonly #link: SetLink;

  /** Made by `startCloud` and `set`. */
  constructor(link: SetLink) {
    this.#link = link;
  }

  /**
   * Refuses calls of a bot; what they ask for does not happen.
   * @example await cloud.faults.error(bot, { method: 'sendMessage', retryAfter: 3 });
   */
  async error(bot: Bot, options: ErrorFault = {}): Promise<Fault> {
    const { retryAfter, code = retryAfter === undefined ? 500 : 429, description, ...choice } = options;
    return this.#add(bot, traceCaller(), choice, { kind: 'error', code, description, retryAfter });
  }

  /**
   * Answers calls of a bot late.
   * @param options.delay how long each waits, in real time
   * @example await cloud.faults.slow(bot, { delay: '3s' });
   */
  async slow(bot: Bot, options: FaultChoice & { delay: Span }): Promise<Fault> {
    const trace = traceCaller();
    const { delay, ...choice } = options;
    return this.#add(bot, trace, choice, { kind: 'slow', delayMs: spanMs(delay, trace) });
  }

  /**
   * Cuts the connection of calls of a bot instead of answering them.
   * @example await cloud.faults.cut(bot, { method: 'getUpdates' });
   */
  async cut(bot: Bot, options: FaultChoice = {}): Promise<Fault> {
    return this.#add(bot, traceCaller(), options, { kind: 'cut' });
  }

  /**
   * Posts updates to the webhook of a bot twice.
   * @example await cloud.faults.webhookTwice(bot, { times: 0 });
   */
  async webhookTwice(bot: Bot, options: Omit<FaultChoice, 'method'> = {}): Promise<Fault> {
    return this.#add(bot, traceCaller(), options, { kind: 'twice' });
  }

  /**
   * Posts updates to the webhook of a bot late.
   * @param options.delay how long each waits
   * @example await cloud.faults.webhookLate(bot, { delay: '2s' });
   */
  async webhookLate(bot: Bot, options: Omit<FaultChoice, 'method'> & { delay: Span }): Promise<Fault> {
    const trace = traceCaller();
    const { delay, ...choice } = options;
    return this.#add(bot, trace, choice, { kind: 'late', delayMs: spanMs(delay, trace) });
  }

  /**
   * Removes the faults of a bot, or of all bots of this set.
   * @example await cloud.faults.clear();
   */
  async clear(bot?: Bot): Promise<void> {
    await this.#link.call('faults.clear', bot === undefined ? {} : { bot: bot.id }, traceCaller());
  }

  async #add(bot: Bot, trace: CallerTrace, { method, contains, times }: FaultChoice, fault: object): Promise<Fault> {
    const when = method === undefined && contains === undefined ? {} : { when: { method, contains } };
    const { fault: id } = await this.#link.call<{ fault: string }>('faults.add', { bot: bot.id, fault: { ...when, times, ...fault } }, trace);
    return { id, remove: async () => void (await this.#link.call('faults.remove', { fault: id }, traceCaller())) };
  }
}
