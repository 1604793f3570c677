import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { NAME_PALETTE, PROFILE_PALETTE } from '../help/palettes.ts';
import { originOf } from '../messages/origin.ts';

/** Sets a colour of the palettes in help.getPeerColors; there are no custom emoji for the background. */
export const updateColor = defineMethod({
  method: 'account.updateColor',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  handler: async (ctx, { for_profile, color }) => {
    if (color?._ === 'peerColorCollectible' || color?._ === 'inputPeerColorCollectible') throw rpcError('COLOR_INVALID');
    if (color?.background_emoji_id !== undefined) throw rpcError('DOCUMENT_INVALID');
    const palette = for_profile ? PROFILE_PALETTE : NAME_PALETTE;
    const wanted = color?.color;
    if (wanted !== undefined && !palette.some((option) => option.color_id === wanted)) throw rpcError('COLOR_INVALID');
    const which = for_profile ? 'profile_color' : 'color';
    await ctx.domain.profile.doUpdateColor(ctx.userId, which, wanted, originOf(ctx));
    return true;
  },
});
