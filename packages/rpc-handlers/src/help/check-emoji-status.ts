import { given } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/**
 * What is stored of an emoji status that somebody wants.
 * @throws RpcError 400 DOCUMENT_INVALID (there is no such custom emoji, or the time is over), COLLECTIBLE_INVALID
 */
export async function checkEmojiStatus(ctx: RpcContext, status: tl.EmojiStatus): Promise<{ emoji_status_id: bigint | null; emoji_status_until: number | null }> {
  if (status._ === 'emojiStatusEmpty') return { emoji_status_id: null, emoji_status_until: null };
  if (status._ !== 'emojiStatus') throw rpcError('COLLECTIBLE_INVALID');
  const until = given(status.until);
  if ((until !== undefined && until <= ctx.clock.now()) || !(await ctx.domain.stickerSets.isCustomEmoji(status.document_id))) throw rpcError('DOCUMENT_INVALID');
  return { emoji_status_id: status.document_id, emoji_status_until: until ?? null };
}
