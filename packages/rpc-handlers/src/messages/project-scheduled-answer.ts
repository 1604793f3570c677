import { PeerSet, projectScheduled } from '@aerogram/domain';
import type { ScheduledRow } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/** Projects the answer to a call that scheduled messages or, unless `isNew`, changed a scheduled one. */
export function projectScheduledAnswer(ctx: RpcContext, rows: readonly ScheduledRow[], isNew = true): Promise<tl.Updates> {
  const names = rows.map((row): tl.Update => ({ _: 'updateMessageID', id: row.msg_id, random_id: row.random_id }));
  const news = rows.map((row): tl.Update => ({ _: 'updateNewScheduledMessage', message: projectScheduled(row) }));
  return ctx.domain.updates.projectAnswer(ctx.userId, isNew ? [...names, ...news] : news);
}

/** Projects scheduled messages as an answer with all peers they name. */
export async function projectScheduledMessages(ctx: RpcContext, rows: readonly ScheduledRow[]): Promise<tl.messages.messages> {
  const messages = rows.map(projectScheduled);
  ctx.domain.messageFiller.fillScheduled(messages);
  const peers = new PeerSet();
  for (const message of messages) peers.addObject(message);
  return { _: 'messages.messages', messages, topics: [], ...(await ctx.domain.projectPeers(ctx.userId, peers)) };
}
