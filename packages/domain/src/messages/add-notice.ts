import type { Random } from '@aerogram/runtime';
import type { Tx } from '@aerogram/storage';

import { type Boxes, MessageFlag, type MessageRow, type Origin } from '../events/index.ts';
import { type ArrivalPlace, ArrivalTerms } from './arrival-terms.ts';

/** Something that happened in a chat, said in the chat. */
export interface Notice {
  /** Marked. */
  authorId: bigint;
  /** Whose boxes get it; they are open. */
  places: readonly ArrivalPlace[];
  /** The action, packed. */
  extra: Uint8Array | null;
  /** `MessageFlag` bits beside those of a service message. */
  flags?: number;
  /** What it replies to, by box. */
  replyTo?: ReadonlyMap<bigint, number>;
  /** It lives as long as other messages of the chat; without it, it stays. */
  expires: boolean;
  origin: Origin | undefined;
}

/** Adds a service message to the boxes of a chat. @returns the copy of the first place */
export async function addNotice(tx: Tx, boxes: Boxes, random: Random, notice: Notice, date: number): Promise<MessageRow> {
  const terms = await ArrivalTerms.find(tx, notice.places, date);
  const rows = addNoticeRows(boxes, random, notice, date, terms);
  await terms.settle(tx, boxes, date);
  return rows;
}

/** {@link addNotice} where the terms of the chat are known; the caller settles them. */
export function addNoticeRows(boxes: Boxes, random: Random, notice: Notice, date: number, terms: ArrivalTerms): MessageRow {
  const { authorId, places, replyTo, origin } = notice;
  const globalId = random.int63();
  const rows = places.map((place) => {
    const ttl = terms.arrive(place);
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
      place.isOwn ? origin : undefined,
    );
  });
  return rows[0]!;
}
