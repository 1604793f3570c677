import { SmallMap } from '../small-map.ts';

/**
 * The client of a permanent key, as this process knows it: the sessions under that key and under temporary keys bound to it.
 * @typeParam S the sessions
 */
export class AuthorizationOf<S> {
  readonly permAuthKeyId: bigint;
  readonly sessions = new SmallMap<S, true>();
  userId: bigint | undefined;
  layer: number | undefined;
  /** The session that receives the updates. */
  receiver: S | undefined;
  /** The session and user that the pusher has been told to serve. `ready` is set while the pusher attaches them. */
  attached: { session: S; userId: bigint; ready: Promise<void> | undefined } | undefined;
  /** The session that received updates until the authorisation ended; it has to be told of the end. */
  bereft: S | undefined;
  /** A hint said that the authorisation ended, and its sessions were not told yet. */
  isEnding = false;
  /** A session in another process receives the updates. */
  isElsewhere = false;
  /** When a process last announced that one of its sessions receives the updates. */
  claimedMs = 0;
  /** Number of hints received. A call that began before the latest hint may have seen an older state. */
  hints = 0;
  refreshing: Promise<void> | undefined;
  subscription: Disposable | undefined;

  constructor(permAuthKeyId: bigint) {
    this.permAuthKeyId = permAuthKeyId;
  }
}
