import type { Domain } from '@aerogram/domain';
import { type Clock, type Logger, pause, RecentMap, type TimerHandle } from '@aerogram/runtime';

import { BotError, loggedOutError } from '../bot-error.ts';
import type { AllowedUpdates } from './allowed-updates.ts';
import { type BotInbox, type Inboxes, InboxTaken, type StoredUpdate } from './inbox.ts';

/** What a poller asks for. */
export interface PollRequest {
  /** Of the token by which the bot was recognised. A poller does not wait longer than its token is valid. */
  tokenHash: Uint8Array;
  /** Checks that the token is valid now, before updates are handed out: the hint of a change may come later than an update. @throws BotError 401 */
  checkToken(): Promise<void>;
  /** From which update on; negative to keep only so many of the last ones; 0 for all. */
  offset: number;
  /** 1–100. */
  limit: number;
  /** How long to wait for an update, in milliseconds. */
  timeoutMs: number;
  /** Which kinds of updates the bot wants from now on. */
  allowed: AllowedUpdates | 'unchanged';
}

export interface ReceiversDeps {
  inboxes: Inboxes;
  tokens: Pick<Domain['auth']['botTokens'], 'listEnded'>;
  clock: Clock;
  log: Logger;
  /** Whether this process answers for a bot. */
  owns(botId: bigint): boolean;
  /** Whether the updates of a bot go to a webhook. */
  hasWebhook(botId: bigint): Promise<boolean>;
  /** Calls back when a bot has changed, for example because its token was revoked. Calls may be lost. */
  onBotChange(listener: (botId: bigint) => void): Disposable;
}

interface Waiting {
  tokenHash: Uint8Array;
  /** Ends the poll. */
  end: (how: PollEnd) => void;
}

/** How often the tokens of all pollers that wait are compared with the database, in milliseconds: the hint of a change may be lost. */
const TOKEN_CHECK_MS = 2000;
/** Tokens that one statement compares. */
const TOKEN_BATCH = 5000;

/** Poller and webhook compete for the updates of a bot. A second refusal within this time is delayed by it, so that two programs with one token do not storm. */
const CONFLICT_MS = 3000;
/** Bots whose last conflict is known. */
const CONFLICTS_MAX = 10_000;

const OTHER_POLLER = 'terminated by other getUpdates request; make sure that only one bot instance is running';
const NEW_WEBHOOK = 'terminated by setWebhook request';
const ACTIVE_WEBHOOK = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";

/** Who gets the updates of bots by asking for them: at most one poller per bot waits. */
export class Receivers implements Disposable {
  readonly #deps: ReceiversDeps;
  /** The poll of each bot that waits. */
  readonly #waiting = new Map<bigint, Waiting>();
  readonly #changes: Disposable;
  #tokenChecks: TimerHandle | undefined;
  /** When a poller of a bot was refused last, by the monotonic clock. */
  readonly #conflicts = new RecentMap<bigint, number>(CONFLICTS_MAX);
  #isEnded = false;

  constructor(deps: ReceiversDeps) {
    this.#deps = deps;
    this.#changes = deps.onBotChange((botId) => {
      if (this.#waiting.has(botId)) void this.#checkTokens([botId]);
    });
  }

  /**
   * Returns the next updates of a bot, and waits for one if there is none. A poller that waits already is refused.
   * @param signal fires when the poller is gone
   * @throws BotError 400 if the bot logs out meanwhile; 401 if its token is revoked, or the bot deleted; 409
   */
  async poll(botId: bigint, request: PollRequest, signal: AbortSignal): Promise<StoredUpdate[]> {
    if (await this.#deps.hasWebhook(botId)) return this.#refuse(botId, ACTIVE_WEBHOOK, signal);
    this.#waiting.get(botId)?.end({ conflict: OTHER_POLLER });
    try {
      using inbox = await this.#deps.inboxes.open(botId);
      if (request.allowed !== 'unchanged') await inbox.setAllowed(request.allowed);
      const from = await confirm(inbox, request.offset);
      const updates = await this.#next(botId, inbox, { ...request, from }, signal);
      await request.checkToken();
      return updates;
    } catch (error) {
      // Another process answers for the bot now: the poller asks that one next, or there are two pollers.
      if (error instanceof InboxTaken && !this.#deps.owns(botId)) return [];
      if (error instanceof InboxTaken) return this.#refuse(botId, OTHER_POLLER, signal);
      if (error instanceof Conflict) return this.#refuse(botId, error.message, signal);
      throw error;
    }
  }

  /** Ends the poll of a bot for which a webhook was set. */
  webhookSet(botId: bigint): void {
    this.#waiting.get(botId)?.end({ conflict: NEW_WEBHOOK });
  }

  /** Ends the poll of a bot. @param error what the poller is answered; by default that there are no updates */
  end(botId: bigint, error?: BotError): void {
    this.#waiting.get(botId)?.end({ error });
  }

  /** Ends the polls of bots that another process answers for from now on. The pollers ask again. */
  ownersChanged(): void {
    for (const [botId, { end }] of this.#waiting) if (!this.#deps.owns(botId)) end({});
  }

  /** Ends all polls without updates: the server stops, and the pollers ask again. */
  [Symbol.dispose](): void {
    this.#isEnded = true;
    this.#changes[Symbol.dispose]();
    for (const { end } of this.#waiting.values()) end({});
  }

  async #next(botId: bigint, inbox: BotInbox, { from, limit, timeoutMs, tokenHash }: PollRequest & { from: number }, signal: AbortSignal): Promise<StoredUpdate[]> {
    const { clock } = this.#deps;
    const endMs = clock.monotonicMs() + timeoutMs;
    let ended: PollEnd | undefined;
    let wake = (): void => undefined;
    const end = (how: PollEnd): void => {
      ended ??= how;
      wake();
    };
    const waiting: Waiting = { tokenHash, end };
    const endWithoutUpdates = (): void => end({});
    using _listening = inbox.onArrival(() => wake());
    signal.addEventListener('abort', endWithoutUpdates);
    try {
      for (;;) {
        const woken = new Promise<void>((resolve) => (wake = resolve));
        const updates = await inbox.list(from, limit);
        if (ended?.error !== undefined) throw ended.error;
        if (ended?.conflict !== undefined) throw new Conflict(ended.conflict);
        if (updates.length > 0) return updates;
        const leftMs = endMs - clock.monotonicMs();
        if (ended !== undefined || signal.aborted || this.#isEnded || leftMs <= 0) return [];
        // Whoever waits is the only one.
        const other = this.#waiting.get(botId);
        if (other !== waiting) other?.end({ conflict: OTHER_POLLER });
        this.#waiting.set(botId, waiting);
        this.#tokenChecks ??= clock.setInterval(() => void this.#checkTokens([...this.#waiting.keys()]), TOKEN_CHECK_MS);
        const timer = clock.setTimeout(wake, leftMs);
        await woken;
        timer.cancel();
      }
    } finally {
      signal.removeEventListener('abort', endWithoutUpdates);
      if (this.#waiting.get(botId) === waiting) this.#waiting.delete(botId);
      if (this.#waiting.size === 0) this.#stopTokenChecks();
    }
  }

  #stopTokenChecks(): void {
    this.#tokenChecks?.cancel();
    this.#tokenChecks = undefined;
  }

  /** Ends the polls whose tokens are not valid any longer, and those of bots that have logged out, which another node may have been asked. Never rejects. */
  async #checkTokens(botIds: readonly bigint[]): Promise<void> {
    try {
      for (let at = 0; at < botIds.length; at += TOKEN_BATCH) {
        const polls = new Map(botIds.slice(at, at + TOKEN_BATCH).flatMap((botId) => (this.#waiting.has(botId) ? [[botId, this.#waiting.get(botId)!]] : [])));
        const hashes = new Map([...polls].map(([botId, { tokenHash }]) => [botId, tokenHash]));
        // Polls that have begun meanwhile may have a newer token.
        for (const [botId, why] of await this.#deps.tokens.listEnded(hashes)) polls.get(botId)!.end({ error: why === 'revoked' ? new BotError(401, 'Unauthorized') : loggedOutError() });
      }
    } catch (error) {
      this.#deps.log.warn({ err: error }, 'the tokens of bots that wait for updates could not be checked');
    }
  }

  /** Refuses a poller: at once, or later if that has just happened. */
  async #refuse(botId: bigint, why: string, signal: AbortSignal): Promise<never> {
    const { clock } = this.#deps;
    const nowMs = clock.monotonicMs();
    const isSecond = nowMs - (this.#conflicts.get(botId) ?? -Infinity) < CONFLICT_MS;
    this.#conflicts.set(botId, nowMs);
    if (isSecond) await pause(clock, CONFLICT_MS, signal);
    throw new BotError(409, `Conflict: ${why}`);
  }
}

/** Why a poll ends without updates; by default it has just none. */
interface PollEnd {
  /** Why another poller, or a webhook, gets the updates. */
  conflict?: string;
  error?: BotError | undefined;
}

class Conflict extends Error {}

/**
 * Confirms what an offset says that the bot has.
 * @returns the id from which on the bot wants updates
 */
async function confirm(inbox: BotInbox, offset: number): Promise<number> {
  if (offset < 0) {
    await inbox.keepLast(-offset);
    return 0;
  }
  // No update has such an id: the offset comes from elsewhere.
  if (offset > inbox.nextId) return 0;
  if (offset > 0) await inbox.confirmBefore(offset);
  return offset;
}
