import { isMarkedChannel, unmarkPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { forwardMedia, isText } from '../content/index.ts';
import { hasFlag, MessageFlag, unpackMessageExtra } from '../events/index.ts';
import { authorHeader, findReplyError, type ForwardSource } from '../messages/index.ts';

/** A message of another chat to reply to. */
export interface ReplyElsewhere {
  msgId: number;
  /** The part of the text that the reply quotes. */
  quote: Pick<tl.messageReplyHeader, 'quote_text' | 'quote_entities' | 'quote_offset'> | undefined;
  /** The task of a checklist that it is about. */
  taskId?: number | undefined;
}

/** How much of a message a reply repeats that quotes no part of it, in UTF-16 units. */
const REPEATED_MAX = 1024;

/**
 * Builds the header of a reply to a message of another chat. It says who wrote the message and repeats what it says, because those who read the reply
 * may not be able to read the message. Only for messages of channels it also names the chat and the message.
 * @param findHidden returns the authors whom nothing may link to, with the names to show instead
 * @throws RpcError REPLY_MESSAGE_ID_INVALID, QUOTE_TEXT_INVALID, CHAT_FORWARDS_RESTRICTED
 */
export async function prepareReplyHeader(
  { rows, isProtected }: ForwardSource,
  { msgId, quote, taskId }: ReplyElsewhere,
  findHidden: (authorIds: Iterable<bigint>) => Promise<Map<bigint, string>>,
): Promise<tl.messageReplyHeader> {
  const row = rows.get(msgId);
  if (row === undefined || hasFlag(row, MessageFlag.service)) throw rpcError('REPLY_MESSAGE_ID_INVALID');
  if (isProtected || hasFlag(row, MessageFlag.noforwards)) throw rpcError('CHAT_FORWARDS_RESTRICTED');
  const error = findReplyError(row, { ...quote, todo_item_id: taskId });
  if (error) throw error;
  const hidden = await findHidden([row.from_id]);
  const { entities, media } = unpackMessageExtra(row.extra);
  const isOfChannel = isMarkedChannel(row.peer_id);
  return {
    _: 'messageReplyHeader',
    quote: quote === undefined ? undefined : true,
    reply_to_msg_id: isOfChannel ? row.msg_id : undefined,
    reply_to_peer_id: isOfChannel ? unmarkPeer(row.peer_id) : undefined,
    reply_from: authorHeader(row, hidden.get(row.from_id)),
    reply_media: isText(media) ? undefined : forwardMedia(media),
    ...(quote ?? repeatText(row.text, entities)),
    todo_item_id: taskId,
  };
}

/** The beginning of a text, with the entities that lie in it. */
function repeatText(text: string, entities: readonly tl.MessageEntity[] = []): ReplyElsewhere['quote'] {
  if (text === '') return undefined;
  // Not in the middle of a character of two units.
  const end = /[\uD800-\uDBFF]/u.test(text.charAt(REPEATED_MAX - 1)) ? REPEATED_MAX - 1 : REPEATED_MAX;
  const kept = entities.filter(({ offset, length }) => offset + length <= end);
  return { quote_text: text.slice(0, end), quote_entities: kept.length > 0 ? kept : undefined };
}
