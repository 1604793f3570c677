import type { tl } from '@aerogram/tl';

import { type MessageExtra, type MessageRow, packMessageExtra, unpackMessageExtra } from '../events/index.ts';
import type { FormattedText } from './check-text.ts';
import type { EditEffect } from './edit-effect.ts';
import { TRAVELLING_FLAGS } from './message-effect.ts';
import type { OutgoingPart } from './outgoing.ts';
import { pageElsewhere } from './prepare-elsewhere.ts';
import type { UnsealedMessage } from './send-names.ts';

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
export function effectOf(row: MessageRow, { randomId }: Pick<OutgoingPart, 'randomId'>, packed: PackedElsewhere, answeredId: bigint | undefined): UnsealedMessage {
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

/** What an edit changes. */
interface Changed extends Pick<EditEffect, 'noWebpage' | 'invertMedia'> {
  text?: FormattedText;
  /** Null: none any more. */
  replyMarkup?: tl.ReplyMarkup | null;
}

/** What an edit does at the home of the other person. @param row the editor's copy after it */
export function editEffectOf(row: MessageRow, to: bigint, edit: Changed): Omit<EditEffect, 'seal'> {
  const { entities, media } = unpackMessageExtra(row.extra);
  const replyMarkup = edit.replyMarkup ?? undefined;
  const page = pageElsewhere(media);
  const extra = packMessageExtra({ ...(edit.text && { ...(entities && { entities }), ...(page && { media: page }) }), ...(replyMarkup && { replyMarkup }) });
  return {
    kind: 'edit',
    from: row.owner_id,
    to,
    date: row.edit_date!,
    globalId: row.global_id,
    text: edit.text?.text,
    extra: extra ?? undefined,
    setsMarkup: edit.replyMarkup !== undefined,
    noWebpage: edit.noWebpage,
    invertMedia: edit.invertMedia,
  };
}
