import type { ReceivedWindow } from './received-window.ts';
import type { RefusedMessages } from './refused-messages.ts';
import type { RequestLog } from './request-log.ts';

/**
 * What may become of a message that a call names in `invokeAfterMsg`.
 * - running: it is a call that is not answered yet.
 * - gone: it was received and does not run any more, or it cannot be received any more.
 * - early: it is older than the session and was never seen: most likely another process has received it.
 * - unseen: it may still be on its way.
 */
export type MessageFate = 'running' | 'gone' | 'early' | 'unseen';

/** The messages of a session, seen by calls that wait for one of them. */
export class AwaitedMessages {
  readonly #window: ReceivedWindow;
  readonly #requests: RequestLog;
  readonly #refused: RefusedMessages | undefined;
  #firstMsgId: bigint | undefined;
  #state: 'open' | 'closed' | 'ended' = 'open';
  /**
   * Set while calls wait for messages. It is told of each message that is gone now; without an id, all have to be looked at again.
   */
  onGone: ((msgId: bigint | undefined) => void) | undefined;

  constructor(window: ReceivedWindow, requests: RequestLog, refused: RefusedMessages | undefined) {
    this.#window = window;
    this.#requests = requests;
    this.#refused = refused;
  }

  /** @param firstMsgId the first message of the session */
  begin(firstMsgId: bigint): void {
    this.#firstMsgId = firstMsgId;
  }

  fateOf(msgId: bigint): MessageFate {
    if (this.#state === 'ended') return 'gone';
    const state = this.#requests.find(msgId)?.state;
    if (state === 'running' || state === 'dropped') return 'running';
    // No message has an id that is not divisible by 4.
    if (this.#state === 'closed' || (msgId & 3n) !== 0n || this.#window.verdict(msgId) !== 'new') return 'gone';
    if (this.#refused?.has(msgId) === true) return 'gone';
    return this.#firstMsgId === undefined || msgId < this.#firstMsgId ? 'early' : 'unseen';
  }

  /** Messages were refused. */
  refuse(msgIds: readonly bigint[]): void {
    this.#refused?.add(msgIds);
    if (this.onGone) for (const msgId of msgIds) this.onGone(msgId);
  }

  /** No further message is received, but the calls that run go on. */
  close(): void {
    if (this.#state === 'open') this.#state = 'closed';
    this.onGone?.(undefined);
  }

  /** The session has ended: its client sends again what was not answered. */
  end(): void {
    this.#state = 'ended';
    this.onGone?.(undefined);
  }
}
