import { ACK_PATIENCE_S } from '@aerogram/bus';
import type { TimerHandle } from '@aerogram/runtime';

import type { ReachQuestions } from './ask-reach.ts';
import { deviceKey, findDevices, type FoundDevice } from './device-store.ts';
import { NoticeDelivery, type NoticeDeliveryDeps } from './notice-delivery.ts';
import { type DeviceNotice, findNextDue, takeDueNotices } from './notice-store.ts';
import { isSecretNotice } from './secret-notice.ts';
import { TEST_MSG_ID } from './test-notice.ts';

/** For how long whoever has taken notices keeps them from others, and for how long they may wait for a place, in milliseconds. The rest is longer than an attempt takes. */
const [LEASE_MS, WAIT_MS] = [60_000, 30_000];
/** Notices that are taken at once, and those that were taken and are not settled. */
const [BATCH, TAKEN_MAX] = [100, 500];
/** When it is tried again to take notices after that has failed, in milliseconds. */
const RETRY_MS = 2000;

/** What {@link NoticeSender} needs. */
export interface NoticeSenderDeps extends Omit<NoticeDeliveryDeps, 'onDue'> {
  questions: Pick<ReachQuestions, 'ask'>;
}

/** Takes notices that are due, and has them sent. Several processes may do so: what one has taken, the others leave alone. */
export class NoticeSender implements AsyncDisposable {
  readonly #deps: NoticeSenderDeps;
  readonly #delivery: NoticeDelivery;
  readonly #batches = new Set<Promise<void>>();
  /** Notices that were taken and are not settled. */
  #taken = 0;
  /** More may be due than there is room for. */
  #isFull = false;
  #timer: { handle: TimerHandle; dueMs: number } | undefined;
  #taking: Promise<void> | undefined;
  #isClosed = false;

  constructor(deps: NoticeSenderDeps) {
    this.#deps = deps;
    this.#delivery = new NoticeDelivery({ ...deps, onDue: (dueMs) => this.wakeAt(dueMs) });
  }

  /** Looks for notices at a time, in milliseconds since 1970, unless that is planned for earlier. */
  wakeAt(dueMs: number): void {
    if (this.#isClosed || (this.#timer && this.#timer.dueMs <= dueMs)) return;
    this.#timer?.handle.cancel();
    const handle = this.#deps.clock.setTimeout(() => {
      this.#timer = undefined;
      this.#take();
    }, Math.max(0, dueMs - this.#deps.clock.nowMs()));
    this.#timer = { handle, dueMs };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#timer?.handle.cancel();
    this.#delivery[Symbol.dispose]();
    await this.#taking;
    await Promise.all(this.#batches);
  }

  #take(): void {
    this.#isFull = this.#taken > TAKEN_MAX - BATCH;
    if (this.#isFull || this.#isClosed) return;
    this.#taking ??= this.#sendDue().finally(() => {
      this.#taking = undefined;
    });
  }

  /** Never rejects. */
  async #sendDue(): Promise<void> {
    const { db, clock, log } = this.#deps;
    try {
      const untilMs = clock.monotonicMs() + WAIT_MS;
      const taken = await takeDueNotices(db, clock.nowMs(), LEASE_MS, BATCH);
      this.#taken += taken.length;
      const batch = this.#sendBatch(taken, untilMs);
      this.#batches.add(batch);
      void batch.finally(() => this.#batches.delete(batch));
      const next = await findNextDue(db);
      if (next !== undefined) this.wakeAt(next);
    } catch (error) {
      log.warn({ err: error }, 'notices could not be taken; that is tried again');
      this.wakeAt(clock.nowMs() + RETRY_MS);
    }
  }

  /** Sends notices that were taken. Never rejects: what could not be sent is taken again when nobody keeps it any more. */
  async #sendBatch(taken: readonly DeviceNotice[], untilMs: number): Promise<void> {
    const { db, log } = this.#deps;
    const warn = (error: unknown): void => log.warn({ err: error }, 'a notice could not be sent; it is tried again');
    const found = taken.length === 0 ? new Map<string, FoundDevice>() : await findDevices(db, taken).catch(warn);
    await Promise.all(taken.map(async (notice) => {
      if (found) await this.#sendOne(notice, found.get(deviceKey(notice)), untilMs).catch(warn);
      this.#taken--;
      if (this.#isFull) this.#take();
    }));
  }

  async #sendOne(notice: DeviceNotice, device: FoundDevice | undefined, untilMs: number): Promise<void> {
    const { sender, questions, clock } = this.#deps;
    if (!device || !sender.serves(notice.token_type)) return this.#delivery.drop(notice);
    // A test is sent also to a device that is in use.
    const reach = notice.msg_id === TEST_MSG_ID ? 'away' : await questions.ask(notice.auth_key_id);
    if (reach === 'acked') return this.#delivery.drop(notice);
    // For messages this was waited for when it was decided that the device is told.
    if (reach === 'waiting' && isSecretNotice(notice) && notice.attempts === 1) return this.#delivery.putOff(notice, clock.nowMs() + ACK_PATIENCE_S * 1000, true);
    return this.#delivery.send(notice, device, untilMs);
  }
}
