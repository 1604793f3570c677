import type { Random } from '@aerogram/runtime';
import type { Tx } from '@aerogram/storage';

import { type BoxWriter, packMessageExtra } from '../events/index.ts';
import { ArrivalTerms, type FormattedText } from '../messages/index.ts';
import { SERVICE_CHAT_ID } from '../peers/index.ts';

/** Adds a message from the service chat to one user's box. It has no copy in another box (rule S10). May be called once per transaction. */
export async function addServiceMessage(
  tx: Tx,
  deps: Pick<BoxWriter, 'withBoxes'> & { random: Random },
  ownerId: bigint,
  { text, entities }: FormattedText,
): Promise<void> {
  const place = { ownerId, peerId: SERVICE_CHAT_ID, isOwn: false };
  await deps.withBoxes(tx, [ownerId], async (boxes, date) => {
    const terms = await ArrivalTerms.find(tx, { places: [place], authorIds: [SERVICE_CHAT_ID], nowDate: date });
    boxes.addMessage(
      ownerId,
      {
        global_id: deps.random.int63(),
        peer_id: SERVICE_CHAT_ID,
        from_id: SERVICE_CHAT_ID,
        saved_peer_id: null,
        date,
        edit_date: null,
        flags: 0,
        reply_to_msg_id: null,
        text,
        extra: packMessageExtra({ entities }),
        ttl_period: terms.arrive(place, SERVICE_CHAT_ID),
      },
      undefined,
    );
    await terms.settle(tx, boxes, date);
  });
}
