import { projectMessage } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { projectScheduledAnswer } from './project-scheduled-answer.ts';
import { originOf, stepBox } from './origin.ts';

export const editMessage = defineMethod({
  method: 'messages.editMessage',
  access: ['user', 'bot'],
  cost: 1,
  limits: { vectors: { entities: 1000 } },
  repeat: 'idempotent',
  async handler(ctx, req) {
    const { messages, peers, updates } = ctx.domain;
    if (req.quick_reply_shortcut_id !== undefined) throw rpcError('MESSAGE_ID_INVALID');
    if (req.media !== undefined) throw rpcError('MEDIA_INVALID');
    if (req.schedule_date !== undefined) return editScheduled(ctx, req, req.schedule_date);
    if (req.message === undefined) throw rpcError('MESSAGE_NOT_MODIFIED');
    const peer = await peers.accessInputPeer(ctx.userId, req.peer);
    const { row, pts } = await messages.doEdit({
      ownerId: ctx.userId,
      peerId: peer.peerId,
      msgId: req.id,
      text: await messages.normalizeText(ctx.userId, req.message, req.entities),
      noWebpage: req.no_webpage === true,
      invertMedia: req.invert_media === true,
      origin: originOf(ctx),
    });
    stepBox(ctx, pts, 1);
    return updates.projectAnswer(ctx.userId, [
      { _: 'updateEditMessage', message: projectMessage(row), pts, pts_count: 1 },
    ]);
  },
});

/** With a date the id is one of the messages that wait. */
async function editScheduled(ctx: RpcContext, req: tl.messages.editMessage, scheduleDate: number): Promise<tl.Updates> {
  const { messages, peers, scheduled } = ctx.domain;
  const peer = await peers.accessInputPeer(ctx.userId, req.peer);
  const row = await scheduled.doEdit(peer, {
    ownerId: ctx.userId,
    msgId: req.id,
    text: req.message === undefined ? undefined : await messages.normalizeText(ctx.userId, req.message, req.entities),
    noWebpage: req.no_webpage === true,
    invertMedia: req.invert_media === true,
    scheduleDate,
    origin: originOf(ctx),
  });
  return projectScheduledAnswer(ctx, [row], false);
}
