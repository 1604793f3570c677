/** A bucket gives up its work after so many renewals, also if something is still under way that cannot be ended then. */
const PATIENT_RENEWALS = 4;

/** What a row of `leases` says to one node. */
export interface SeenLease {
  bucket: number;
  token: bigint;
  is_mine: boolean;
  /** Nobody holds it: it was given up, or its holder is lost or has ended. */
  is_free: boolean;
}

/** Buckets that a node is about to give up. */
export interface Leaving {
  /** Each of them, with the number of renewals since it was chosen. */
  since: ReadonlyMap<number, number>;
  /** How many more it may add with each renewal; undefined when the owners have changed since the last one, so that it must be worked out anew. */
  step: number | undefined;
}

/** What a holder does with one renewal. */
export interface LeasePlan {
  /** Work may be begun in these. */
  keep: number[];
  giveUp: number[];
  /** With the token that each has now; 0: it was never held. */
  take: { bucket: number; token: bigint }[];
  leaving: Leaving;
}

/** What a holder knows at a renewal. */
export interface LeaseState {
  /** All buckets of the queue. */
  buckets: readonly number[];
  leases: readonly SeenLease[];
  owns(bucket: number): boolean;
  /** Whether work is under way there. */
  isBusy(bucket: number): boolean;
  leaving: Leaving;
}

/**
 * Decides which buckets a node keeps, gives up and takes. Buckets that now belong to other nodes are given up over four renewals, a quarter with each, so that not all
 * work moves at once when a node joins; a node that owns none any more gives up all at once. In a bucket that is about to be given up no work begins, and what is under way
 * has a few renewals to end.
 */
export function planLeases({ buckets, leases, owns, isBusy, leaving }: LeaseState): LeasePlan {
  const own = new Set(buckets.filter((bucket) => owns(bucket)));
  const foreign = leases.filter((lease) => lease.is_mine && !own.has(lease.bucket)).map(({ bucket }) => bucket);
  const step = own.size === 0 ? foreign.length : (leaving.step ?? Math.ceil(foreign.length / 4));
  const since = new Map<number, number>();
  for (const bucket of foreign) if (leaving.since.has(bucket)) since.set(bucket, leaving.since.get(bucket)! + 1);
  for (const bucket of foreign.filter((candidate) => !since.has(candidate)).slice(0, step)) since.set(bucket, 0);
  const giveUp = [...since.keys()].filter((bucket) => !isBusy(bucket) || since.get(bucket)! >= PATIENT_RENEWALS);
  const seen = new Map(leases.map((lease) => [lease.bucket, lease]));
  return {
    keep: leases.filter(({ bucket, is_mine }) => is_mine && !since.has(bucket)).map(({ bucket }) => bucket),
    giveUp,
    take: [...own].filter((bucket) => seen.get(bucket)?.is_free !== false).map((bucket) => ({ bucket, token: seen.get(bucket)?.token ?? 0n })),
    leaving: { since, step: foreign.length === 0 ? undefined : step },
  };
}
