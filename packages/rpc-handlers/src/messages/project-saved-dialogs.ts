import { unmarkPeer } from '@aerogram/cluster';
import { cutToBytes, type SavedDialog } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/**
 * Projects dialogs of Saved Messages with their top messages and all peers they name.
 * @param isPage whether the client will ask for the rest: then dialogs at the end that do not fit into one answer are left out
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
    // If the top message was deleted just now, the dialog is left out; that deletion sends its own update.
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
