import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { changeSetting } from './channel-call.ts';

/** Sets the set of a kind that the members of a supergroup are offered, or takes it away. The same one again changes nothing. @throws RpcError STICKERSET_INVALID (there is none of this kind), and as `changeSetting` */
export async function setStickersOf(ctx: RpcContext, channel: tl.InputChannel, { kind, input }: { kind: 'stickers' | 'emoji'; input: tl.InputStickerSet }): Promise<void> {
  const set = input._ === 'inputStickerSetEmpty' ? undefined : await ctx.domain.stickerSets.accessInstallable(ctx.userId, input);
  if (set !== undefined && set.kind !== kind) throw rpcError('STICKERSET_INVALID');
  const id = set?.id ?? null;
  await changeSetting(ctx, channel, (settings, acting) => settings.doSetStickers(acting, kind === 'emoji' ? { emoji_set_id: id } : { sticker_set_id: id }));
}
