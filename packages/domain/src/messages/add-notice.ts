import type { Random } from '@aerogram/runtime';

import { type Boxes, MessageFlag, type MessageRow, type OpenBoxes, type Origin } from '../events/index.ts';
import { ArrivalTerms } from './arrival-terms.ts';
import type { Place } from './places.ts';

/** A service message to add to a chat, such as "… pinned a message". */
export interface Notice {
  /** Marked peer id, as in the Bot API: negative for chats and channels. */
  authorId: bigint;
  /** The dialogs that get the message; the boxes of their owners must be open. */
  places: readonly Place[];
  /** The packed `MessageExtra` with the action. */
  extra: Uint8Array | null;
  /** `MessageFlag` bits to set in addition to `service`. */
  flags?: number;
  /** Message id that the notice replies to, by owner of the box. */
  replyTo?: ReadonlyMap<bigint, number>;
  /** Whether the chat's `ttl_period` applies to this message. If false, it never expires. */
  expires: boolean;
  origin: Origin | undefined;
  /** The owner whose session the origin is; absent: the author. */
  originOwnerId?: bigint;
  /** Names the message in all boxes where it must be there once; absent: a random one. */
  globalId?: bigint;
}

/**
 * Adds a service message to the boxes of a chat.
 * @returns the copy in the first of `notice.places`
 */
export async function addNotice({ tx, boxes, date }: OpenBoxes, random: Random, notice: Notice): Promise<MessageRow> {
  const terms = await ArrivalTerms.find(tx, { places: notice.places, authorIds: [notice.authorId], nowDate: date });
  const rows = addNoticeRows(boxes, random, notice, { date, terms });
  await terms.settle(tx, boxes, date);
  return rows;
}

/** Same as {@link addNotice} for callers that have read the chat's inbound settings already and call `settle` on them. */
export function addNoticeRows(boxes: Boxes, random: Random, notice: Notice, { date, terms }: { date: number; terms: ArrivalTerms }): MessageRow {
  const { authorId, places, replyTo, origin, originOwnerId = places.find(({ isOwn }) => isOwn)?.ownerId, globalId = random.int63() } = notice;
  const rows = places.map((place) => {
    const ttl = terms.arrive(place, authorId);
    const flags = MessageFlag.service | (notice.flags ?? 0) | (place.isOwn ? MessageFlag.out : 0);
    return boxes.addMessage(
      place.ownerId,
      {
        global_id: globalId,
        peer_id: place.peerId,
        from_id: authorId,
        saved_peer_id: null,
        date,
        edit_date: null,
        flags,
        reply_to_msg_id: replyTo?.get(place.ownerId) ?? null,
        text: '',
        extra: notice.extra,
        ttl_period: notice.expires ? ttl : null,
      },
      place.ownerId === originOwnerId ? origin : undefined,
    );
  });
  return rows[0]!;
}
