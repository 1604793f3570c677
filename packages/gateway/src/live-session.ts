/**
 * The seam between the sockets and the updates: what the update part may know of a session, and what it is told.
 * The gateway implements `LiveSession` and `SessionRegistry`, packages/gateway/src/updates implements `UpdatePusher`.
 */
import type { BoxStep } from '@aerogram/rpc';

export type { BoxStep };

/** One logical session of a client, alive in this process. It outlives its sockets by some minutes. */
export interface LiveSession {
  /** The permanent key, also where the client speaks through a temporary one. */
  readonly authKeyId: bigint;
  readonly sessionId: bigint;
  /** The user logged in on the key; undefined before log-in. */
  readonly userId: bigint | undefined;
  /** The layer of the authorisation, as the client last named it (rule P5). */
  readonly layer: number;
  /** Whether pushes of this authorisation go to this session (rule P11). */
  readonly receivesUpdates: boolean;
  /** Whether a socket is open for it now; without one, pushes wait for the client to come back. */
  readonly connected: boolean;
  /**
   * Queues one update for the client.
   * @param body TL bytes of an `Updates` object in the session's layer.
   * @returns 'dropped' when the client reads too slowly: the session then sends `updatesTooLong` by itself
   * as soon as there is room again, so the client asks for the difference; nothing has to be pushed again.
   */
  push(body: Uint8Array): 'queued' | 'dropped';
}

/** The live sessions of this process. */
export interface SessionRegistry {
  /** The sessions that receive this user's updates: at most one for each authorisation. */
  sessionsOf(userId: bigint): Iterable<LiveSession>;
  /** The session of an authorisation that receives its updates, also before log-in (`updateLoginToken` and the like). */
  receiverOf(authKeyId: bigint): LiveSession | undefined;
  /** Calls back when a session begins to receive a user's updates. */
  onAttach(listener: (userId: bigint, session: LiveSession) => void): Disposable;
  /** Calls back when it ceases to: another session took over, log-out, end of the session. `session.userId` may have changed already. */
  onDetach(listener: (userId: bigint, session: LiveSession) => void): Disposable;
  readonly size: number;
}

/** What makes pushes: one sequencer per (owner, session), repair of holes (rules S2 and S3). */
export interface UpdatePusher {
  /**
   * A session begins to receive the updates of its user. Subscribes, then reads the counter, then resolves.
   * The answer that made the session a receiver is held back until then.
   */
  attach(session: LiveSession): Promise<void>;
  /** The session receives nothing any more; no push may follow. */
  detach(session: LiveSession): void;
  /**
   * The session is about to be answered with these steps of boxes. Called before the answer is queued.
   * @returns undefined when the answer may go now, else a promise to wait for (pushes that come before it are queued first).
   */
  answered(session: LiveSession, steps: readonly BoxStep[]): Promise<void> | undefined;
  /** Compares the counters of all owners with what was sent and repairs what lags. */
  repairAll(): Promise<void>;
}
