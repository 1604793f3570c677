import { MessageFlag } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { SEND_QUOTAS } from '../quotas.ts';
import { accessReply } from './access-reply.ts';
import { originOf } from '../origin.ts';
import { projectSent } from './project-sent.ts';
import { REPLY_LIMITS } from './text-limits.ts';

/** Sends a service message that a screenshot of the chat was taken. */
export const sendScreenshotNotification = defineMethod({
  method: 'messages.sendScreenshotNotification',
  access: 'user',
  cost: 2,
  limits: REPLY_LIMITS,
  quotas: SEND_QUOTAS,
  repeat: 'random_id',
  presence: 'acting',
  async handler(ctx, req) {
    const { messages, peers } = ctx.domain;
    if (req.random_id === 0n) throw rpcError('RANDOM_ID_EMPTY');
    const peer = await peers.accessUserPeer(ctx.userId, req.peer);
    if (peer.isSelf) throw rpcError('PEER_ID_INVALID');
    const part = { randomId: req.random_id, text: '', flags: MessageFlag.service, extra: { action: { _: 'messageActionScreenshotTaken' } as const } };
    // Without the id of a message, it concerns the chat as a whole.
    const reply = await accessReply(ctx, peer, req.reply_to);
    const rows = await messages.doSendOutgoing(peer, { senderId: ctx.userId, parts: [part], reply, origin: originOf(ctx) });
    return projectSent(ctx, rows, [part], undefined);
  },
});
