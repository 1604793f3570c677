import type { Message, PeerId } from '../../protocol/index.ts';

/**
 * Whether a message stands at the side of the own ones. In Saved Messages that is all but what was forwarded from others. Pure.
 * @param me the account
 */
export function isOnOwnSide({ isOut, isPost, peer, forwarded }: Message, me: PeerId | undefined): boolean {
  if (peer === me) return forwarded === undefined || forwarded.from === me;
  return isOut && !isPost;
}
