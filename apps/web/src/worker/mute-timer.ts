import type { Store } from './store/store.ts';

/** The longest time that `setTimeout` can wait, in milliseconds. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/** Notes that chats and topics are not muted any more because the time for which they were muted is over. The server tells nobody of that. */
export class MuteTimer {
  readonly #store: Store;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Mutes that had ended at this time were noted, in milliseconds since 1970. */
  #checkedAt = Date.now();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Notes the mutes that have ended, and waits for the next end. To be called when mutes may have changed, and after the device may have slept: timers sleep too. */
  check(): void {
    const now = Date.now();
    const { chats, facts, topics } = this.#store;
    const { users, groups, channels } = facts.mutes;
    const ends = [users, groups, channels, ...[...chats.values(), ...topics.all()].map(({ mutedUntil = 0 }) => mutedUntil)].map((seconds) => seconds * 1000);
    if (ends.some((end) => end > this.#checkedAt && end <= now)) this.#store.noteMutes();
    this.#checkedAt = now;
    clearTimeout(this.#timer);
    const next = Math.min(...ends.filter((end) => end > now));
    this.#timer = next === Infinity ? undefined : setTimeout(() => this.check(), Math.min(TIMER_MAX_MS, next - now));
  }
}
