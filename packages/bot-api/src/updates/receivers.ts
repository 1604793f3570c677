import { type Clock, RecentMap } from '@aerogram/runtime';

import { BotError } from '../bot-error.ts';
import { readAllowed } from './allowed-updates.ts';
import { type BotInbox, type Inboxes, InboxTaken, type StoredUpdate } from './inbox.ts';

/** What a poller asks for. */
export interface PollRequest {
  /** From which update on; negative to keep only so many of the last ones; 0 for all. */
  offset: number;
  /** 1–100. */
  limit: number;
  /** How long to wait for an update, in milliseconds. */
  timeoutMs: number;
  /** `allowed_updates` as it came; '' if it is absent. */
  allowed: string;
}

export interface ReceiversDeps {
  inboxes: Inboxes;
  clock: Clock;
  /** Whether the updates of a bot go to a webhook. */
  hasWebhook(botId: bigint): Promise<boolean>;
}

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
  /** Ends the poll of each bot that waits. */
  readonly #waiting = new Map<bigint, (end: PollEnd) => void>();
  /** When a poller of a bot was refused last, by the monotonic clock. */
  readonly #conflicts = new RecentMap<bigint, number>(CONFLICTS_MAX);
  #isEnded = false;

  constructor(deps: ReceiversDeps) {
    this.#deps = deps;
  }

  /**
   * Returns the next updates of a bot, and waits for one if there is none. A poller that waits already is refused.
   * @param signal fires when the poller is gone
   * @throws BotError 409
   */
  async poll(botId: bigint, request: PollRequest, signal: AbortSignal): Promise<StoredUpdate[]> {
    if (await this.#deps.hasWebhook(botId)) return this.#refuse(botId, ACTIVE_WEBHOOK, signal);
    this.#waiting.get(botId)?.({ conflict: OTHER_POLLER });
    try {
      using inbox = await this.#deps.inboxes.open(botId);
      const allowed = readAllowed(request.allowed);
      if (allowed !== 'unchanged') await inbox.setAllowed(allowed);
      const from = await confirm(inbox, request.offset);
      return await this.#next(botId, inbox, { ...request, from }, signal);
    } catch (error) {
      // Another process answers for the bot now.
      if (error instanceof InboxTaken) return this.#refuse(botId, OTHER_POLLER, signal);
      if (error instanceof Conflict) return this.#refuse(botId, error.message, signal);
      throw error;
    }
  }

  /** Ends the poll of a bot for which a webhook was set. */
  webhookSet(botId: bigint): void {
    this.#waiting.get(botId)?.({ conflict: NEW_WEBHOOK });
  }

  /** Ends all polls without updates: the server stops, and the pollers ask again. */
  [Symbol.dispose](): void {
    this.#isEnded = true;
    for (const end of this.#waiting.values()) end({});
  }

  async #next(botId: bigint, inbox: BotInbox, { from, limit, timeoutMs }: PollRequest & { from: number }, signal: AbortSignal): Promise<StoredUpdate[]> {
    const { clock } = this.#deps;
    const endMs = clock.monotonicMs() + timeoutMs;
    let ended: PollEnd | undefined;
    let wake = (): void => undefined;
    const end = (how: PollEnd): void => {
      ended ??= how;
      wake();
    };
    const endWithoutUpdates = (): void => end({});
    using _listening = inbox.onArrival(() => wake());
    signal.addEventListener('abort', endWithoutUpdates);
    try {
      for (;;) {
        const woken = new Promise<void>((resolve) => (wake = resolve));
        const updates = await inbox.list(from, limit);
        if (updates.length > 0 && ended?.conflict === undefined) return updates;
        if (ended?.conflict !== undefined) throw new Conflict(ended.conflict);
        const leftMs = endMs - clock.monotonicMs();
        if (ended !== undefined || signal.aborted || this.#isEnded || leftMs <= 0) return [];
        // Whoever waits is the only one.
        const other = this.#waiting.get(botId);
        if (other !== end) other?.({ conflict: OTHER_POLLER });
        this.#waiting.set(botId, end);
        const timer = clock.setTimeout(wake, leftMs);
        await woken;
        timer.cancel();
      }
    } finally {
      signal.removeEventListener('abort', endWithoutUpdates);
      if (this.#waiting.get(botId) === end) this.#waiting.delete(botId);
    }
  }

  /** Refuses a poller: at once, or later if that has just happened. */
  async #refuse(botId: bigint, why: string, signal: AbortSignal): Promise<never> {
    const { clock } = this.#deps;
    const nowMs = clock.monotonicMs();
    const isSecond = nowMs - (this.#conflicts.get(botId) ?? -Infinity) < CONFLICT_MS;
    this.#conflicts.set(botId, nowMs);
    if (isSecond) await passes(clock, CONFLICT_MS, signal);
    throw new BotError(409, `Conflict: ${why}`);
  }
}

/** Why a poll ends without updates; without a conflict it has just none. */
interface PollEnd {
  conflict?: string;
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

/** Waits, unless the client goes. */
async function passes(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const end = (): void => {
      timer.cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = clock.setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
