import { projectMessage } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { originOf, stepBox } from '../origin.ts';
import { deviceOf } from '../origin.ts';
import { refOf } from './call-of.ts';

/** Ends a call: hangs up, declines, or gives up. */
export const discardCall = defineMethod({
  method: 'phone.discardCall',
  access: 'user',
  cost: 5,
  repeat: 'idempotent',
  async handler(ctx, { peer, duration, reason }) {
    const { calls, updates } = ctx.domain;
    const { row, notice } = await calls.doDiscard(deviceOf(ctx), refOf(peer), { reason, duration, origin: originOf(ctx) });
    const answer: tl.Update[] = [{ _: 'updatePhoneCall', phone_call: calls.project(row, ctx.caller.permAuthKeyId) }];
    if (notice !== undefined) {
      stepBox(ctx, notice.pts, 1);
      answer.push({ _: 'updateNewMessage', message: projectMessage(notice), pts: notice.pts, pts_count: 1 });
    }
    return updates.projectAnswer(ctx.userId, answer);
  },
});
