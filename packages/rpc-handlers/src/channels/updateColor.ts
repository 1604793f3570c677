import { defineMethod } from '@aerogram/rpc';

import { checkColor } from '../help/palettes.ts';
import { changeSetting } from './channel-call.ts';

/** Sets a colour of the palettes in help.getPeerColors. There are no boosts, so every channel may have every colour. */
export const updateColor = defineMethod({
  method: 'channels.updateColor',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { channel, for_profile: forProfile = false, color, background_emoji_id: emojiId }) {
    const colour = await checkColor(ctx, { isForProfile: forProfile, color, emojiId });
    return changeSetting(ctx, channel, (settings, acting) => settings.doSetLook(acting, colour));
  },
});
