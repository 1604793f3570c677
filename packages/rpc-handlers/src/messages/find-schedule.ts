import type { Schedule } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/** A time so near is now: such messages are sent at once, as the official server does. */
const NOW_S = 10;

/** When a message is to be sent; undefined: now. One that comes again waits for its time, however near that is. */
export function findSchedule(
  ctx: RpcContext,
  { schedule_date: date, schedule_repeat_period: repeatPeriod }: Pick<tl.messages.sendMessage, 'schedule_date' | 'schedule_repeat_period'>,
): Schedule | undefined {
  if (date === undefined || (repeatPeriod === undefined && date <= ctx.clock.now() + NOW_S)) return undefined;
  return { date, repeatPeriod };
}
