import type { RpcContext } from '@aerogram/rpc';

/** The caller, as one who sends media. Pure. */
export function senderOf({ userId, caller: { isBot } }: Pick<RpcContext, 'userId' | 'caller'>): { userId: bigint; isBot: boolean } {
  return { userId, isBot };
}
