import { rpcError } from '@aerogram/errors';

import { type ChannelMemberRow, type ChannelRow, standingIn } from '../chats/index.ts';

/**
 * When slow mode lets somebody write again who writes now, in unix seconds; 0 if there is no such limit. Admins never wait. Pure.
 * @throws RpcError 420 SLOWMODE_WAIT_%d for a member who has to wait
 */
export function slowModeEnd(row: ChannelRow, member: ChannelMemberRow | undefined, nowDate: number): number {
  const { slow_mode_seconds: seconds, kind } = row;
  if (seconds === 0 || kind === 'broadcast' || standingIn(row, member, nowDate).role !== 'member') return 0;
  const until = member?.slow_mode_until ?? 0;
  if (until > nowDate) throw rpcError('SLOWMODE_WAIT_%d', until - nowDate);
  return nowDate + seconds;
}
