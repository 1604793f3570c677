import type { Database } from '../database/open-database.ts';

/** Records that the operator confirmed the server's clock; the server reads this within seconds. */
export async function doAcceptClock(db: Database): Promise<void> {
  await db.transact('accept-clock', async (tx) => {
    await tx.q.updateTable('serving_node').set({ clock_accepted: true }).execute();
  });
}
