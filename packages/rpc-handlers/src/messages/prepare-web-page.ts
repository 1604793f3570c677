import { normalizeUrl, showsUrl } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/**
 * Fetches the preview that a client chose explicitly; undefined if it is optional and there is none.
 * @throws RpcError WEBPAGE_MEDIA_EMPTY (not the URL of a page), WEBPAGE_CURL_FAILED (no preview)
 */
export async function prepareWebPage(
  ctx: RpcContext,
  input: tl.inputMediaWebPage,
  { text, entities }: { text: string; entities: readonly tl.MessageEntity[] },
): Promise<tl.messageMediaWebPage | undefined> {
  const url = normalizeUrl(input.url);
  if (url === undefined && input.optional !== true) throw rpcError('WEBPAGE_MEDIA_EMPTY');
  if (url === undefined) return undefined;
  const { media } = await ctx.domain.webPages.findPreview(ctx.userId, url, {
    manual: true,
    force_large_media: input.force_large_media,
    force_small_media: input.force_small_media,
    safe: showsUrl(text, entities, url) ? true : undefined,
  });
  if (media === undefined && input.optional !== true) throw rpcError('WEBPAGE_CURL_FAILED');
  return media;
}
