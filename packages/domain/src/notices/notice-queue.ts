import { isMarkedUser } from '@aerogram/cluster';
import type { Clock, Logger, TimerHandle } from '@aerogram/runtime';

import type { PushDeviceRow } from '../auth/index.ts';
import type { BoxHint, MessagePlace } from '../events/index.ts';
import type { DecideDeps } from './decide-deps.ts';
import { type Decided, decideNotices } from './decide-notices.ts';
import { decideReactions, type ReactionNoticeDeps } from './reaction-notice.ts';
import { callNoticesBack, findOwnersOfSent } from './sent-notice-store.ts';

/** How long after a change it is decided who is told, in milliseconds: devices that are connected acknowledge meanwhile. As `notify_default_delay_ms`, which clients are told. */
const DECIDE_AFTER_MS = 1500;
/** The pause after a batch that could not be decided, in milliseconds. */
const RETRY_MS = 5000;
/** Owners decided at once. */
const BATCH = 32;
/** Maximum number of messages of one author that wait because their reactions have changed. Reactions to further messages bring no notice. */
const REACTED_MAX = 100;
/** Most owners that are known to have devices, and that wait. Those beyond are found by the recurring job. */
const OWNERS_MAX = 1_000_000;

interface NoticeQueueDeps extends DecideDeps, ReactionNoticeDeps {
  clock: Clock;
  log: Logger;
  /** Called with when the next notice is due. */
  onDue(dueMs: number): void;
  /** Called with a user who has joined or left supergroups or channels. */
  follow(owner: bigint): Promise<void>;
  wake(device: PushDeviceRow): void;
}

/** Decides about the notices of those whose boxes this process writes, and who have devices. */
export class NoticeQueue implements AsyncDisposable {
  readonly #deps: NoticeQueueDeps;
  /** Everybody who has a device, as far as this process knows. */
  readonly #owners = new Set<bigint>();
  /** Users who have joined or left something since the last look. */
  readonly #moved = new Set<bigint>();
  /** Messages of which the reactions have changed, by their authors. Lost with this process: a reaction is no message. */
  readonly #reacted = new Map<bigint, Map<string, MessagePlace>>();
  /** Owners to decide about, with when that is due; earliest first. */
  readonly #waiting = new Map<bigint, number>();
  #timer: TimerHandle | undefined;
  #deciding: Promise<void> | undefined;
  #isClosed = false;

  constructor(deps: NoticeQueueDeps) {
    this.#deps = deps;
  }

  /** Notes that somebody has a device. */
  add(owner: bigint): void {
    if (this.#owners.size < OWNERS_MAX) this.#owners.add(owner);
  }

  /** Notes that a box has changed. Costs one look-up for those without devices. */
  touch(owner: bigint, hint: Pick<BoxHint, 'events'>): void {
    if (!this.#owners.has(owner)) return;
    if (hint.events.some((event) => event.kind === 'update' && event.update._ === 'updateChannel')) this.#moved.add(owner);
    for (const event of hint.events) if (event.kind === 'update' && event.update._ === 'updateMessageReactions' && event.update.peer._ !== 'peerChannel') this.noteReaction(owner, { owner, msgId: event.update.msg_id });
    this.look(owner);
  }

  /** Notes that the reactions to a message of somebody have changed. @param place in the box of the author, or in a supergroup */
  noteReaction(author: bigint, place: MessagePlace): void {
    if (!this.#owners.has(author)) return;
    const places = this.#reacted.get(author) ?? new Map<string, MessagePlace>();
    if (places.size < REACTED_MAX) this.#reacted.set(author, places.set(`${place.owner}:${place.msgId}`, place));
    this.look(author);
  }

  /** Decides about an owner soon. */
  look(owner: bigint): void {
    if (this.#waiting.size >= OWNERS_MAX) return;
    if (!this.#waiting.has(owner)) this.#waiting.set(owner, this.#deps.clock.monotonicMs() + DECIDE_AFTER_MS);
    this.#schedule(DECIDE_AFTER_MS);
  }

  /** Decides about an owner soon of whom another process knew that the box has changed, and may have died: so it is not known either whether the owner has joined or left anything. */
  lookAgain(owner: bigint): void {
    if (isMarkedUser(owner)) this.#moved.add(owner);
    this.look(owner);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    await this.#deciding;
  }

  #schedule(ms: number): void {
    if (this.#isClosed || this.#waiting.size === 0 || this.#timer || this.#deciding) return;
    this.#timer = this.#deps.clock.setTimeout(() => {
      this.#timer = undefined;
      this.#deciding = this.#decideDue().then((pauseMs) => {
        this.#deciding = undefined;
        this.#schedule(pauseMs);
      });
    }, ms);
  }

  /** Has devices told that what they were told of was read, deleted or edited. @returns whether there is anything */
  async #callBack(owners: readonly bigint[]): Promise<boolean> {
    const { db, clock } = this.#deps;
    const told = await findOwnersOfSent(db, owners);
    return told.length > 0 && (await db.transact('call-notices-back', (tx) => callNoticesBack(tx, told, clock.nowMs())));
  }

  /** Has the notices that were written sent when they are due, and wakes the sessions of apps. */
  #tell({ dueMs, woken }: Pick<Decided, 'dueMs' | 'woken'>): void {
    if (dueMs !== undefined) this.#deps.onDue(dueMs);
    for (const device of woken) this.#deps.wake(device);
  }

  /** Has notices of messages taken back that were read, deleted or edited since, and decides which devices are told of reactions. After an error, all of that is tried again in some seconds. Never rejects. */
  async #decideMore(batch: readonly bigint[]): Promise<void> {
    const { clock, log, onDue } = this.#deps;
    const reacted = new Map<bigint, MessagePlace[]>();
    for (const owner of batch) {
      const places = this.#reacted.get(owner);
      if (places !== undefined) reacted.set(owner, [...places.values()]);
      this.#reacted.delete(owner);
    }
    try {
      if (await this.#callBack(batch)) onDue(clock.nowMs());
      if (reacted.size > 0) this.#tell(await decideReactions(this.#deps, reacted));
    } catch (error) {
      log.warn({ err: error }, 'notices could not be called back, or it could not be decided who is told of reactions; that is tried again');
      for (const owner of batch) this.#waiting.set(owner, clock.monotonicMs() + RETRY_MS);
      for (const [owner, places] of reacted) for (const place of places) this.noteReaction(owner, place);
    }
  }

  /** Decides about a batch of those who have waited long enough. Never rejects. @returns the pause before the next batch, in milliseconds */
  async #decideDue(): Promise<number> {
    const { clock, log, follow } = this.#deps;
    const nowMs = clock.monotonicMs();
    const batch: bigint[] = [];
    for (const [owner, dueMs] of this.#waiting) {
      if (dueMs > nowMs || batch.push(owner) >= BATCH) break;
    }
    for (const owner of batch) this.#waiting.delete(owner);
    if (batch.length > 0) {
      const moved = batch.filter((owner) => this.#moved.delete(owner));
      try {
        for (const owner of moved) await follow(owner);
        const decided = await decideNotices(this.#deps, batch);
        // What is decided is written, so it is not decided again: whatever fails from here on must not keep it back.
        this.#tell(decided);
        for (const owner of decided.behind) this.#waiting.set(owner, nowMs);
      } catch (error) {
        log.warn({ err: error }, 'it could not be decided who gets notices; that is tried again');
        for (const owner of batch) this.#waiting.set(owner, nowMs + RETRY_MS);
        for (const owner of moved) this.#moved.add(owner);
        return RETRY_MS;
      }
      await this.#decideMore(batch);
    }
    const [nextMs = nowMs] = this.#waiting.values();
    return Math.max(0, nextMs - clock.monotonicMs());
  }
}
