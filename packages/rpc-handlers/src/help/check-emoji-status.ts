import { given, isBundledEmoji } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

/**
 * What is stored of an emoji status that somebody wants. Pure.
 * @throws RpcError 400 DOCUMENT_INVALID (there is no such custom emoji, or the time is over), COLLECTIBLE_INVALID
 */
export function checkEmojiStatus(status: tl.EmojiStatus, nowDate: number): { emoji_status_id: bigint | null; emoji_status_until: number | null } {
  if (status._ === 'emojiStatusEmpty') return { emoji_status_id: null, emoji_status_until: null };
  if (status._ !== 'emojiStatus') throw rpcError('COLLECTIBLE_INVALID');
  const until = given(status.until);
  if (!isBundledEmoji(status.document_id) || (until !== undefined && until <= nowDate)) throw rpcError('DOCUMENT_INVALID');
  return { emoji_status_id: status.document_id, emoji_status_until: until ?? null };
}
