import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import type { ResolvedUser } from '../access/index.ts';
import { type MessageRow, type Origin, packMessageExtra } from '../events/index.ts';
import { addNotice, type MessagingDeps, writeDialog } from '../messages/index.ts';
import { otherBoxOf } from '../peers/index.ts';
import { saveChatTheme } from './chat-wallpaper-store.ts';

/** The themes of private chats (core.telegram.org/api/themes#chat-themes), which both people in a chat see. What a chat has is found together with its wallpaper. */
export interface ChatThemes {
  /**
   * Gives a private chat a theme, or takes it away, and adds a service message about it, by which the devices of both know.
   * @param emoticon of a theme that there is; undefined for none
   * @returns the owner's copy of the service message; undefined if the chat has this theme already, as when the call is repeated
   * @throws RpcError PEER_ID_INVALID (Saved Messages, service chats), INPUT_USER_DEACTIVATED, YOU_BLOCKED_USER, USER_IS_BLOCKED, and as {@link SendLimits.check}
   */
  doSet(peer: ResolvedUser, change: { ownerId: bigint; origin: Origin | undefined }, emoticon: string | undefined): Promise<MessageRow | undefined>;
}

type Deps = Pick<MessagingDeps, 'db' | 'homes' | 'random' | 'sendLimits' | 'writeBoxes' | 'writeFoundBoxes'>;

/** Creates the operations on themes of private chats. */
export function createChatThemes(deps: Deps): ChatThemes {
  return {
    async doSet(peer, { ownerId, origin }, emoticon) {
      const { peerId } = peer;
      if (peer.row.deleted) throw rpcError('INPUT_USER_DEACTIVATED');
      if (otherBoxOf(ownerId, peerId) === undefined) throw rpcError('PEER_ID_INVALID');
      await deps.sendLimits.check(ownerId, peer, 1);
      return writeDialog(deps, { name: 'set-chat-theme', refusals: ['YOU_BLOCKED_USER', 'USER_IS_BLOCKED'] }, { ownerId, peerId }, async ({ tx, boxes, date, places }) => {
        let isChanged = false;
        for (const place of places) isChanged = (await saveChatTheme(tx, place, emoticon)) || isChanged;
        if (!isChanged) return undefined;
        const action: tl.messageActionSetChatTheme = { _: 'messageActionSetChatTheme', theme: { _: 'chatTheme', emoticon: emoticon ?? '' } };
        return addNotice({ tx, boxes, date }, deps.random, { authorId: ownerId, places, extra: packMessageExtra({ action }), expires: true, origin });
      });
    },
  };
}
