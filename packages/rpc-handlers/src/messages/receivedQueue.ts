import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

/** A device has the messages of its secret chats up to a qts, and they are deleted here. The answer names them by their random ids; clients ignore it. */
export const receivedQueue = defineMethod({
  method: 'messages.receivedQueue',
  access: 'user',
  cost: 2,
  repeat: 'idempotent',
  handler(ctx, { max_qts: maxQts }) {
    if (maxQts < 0) return Promise.reject(rpcError('MAX_QTS_INVALID'));
    return ctx.domain.deviceLogs.doConfirm({ owner: ctx.userId, authKeyId: ctx.caller.permAuthKeyId }, maxQts);
  },
});
