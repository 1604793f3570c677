import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { checkColor } from '../help/palettes.ts';
import { originOf } from '../origin.ts';

/** Sets a colour of the palettes in help.getPeerColors, and a custom emoji that is repeated behind it. */
export const updateColor = defineMethod({
  method: 'account.updateColor',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  handler: async (ctx, { for_profile, color }) => {
    if (color?._ === 'peerColorCollectible' || color?._ === 'inputPeerColorCollectible') throw rpcError('COLOR_INVALID');
    const colour = await checkColor(ctx, { isForProfile: for_profile === true, color: color?.color, emojiId: color?.background_emoji_id });
    await ctx.domain.profile.doUpdateColor(ctx.userId, colour, originOf(ctx));
    return true;
  },
});
