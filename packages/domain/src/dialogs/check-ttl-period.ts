import { rpcError } from '@aerogram/errors';

const DAY_S = 86_400;
/** Clients offer days, up to a year. */
const PERIOD_MAX_S = 365 * DAY_S;

/**
 * Checks the lifetime of new messages in a chat.
 * @param period seconds; 0 for no limit
 * @throws RpcError 400 TTL_PERIOD_INVALID
 */
export function checkTtlPeriod(period: number): void {
  if (period < 0 || period > PERIOD_MAX_S || period % DAY_S !== 0) throw rpcError('TTL_PERIOD_INVALID');
}
