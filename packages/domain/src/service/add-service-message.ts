import type { Random } from '@aerogram/runtime';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { type BoxWriter, packMessageExtra } from '../events/index.ts';
import { ArrivalTerms, type FormattedText } from '../messages/index.ts';
import { SERVICE_CHAT_ID } from '../peers/index.ts';

/**
 * Adds a message from a service account, by default the service chat, to one user's box. It has no copy in another box (rule S10, popular receivers). May be called once per
 * transaction.
 */
export async function addServiceMessage(
  tx: Tx,
  deps: Pick<BoxWriter, 'withBoxes'> & { random: Random },
  ownerId: bigint,
  { text, entities, replyMarkup, authorId = SERVICE_CHAT_ID }: FormattedText & { replyMarkup?: tl.ReplyMarkup; authorId?: bigint },
): Promise<void> {
  const place = { ownerId, peerId: authorId, isOwn: false };
  await deps.withBoxes(tx, [ownerId], async (boxes, date) => {
    const terms = await ArrivalTerms.find(tx, { places: [place], authorIds: [authorId], nowDate: date });
    boxes.addMessage(
      ownerId,
      {
        global_id: deps.random.int63(),
        peer_id: authorId,
        from_id: authorId,
        saved_peer_id: null,
        date,
        edit_date: null,
        flags: 0,
        reply_to_msg_id: null,
        text,
        extra: packMessageExtra({ entities, ...(replyMarkup && { replyMarkup }) }),
        ttl_period: terms.arrive(place, authorId),
      },
      undefined,
    );
    await terms.settle(tx, boxes, date);
  });
}
