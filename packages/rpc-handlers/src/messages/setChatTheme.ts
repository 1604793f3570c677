import { findChatTheme, projectMessage } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { originOf, stepBox } from '../origin.ts';
import { PRIVATE_QUOTAS } from '../quotas.ts';

export const setChatTheme = defineMethod({
  method: 'messages.setChatTheme',
  access: 'user',
  cost: 10,
  quotas: PRIVATE_QUOTAS,
  repeat: 'idempotent',
  async handler(ctx, { peer: input, theme }) {
    const { chatThemes, peers, updates } = ctx.domain;
    const peer = await peers.accessInputPeer(ctx.userId, input);
    if (peer.kind !== 'user') throw rpcError('PEER_ID_INVALID');
    const notice = await chatThemes.doSet(peer, { ownerId: ctx.userId, origin: originOf(ctx) }, emoticonOf(theme));
    if (notice === undefined) return updates.projectAnswer(ctx.userId, []);
    stepBox(ctx, notice.pts, 1);
    return updates.projectAnswer(ctx.userId, [{ _: 'updateNewMessage', message: projectMessage(notice), pts: notice.pts, pts_count: 1 }]);
  },
});

/** The theme that a client names; undefined for none. Gifts, which may be themes, there are none of. @throws RpcError EMOJI_INVALID */
function emoticonOf(theme: tl.InputChatTheme): string | undefined {
  if (theme._ === 'inputChatThemeEmpty' || (theme._ === 'inputChatTheme' && theme.emoticon === '')) return undefined;
  const found = theme._ === 'inputChatTheme' ? findChatTheme(theme.emoticon) : undefined;
  if (found === undefined) throw rpcError('EMOJI_INVALID');
  return found;
}
