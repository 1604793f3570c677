import type { Database } from '../database/open-database.ts';

/** The operator says that the server's clock is right; the server hears of it within seconds. */
export async function doAcceptClock(db: Database): Promise<void> {
  await db.transact('accept-clock', async (tx) => {
    await tx.q.updateTable('serving_node').set({ clock_accepted: true }).execute();
  });
}
