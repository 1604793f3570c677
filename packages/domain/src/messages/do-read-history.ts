import { isMarkedChat, unmarkPeer } from '@aerogram/cluster';
import { defineStatement } from '@aerogram/storage';
import type { Tx } from '@aerogram/storage';

import { type DialogPlace, saveReadInbox, saveReadOutbox } from '../dialogs/index.ts';
import { type BoxWriter, dropSuperseded, type FoundOwners, type OpenBoxes, type Origin, peerMsgIdIn, type SubjectDeps } from '../events/index.ts';
import type { Affected } from './do-delete-messages.ts';
import { chatIdOf, type OpenDialog, type Place, placesInChat, placesOf } from './places.ts';
import { insertReadDate } from './read-date-store.ts';
import type { ReadEffect } from './read-effect.ts';

export interface Reading {
  ownerId: bigint;
  /** Marked peer id, as in the Bot API: negative for chats and channels. */
  peerId: bigint;
  /** Marks incoming messages up to this id as read; 0 for all. */
  maxId: number;
  origin: Origin | undefined;
}

interface DialogMarks {
  top_msg_id: number;
  read_inbox_max_id: number;
  read_inbox_pts: number;
}

// For each author, the newest of their messages that was read just now and that they still have.
const findReadCopies = defineStatement<{ owner_id: bigint; peer_id: bigint; msg_id: number; read_outbox_max_id: number; read_outbox_pts: number }>(
  'find_read_copies',
  `SELECT w.owner_id, w.peer_id, c.msg_id, d.read_outbox_max_id, d.read_outbox_pts
     FROM unnest($5::bigint[], $6::bigint[]) AS w (owner_id, peer_id)
    CROSS JOIN LATERAL (
          SELECT p.msg_id FROM messages r JOIN messages p ON p.owner_id = w.owner_id AND p.global_id = r.global_id
           WHERE r.owner_id = $1 AND r.peer_id = $2 AND r.from_id = w.owner_id AND r.msg_id > $3 AND r.msg_id <= $4 AND r.flags & 1 = 0
           ORDER BY r.msg_id DESC LIMIT 1) c
     JOIN dialogs d ON d.owner_id = w.owner_id AND d.peer_id = w.peer_id`,
);

// The newest message of somebody elsewhere that is read now.
const findNewestRead = defineStatement<{ extra: Uint8Array | null }>(
  'find_newest_read',
  `SELECT extra FROM messages WHERE owner_id = $1 AND peer_id = $2 AND from_id = $2 AND msg_id > $3 AND msg_id <= $4 AND flags & 1 = 0 ORDER BY msg_id DESC LIMIT 1`,
);

// The members of a basic group who wrote what is read now.
const listUnreadAuthors = defineStatement<{ from_id: bigint }>(
  'list_unread_authors',
  `SELECT DISTINCT r.from_id
     FROM dialogs d
     JOIN messages r ON r.owner_id = d.owner_id AND r.peer_id = d.peer_id AND r.msg_id > d.read_inbox_max_id
     JOIN chat_members m ON m.chat_id = $4 AND m.user_id = r.from_id AND m.status = 'member'
    WHERE d.owner_id = $1 AND d.peer_id = $2 AND ($3 = 0 OR r.msg_id <= $3) AND r.flags & 1 = 0 AND r.from_id <> $1`,
);

/** What reading needs. */
export type ReadDeps = Pick<BoxWriter, 'writeFoundBoxes'> & Pick<SubjectDeps, 'homes'>;

/** The reader's place, and those of the people whose messages are read: nobody else's box changes. */
function findReadPlaces(homes: ReadDeps['homes'], { ownerId, peerId, maxId }: Reading): FoundOwners<Place[]> {
  return {
    async find(tx) {
      if (!isMarkedChat(peerId)) return placesOf(ownerId, peerId, homes?.dcOf(peerId) !== undefined);
      const { rows } = await tx.run(listUnreadAuthors, [ownerId, peerId, maxId, chatIdOf(peerId)]);
      return placesInChat(ownerId, peerId, rows.map((row) => row.from_id));
    },
    ownersOf: (places) => places.map((place) => place.ownerId),
  };
}

/**
 * Advances the read mark of a private chat or basic group and sends updateReadHistoryInbox to the owner's other devices and updateReadHistoryOutbox, with
 * the author's own message ids, to the authors of what was read. A read mark never moves back: a lower id writes nothing and returns `ptsCount` 0.
 */
export async function doReadHistory(deps: ReadDeps, reading: Reading): Promise<Affected> {
  const { ownerId, peerId } = reading;
  const name = isMarkedChat(peerId) ? 'read-group-history' : 'read-history';
  return deps.writeFoundBoxes(name, findReadPlaces(deps.homes, reading), async (tx, boxes, date, places) => {
    const read = await markInbox({ tx, boxes, date }, reading);
    if (read === undefined) return { pts: boxes.pts(ownerId), ptsCount: 0 };
    // In a group, the reader's own mark is what tells the authors who has read a message.
    if (isMarkedChat(peerId)) insertReadDate(tx, { owner: ownerId, peerId, maxId: read.maxId, date });
    await tellRead({ tx, boxes, date }, deps.homes, reading, read);
    await markOutboxes({ tx, boxes, date, places }, reading, read);
    return { pts: read.pts, ptsCount: 1 };
  });
}

/** What has been read: the incoming messages after `before`, up to `maxId`. */
interface Read {
  before: number;
  maxId: number;
  /** Of the event in the reader's box. */
  pts: number;
}

/** Advances the reader's own mark. @returns undefined if everything up to there was read before */
export async function markInbox({ tx, boxes, date }: OpenBoxes, { ownerId, peerId, maxId: wantedId, origin }: Reading): Promise<Read | undefined> {
  const marks = await findMarks(tx, ownerId, peerId);
  const maxId = Math.min(wantedId > 0 ? wantedId : Infinity, marks?.top_msg_id ?? 0);
  if (marks === undefined || maxId <= marks.read_inbox_max_id) return undefined;

  const unread = await saveReadInbox(tx, { owner: ownerId, peerId, maxId, pts: boxes.pts(ownerId) + 1 });
  dropSuperseded(tx, ownerId, marks.read_inbox_pts);
  const pts = boxes.addUpdate(ownerId, { ptsCount: 1, date, origin }, (at) => ({
    _: 'updateReadHistoryInbox',
    peer: unmarkPeer(peerId),
    max_id: maxId,
    still_unread_count: unread,
    pts: at,
    pts_count: 1,
  }));
  return { before: marks.read_inbox_max_id, maxId, pts };
}

/** Tells the home of an author who lives elsewhere. Nothing is told while too much waits for it: what is read later tells the same. */
async function tellRead({ tx, boxes, date }: OpenBoxes, homes: ReadDeps['homes'], { ownerId, peerId }: Reading, { before, maxId }: Read): Promise<void> {
  const dc = homes?.dcOf(peerId);
  if (dc === undefined || homes!.isFull(dc)) return;
  const { rows } = await tx.run(findNewestRead, [ownerId, peerId, before, maxId]);
  const peerMsgId = peerMsgIdIn(rows[0]?.extra ?? null);
  if (peerMsgId === undefined) return;
  const effect: ReadEffect = { kind: 'read', from: ownerId, to: peerId, date, peerMsgId };
  boxes.tell(dc, effect);
}

async function findMarks(tx: Tx, ownerId: bigint, peerId: bigint): Promise<DialogMarks | undefined> {
  return tx.q
    .selectFrom('dialogs')
    .select(['top_msg_id', 'read_inbox_max_id', 'read_inbox_pts'])
    .where('owner_id', '=', ownerId)
    .where('peer_id', '=', peerId)
    .executeTakeFirst();
}

/** Tells the authors of the messages that were read just now, in each author's own ids. */
async function markOutboxes(
  { tx, boxes, date, places }: OpenDialog,
  { ownerId, peerId }: Reading,
  read: Pick<Read, 'before' | 'maxId'>,
): Promise<void> {
  const others = places.filter((place) => !place.isOwn);
  if (others.length === 0) return;
  const { rows } = await tx.run(findReadCopies, [
    ownerId,
    peerId,
    read.before,
    read.maxId,
    others.map((place) => place.ownerId),
    others.map((place) => place.peerId),
  ]);
  for (const { owner_id: owner, peer_id: peer, msg_id: maxId, read_outbox_max_id: before, read_outbox_pts: beforePts } of rows) {
    if (maxId <= before) continue;
    markOutbox({ tx, boxes, date }, { ownerId: owner, peerId: peer }, { maxId, beforePts });
    // Ids are shared by all dialogs of the author, so what was read in a group must not count as read in the chat with the reader.
    if (!isMarkedChat(peerId)) insertReadDate(tx, { owner, peerId: ownerId, maxId, date });
  }
}

/**
 * Advances the mark in an author's dialog up to which others have read.
 * @param mark.beforePts pts of the event of the mark until now
 */
export function markOutbox({ tx, boxes, date }: OpenBoxes, { ownerId: owner, peerId }: DialogPlace, { maxId, beforePts }: { maxId: number; beforePts: number }): void {
  dropSuperseded(tx, owner, beforePts);
  const at = boxes.addUpdate(owner, { ptsCount: 1, date, origin: undefined }, (pts) => ({
    _: 'updateReadHistoryOutbox',
    peer: unmarkPeer(peerId),
    max_id: maxId,
    pts,
    pts_count: 1,
  }));
  saveReadOutbox(tx, { owner, peerId, maxId, pts: at });
}
