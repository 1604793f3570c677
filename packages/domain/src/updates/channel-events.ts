import { type Database, defineStatement } from '@aerogram/storage';
import { storedDecode } from '@aerogram/tl-compat';
import type { tl } from '@aerogram/tl';

import { type BotSight, type ChannelSight, isHeard, NEXT_MESSAGES, privacyModeShows } from '../chats/index.ts';
import { findPostBytes, findPosts, listArrivedPosts, projectPost, withUnseen } from '../channel-state/index.ts';
import { type BoxEvent, bytesOfRow, channelIdOf, LogKind, type PostRow, unpackMsgId } from '../events/index.ts';
import { type ChannelLogRow, readChannelLog } from './channel-log-store.ts';
import { SLICE_BYTES } from './event-pages.ts';

/** A part of a channel's event sequence. */
export interface ChannelSlice {
  /** In ascending order of pts. */
  events: BoxEvent[];
  /** pts at the end of the slice. */
  pts: number;
  /** The channel's pts. */
  channelPts: number;
  /** Whether the channel has events after this slice. */
  more: boolean;
  /** Events up to this pts may be missing, because the log was cut there. */
  cutPts: number;
}

/** A message that arrived, or an entry of the log. */
type Place = { pts: number; post: PostRow; row: undefined } | { pts: number; post: undefined; row: ChannelLogRow };

const readPts = defineStatement<{ owner_id: bigint; pts: number }>('read_channel_pts', 'SELECT owner_id, pts FROM counters_now WHERE owner_id = ANY ($1::bigint[])');

/** Reads the pts of channels, by marked id. Channels that do not exist are left out. */
export async function readChannelPts(db: Pick<Database, 'run'>, peerIds: readonly bigint[]): Promise<Map<bigint, number>> {
  if (peerIds.length === 0) return new Map();
  const { rows } = await db.run(readPts, [peerIds]);
  return new Map(rows.map(({ owner_id: peerId, pts }) => [peerId, pts]));
}

/** The pts of a channel. @param peerId marked */
export async function findChannelPts(db: Pick<Database, 'run'>, peerId: bigint): Promise<number> {
  return (await readChannelPts(db, [peerId])).get(peerId) ?? 1;
}

/**
 * Reads the events of a channel after a pts. The counter is read first, and then only events up to it, so nothing is missing in between (rule S2, counter first). The
 * slice ends with the event that fills {@link SLICE_BYTES}.
 * @param peerId marked
 * @param limit maximum number of events
 */
export async function listChannelEvents(db: Database, peerId: bigint, after: number, limit: number): Promise<ChannelSlice> {
  const channelPts = await findChannelPts(db, peerId);
  const channelId = channelIdOf(peerId);
  const range = { after, upTo: channelPts, limit: limit + 1, bytes: SLICE_BYTES };
  const [posts, log] = await Promise.all([listArrivedPosts(db, channelId, range), readChannelLog(db, peerId, range)]);
  const places: Place[] = [...posts.map((post) => ({ pts: post.pts, post, row: undefined })), ...log.rows.map((row) => ({ pts: row.pts, post: undefined, row }))];
  places.sort((a, b) => a.pts - b.pts);
  const { taken, isFull } = takeSlice(places, limit, await findPostBytes(db, channelId, idsOfEdits(log.rows)));
  const pts = isFull ? taken.at(-1)!.pts : channelPts;
  const edited = await findEdited(db, channelId, taken.flatMap(({ row }) => row ?? []));
  const events = taken.flatMap(({ post, row }): BoxEvent[] => {
    if (post !== undefined) return [{ kind: 'new_message', pts: post.pts, ptsCount: 1, message: post }];
    return openRow(row, edited);
  });
  return { events, pts, channelPts, more: pts < channelPts, cutPts: log.cutPts };
}

/**
 * Takes the first places, as many as fit into a slice. The reads ended where they alone fill a slice, so no place is missing before the last one taken.
 * @param edited sizes of the messages that edits refer to; each is counted once, because several edits of a message become one event
 */
function takeSlice(places: readonly Place[], limit: number, edited: Map<number, number>): { taken: Place[]; isFull: boolean } {
  let [count, bytes] = [0, 0];
  for (; count < places.length && count < limit && bytes < SLICE_BYTES; count++) {
    const { post, row } = places[count]!;
    const msgId = row?.kind === LogKind.edit ? unpackMsgId(row.payload) : undefined;
    bytes += post !== undefined ? bytesOfRow(post) : (row?.payload.length ?? 0);
    if (msgId === undefined) continue;
    bytes += edited.get(msgId) ?? 0;
    edited.delete(msgId);
  }
  return { taken: places.slice(0, count), isFull: count < places.length || bytes >= SLICE_BYTES };
}

function idsOfEdits(rows: readonly ChannelLogRow[]): number[] {
  return [...new Set(rows.filter((row) => row.kind === LogKind.edit).map((row) => unpackMsgId(row.payload)))];
}

/** The edited messages as they are now, by the last log row of each. */
async function findEdited(db: Database, channelId: bigint, rows: readonly ChannelLogRow[]): Promise<Map<ChannelLogRow, PostRow>> {
  const last = new Map(rows.filter((row) => row.kind === LogKind.edit).map((row) => [unpackMsgId(row.payload), row]));
  const posts = await findPosts(db.q, channelId, [...last.keys()]);
  return new Map([...posts].map(([msgId, post]) => [last.get(msgId)!, post]));
}

function openRow(row: ChannelLogRow, edited: Map<ChannelLogRow, PostRow>): BoxEvent[] {
  const { pts, pts_count: ptsCount, date } = row;
  if (row.kind === LogKind.edit) {
    const message = edited.get(row);
    return message === undefined ? [] : [{ kind: 'edit_message', pts, ptsCount, message }];
  }
  // The cast is safe: insertUpdateLog stores only updates under this kind.
  return [{ kind: 'update', pts, ptsCount, date, update: storedDecode(row.payload) as tl.Update, looseSeq: 0 }];
}

/**
 * The update that a member gets for an event of a channel; undefined for what is hidden from the member. Pure.
 */
export function projectChannelEvent(event: BoxEvent, viewerId: bigint, sight: ChannelSight): tl.Update | undefined {
  if (event.kind === 'update') return sight.bot === undefined ? event.update : updateForBot(event.update, sight.bot);
  // The cast is safe: all messages in the events of a channel are posts.
  if (!isHeard(sight, event.message as PostRow)) return undefined;
  return {
    _: event.kind === 'new_message' ? 'updateNewChannelMessage' : 'updateEditChannelMessage',
    // The cast is safe: all messages in the events of a channel are posts.
    message: projectPost(event.message as PostRow, viewerId),
    pts: event.pts,
    pts_count: event.ptsCount,
  };
}

/** Whether an update that is not stored may be shown to a member: reactions and polls only of messages that the member sees. Bots get other updates of both. Pure. */
export function mayHear(update: tl.Update, { hidden, bot }: Pick<ChannelSight, 'hidden'> & { bot: unknown }): boolean {
  if (update._ !== 'updateMessageReactions' && update._ !== 'updateMessagePoll') return true;
  return bot === undefined && (update.msg_id ?? 0) > hidden;
}

/**
 * What a bot gets of an update about messages. They may be gone, so that nobody can say any more for whom they were meant. Pure.
 */
function updateForBot(update: tl.Update, sight: BotSight): tl.Update | undefined {
  switch (update._) {
    case 'updateDeleteChannelMessages':
    case 'updatePinnedChannelMessages': {
      const messages = update.messages.filter((msgId) => privacyModeShows(sight, { msgId }));
      return messages.length === 0 ? undefined : { ...update, messages };
    }
    case 'updateChannelWebPage':
      return privacyModeShows(sight, { msgId: NEXT_MESSAGES }) ? update : undefined;
    default:
      return update;
  }
}

/** Makes the update for events of a channel that are hidden from a viewer: it only advances the pts. Pure. @param peerId marked */
export function fillHole(peerId: bigint, pts: number, ptsCount: number): tl.Update {
  return { _: 'updateDeleteChannelMessages', channel_id: channelIdOf(peerId), messages: [], pts, pts_count: ptsCount };
}

/** Notes in the messages of events what a member has seen and played of them. See {@link withUnseen}. */
export async function markUnseen(q: Database['q'], viewerId: bigint, events: readonly BoxEvent[], nowDate: number): Promise<BoxEvent[]> {
  // The cast is safe: all messages in the events of a channel are posts.
  const posts = await withUnseen(q, viewerId, events.flatMap((event) => ('message' in event ? [event.message as PostRow] : [])), nowDate);
  let at = 0;
  return events.map((event) => ('message' in event ? { ...event, message: posts[at++]! } : event));
}
