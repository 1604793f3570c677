import type { tl } from '@aerogram/tl';

import { type MessageExtra, type MessageRow, packMessageExtra } from '../events/index.ts';
import { type MessageEffect, TRAVELLING_FLAGS } from './message-effect.ts';
import type { OutgoingPart } from './outgoing.ts';

/** The packed `extra` of the copy elsewhere: without and with the reply header. */
export interface PackedElsewhere {
  plain: Uint8Array | null;
  quoting: Uint8Array | null;
}

/** Packs what the copy of a receiver elsewhere has. */
export function packElsewhere(extra: MessageExtra, quote: tl.messageReplyHeader | undefined): PackedElsewhere {
  const plain = packMessageExtra(extra);
  return { plain, quoting: quote === undefined ? plain : packMessageExtra({ ...extra, replyTo: quote }) };
}

/**
 * What a sent message does at the home of its receiver.
 * @param row the sender's copy
 * @param answeredId names the message to which it replies, if there is one
 */
export function effectOf(row: MessageRow, { randomId }: Pick<OutgoingPart, 'randomId'>, packed: PackedElsewhere, answeredId: bigint | undefined): MessageEffect {
  const isReply = row.reply_to_msg_id !== null;
  return {
    kind: 'message',
    from: row.owner_id,
    to: row.peer_id,
    globalId: row.global_id,
    msgId: row.msg_id,
    randomId,
    date: row.date,
    flags: row.flags & TRAVELLING_FLAGS,
    text: row.text,
    extra: (isReply ? packed.quoting : packed.plain) ?? undefined,
    answered: isReply ? answeredId : undefined,
  };
}
