import { BUTTON_DATA_MAX } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { accessProver } from '../auth/access-prover.ts';

/** Clients ask with an empty proof whether a button that needs the password could be pressed at all, before they ask for the password. */
export const getBotCallbackAnswer = defineMethod({
  method: 'messages.getBotCallbackAnswer',
  access: 'user',
  cost: 5,
  limits: { bytes: { data: { max: BUTTON_DATA_MAX, error: 'DATA_INVALID' } } },
  quotas: ['buttonPresses', 'pressesOfBot', 'passwordGuesses'],
  repeat: 'idempotent',
  elsewhere: { peer: 'BOT_INVALID' },
  presence: 'acting',
  async handler(ctx, req) {
    const { auth, buttonPresses, peers } = ctx.domain;
    const peer = await peers.accessInputPeer(ctx.userId, req.peer);
    if (req.game === true || req.data === undefined) throw rpcError('DATA_INVALID');
    const press = await buttonPresses.findPressed(ctx.userId, { peer, msgId: req.msg_id, data: req.data });
    if (press.button.requires_password === true) await auth.checkTransfer(accessProver(ctx, req), req.password ?? { _: 'inputCheckPasswordEmpty' });
    return buttonPresses.doPress(press, () => ctx.waits());
  },
});
