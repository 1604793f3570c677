import { setTimeout as delay } from 'node:timers/promises';

/** How long homes that are up may take until each has applied all that waited for it, in milliseconds. */
const DRY_MS = 120_000;

const LOOK_MS = 100;

/** A link, as `aerogram dc list --json` shows it. */
export interface ListedLink {
  dc: number;
  state: 'up' | 'down' | 'paused' | 'removed';
  waiting: number;
}

/** Waits until the links stand and no more than `atMost` frames wait for a home. @param list lists those of each home @throws Error after two minutes */
export async function untilLinksAreDry(list: () => Promise<ListedLink[][]>, atMost = 0): Promise<void> {
  for (const deadline = performance.now() + DRY_MS; ; await delay(LOOK_MS)) {
    const lists = await list();
    if (lists.every((links) => links.length > 0 && links.every(({ state, waiting }) => state === 'up' && waiting <= atMost))) return;
    if (performance.now() > deadline) throw new Error(`frames still wait: ${JSON.stringify(lists)}`);
  }
}
