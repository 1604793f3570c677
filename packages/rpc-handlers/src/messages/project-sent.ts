import { hasFlag, MessageFlag, projectMessage, unpackMessageExtra } from '@aerogram/domain';
import type { MessageRow } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { stepBox } from '../origin.ts';

/**
 * Projects the answer to a send (rule P13, send answers): for messages.sendMessage the short form, if it is a plain text of which the client knows every part; otherwise one
 * updateMessageID and one updateNewMessage per message.
 * @param contents the messages as they were asked for, with the random ids of the client
 * @param knownText the text of messages.sendMessage; undefined for other methods, because clients do not accept the short form there. Undefined
 *   also for a repeated call: its client may know the message from a difference, and needs the random id to see that the message is not another one.
 *   A client takes the text of a short answer from its own request, so the stored text must be the same: it may have been trimmed.
 */
export function projectSent(
  ctx: RpcContext,
  rows: readonly MessageRow[],
  contents: readonly { randomId: bigint }[],
  knownText: string | undefined,
): tl.Updates | Promise<tl.Updates> {
  const [row] = rows;
  // Clients build the message of a short answer themselves. This does not work in Saved Messages, where it needs a `saved_peer_id`, and
  // mtcute fails there on `inputPeerSelf`.
  if (row !== undefined && row.text === knownText && rows.length === 1 && row.peer_id !== ctx.userId && isPlain(row)) {
    stepBox(ctx, row.pts, 1);
    return projectShort(row);
  }
  const names = rows.map((sent, index): tl.Update => ({ _: 'updateMessageID', id: sent.msg_id, random_id: contents[index]!.randomId }));
  return projectNew(ctx, rows, names);
}

/**
 * Projects the answer to a call that has written messages, always in the full form.
 * @param names says which random ids of the client they have; service messages have none
 */
export function projectNew(ctx: RpcContext, rows: readonly MessageRow[], names: readonly tl.Update[] = []): Promise<tl.updates> {
  for (const { pts } of rows) stepBox(ctx, pts, 1);
  const news = rows.map((sent): tl.Update => ({ _: 'updateNewMessage', message: projectMessage(sent), pts: sent.pts, pts_count: 1 }));
  return ctx.domain.updates.projectAnswer(ctx.userId, [...names, ...news]);
}

/**
 * Whether the message contains nothing but text and entities. After an edit it does not count as plain: a repeated send has the text before
 * the edit.
 */
function isPlain(row: MessageRow): boolean {
  if (row.reply_to_msg_id !== null || row.edit_date !== null || hasFlag(row, MessageFlag.noforwards)) return false;
  if (row.extra === null) return true;
  const { fwdFrom, media, replyTo } = unpackMessageExtra(row.extra);
  return fwdFrom === undefined && media === undefined && replyTo === undefined;
}

function projectShort(row: MessageRow): tl.updateShortSentMessage {
  return {
    _: 'updateShortSentMessage',
    out: true,
    id: row.msg_id,
    pts: row.pts,
    pts_count: 1,
    date: row.date,
    ttl_period: row.ttl_period ?? undefined,
    entities: unpackMessageExtra(row.extra).entities,
  };
}
