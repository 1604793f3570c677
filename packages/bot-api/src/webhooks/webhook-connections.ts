/** How many updates a bot may get at a time: on the public internet, and in local mode. */
const MOST = { public: 100, local: 100_000 } as const;

/** How many it gets if it does not say. */
const USUAL = { public: 40, local: 100 } as const;

/** How many updates a bot gets at a time. Pure. @param wanted as the bot says; 0 if it does not */
export function connectionsOf(wanted: number, isLocal: boolean): number {
  const mode = isLocal ? 'local' : 'public';
  return wanted === 0 ? USUAL[mode] : Math.min(MOST[mode], Math.max(1, wanted));
}
