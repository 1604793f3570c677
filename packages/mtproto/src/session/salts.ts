import { createHmac } from 'node:crypto';
import { mtEncode } from '@aerogram/tl';

/** Interval between new salts, in seconds. */
const SLOT_S = 1800;
/** How long a salt is valid, in seconds: two intervals, so that two salts are valid at any time. */
const LIFETIME_S = 2 * SLOT_S;
/** A client whose clock is ahead may use the next salt this early, in seconds. */
const EARLY_S = 60;
/** Number of salts that one get_future_salts may ask for. */
const MAX_FUTURE_SALTS = 64;
/** After this time, in milliseconds, the last salt that a client can have known before a renewal would have expired anyway. */
const RENEWAL_KEPT_MS = (MAX_FUTURE_SALTS + 2) * SLOT_S * 1000;
/** Keys whose renewals are remembered; if there are more, the oldest renewal is forgotten. */
const MAX_RENEWED = 20_000;
// Layout of `future_salts`: req_msg_id follows the constructor, then now:int, count:int and the salts.
const REQUEST_AT = 4;
const NOW_AT = 12;
const COUNT_AT = 16;
const SALTS_AT = 20;
const SALT_BYTES = 16;
/** Layout of an entry: valid_since:int valid_until:int salt:long */
const SALT_IN_ENTRY = 8;

/**
 * Derives the salts of all keys from one secret. The secret is created when the process starts and is stored nowhere: after a restart every
 * older salt is wrong, so no recorded packet can be replayed (rule S8, key owners).
 */
export class SaltSource {
  readonly #secret: Uint8Array;
  /** How often the salts of a key were renewed; the latest renewal last. */
  readonly #renewals = new Map<bigint, { count: number; untilMs: number }>();

  /** @param secret 32 random bytes. */
  constructor(secret: Uint8Array) {
    this.#secret = secret;
  }

  /** The salt of a key for one interval of half an hour. */
  saltOf(authKeyId: bigint, slot: number): bigint {
    const input = Buffer.alloc(20);
    input.writeBigInt64LE(authKeyId, 0);
    input.writeDoubleLE(slot, 8);
    input.writeUInt32LE(this.#renewals.get(authKeyId)?.count ?? 0, 16);
    return createHmac('sha256', this.#secret).update(input).digest().readBigInt64LE(0);
  }

  /** Replaces all current and future salts of a key. */
  renew(authKeyId: bigint, nowMs: number): void {
    const count = (this.#renewals.get(authKeyId)?.count ?? 0) + 1;
    this.#renewals.delete(authKeyId);
    this.#renewals.set(authKeyId, { count, untilMs: nowMs + RENEWAL_KEPT_MS });
    for (const [oldest, { untilMs }] of this.#renewals) {
      if (untilMs > nowMs && this.#renewals.size <= MAX_RENEWED) break;
      this.#renewals.delete(oldest);
    }
  }
}

/** The salts of one authorization key, computed when first needed in an interval. */
export class KeySalts {
  readonly #source: SaltSource;
  readonly #authKeyId: bigint;
  #first: { salt: bigint; untilMs: number } | undefined;
  #slot = -1;
  #current = 0n;
  #previous = 0n;
  #next = 0n;
  /** `future_salts` with the maximum number of salts, encoded when a client first asks, so that asking again costs nothing. */
  #future: Buffer | undefined;

  /** @param first the salt from the handshake, if this process created the key: the client starts with it. */
  constructor(source: SaltSource, authKeyId: bigint, first?: { salt: bigint; untilMs: number }) {
    this.#source = source;
    this.#authKeyId = authKeyId;
    this.#first = first;
  }

  /** The salt to use now; it stays valid for another 30 to 60 minutes. */
  current(nowMs: number): bigint {
    this.#advance(nowMs);
    return this.#current;
  }

  /** Whether a client may use this salt now. */
  accepts(salt: bigint, nowMs: number): boolean {
    this.#advance(nowMs);
    if (salt === this.#current || salt === this.#previous) return true;
    if (salt === this.#next) return nowMs / 1000 >= (this.#slot + 1) * SLOT_S - EARLY_S;
    return this.#first !== undefined && salt === this.#first.salt && nowMs < this.#first.untilMs;
  }

  /**
   * Whether a salt that is not accepted now will become valid while a message with it could still be accepted.
   * @param isAhead whether the message is dated in the future: then it may be any future salt, otherwise only the next one
   */
  isYetToCome(salt: bigint, nowMs: number, isAhead: boolean): boolean {
    this.#advance(nowMs);
    if (salt === this.#next) return true;
    if (!isAhead) return false;
    this.#future ??= this.#encodeFuture();
    for (let at = SALTS_AT; at < this.#future.length; at += SALT_BYTES) {
      if (this.#future.readBigInt64LE(at + SALT_IN_ENTRY) === salt) return true;
    }
    return false;
  }

  /**
   * Invalidates every salt that the client knows. Called when a message is refused now but would be valid later, so that nobody can record
   * it and replay it then.
   */
  renew(nowMs: number): void {
    this.#source.renew(this.#authKeyId, nowMs);
    this.#first = undefined;
    this.#slot = -1;
  }

  /** `future_salts` as an answer: the current salt and those after it, `count` in total, 1 to 64. */
  futureSalts(requestId: bigint, count: number, nowMs: number): Uint8Array {
    this.#advance(nowMs);
    this.#future ??= this.#encodeFuture();
    const given = Math.min(Math.max(count, 1), MAX_FUTURE_SALTS);
    const body = Buffer.from(this.#future.subarray(0, SALTS_AT + given * SALT_BYTES));
    body.writeBigInt64LE(requestId, REQUEST_AT);
    body.writeInt32LE(Math.floor(nowMs / 1000), NOW_AT);
    body.writeInt32LE(given, COUNT_AT);
    return body;
  }

  #encodeFuture(): Buffer {
    const salts = Array.from({ length: MAX_FUTURE_SALTS }, (_, i) => {
      const valid_since = (this.#slot + i) * SLOT_S;
      const salt = this.#source.saltOf(this.#authKeyId, this.#slot + i);
      return { _: 'future_salt' as const, valid_since, valid_until: valid_since + LIFETIME_S, salt };
    });
    return Buffer.from(mtEncode({ _: 'future_salts', req_msg_id: 0n, now: 0, salts }));
  }

  #advance(nowMs: number): void {
    const slot = Math.floor(nowMs / 1000 / SLOT_S);
    if (slot === this.#slot) return;
    this.#slot = slot;
    this.#future = undefined;
    this.#current = this.#source.saltOf(this.#authKeyId, slot);
    this.#previous = this.#source.saltOf(this.#authKeyId, slot - 1);
    this.#next = this.#source.saltOf(this.#authKeyId, slot + 1);
  }
}
