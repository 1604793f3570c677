const awaited = new Set<string>();

/** Does something, once, when the page that holds a lock is gone, also if it could not say so. Pages that came over plain HTTP from elsewhere have no locks, and no calls. */
export function whenLockEnds(name: string, act: () => void): void {
  if (awaited.has(name) || !('locks' in navigator)) return;
  awaited.add(name);
  const end = (): void => {
    awaited.delete(name);
    act();
  };
  void navigator.locks.request(name, end).catch(() => awaited.delete(name));
}
