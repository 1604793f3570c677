import { given, type Schedule } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/** A date this close, in seconds, means now: such messages are sent at once, as on the official server. */
const NOW_S = 10;

/** Returns when a message is to be sent; undefined: now. A repeated message is always scheduled, however close its date is. */
export function findSchedule(
  ctx: RpcContext,
  request: Partial<Pick<tl.messages.sendMessage, 'schedule_date' | 'schedule_repeat_period'>>,
): Schedule | undefined {
  const date = given(request.schedule_date);
  const repeatPeriod = given(request.schedule_repeat_period);
  if (date === undefined || (repeatPeriod === undefined && date <= ctx.clock.now() + NOW_S)) return undefined;
  return { date, repeatPeriod };
}
