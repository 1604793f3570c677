import { type Clock, RecentMap } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';

import { deviceKey } from './device-store.ts';
import { countForBadge, type DeviceNotice } from './notice-store.ts';
import type { NoticePayload } from './write-notice.ts';

/** Notices with a sound that a device gets of a chat in a minute: `push_chat_limit` and `push_chat_period_ms`, which clients are told. */
const SOUNDS_MAX = 2;
/** Notices that a device gets in a minute. Those beyond wait; what is ten minutes old then is not told. */
const NOTICES_MAX = 60;

const MINUTE_MS = 60_000;
/** Devices, or chats of devices, of which is known what they got last. */
const KNOWN_MAX = 20_000;
/** For how long a number on an icon is taken for true, in milliseconds. */
const BADGE_MS = 5000;

/** Counts what happens under a name within a minute. */
class MinuteCounts {
  readonly #counts = new RecentMap<string, { count: number; endMs: number }>(KNOWN_MAX);
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** @returns after how many milliseconds there is room; 0: now */
  waitMs(name: string, nowMs: number): number {
    const known = this.#counts.get(name);
    return known && known.endMs > nowMs && known.count >= this.#most ? known.endMs - nowMs : 0;
  }

  /** Counts one more. @returns after how many milliseconds there is room again; 0 if there was */
  take(name: string, nowMs: number): number {
    const freeMs = this.waitMs(name, nowMs);
    if (freeMs > 0) return freeMs;
    const known = this.#counts.get(name);
    if (known && known.endMs > nowMs) known.count++;
    else this.#counts.set(name, { count: 1, endMs: nowMs + MINUTE_MS });
    return 0;
  }
}

/** How many notices a device gets. Each process counts what it sends. */
export class DeviceRates {
  readonly #counts = new MinuteCounts(NOTICES_MAX);

  /** @returns after how many milliseconds the device may get a notice; 0: now */
  waitMs(notice: DeviceNotice, nowMs: number): number {
    return this.#counts.waitMs(deviceKey(notice), nowMs);
  }

  /** Counts a notice that is sent. */
  count(notice: DeviceNotice, nowMs: number): void {
    this.#counts.take(deviceKey(notice), nowMs);
  }
}

/** How often a chat makes a sound on a device. Each process counts what it sends. */
export class SoundLimits {
  readonly #counts = new MinuteCounts(SOUNDS_MAX);

  /** Whether a notice may make a sound, which is counted. */
  take(notice: DeviceNotice, nowMs: number): boolean {
    return this.#counts.take(`${deviceKey(notice)}:${notice.peer_id}`, nowMs) === 0;
  }
}

/** The same without a sound. Pure. */
export function hush({ sound: _, ...payload }: NoticePayload): NoticePayload {
  return { ...payload, custom: { ...payload.custom, silent: '1' } };
}

/** The numbers that apps show on their icons. */
export class Badges {
  readonly #known = new RecentMap<bigint, { badge: Promise<number>; untilMs: number }>(KNOWN_MAX);
  readonly #db: Pick<Database, 'run'>;
  readonly #clock: Pick<Clock, 'monotonicMs'>;

  constructor({ db, clock }: { db: Pick<Database, 'run'>; clock: Pick<Clock, 'monotonicMs'> }) {
    this.#db = db;
    this.#clock = clock;
  }

  /** Counts the unread messages of somebody, or says what was counted a moment ago. */
  find(owner: bigint, nowDate: number): Promise<number> {
    const nowMs = this.#clock.monotonicMs();
    const known = this.#known.get(owner);
    if (known && known.untilMs > nowMs) return known.badge;
    const badge = countForBadge(this.#db, owner, nowDate);
    this.#known.set(owner, { badge, untilMs: nowMs + BADGE_MS });
    return badge;
  }
}
