import type { Database } from '@aerogram/storage';

import { BOT_FATHER_ID, REPLIES_CHAT_ID, SERVICE_CHAT_ID } from '../peers/index.ts';
import { insertServiceUser } from './user-store.ts';

interface ServiceUser {
  user_id: bigint;
  first_name: string;
  username?: string;
  phone?: string;
  bot?: boolean;
}

/** Users whose ids are built into clients (rule P2, service ids). */
export const SERVICE_USERS: readonly ServiceUser[] = [
  { user_id: SERVICE_CHAT_ID, first_name: 'Aerogram', phone: '42777' },
  { user_id: 489000n, first_name: 'Verification Codes' },
  // TDLib takes it for a bot before it hears of it, and complains if it is none.
  { user_id: REPLIES_CHAT_ID, first_name: 'Replies', username: 'replies', bot: true },
  { user_id: 1087968824n, first_name: 'Group', username: 'GroupAnonymousBot', bot: true },
  { user_id: 136817688n, first_name: 'Channel', username: 'Channel_Bot', bot: true },
  { user_id: 5434988373n, first_name: 'Anti-Spam', username: 'tgsantispambot', bot: true },
  { user_id: BOT_FATHER_ID, first_name: 'BotFather', username: 'BotFather', bot: true },
];

/** Creates the service users on the first start. Later starts change nothing but what kind of account they are, if an older server saw that otherwise. */
export async function seedServiceUsers(db: Database, nowDate: number): Promise<void> {
  await db.transact('seed-service-users', async (tx) => {
    for (const { username, phone, bot, ...user } of SERVICE_USERS) {
      await insertServiceUser(tx, {
        ...user,
        username: username ?? null,
        phone: phone ?? null,
        bot: bot ?? false,
        verified: true,
        support: bot !== true,
        created_date: nowDate,
      });
    }
  });
}
