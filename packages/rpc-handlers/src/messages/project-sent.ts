import { hasFlag, MessageFlag, projectMessage, unpackMessageExtra } from '@aerogram/domain';
import type { MessageRow } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { stepBox } from './origin.ts';

/**
 * The answer to a send (rule P13): the short form for a plain text, whose every part the client knows already,
 * else for each message one updateMessageID and one updateNewMessage.
 * @param knowsText the request had the text: of a forward, also one without its author, clients take no short answer
 */
export async function projectSent(
  ctx: RpcContext,
  rows: readonly MessageRow[],
  randomIds: readonly bigint[],
  knowsText: boolean,
): Promise<tl.Updates> {
  for (const row of rows) stepBox(ctx, row.pts, 1);
  const [row] = rows;
  // Of a short answer clients make the message themselves; Saved Messages have a `saved_peer_id` too, and mtcute fails on `inputPeerSelf`.
  if (knowsText && row !== undefined && rows.length === 1 && row.peer_id !== ctx.userId && isPlain(row)) return projectShort(row);
  const names = rows.map((sent, index): tl.Update => ({ _: 'updateMessageID', id: sent.msg_id, random_id: randomIds[index]! }));
  const news = rows.map((sent): tl.Update => ({ _: 'updateNewMessage', message: projectMessage(sent), pts: sent.pts, pts_count: 1 }));
  return ctx.domain.updates.projectAnswer(ctx.userId, [...names, ...news]);
}

/** Nothing in it but text and entities. A repeat after an edit is not plain: the client's text is no longer the message's. */
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
