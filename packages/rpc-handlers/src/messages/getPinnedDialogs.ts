import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

/** In the main list the archive is one of the pinned entries: clients that list dialogs with `exclude_pinned` only learn of it here. */
export const getPinnedDialogs = defineMethod({
  method: 'messages.getPinnedDialogs',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx, req) {
    const { dialogs, updates } = ctx.domain;
    if (req.folder_id !== 0 && req.folder_id !== 1) throw rpcError('FOLDER_ID_INVALID');
    const state = await updates.findState(ctx.userId, ctx.caller.permAuthKeyId);
    const rows = await dialogs.listPinned(ctx.userId, req.folder_id);
    return { _: 'messages.peerDialogs', ...(await dialogs.project(ctx.userId, rows, true, req.folder_id === 0)), state };
  },
});
