import type { CpuAccounts } from '../src/process-lane.ts';

/** Accounts that may use so many milliseconds. */
export function accountsWith(mostMs: number): CpuAccounts {
  const used = new Map<bigint, number>();
  return {
    usedMs: (account) => used.get(account) ?? 0,
    waitS: (account) => ((used.get(account) ?? 0) < mostMs ? 0 : 42),
    charge: (account, ms) => void used.set(account, (used.get(account) ?? 0) + ms),
  };
}
