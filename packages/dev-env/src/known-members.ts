import { setTimeout as delay } from 'node:timers/promises';
import { type Database, listNodes } from '@aerogram/storage';

/**
 * Waits until every node knows of the one that joined last. Before that the session of a device that has just logged in may still move to another node, and the
 * device, which asks for nothing by itself as apps do, would be pushed nothing any more.
 */
export async function untilMembersAreKnown(db: Pick<Database, 'q'>): Promise<void> {
  while ((await listNodes(db)).some(({ isBehind }) => isBehind)) await delay(20);
}
