import { SmallMap } from '../small-map.ts';

/** A permanent key's client as this process sees it: the sessions under the key and under temporary ones bound to it. @typeParam S the sessions */
export class AuthorizationOf<S> {
  readonly permAuthKeyId: bigint;
  readonly sessions = new SmallMap<S, true>();
  userId: bigint | undefined;
  layer: number | undefined;
  /** The session that updates go to. */
  receiver: S | undefined;
  /** What the pusher was told: this session receives this user's updates. `ready` while it is being told. */
  attached: { session: S; userId: bigint; ready: Promise<void> | undefined } | undefined;
  /** The session that got updates until the authorisation ended: it is to learn what became of it. */
  bereft: S | undefined;
  /** A session of another process gets the updates. */
  isElsewhere = false;
  /** When a process last told the others whose session does. */
  claimedMs = 0;
  /** Hints that came: a call that began before one may have seen an older state. */
  hints = 0;
  refreshing: Promise<void> | undefined;
  subscription: Disposable | undefined;

  constructor(permAuthKeyId: bigint) {
    this.permAuthKeyId = permAuthKeyId;
  }
}
