import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { projectSavedDialogs } from './project-saved-dialogs.ts';

export const getSavedDialogs = defineMethod({
  method: 'messages.getSavedDialogs',
  access: 'user',
  cost: 2,
  repeat: 'read',
  elsewhere: { offset_peer: 'works' },
  async handler(ctx, req): Promise<tl.messages.SavedDialogs> {
    if (req.parent_peer !== undefined) throw rpcError('PARENT_PEER_INVALID');
    // The offset is the position of the top message; the peer is not needed.
    const { dialogs, count } = await ctx.domain.saved.list({
      ownerId: ctx.userId,
      excludePinned: req.exclude_pinned === true,
      offsetId: req.offset_id,
      limit: req.limit,
    });
    const content = await projectSavedDialogs(ctx, dialogs, true);
    return content.dialogs.length === count ? { _: 'messages.savedDialogs', ...content } : { _: 'messages.savedDialogsSlice', count, ...content };
  },
});
