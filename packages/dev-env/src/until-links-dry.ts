import { setTimeout as delay } from 'node:timers/promises';
import { listLinks, type Operate } from './operate.ts';
import type { ServerProcess } from './server-process.ts';

/** How long homes that are up may take until each has applied all that waited for it, in milliseconds. */
const DRY_MS = 120_000;

const LOOK_MS = 100;

/** Waits until the links stand and no more than `atMost` frames wait for a home. @param servers one of each home @throws Error after two minutes */
export async function untilLinksAreDry(operate: Operate, servers: readonly ServerProcess[], atMost = 0): Promise<void> {
  for (const deadline = performance.now() + DRY_MS; ; await delay(LOOK_MS)) {
    const lists = await Promise.all(servers.map((server) => listLinks(operate, server)));
    if (lists.every((links) => links.length > 0 && links.every(({ state, waiting }) => state === 'up' && waiting <= atMost))) return;
    if (performance.now() > deadline) throw new Error(`frames still wait: ${JSON.stringify(lists)}`);
  }
}
