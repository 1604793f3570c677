// The interface between the sockets and the updates: what the code that pushes updates may know about a session, and what it is told. The
// gateway implements `LiveSession` and `SessionRegistry`; packages/gateway/src/updates implements `UpdatePusher`.
import type { BoxStep } from '@aerogram/rpc';

export type { BoxStep };

/**
 * Whether an answer only said where a channel is, without bringing what happened there: a difference of the account. A session that gets its updates since
 * before the call needs nothing because of it; one that was attached only meanwhile lacks what happened in between.
 */
export function onlyTells({ owner, ptsCount, looseSeq }: BoxStep): boolean {
  return owner < 0n && ptsCount === 0 && looseSeq !== undefined;
}

/** One MTProto session of a client, live in this process. It outlives its connections by some minutes. */
export interface LiveSession {
  /** The permanent key, even if the client uses a temporary one. */
  readonly authKeyId: bigint;
  readonly sessionId: bigint;
  /** The user who is logged in with the key; undefined before log-in. */
  readonly userId: bigint | undefined;
  /** The TL layer that the client last named for this authorisation (rule P5, stored layer). */
  readonly layer: number;
  /** Whether this session receives the updates of its authorisation (rule P11, one receiver). */
  readonly receivesUpdates: boolean;
  /** Whether a connection is open for it. Without one, pushes wait until the client reconnects. */
  readonly connected: boolean;
  /**
   * Queues one update for the client.
   * @param body TL bytes of an `Updates` object in the session's layer.
   * @returns 'dropped' when the client reads too slowly. The session then sends `updatesTooLong` by itself as soon as there is room again,
   * so the client fetches the difference; nothing has to be pushed again.
   */
  push(body: Uint8Array): 'queued' | 'dropped';
}

/** The live sessions of this process. */
export interface SessionRegistry {
  /** The sessions that receive this user's updates: at most one per authorisation. */
  sessionsOf(userId: bigint): Iterable<LiveSession>;
  /** The session that receives the updates of an authorisation. Before log-in too, for `updateLoginToken` and the like. */
  receiverOf(authKeyId: bigint): LiveSession | undefined;
  /** Calls back when a session starts to receive a user's updates. */
  onAttach(listener: (userId: bigint, session: LiveSession) => void): Disposable;
  /**
   * Calls back when a session stops receiving a user's updates: another session took over, the user logged out, or the session ended.
   * `session.userId` may have changed by then.
   */
  onDetach(listener: (userId: bigint, session: LiveSession) => void): Disposable;
  readonly size: number;
}

/** Pushes updates to sessions. It keeps one sequencer per (owner, session) and repairs holes (rules S2, counter first, and S3, lossy hints). */
export interface UpdatePusher {
  /**
   * Called when a session starts to receive the updates of its user. Subscribes first, then reads the counters, then resolves. The answer
   * that made the session a receiver is held back until then.
   */
  attach(session: LiveSession): Promise<void>;
  /** Called when a session stops receiving updates. Nothing may be pushed to it afterwards. */
  detach(session: LiveSession): void;
  /**
   * Called before an answer that carries these steps of message boxes is queued.
   * @returns undefined if the answer may be sent now, otherwise a promise to wait for: pushes that come before the answer are queued first
   */
  answered(session: LiveSession, steps: readonly BoxStep[]): Promise<void> | undefined;
  /** Compares the counters of all owners with what was sent and repairs sessions that lag behind. */
  repairAll(): Promise<void>;
}
