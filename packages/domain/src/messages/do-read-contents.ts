import { isMarkedChat } from '@aerogram/cluster';

import { isPlayedMedia } from '../content/index.ts';
import { type BoxWriter, type FoundOwners, hasFlag, MessageFlag, type MessageRow, type OpenBoxes, type Origin, unpackMessageExtra } from '../events/index.ts';
import type { Affected } from './do-delete-messages.ts';
import { findCopies, findMessages } from './find-messages.ts';
import { clearMessageFlags } from './message-store.ts';
import { beginLifetimes } from './passing-media.ts';
import { isUnreadMention } from './unread-mention.ts';
import { dropUnread, listUnread } from './unread-store.ts';

/** Maximum number of mentions that one call marks as seen; the client calls again while `offset` is not 0. */
const SLICE = 500;

/** The owner's box after a slice of mentions was marked as seen. */
export interface ContentsRead extends Affected {
  /** Not 0 if mentions remain and the client must call again. */
  offset: number;
}

/**
 * Marks voice and video messages as played, both for the owner and in the authors' copies, and mentions as seen. The lifetime of media that have one begins. Other messages and those
 * already played or seen are skipped, so a repeat does nothing.
 */
export function doReadContents(
  deps: Pick<BoxWriter, 'writeFoundBoxes'>,
  reading: { ownerId: bigint; msgIds: readonly number[]; origin: Origin | undefined },
): Promise<Affected> {
  const { ownerId, msgIds, origin } = reading;
  const owners: FoundOwners<MessageRow[]> = {
    // The author of a message does not play it for others.
    find: async (tx) => [...(await findMessages(tx.q, ownerId, msgIds)).values()].filter((row) => isUnplayed(row) && !hasFlag(row, MessageFlag.out)),
    ownersOf: (rows) => [ownerId, ...rows.filter(isPlayed).map((row) => row.from_id)],
    operationsOf: (rows) => rows.filter(isPlayed).map((row) => ({ name: isMarkedChat(row.peer_id) ? 'read-group-contents' : 'read-contents', owners: [ownerId, row.from_id] })),
  };
  return deps.writeFoundBoxes('read-contents', owners, async (tx, boxes, date, rows) => {
    if (rows.length === 0) return { pts: boxes.pts(ownerId), ptsCount: 0 };
    const pts = await markPlayed({ tx, boxes, date }, ownerId, rows, origin);
    for (const row of rows.filter(isPlayed)) {
      for (const copy of await findCopies(tx.q, [row.from_id], [row.global_id])) {
        if (isUnplayed(copy)) await markPlayed({ tx, boxes, date }, copy.owner_id, [copy], undefined);
      }
    }
    const gone = await beginLifetimes({ tx, boxes, date }, { rows, origin });
    return { pts: gone === 0 ? pts : boxes.pts(ownerId), ptsCount: rows.length + gone };
  });
}

/** Marks the mentions of the owner in a dialog as seen, newest first. A repeat does nothing. */
export function doReadMentions(
  deps: Pick<BoxWriter, 'writeBoxes'>,
  { ownerId, peerId, origin }: { ownerId: bigint; peerId: bigint; origin: Origin | undefined },
): Promise<ContentsRead> {
  return deps.writeBoxes('read-mentions', [ownerId], async (tx, boxes, date) => {
    const unread = await listUnread(tx.q, 'unread_mentions', { owner: ownerId, peerId, limit: SLICE + 1 });
    const rows = [...(await findMessages(tx.q, ownerId, unread.slice(0, SLICE))).values()];
    if (rows.length === 0) return { pts: boxes.pts(ownerId), ptsCount: 0, offset: 0 };
    const pts = await markPlayed({ tx, boxes, date }, ownerId, rows, origin);
    return { pts, ptsCount: rows.length, offset: unread.length > SLICE ? 1 : 0 };
  });
}

function isUnplayed(row: MessageRow): boolean {
  return hasFlag(row, MessageFlag.mediaUnread);
}

/** Whether the author of a message learns that it was played. */
function isPlayed({ extra }: MessageRow): boolean {
  return isPlayedMedia(unpackMessageExtra(extra).media);
}

async function markPlayed({ tx, boxes, date }: OpenBoxes, owner: bigint, rows: readonly MessageRow[], origin: Origin | undefined): Promise<number> {
  const messages = rows.map((row) => row.msg_id);
  await clearMessageFlags(tx, owner, messages, MessageFlag.mediaUnread);
  await dropUnread(tx, 'unread_mentions', rows.filter(isUnreadMention));
  return boxes.addUpdate(owner, { ptsCount: messages.length, date, origin }, (pts) => ({
    _: 'updateReadMessagesContents',
    messages,
    pts,
    pts_count: messages.length,
    date,
  }));
}
