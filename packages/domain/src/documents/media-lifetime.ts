import { rpcError } from '@aerogram/errors';

import { otherBoxOf } from '../peers/index.ts';
import type { FileOrigin } from './file-reference.ts';

/** `ttl_seconds` of media that can be viewed once. */
export const VIEW_ONCE = 0x7fffffff;
/** Maximum time for which media can be viewed after they were opened, in seconds. */
const LIFETIME_MAX_S = 60;

/** Where media go. */
export interface MediaTarget {
  /** Marked peer that gets a new message with them; undefined where media with a lifetime are not allowed: in albums, edits and scheduled messages. */
  to?: bigint;
  /** The message that they are edited into. Its own file may stay in it, also in a chat whose content is protected. */
  edited?: FileOrigin;
}

/**
 * The lifetime of media that a user wants to send. Pure.
 * @param seconds as the client says it; some clients send 0 with media that have none
 * @returns seconds; undefined if they have none
 * @throws RpcError TTL_MEDIA_INVALID (out of bounds, or not for a private chat with another user)
 */
export function wantedLifetime(seconds: number | undefined, { userId, to }: Pick<MediaTarget, 'to'> & { userId: bigint }): number | undefined {
  if (seconds === undefined || seconds === 0) return undefined;
  const isLifetime = seconds === VIEW_ONCE || (seconds >= 1 && seconds <= LIFETIME_MAX_S);
  if (!isLifetime || to === undefined || otherBoxOf(userId, to) === undefined) throw rpcError('TTL_MEDIA_INVALID');
  return seconds;
}
