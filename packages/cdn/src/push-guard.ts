import { equalBytes } from '@aerogram/crypto';
import { type PushMessage, readMessage } from '@aerogram/cdn-protocol';
import type { Clock } from '@aerogram/runtime';

/** By how much the clocks of the origin and the node may differ, with the time that a message is on the way. */
export const MAX_SKEW_MS = 60_000;

/** How many of the messages that are remembered may be windows. */
const WINDOWS_SHARE = 0.9;

/** Why a message is refused. */
export type Refusal =
  /** Not made with the key of this node, or malformed. */
  | 'unauthentic'
  /** Made for an earlier run of this node; the origin must ask for the current one. */
  | 'other-boot'
  | 'too-old'
  | 'replayed'
  /** More messages than can be remembered came within the time in which one could be replayed. */
  | 'too-many';

export interface PushGuardOptions {
  /** The push key. */
  key: Uint8Array;
  /** Random name of this run. */
  boot: string;
  clock: Pick<Clock, 'nowMs'>;
  /** Messages of the last two minutes that are remembered. */
  most: number;
}

/** Accepts each message of the origin once. */
export class PushGuard {
  readonly #options: PushGuardOptions;
  /** Nonces of accepted messages by the time until which they could be replayed; the order of arrival is nearly that of time. */
  readonly #seen = new Map<string, number>();

  constructor(options: PushGuardOptions) {
    this.#options = options;
  }

  /** Reads the headers of a message. @returns the message, or why it is refused */
  accept(text: unknown, mac: unknown): PushMessage | Refusal {
    const { key, boot, clock, most } = this.#options;
    const message = readMessage(key, text, mac);
    if (!message) return 'unauthentic';
    if (!equalBytes(Buffer.from(message.boot), Buffer.from(boot))) return 'other-boot';
    const nowMs = clock.nowMs();
    if (Math.abs(nowMs - message.timeMs) > MAX_SKEW_MS) return 'too-old';
    this.#forgetOld(nowMs);
    if (this.#seen.has(message.nonce)) return 'replayed';
    // The other messages are few, and without them the node stops serving.
    if (this.#seen.size >= (message.content.kind === 'window' ? WINDOWS_SHARE * most : most)) return 'too-many';
    this.#seen.set(message.nonce, message.timeMs + MAX_SKEW_MS);
    return message;
  }

  #forgetOld(nowMs: number): void {
    for (const [nonce, untilMs] of this.#seen) {
      // One that may still be replayed hides those behind it, which are forgotten a little later.
      if (untilMs >= nowMs) return;
      this.#seen.delete(nonce);
    }
  }
}
