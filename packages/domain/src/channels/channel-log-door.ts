import { rpcError } from '@aerogram/errors';
import { type Clock, pageSize } from '@aerogram/runtime';
import { type Database, defineRecurringJob, type JobKind } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { checkRight, findChannelMembers, findChannelRows, findRetentionDays, hiddenUpTo, standingIn } from '../chats/index.ts';
import type { PostRow } from '../events/index.ts';
import { documentIdsIn, findPhotos, type MediaFiller } from '../documents/index.ts';
import type { DomainConfig } from '../shared/index.ts';
import { isUnspaced, joinWords, searchWords, type Users, wordsOf } from '../users/index.ts';
import { type ChannelIds, emptyDueCopies, listEntriesOf, listLog, listLoggedPeople, type LogQuery, photoIdsIn, postsIn, removeOldLog } from '../channel-state/index.ts';
import { projectLogEvent } from './project-log.ts';

const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;
/** Maximum number of events in one answer. */
const LIMIT_MAX = 100;
/** Maximum number of words of a search. */
const WORDS_MAX = 16;
/** Maximum number of people in whose names a search looks for the words. */
const PEOPLE_MAX = 2_000;
/** How often old events are deleted, in milliseconds. */
const PRUNE_EVERY_MS = 600_000;
/** How many old events are deleted at once. */
const PRUNE_SLICE = 1_000;
/** How many events are emptied of their copies of messages at once. */
const EMPTY_SLICE = 100;

/** Which events an admin wants to see. */
export interface LogPage extends Pick<LogQuery, 'filters' | 'userIds' | 'maxId' | 'minId' | 'limit'> {
  /** Text of a search; '' for all events. An event is found if each word of the text begins a word of the event, or of the name of a user in it. */
  q: string;
}

/** The log of one channel. */
export interface ChannelLogDoor {
  /**
   * Lists the latest events of the admin log, newest first. An event about a message that the viewer may not see, or that is no longer kept, shows that the
   * message was pinned, edited or deleted, but not its content.
   * @throws RpcError 400 CHANNEL_INVALID, CHANNEL_PRIVATE, CHAT_ADMIN_REQUIRED
   */
  list(viewerId: bigint, page: LogPage): Promise<tl.channelAdminLogEvent[]>;
  /** Lists the documents in the copies of a message in the admin log that the viewer may see, and the photos that the message replaced or showed. Throws as {@link ChannelLogDoor.list}. */
  listDocumentIds(viewerId: bigint, msgId: number): Promise<bigint[]>;
}

/** The dependencies of reading logs. */
export interface ChannelLogDeps {
  db: Database;
  clock: Pick<Clock, 'now'>;
  users: Pick<Users, 'findRows'>;
  media: Pick<MediaFiller, 'fillPhoto' | 'nameSet'>;
  config: Pick<DomainConfig, 'adminLogHours'>;
}

/** Creates the reading of the log of a channel whose rows are in this database. */
export function openChannelLog({ db, clock, users, config, media }: ChannelLogDeps, { channelId, peerId }: ChannelIds): ChannelLogDoor {
  /** Turns the text of a search into words and the users whose names match; undefined if the text has no words. */
  async function prepareSearch(q: string): Promise<LogQuery['found']> {
    const words = [...new Set(wordsOf(q))].slice(0, WORDS_MAX);
    if (words.length === 0) return undefined;
    const names = await users.findRows(await listLoggedPeople(db, channelId, PEOPLE_MAX));
    const peopleIds = [...names.values()].flatMap(({ user_id, first_name, last_name, username, deleted }) => {
      const own = deleted ? [] : searchWords(`${first_name} ${last_name} ${username ?? ''}`);
      return words.every((word) => own.some((one) => one.startsWith(word))) ? [user_id] : [];
    });
    // In scripts without spaces, a word may begin anywhere.
    return { words: words.map((word) => (isUnspaced(word) ? word : joinWords([word]))), peopleIds };
  }
  /** What the viewer may see of the log. */
  async function accessLog(viewerId: bigint) {
    const nowDate = clock.now();
    const [[row], [member], days] = await Promise.all([
      findChannelRows(db, [channelId]),
      findChannelMembers(db, [{ id: channelId, userId: viewerId }]),
      findRetentionDays(db, peerId),
    ]);
    if (row === undefined) throw rpcError('CHANNEL_INVALID');
    checkRight(standingIn(row, member, nowDate), 'view_admin_log');
    // Messages that the viewer has only cleared from their own history stay visible in the log.
    const hidden = hiddenUpTo(row, member && { ...member, cleared_max_id: 0 });
    const keptSince = days === 0 ? 0 : nowDate - days * DAY_S;
    const maySee = (post: PostRow): boolean => post.msg_id > hidden && post.date >= keptSince && (post.ttl_period === null || post.date + post.ttl_period > nowDate);
    return { row, hidden, sinceDate: nowDate - config.adminLogHours * HOUR_S, maySee };
  }
  return {
    async list(viewerId, { q, limit, ...page }) {
      const { row, hidden, sinceDate, maySee } = await accessLog(viewerId);
      const isSearch = q.trim() !== '';
      const found = isSearch ? await prepareSearch(q) : undefined;
      if (isSearch && found === undefined) return [];
      const events = await listLog(db, channelId, { ...page, found, hiddenUpTo: hidden, sinceDate, limit: pageSize(limit, LIMIT_MAX) });
      const photos = await findPhotos(db, events.flatMap(({ entry }) => photoIdsIn(entry)));
      const photoOf = (id: bigint | null, msgId: number): tl.Photo => {
        const stored = id === null ? undefined : photos.get(id);
        return stored === undefined ? { _: 'photoEmpty', id: id ?? 0n } : media.fillPhoto(stored.photo, { kind: 'log', channelId, msgId });
      };
      return events.map((event) => projectLogEvent({ viewerId, creatorId: row.creator_id, maySee, photoOf, setOf: media.nameSet }, event));
    },
    async listDocumentIds(viewerId, msgId) {
      const { sinceDate, maySee } = await accessLog(viewerId);
      const entries = await listEntriesOf(db, channelId, { msgId, sinceDate });
      return entries.flatMap((entry) => (entry.kind === 'photo' ? photoIdsIn(entry) : postsIn(entry).filter(maySee).flatMap(({ extra }) => documentIdsIn(extra))));
    },
  };
}

/** Creates the job that deletes old events, and removes the content of logged messages whose lifetime or retention time has ended. */
export function createLogPruneJob({ db, clock, config }: Omit<ChannelLogDeps, 'users' | 'media'>): JobKind {
  return defineRecurringJob({
    kind: 'prune-admin-logs',
    everyMs: PRUNE_EVERY_MS,
    clockNeed: 'proven',
    async run({ signal }) {
      const nowDate = clock.now();
      for (let found = PRUNE_SLICE; found === PRUNE_SLICE && !signal.aborted; ) {
        found = await db.transact('prune-admin-logs', (tx) => removeOldLog(tx, nowDate - config.adminLogHours * HOUR_S, PRUNE_SLICE));
      }
      for (let found = 1; found > 0 && !signal.aborted; ) {
        found = await db.transact('empty-log-copies', (tx) => emptyDueCopies(tx, nowDate, EMPTY_SLICE));
      }
    },
  });
}
