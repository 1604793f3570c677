import type { Logger } from '@aerogram/runtime';
import { onItsOwn } from './lease-connection.ts';
import { expelNode, inClusterLock, type NodeRow } from './node-store.ts';

/** Takes their rows from nodes whose leases have run out; never rejects. */
export async function expelLost(url: string, lost: readonly NodeRow[], log: Logger): Promise<void> {
  for (const row of lost) {
    try {
      const isTaken = await onItsOwn(url, (client) => inClusterLock(client, () => expelNode(client, row)));
      if (isTaken) log.warn({ node: row.name, host: row.host }, 'a node is lost: its lease was not renewed');
    } catch (error) {
      // Tried again with the next renewal.
      log.warn({ node: row.name, err: error }, 'could not take its row from a node that is lost');
    }
  }
}
