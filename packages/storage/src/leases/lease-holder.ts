import type { Incarnation } from '../database/commit-mark.ts';

/** The node for which leases are held. */
export interface LeaseHolder {
  readonly self: Incarnation;
  /** Whether it certainly holds its row of `nodes` now; without it, it holds no lease. */
  mayWrite(): boolean;
  /** Whether a key belongs to it among those that serve. */
  owns(key: string): boolean;
  /** Calls `fn` when what it owns may have changed. */
  onChange(fn: () => void): Disposable;
}

/** A server that shares its database with nobody: everything is its own. */
export function holdsAlone(self: Incarnation, mayWrite: () => boolean): LeaseHolder {
  return { self, mayWrite, owns: () => true, onChange: () => ({ [Symbol.dispose]: () => undefined }) };
}
