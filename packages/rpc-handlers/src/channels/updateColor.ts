import { defineMethod } from '@aerogram/rpc';

import { checkColor } from '../help/palettes.ts';
import { accessChannel, actingAs, answerChannel } from './channel-call.ts';

/** Sets a colour of the palettes in help.getPeerColors. There are no boosts, so every channel may have every colour. */
export const updateColor = defineMethod({
  method: 'channels.updateColor',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { channel: input, for_profile: forProfile = false, color, background_emoji_id: emojiId }) {
    const which = checkColor(forProfile, color, emojiId);
    const { channelId, peerId } = await accessChannel(ctx, input);
    return answerChannel(ctx, peerId, await ctx.domain.channels.at(channelId).settings.doSetColor(actingAs(ctx), which, color ?? null));
  },
});
