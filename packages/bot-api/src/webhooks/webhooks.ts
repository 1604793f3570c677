import type { BotWebhooks, NewWebhook, WebhookRow, WebhookTrouble } from '@aerogram/domain';
import { type Clock, type Counter, type Logger, type Metrics, pause, type Random, type TimerHandle } from '@aerogram/runtime';
import type { Resolve } from '@aerogram/web-fetch';

import type { BotCallWatch } from '../bot-call-watch.ts';
import { BotError, tooManyRequests } from '../bot-error.ts';
import type { BotInbox, Inboxes } from '../updates/inbox.ts';
import { SendSlots } from './send-slots.ts';
import { WebhookAddresses, type WebhookPlaces } from './webhook-address.ts';
import { webhookAttempts } from './webhook-metrics.ts';
import { WebhookPoster } from './webhook-poster.ts';
import { WebhookSender } from './webhook-sender.ts';

/** What the webhooks of a process need. */
export interface WebhooksDeps {
  readonly webhooks: BotWebhooks;
  readonly inboxes: Inboxes;
  readonly config: WebhookPlaces;
  readonly clock: Clock;
  /** Clock of the connections to webhooks. */
  readonly sessionClock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Whether this process answers for a bot. */
  owns(botId: bigint): boolean;
  /** Runs the method of the Bot API that the answer of a webhook contains. */
  runAnswer(botId: bigint, contentType: string, body: Uint8Array): Promise<void>;
  /** Ends the requests of a bot that wait for updates, because a webhook gets them from now on. */
  endPolls(botId: bigint): void;
  /** Stands around what is sent. */
  readonly watch?: BotCallWatch | undefined;
  /** Resolves host names; by default with the machine's DNS servers. */
  resolve?: Resolve;
}

/** What a bot says about its updates with a webhook. */
export interface UpdateWishes {
  /** Whether updates that wait are dropped. */
  dropPending: boolean;
  /** Which kinds of updates the bot wants; undefined for the default. */
  allowed: readonly string[] | undefined | 'unchanged';
}

/** What a bot may know of its webhook. */
export interface WebhookInfo {
  webhook: WebhookRow | undefined;
  trouble: Required<WebhookTrouble> | undefined;
  /** The address that updates are sent to; undefined if it is not known. */
  address: string | undefined;
  /** Number of updates that wait. */
  pending: number;
  /** Which kinds of updates the bot wants; undefined for the default. */
  allowed: readonly string[] | undefined;
}

interface OpenWebhook {
  webhook: WebhookRow;
  inbox: BotInbox & Disposable;
  poster: WebhookPoster;
  sender: WebhookSender;
}

/** How many rows are read at a time, and how many inboxes are opened at the same time. */
const START = { page: 200, opening: 4 } as const;

/** How long a webhook stays closed whose updates another process has read, in milliseconds: while two believe that they answer for the bot, they do not storm. */
const TAKEN_AGAIN_MS = 1000;

/** How often the open webhooks are compared with their rows, in milliseconds: the hint that one has ended may be lost. */
const CHECK_MS = 60_000;

/** The webhooks of the bots that this process answers for. Nothing runs for bots without one. */
export class Webhooks implements AsyncDisposable {
  readonly #deps: WebhooksDeps;
  readonly #addresses: WebhookAddresses;
  readonly #slots = new SendSlots();
  readonly #attempts: Counter<'outcome'>;
  readonly #open = new Map<bigint, OpenWebhook>();
  /** Bots whose webhooks could not be opened, because the database did not answer. */
  readonly #failed = new Set<bigint>();
  /** Bots whose webhooks get nothing until their next request. */
  readonly #paused = new Set<bigint>();
  /** Whether the webhooks of all bots of this process are open. */
  #isComplete = false;
  /** What is done with the webhook of a bot, one after the other. */
  readonly #turns = new Map<bigint, Promise<unknown>>();
  readonly #ending = new AbortController();
  #hints: Disposable | undefined;
  #checks: TimerHandle | undefined;
  #starting: Promise<void> | undefined;

  constructor(deps: WebhooksDeps) {
    this.#deps = deps;
    this.#addresses = new WebhookAddresses(deps.config, deps.resolve);
    this.#attempts = deps.metrics.counter(webhookAttempts);
  }

  /** Begins to open the webhooks of this process, a few at a time. */
  start(): void {
    const { clock, webhooks } = this.#deps;
    this.#hints = webhooks.onChange((botId) => {
      if (this.#open.has(botId)) void this.#check([botId]);
    });
    this.#checks = clock.setInterval(() => void this.#check([...this.#open.keys(), ...this.#failed]), CHECK_MS);
    this.#starting = this.#openAll();
  }

  /** Closes the webhooks of bots that another process answers for from now on, and opens those of bots that this one does. */
  ownersChanged(): void {
    this.#isComplete = false;
    for (const botId of [...this.#open.keys(), ...this.#failed]) if (!this.#deps.owns(botId)) void this.#tryReopen(botId);
    this.#starting = this.#starting?.then(() => this.#openAll());
  }

  /** Whether a bot has a webhook. */
  async has(botId: bigint): Promise<boolean> {
    if (this.#open.has(botId) || this.#failed.has(botId) || this.#paused.has(botId)) return true;
    return !this.#isComplete && (await this.#deps.webhooks.find(botId)) !== undefined;
  }

  /**
   * Sets the webhook of a bot.
   * @param tokenHash of the token by which the bot was recognised
   * @returns `kept` if the bot has exactly this webhook already
   * @throws BotError 400 if the server does not send to this address; 401 if the token is not valid any longer
   */
  doSet(wanted: NewWebhook, tokenHash: Uint8Array, { dropPending, allowed }: UpdateWishes): Promise<'set' | 'kept'> {
    const { webhooks, endPolls, sessionClock: clock } = this.#deps;
    const { bot_id: botId } = wanted;
    return this.#inTurn(botId, async () => {
      // It was on its way when the bot got another owner, who must open the webhook.
      if (!this.#deps.owns(botId)) throw tooManyRequests(1);
      // The request may be older than a pause.
      this.#paused.delete(botId);
      const before = await webhooks.find(botId);
      const isKept = before !== undefined && isSame(before, wanted);
      const poster = isKept && !dropPending ? undefined : new WebhookPoster(wanted, { addresses: this.#addresses, clock });
      let isSet = isKept;
      try {
        await poster?.resolve();
        if (poster !== undefined) await this.#closeWebhook(botId);
        await this.#tell(botId, { dropPending, allowed });
        isSet ||= await webhooks.doSet(wanted, tokenHash);
        if (!isSet) throw new BotError(401, 'Unauthorized');
      } finally {
        if (!isSet) poster?.[Symbol.dispose]();
        await this.#reopen(botId, isSet ? poster : undefined);
      }
      endPolls(botId);
      if (isKept) this.#open.get(botId)?.poster.hurry();
      return isKept ? 'kept' : 'set';
    });
  }

  /** Removes the webhook of a bot. @returns whether there was one */
  doRemove(botId: bigint, wishes: UpdateWishes): Promise<boolean> {
    return this.#inTurn(botId, async () => {
      const wasThere = await this.#deps.webhooks.doRemove(botId);
      await this.#closeWebhook(botId);
      await this.#tell(botId, wishes);
      return wasThere;
    });
  }

  /** Sends nothing to the webhook of a bot, until {@link Webhooks.resume} or the next start of the server. */
  pause(botId: bigint): Promise<void> {
    return this.#inTurn(botId, async () => {
      if (!(await this.has(botId))) return;
      this.#paused.add(botId);
      this.#failed.delete(botId);
      await this.#closeWebhook(botId);
    });
  }

  /** Sends to the webhook of a bot again. Never rejects. */
  async resume(botId: bigint): Promise<void> {
    if (this.#paused.delete(botId)) await this.#tryReopen(botId);
  }

  /** What a bot may know of its webhook. */
  async find(botId: bigint): Promise<WebhookInfo> {
    const webhook = await this.#deps.webhooks.find(botId);
    const open = this.#open.get(botId);
    const isOpen = webhook !== undefined && open?.webhook.url === webhook.url;
    return {
      webhook,
      trouble: isOpen ? open.sender.trouble : webhook,
      address: isOpen ? open.poster.address : undefined,
      ...(await this.#withInbox(botId, async (inbox) => ({ pending: await inbox.count(), allowed: inbox.allowed }))),
    };
  }

  /** Sends nothing more, and waits for the answers that are outstanding. */
  async drain(signal: AbortSignal): Promise<void> {
    this.#ending.abort();
    await Promise.all([...this.#open.values()].map(({ sender }) => sender.drain(signal)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    this.#hints?.[Symbol.dispose]();
    this.#checks?.cancel();
    await this.#starting;
    await Promise.all([...this.#open.keys()].map((botId) => this.#inTurn(botId, () => this.#closeWebhook(botId))));
  }

  /** Opens all webhooks of this process. It goes on where it was when the database has failed. */
  async #openAll(): Promise<void> {
    const { webhooks, owns, log, clock } = this.#deps;
    let after = 0n;
    while (!this.#ending.signal.aborted) {
      try {
        const rows = await webhooks.list(after, START.page);
        const own = rows.filter(({ bot_id: botId }) => owns(botId));
        for (let at = 0; at < own.length; at += START.opening) {
          if (this.#ending.signal.aborted) return;
          await Promise.all(own.slice(at, at + START.opening).map((row) => this.#tryReopen(row.bot_id)));
        }
        if (rows.length < START.page) {
          this.#isComplete = true;
          return;
        }
        after = rows.at(-1)!.bot_id;
      } catch (error) {
        log.warn({ err: error }, 'webhooks could not be listed');
        await pause(clock, 1000, this.#ending.signal);
      }
    }
  }

  /** Ends the webhooks that have no row any longer, and opens those that could not be opened before. */
  async #check(botIds: readonly bigint[]): Promise<void> {
    try {
      for (let at = 0; at < botIds.length; at += START.page) {
        const some = botIds.slice(at, at + START.page);
        const there = new Set((await this.#deps.webhooks.findAll(some)).map(({ bot_id: botId }) => botId));
        for (const botId of some) if (!there.has(botId) || this.#failed.has(botId)) await this.#tryReopen(botId);
      }
    } catch (error) {
      this.#deps.log.warn({ err: error }, 'webhooks could not be compared with their rows');
    }
  }

  /** Opens or closes a webhook as its row says. What fails is tried again with the next comparison. Never rejects. */
  async #tryReopen(botId: bigint): Promise<void> {
    try {
      await this.#inTurn(botId, () => this.#reopen(botId));
    } catch (error) {
      this.#deps.log.warn({ err: error, userId: botId }, 'a webhook could not be opened');
    }
  }

  /** Opens or closes a webhook as its row says, or closes it because another process answers for the bot. @param poster made for this row */
  async #reopen(botId: bigint, poster?: WebhookPoster): Promise<void> {
    try {
      const webhook = this.#deps.owns(botId) ? await this.#deps.webhooks.find(botId) : undefined;
      if (webhook === undefined) await this.#closeWebhook(botId);
      if (webhook === undefined || this.#open.has(botId) || this.#paused.has(botId) || this.#ending.signal.aborted) poster?.[Symbol.dispose]();
      else await this.#openWebhook(webhook, poster ?? new WebhookPoster(webhook, { addresses: this.#addresses, clock: this.#deps.sessionClock }));
      this.#failed.delete(botId);
    } catch (error) {
      this.#failed.add(botId);
      poster?.[Symbol.dispose]();
      throw error;
    }
  }

  async #openWebhook(webhook: WebhookRow, poster: WebhookPoster): Promise<void> {
    const { bot_id: botId } = webhook;
    const { inboxes, webhooks, clock, random, log, watch, runAnswer } = this.#deps;
    const inbox = await inboxes.open(botId);
    const sender = new WebhookSender({
      webhook, inbox, poster, slots: this.#slots, clock, random, log, watch, runAnswer,
      noteTrouble: (row, trouble) => webhooks.doNoteTrouble(row, trouble),
      onGone: (row) => void this.#removeGone(row),
      onTaken: (row) => void this.#taken(row.bot_id),
      count: (outcome) => this.#attempts.inc({ outcome }),
    });
    this.#open.set(botId, { webhook, inbox, poster, sender });
  }

  /** Another process has read the updates of a bot. If this one still answers for the bot, it was the other's turn before, and the webhook is opened again. */
  async #taken(botId: bigint): Promise<void> {
    await this.#inTurn(botId, () => this.#closeWebhook(botId));
    if (!this.#deps.owns(botId)) return;
    await pause(this.#deps.clock, TAKEN_AGAIN_MS, this.#ending.signal);
    await this.#tryReopen(botId);
  }

  async #closeWebhook(botId: bigint): Promise<void> {
    const open = this.#open.get(botId);
    if (open === undefined) return;
    this.#open.delete(botId);
    const ended = open.sender[Symbol.asyncDispose]();
    open.poster[Symbol.dispose]();
    await ended;
    open.inbox[Symbol.dispose]();
  }

  async #removeGone({ bot_id: botId, url }: WebhookRow): Promise<void> {
    const { webhooks, log } = this.#deps;
    try {
      await this.#inTurn(botId, async () => {
        if (await webhooks.doRemove(botId, url)) log.info({ userId: botId }, 'a webhook that is gone was removed');
        await this.#reopen(botId);
      });
    } catch (error) {
      log.warn({ err: error, userId: botId }, 'a webhook that is gone could not be removed');
    }
  }

  async #tell(botId: bigint, { dropPending, allowed }: UpdateWishes): Promise<void> {
    if (!dropPending && allowed === 'unchanged') return;
    await this.#withInbox(botId, async (inbox) => {
      if (allowed !== 'unchanged') await inbox.setAllowed(allowed);
      if (dropPending) await inbox.drop();
    });
  }

  async #withInbox<T>(botId: bigint, use: (inbox: BotInbox) => Promise<T>): Promise<T> {
    const open = this.#open.get(botId);
    if (open !== undefined) return use(open.inbox);
    using inbox = await this.#deps.inboxes.open(botId);
    return await use(inbox);
  }

  #inTurn<T>(botId: bigint, work: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(botId) ?? Promise.resolve();
    const turn = before.then(work, work);
    this.#turns.set(botId, turn);
    const end = (): void => {
      if (this.#turns.get(botId) === turn) this.#turns.delete(botId);
    };
    turn.then(end, end);
    return turn;
  }
}

/** Whether a bot asks for the webhook that it has. Pure. */
function isSame(before: WebhookRow, { url, secret, certificate, ip_address, max_connections }: NewWebhook): boolean {
  return (
    certificate === null && before.certificate === null && before.url === url && before.secret === secret && before.ip_address === ip_address && before.max_connections === max_connections
  );
}
