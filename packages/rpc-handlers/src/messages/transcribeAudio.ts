import { unpackMessageExtra } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { accessMessages } from './access-messages.ts';

/** Apps of subscribers of Premium offer this for each voice message. They show that the attempt has failed. */
export const transcribeAudio = defineMethod({
  method: 'messages.transcribeAudio',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'speech recognition',
  async handler(ctx, { peer, msg_id: msgId }) {
    const [message] = await accessMessages(ctx, await ctx.domain.peers.accessInputPeer(ctx.userId, peer), [msgId], 'MSG_ID_INVALID');
    const { media } = unpackMessageExtra(message!.extra);
    if (media?._ !== 'messageMediaDocument' || (media.voice !== true && media.round !== true)) throw rpcError('MSG_VOICE_MISSING');
    throw rpcError('TRANSCRIPTION_FAILED');
  },
});
