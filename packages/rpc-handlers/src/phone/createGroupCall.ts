import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { checkCallPeer } from './access-call-peer.ts';

/** There are no video chats yet. Apps show their button to every creator, and say after this error that none could be made. */
export const createGroupCall = defineMethod({
  method: 'phone.createGroupCall',
  access: 'user',
  cost: 2,
  repeat: 'read',
  async handler(ctx, { peer }) {
    await checkCallPeer(ctx, peer);
    throw rpcError('CREATE_CALL_FAILED');
  },
});
