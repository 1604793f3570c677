import { rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { type RequestNotices, requestsUpdate } from './request-notices.ts';
import { countRequestsOf, findJoinRequest, findPendingRequests, saveJoinRequest } from './request-store.ts';
import { tellBotsOfRequest } from './tell-bots-of-request.ts';

/**
 * Maximum number of people who ask to be let in to one group or channel. It keeps the table small if somebody lets many accounts ask, and is far
 * more than admins can look at.
 */
export const REQUESTS_MAX = 50_000;
/** Maximum number of groups and channels that one person asks to be let in to: as many as one may be in. */
export const REQUESTS_OF_USER_MAX = 500;

/**
 * Stores that somebody asks to be let in, and tells the bots that may let them in. A repeat changes nothing. The caller holds the lock of the counter of the group or channel.
 * @param request.hash of the link; '' without a link
 * @param request.bots how many bots are in the group or channel
 * @returns whether it is a new request
 * @throws RpcError 400 USERS_TOO_MUCH (too many ask), CHANNELS_TOO_MUCH (the person asks too many)
 */
export async function askToJoin(tx: Tx, request: { peerId: bigint; userId: bigint; hash: string; date: number; bots: number }): Promise<boolean> {
  const { peerId, userId, hash, date, bots } = request;
  const before = await findJoinRequest(tx, peerId, userId);
  if (before?.hash === hash) return false;
  if (before === undefined) {
    const [{ pending }, ofUser] = await Promise.all([findPendingRequests(tx, peerId), countRequestsOf(tx, userId, REQUESTS_OF_USER_MAX)]);
    if (pending >= REQUESTS_MAX) throw rpcError('USERS_TOO_MUCH');
    if (ofUser >= REQUESTS_OF_USER_MAX) throw rpcError('CHANNELS_TOO_MUCH');
  }
  const row = { owner_id: peerId, user_id: userId, hash, date };
  await saveJoinRequest(tx, row, before);
  if (bots > 0) await tellBotsOfRequest(tx, row);
  return true;
}

/** After the commit, tells the online admins who may approve join requests how many are pending. Other devices read the number with the full info. */
export function announceRequests(tx: Tx, notices: Pick<RequestNotices, 'changed'>, peerId: bigint): void {
  tx.afterCommit(() => notices.changed(peerId));
}

/** Reads the number of pending requests, as an update for the answer to the admin who has decided on some of them. */
export async function findRequestsUpdate(tx: Tx, peerId: bigint): Promise<tl.updatePendingJoinRequests> {
  return requestsUpdate(peerId, await findPendingRequests(tx, peerId));
}
