import type { ServedSet, SetKind, SetsChange } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { originOf } from '../origin.ts';

/** A set that people can install. @throws RpcError STICKERSET_INVALID */
export function accessListed(ctx: RpcContext, input: tl.InputStickerSet): ServedSet {
  const set = ctx.domain.files.bundled.sets.access(ctx.userId, input);
  if (!set.isListed) throw rpcError('STICKERSET_INVALID');
  return set;
}

/** The caller, as the one who changes lists of sets. */
export function setsChange(ctx: RpcContext): SetsChange {
  return { ownerId: ctx.userId, origin: originOf(ctx) };
}

/** The kind of sets that a request means. Pure. */
export function kindOf({ masks, emojis }: { masks?: boolean | undefined; emojis?: boolean | undefined }): SetKind {
  return masks === true ? 'masks' : emojis === true ? 'emoji' : 'stickers';
}
