import Long from 'long';
import type { Got, Said } from '../protocol/index.ts';
import type { Account } from './account.ts';
import { readLogEvent, writeLogFilter } from './models/log-event.ts';

/** Events that are loaded at once. */
const PAGE = 50;

/** Lists what was done in a supergroup or channel. The server keeps it for a while, and admins see it. */
export async function listLog(account: Account, { peer, query, kinds, by, before }: Said<'manage.log'>): Promise<Got<'manage.log'>> {
  const { events } = await account.call({
    _: 'channels.getAdminLog',
    channel: await account.inputChannel(peer),
    q: query,
    eventsFilter: kinds && writeLogFilter(kinds),
    admins: by && (await Promise.all(by.map((admin) => account.inputUser(admin)))),
    maxId: before === undefined ? Long.ZERO : Long.fromString(before),
    minId: Long.ZERO,
    limit: PAGE,
  });
  return { events: events.map((event) => readLogEvent(event, account.me)), hasMore: events.length === PAGE };
}
