import type { Database } from '@aerogram/storage';

import { exportedNotice, orderServiceMessage } from '../service/index.ts';
import { noteOperator } from './operator-log-store.ts';

/** Records that the operator exports the data of an account, and tells its owner in the service chat. Bots have none. */
export function noteExport(db: Database, userId: bigint, nowDate: number): Promise<void> {
  return db.transact('note-export', async (tx) => {
    await noteOperator(tx, `export the data of account ${userId}`, nowDate);
    const row = await tx.q.selectFrom('users').select(['bot', 'support', 'deleted']).where('user_id', '=', userId).executeTakeFirst();
    if (row !== undefined && !row.bot && !row.support && !row.deleted) await orderServiceMessage(tx, userId, exportedNotice(nowDate));
  });
}
