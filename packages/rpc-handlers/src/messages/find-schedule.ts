import type { RpcContext } from '@aerogram/rpc';

/** A time so near is now: such messages are sent at once, as the official server does. */
const NOW_S = 10;

/** When a message is to be sent; undefined: now. */
export function findSchedule(ctx: RpcContext, scheduleDate: number | undefined): number | undefined {
  return scheduleDate !== undefined && scheduleDate > ctx.clock.now() + NOW_S ? scheduleDate : undefined;
}
