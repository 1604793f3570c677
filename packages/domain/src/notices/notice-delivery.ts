import type { Clock, Counter, Logger } from '@aerogram/runtime';

import { openPushToken } from '../auth/index.ts';
import type { DomainDeps, KeyedMac, PushEnvelope, PushOutcome, PushSender, PushTarget } from '../shared/index.ts';
import { CALL_LOOK_MS, CALL_MSG_ID, CALL_TTL_S } from './call-notice.ts';
import { NOTICE_MAX_AGE_S } from './decide-notice.ts';
import { type FoundDevice, forgetDevice, noteFailing } from './device-store.ts';
import { Badges, DeviceRates, hush, SoundLimits } from './notice-limits.ts';
import { NoticeSettler } from './notice-settler.ts';
import type { DeviceNotice } from './notice-store.ts';
import { PushLanes } from './push-lanes.ts';
import { readFollowUp } from './read-follow-up.ts';
import { readNotice, type ReadNoticeDeps } from './read-notice.ts';
import { keepSentNotice } from './sent-notice-store.ts';
import { isSecretNotice } from './secret-notice.ts';
import { TEST_MSG_ID } from './test-notice.ts';
import type { NoticePayload } from './write-notice.ts';

/** After the first failure, in milliseconds; doubled with each further one, up to two minutes. */
const [RETRY_MS, RETRY_MAX_MS] = [2000, 120_000];
/** How long a push service may keep a notice for a device that it cannot reach, in seconds. */
const TTL_S = 86_400;
/** A token whose push service has refused or not answered for so long is forgotten, in seconds. */
const FAILING_MAX_S = 14 * 86_400;

/** What {@link NoticeDelivery} needs. */
export interface NoticeDeliveryDeps extends ReadNoticeDeps {
  clock: Clock;
  log: Logger;
  keys: DomainDeps['fileStorage']['keys'];
  sender: PushSender;
  /** Names what replaces each other on a device. */
  collapseOf: KeyedMac;
  counter: Counter<'kind' | 'outcome'>;
  /** Called with when a notice that was put off is due, in milliseconds since 1970. */
  onDue(dueMs: number): void;
}

/** A notice that was given to a push service. */
interface Sent {
  outcome: PushOutcome;
  /** Whether the device can be told when the message is read, deleted or edited. */
  isKept: boolean;
}

/** A notice as it is sent. */
interface Written {
  envelope: PushEnvelope;
  /** It tells of a reaction: nobody is told later that the message was read, because it is the account's own. */
  isReaction: boolean;
}

/** What an attempt has come to. nothing: it is not worth it any more; unchanged: it was told already, and nothing has happened to the message; too early: it is tried again after so many milliseconds. */
type Attempt = Sent | { outcome?: undefined; notSent: 'nothing' | 'unchanged' } | { outcome?: undefined; notSent: 'too early'; freeMs: number };

/** Brings single notices to the push services of devices, and writes what became of them. */
export class NoticeDelivery implements Disposable {
  readonly #deps: NoticeDeliveryDeps;
  readonly #lanes = new PushLanes();
  readonly #sounds = new SoundLimits();
  readonly #rates = new DeviceRates();
  readonly #badges: Badges;
  readonly #settler: NoticeSettler;

  constructor(deps: NoticeDeliveryDeps) {
    this.#deps = deps;
    this.#badges = new Badges(deps);
    this.#settler = new NoticeSettler(deps);
  }

  /** Forgets a notice. */
  drop(notice: DeviceNotice): Promise<void> {
    return this.#settler.drop(notice);
  }

  /**
   * Sends a notice that was taken, with the text that the message has then.
   * @param untilMs until when it may wait for a place, by the monotonic clock: then others may take it
   */
  async send(notice: DeviceNotice, device: FoundDevice, untilMs: number): Promise<void> {
    const { clock, keys, sender } = this.#deps;
    const isNew = notice.sent_date === null && notice.msg_id !== TEST_MSG_ID;
    if (isNew && notice.date < clock.now() - NOTICE_MAX_AGE_S) return this.drop(notice);
    const target: PushTarget = { ...(await openPushToken(keys, device.sealed)), tokenType: device.token_type, sandbox: device.sandbox };
    const lane = sender.laneOf(target);
    const asked = this.#lanes.enter({ name: lane, owner: notice.owner_id });
    const patience = clock.setTimeout(() => asked.giveUp(), Math.max(0, untilMs - clock.monotonicMs()));
    const leave = await asked.entered;
    patience.cancel();
    if (!leave) return this.putOff(notice, clock.nowMs() + this.#lanes.againMs(lane), false);
    let attempt: Attempt | undefined;
    try {
      attempt = await this.#attempt(notice, device, target);
    } finally {
      const { outcome } = attempt ?? {};
      leave(outcome && (outcome.kind === 'sent' || outcome.kind === 'gone'));
    }
    if (attempt.outcome) return this.#settle(notice, device, attempt);
    if (attempt.notSent === 'too early') return this.putOff(notice, clock.nowMs() + attempt.freeMs, false);
    return attempt.notSent === 'unchanged' ? this.#keep(notice, notice.sent_date!) : this.drop(notice);
  }

  [Symbol.dispose](): void {
    this.#lanes[Symbol.dispose]();
  }

  async #attempt(notice: DeviceNotice, device: FoundDevice, target: PushTarget): Promise<Attempt> {
    const { clock, sender } = this.#deps;
    // A call rings now or never, and an operator who tries a device wants to see it.
    const isCounted = notice.msg_id !== CALL_MSG_ID && notice.msg_id !== TEST_MSG_ID;
    const freeMs = isCounted ? this.#rates.waitMs(notice, clock.monotonicMs()) : 0;
    if (freeMs > 0) return { notSent: 'too early', freeMs };
    const written = await this.#write(notice, device);
    if (typeof written === 'string') return { notSent: written };
    // What shows nothing does not count, or somebody of whom one does not want to hear could use up the notices of a device.
    if (isCounted) this.#rates.count(notice, clock.monotonicMs());
    const { envelope, isReaction } = written;
    const isKept = notice.msg_id !== TEST_MSG_ID && !isSecretNotice(notice) && !isReaction && !envelope.isQuiet && target.secret.length > 0 && sender.canCallBack(device.token_type);
    return { outcome: await sender.send(target, envelope), isKept };
  }

  /** @returns what is sent, or why nothing is: see {@link Attempt} */
  async #write(notice: DeviceNotice, { lock_period: lockS, active_date: activeDate }: FoundDevice): Promise<Written | 'nothing' | 'unchanged'> {
    const { clock } = this.#deps;
    const nowDate = clock.now();
    const isLocked = lockS !== null && nowDate - activeDate >= lockS;
    const envelope = async (payload: NoticePayload, short: NoticePayload, isQuiet: boolean, isReaction = false): Promise<Written> => {
      const badge = String(await this.#badges.find(notice.owner_id, nowDate));
      const [json, shortJson] = [payload, short].map((one) => JSON.stringify({ ...one, badge })) as [string, string];
      const isUrgent = !isQuiet && (notice.peer_id > 0n || payload.custom['mention'] === '1');
      return { envelope: { json, shortJson, collapse: this.#collapse(notice), isUrgent, isQuiet, ttlS: notice.msg_id === CALL_MSG_ID ? CALL_TTL_S : TTL_S }, isReaction };
    };
    if (notice.sent_date !== null) {
      const followUp = await readFollowUp(this.#deps, notice, { sentDate: notice.sent_date, nowDate, isLocked });
      if (followUp.kind === 'withdrawn') return envelope(followUp.payload, followUp.payload, true);
      if (followUp.kind === 'edited') return envelope(hush(followUp.notice.payload), hush(followUp.notice.short), false);
      return followUp.kind === 'unchanged' ? 'unchanged' : 'nothing';
    }
    const read = await readNotice(this.#deps, notice, { isLocked, nowDate });
    if (!read) return 'nothing';
    const { payload, short } = notice.attempts > 1 || notice.msg_id === CALL_MSG_ID || this.#sounds.take(notice, clock.monotonicMs()) ? read : { payload: hush(read.payload), short: hush(read.short) };
    return envelope(payload, short, false, read.isReaction);
  }

  async #settle(notice: DeviceNotice, device: FoundDevice, { outcome, isKept }: Sent): Promise<void> {
    const { db, clock, counter, log } = this.#deps;
    counter.inc({ kind: String(notice.token_type), outcome: outcome.kind });
    if (outcome.kind === 'sent') {
      await (isKept ? this.#keep(notice, clock.now()) : this.drop(notice));
      if (device.failing_since !== null) await noteFailing(db, device, null);
      return;
    }
    if (outcome.kind === 'gone' || (device.failing_since !== null && clock.now() - device.failing_since > FAILING_MAX_S)) {
      // A token that was registered again after its service has last seen it gone is tried with the next notice.
      const isAnew = outcome.kind === 'gone' && outcome.atDate !== undefined && outcome.atDate < device.registered_date;
      if (!isAnew) await forgetDevice(db, device);
      return this.drop(notice);
    }
    if (device.failing_since === null) await noteFailing(db, device, clock.now());
    if (outcome.kind === 'refused') {
      log.info({ reason: outcome.reason, tokenType: notice.token_type }, 'a push service refused a notice');
      return this.drop(notice);
    }
    const delayMs = Math.max(outcome.afterS * 1000, Math.min(RETRY_MS * 2 ** Math.min(notice.attempts - 1, 10), RETRY_MAX_MS));
    await this.putOff(notice, clock.nowMs() + delayMs, true);
  }

  /** Keeps a notice that was sent. One of a call is looked at again soon: it may have been answered while the notice was on its way. */
  async #keep(notice: DeviceNotice, sentDate: number): Promise<void> {
    const { db, clock, onDue } = this.#deps;
    const againMs = notice.msg_id === CALL_MSG_ID ? clock.nowMs() + CALL_LOOK_MS : undefined;
    await keepSentNotice(db, notice, sentDate, againMs);
    if (againMs !== undefined) onDue(againMs);
  }

  /** Has a notice tried again later. @param dueMs since 1970 @param isAttempt whether it counts as tried now */
  async putOff(notice: DeviceNotice, dueMs: number, isAttempt: boolean): Promise<void> {
    await this.#settler.putOff({ notice, dueMs, isAttempt });
    this.#deps.onDue(dueMs);
  }

  #collapse({ owner_id, peer_id, msg_id }: DeviceNotice): string {
    return this.#deps.collapseOf.of(Buffer.from(`${owner_id}:${peer_id}:${msg_id}`)).toString('base64url');
  }
}

