import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';

/** A time so near is now: such messages are sent at once, as the official server does. */
const NOW_S = 10;

/**
 * Messages are sent now or not at all.
 * @throws RpcError SCHEDULE_DATE_INVALID for any later time
 */
export function checkSchedule(ctx: RpcContext, scheduleDate: number | undefined): void {
  if (scheduleDate !== undefined && scheduleDate > ctx.clock.now() + NOW_S) throw rpcError('SCHEDULE_DATE_INVALID');
}
