import type { SetKind, SetsChange } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';

import { originOf } from '../origin.ts';

/** The caller, as the one who changes lists of sets. */
export function setsChange(ctx: RpcContext): SetsChange {
  return { ownerId: ctx.userId, origin: originOf(ctx) };
}

/** The kind of sets that a request means. Pure. */
export function kindOf({ masks, emojis }: { masks?: boolean | undefined; emojis?: boolean | undefined }): SetKind {
  return masks === true ? 'masks' : emojis === true ? 'emoji' : 'stickers';
}
