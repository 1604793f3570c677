import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

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

/** The lifetime of the media of a message, in seconds; undefined for other media, also for those that are gone already. Pure. */
export function lifetimeOf(media: tl.MessageMedia | undefined): number | undefined {
  if (media?._ === 'messageMediaPhoto') return media.photo === undefined ? undefined : media.ttl_seconds;
  return media?._ === 'messageMediaDocument' && media.document !== undefined ? media.ttl_seconds : undefined;
}

/** Whether media have or had a lifetime. Pure. */
export function isPassing(media: tl.MessageMedia | undefined): boolean {
  return (media?._ === 'messageMediaPhoto' || media?._ === 'messageMediaDocument') && media.ttl_seconds !== undefined;
}

/** What is left of media whose lifetime is over: what kind they were. Pure. */
export function withoutFile(media: tl.messageMediaPhoto | tl.messageMediaDocument): tl.messageMediaPhoto | tl.messageMediaDocument {
  const { ttl_seconds } = media;
  if (media._ === 'messageMediaPhoto') return { _: 'messageMediaPhoto', ttl_seconds };
  return { _: 'messageMediaDocument', video: media.video, round: media.round, voice: media.voice, ttl_seconds };
}
