import { type SavedDialog } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/** Saved dialogs with their top messages and everyone they name. */
export async function projectSavedDialogs(
  ctx: RpcContext,
  dialogs: readonly SavedDialog[],
): Promise<Omit<tl.messages.savedDialogs, '_'>> {
  const { messages } = ctx.domain;
  const tops = await messages.find(ctx.userId, dialogs.map((dialog) => dialog.topMsgId));
  const { messages: shown, chats, users } = await messages.project(ctx.userId, [...tops.values()]);
  return {
    // One whose top message was deleted just now is told of by that deletion.
    dialogs: dialogs.filter((dialog) => tops.has(dialog.topMsgId)).map(({ peerId, topMsgId, pinned }) => ({
      _: 'savedDialog',
      pinned: pinned ? true : undefined,
      peer: { _: 'peerUser', user_id: peerId },
      top_message: topMsgId,
    })),
    messages: shown,
    chats,
    users,
  };
}
