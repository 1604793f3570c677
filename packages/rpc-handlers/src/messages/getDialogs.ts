import { given, markedOffsetPeer } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

export const getDialogs = defineMethod({
  method: 'messages.getDialogs',
  access: 'user',
  cost: 2,
  repeat: 'read',
  elsewhere: { offset_peer: 'works' },
  async handler(ctx, req): Promise<tl.messages.Dialogs> {
    const { dialogs } = ctx.domain;
    if (req.folder_id !== undefined && req.folder_id !== 0 && req.folder_id !== 1) throw rpcError('FOLDER_ID_INVALID');
    const offsetPeerId = markedOffsetPeer(ctx.userId, req.offset_peer);
    const offsetDate = given(req.offset_date) ?? 0;
    const offsetId = given(req.offset_id) ?? 0;
    const { rows, count, isWhole } = await dialogs.list({
      ownerId: ctx.userId,
      folderId: req.folder_id,
      excludePinned: req.exclude_pinned === true,
      offsetDate,
      offsetId,
      offsetPeerId,
      limit: req.limit,
    });
    // The archive is an entry of the main list itself, among the pinned dialogs on its first page.
    const isFirst = offsetPeerId === undefined && offsetDate === 0 && offsetId === 0;
    const withArchive = isFirst && req.folder_id === 0 && req.exclude_pinned !== true;
    const content = await dialogs.project(ctx.userId, rows, false, withArchive);
    // If the answer was cut for its size, the client asks for the rest after its last dialog. The archive is not one of the rows.
    const listed = content.dialogs.filter(({ _ }) => _ === 'dialog').length;
    if (isWhole && listed === rows.length) return { _: 'messages.dialogs', ...content };
    return { _: 'messages.dialogsSlice', count: Math.max(count, content.dialogs.length), ...content };
  },
});
