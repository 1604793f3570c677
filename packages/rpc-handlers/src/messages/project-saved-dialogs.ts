import { unmarkPeer } from '@aerogram/cluster';
import { cutToBytes, type SavedDialog } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/**
 * Saved dialogs with their top messages and everyone they name.
 * @param isPage the client asks for the rest: those at the end are left out that are too long for one answer
 */
export async function projectSavedDialogs(
  ctx: RpcContext,
  dialogs: readonly SavedDialog[],
  isPage = false,
): Promise<Omit<tl.messages.savedDialogs, '_'>> {
  const { messages } = ctx.domain;
  const found = await messages.find(ctx.userId, dialogs.map((dialog) => dialog.topMsgId));
  const inOrder = dialogs.flatMap((dialog) => found.get(dialog.topMsgId) ?? []);
  const tops = new Map((isPage ? cutToBytes(inOrder, 0) : inOrder).map((row) => [row.msg_id, row]));
  const { messages: shown, chats, users } = await messages.project(ctx.userId, [...tops.values()]);
  return {
    // One whose top message was deleted just now is told of by that deletion.
    dialogs: dialogs.filter((dialog) => tops.has(dialog.topMsgId)).map(({ peerId, topMsgId, pinned }) => ({
      _: 'savedDialog',
      pinned: pinned ? true : undefined,
      peer: unmarkPeer(peerId),
      top_message: topMsgId,
    })),
    messages: shown,
    chats,
    users,
  };
}
