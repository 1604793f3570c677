import type { Clock, Counter, Logger, TimerHandle } from '@aerogram/runtime';

import { openPushToken } from '../auth/index.ts';
import type { DomainDeps, KeyedMac, PushEnvelope, PushOutcome, PushSender } from '../shared/index.ts';
import type { ReachQuestions } from './ask-reach.ts';
import { findDevice, type FoundDevice, forgetDevice, noteFailing } from './device-store.ts';
import { Badges, DeviceRates, hush, SoundLimits } from './notice-limits.ts';
import { delayNotice, deleteNotice, type DeviceNotice, findNextDue, takeDueNotices } from './notice-store.ts';
import { readFollowUp } from './read-follow-up.ts';
import { PushLanes } from './push-lanes.ts';
import { readNotice, type ReadNoticeDeps } from './read-notice.ts';
import { keepSentNotice } from './sent-notice-store.ts';
import { TEST_MSG_ID } from './test-notice.ts';
import type { NoticePayload } from './write-notice.ts';

/** For how long whoever has taken notices keeps them from others, in milliseconds. Longer than an attempt takes. */
const LEASE_MS = 60_000;
/** Notices that are taken at once. */
const BATCH = 100;
/** Notices on their way. */
const ALL_MAX = 64;
/** When it is looked again for notices if as many are on their way, in milliseconds. */
const BUSY_MS = 500;
/** After the first failure, in milliseconds; doubled with each further one, up to two minutes. */
const [RETRY_MS, RETRY_MAX_MS] = [2000, 120_000];
/** How long a push service may keep a notice for a device that it cannot reach, in seconds. */
const TTL_S = 86_400;
/** A token whose push service has refused or not answered for so long is forgotten, in seconds. */
const FAILING_MAX_S = 14 * 86_400;

/** What {@link NoticeSender} needs. */
export interface NoticeSenderDeps extends ReadNoticeDeps {
  clock: Clock;
  log: Logger;
  keys: DomainDeps['fileStorage']['keys'];
  sender: PushSender;
  questions: Pick<ReachQuestions, 'ask'>;
  /** Names what replaces each other on a device. */
  collapseOf: KeyedMac;
  counter: Counter<'kind' | 'outcome'>;
}

/** Sends notices that are due, each with the text that the message has then. Several processes may do so: what one has taken, the others leave alone. */
export class NoticeSender implements AsyncDisposable {
  readonly #deps: NoticeSenderDeps;
  readonly #lanes = new PushLanes();
  readonly #sending = new Set<Promise<void>>();
  readonly #sounds = new SoundLimits();
  readonly #rates = new DeviceRates();
  readonly #badges: Badges;
  #timer: { handle: TimerHandle; dueMs: number } | undefined;
  #taking: Promise<void> | undefined;
  #isClosed = false;

  constructor(deps: NoticeSenderDeps) {
    this.#deps = deps;
    this.#badges = new Badges(deps);
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
    await this.#taking;
    await Promise.all(this.#sending);
  }

  #take(): void {
    this.#taking ??= this.#sendDue().finally(() => {
      this.#taking = undefined;
    });
  }

  /** Never rejects. */
  async #sendDue(): Promise<void> {
    const { db, clock, log } = this.#deps;
    try {
      const room = ALL_MAX - this.#sending.size;
      if (room <= 0) return this.wakeAt(clock.nowMs() + BUSY_MS);
      const taken = await takeDueNotices(db, clock.nowMs(), LEASE_MS, Math.min(BATCH, room));
      for (const notice of taken) {
        const work = this.#sendOne(notice).catch((error: unknown) => log.warn({ err: error }, 'a notice could not be sent; it is tried again'));
        this.#sending.add(work);
        void work.finally(() => this.#sending.delete(work));
      }
      const next = await findNextDue(db);
      if (next !== undefined) this.wakeAt(next);
    } catch (error) {
      log.warn({ err: error }, 'notices could not be taken; that is tried again');
      this.wakeAt(clock.nowMs() + RETRY_MS);
    }
  }

  async #sendOne(notice: DeviceNotice): Promise<void> {
    const { db, clock, keys, sender, questions } = this.#deps;
    const device = await findDevice(db, notice);
    if (!device || !sender.serves(notice.token_type)) return deleteNotice(db, notice);
    // A test is sent also to a device that is in use.
    const isTest = notice.msg_id === TEST_MSG_ID;
    if (!isTest && (await questions.ask(notice.auth_key_id)) === 'acked') return deleteNotice(db, notice);
    const target = { ...(await openPushToken(keys, device.sealed)), tokenType: device.token_type, sandbox: device.sandbox };
    const leave = this.#lanes.enter({ name: sender.laneOf(target), owner: notice.owner_id });
    if (typeof leave === 'number') return this.#putOff(notice, clock.nowMs() + leave, false);
    let isAnswered: boolean | undefined;
    try {
      const freeMs = this.#rates.take(notice, clock.monotonicMs());
      if (freeMs > 0) return await this.#putOff(notice, clock.nowMs() + freeMs, false);
      const written = await this.#write(notice, device);
      if (written === 'nothing') return await deleteNotice(db, notice);
      if (written === 'unchanged') return await keepSentNotice(db, notice, notice.sent_date!);
      const isKept = !isTest && !written.isQuiet && target.secret.length > 0 && sender.canCallBack(device.token_type);
      const outcome = await sender.send(target, written);
      isAnswered = outcome.kind === 'refused' ? undefined : outcome.kind !== 'later';
      await this.#settle(notice, device, outcome, isKept);
    } finally {
      leave(isAnswered);
    }
  }

  /** @returns nothing: it is not worth it any more; unchanged: it was told already, and nothing has happened to the message */
  async #write(notice: DeviceNotice, { lock_period: lockS, active_date: activeDate }: FoundDevice): Promise<PushEnvelope | 'nothing' | 'unchanged'> {
    const { clock } = this.#deps;
    const nowDate = clock.now();
    const isLocked = lockS !== null && nowDate - activeDate >= lockS;
    const envelope = async (payload: NoticePayload, short: NoticePayload, isQuiet: boolean): Promise<PushEnvelope> => {
      const badge = String(await this.#badges.find(notice.owner_id, nowDate));
      const [json, shortJson] = [payload, short].map((one) => JSON.stringify({ ...one, badge })) as [string, string];
      return { json, shortJson, collapse: this.#collapse(notice), isUrgent: !isQuiet && (notice.peer_id > 0n || payload.custom['mention'] === '1'), isQuiet, ttlS: TTL_S };
    };
    if (notice.sent_date !== null) {
      const followUp = await readFollowUp(this.#deps, notice, { sentDate: notice.sent_date, nowDate, isLocked });
      if (followUp.kind === 'withdrawn') return envelope(followUp.payload, followUp.payload, true);
      if (followUp.kind === 'edited') return envelope(hush(followUp.notice.payload), hush(followUp.notice.short), false);
      return followUp.kind === 'unchanged' ? 'unchanged' : 'nothing';
    }
    const read = await readNotice(this.#deps, notice, { isLocked, nowDate });
    if (!read) return 'nothing';
    const { payload, short } = notice.attempts > 1 || this.#sounds.take(notice, clock.monotonicMs()) ? read : { payload: hush(read.payload), short: hush(read.short) };
    return envelope(payload, short, false);
  }

  /** @param isKept whether the device can be told when the message is read, deleted or edited */
  async #settle(notice: DeviceNotice, device: FoundDevice, outcome: PushOutcome, isKept: boolean): Promise<void> {
    const { db, clock, counter, log } = this.#deps;
    counter.inc({ kind: String(notice.token_type), outcome: outcome.kind });
    if (outcome.kind === 'sent') {
      await (isKept ? keepSentNotice(db, notice, clock.now()) : deleteNotice(db, notice));
      if (device.failing_since !== null) await noteFailing(db, device, null);
      return;
    }
    if (outcome.kind === 'gone' || (device.failing_since !== null && clock.now() - device.failing_since > FAILING_MAX_S)) {
      // A token that was registered again after its service has last seen it gone is tried with the next notice.
      const isAnew = outcome.kind === 'gone' && outcome.atDate !== undefined && outcome.atDate < device.registered_date;
      if (!isAnew) await forgetDevice(db, device);
      return deleteNotice(db, notice);
    }
    if (device.failing_since === null) await noteFailing(db, device, clock.now());
    if (outcome.kind === 'refused') {
      log.info({ reason: outcome.reason, tokenType: notice.token_type }, 'a push service refused a notice');
      return deleteNotice(db, notice);
    }
    const delayMs = Math.max(outcome.afterS * 1000, Math.min(RETRY_MS * 2 ** Math.min(notice.attempts - 1, 10), RETRY_MAX_MS));
    await this.#putOff(notice, clock.nowMs() + delayMs, true);
  }

  async #putOff(notice: DeviceNotice, dueMs: number, isAttempt: boolean): Promise<void> {
    await delayNotice(this.#deps.db, notice, Math.ceil(dueMs), isAttempt);
    this.wakeAt(dueMs);
  }

  #collapse({ owner_id, peer_id, msg_id }: DeviceNotice): string {
    return this.#deps.collapseOf.of(Buffer.from(`${owner_id}:${peer_id}:${msg_id}`)).toString('base64url');
  }
}

