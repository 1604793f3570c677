import type { KeptListName } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { hashOf } from './hash-of.ts';
import { originOf } from './messages/origin.ts';

/** Puts a document into a list of the caller, or takes it out. Throws as `doKeep`. */
export async function changeKept(ctx: RpcContext, list: KeptListName, { id, unsave, after }: { id: tl.InputDocument; unsave: boolean | undefined; after?: tl.InputDocument | undefined }): Promise<true> {
  const { kept } = ctx.domain.files;
  const change = { ownerId: ctx.userId, list, origin: originOf(ctx) };
  await (unsave === true ? kept.doDrop(change, id) : kept.doKeep(change, id, after));
  return true;
}

/** A list of the caller for a client that may have it already. @returns undefined if the client's hash is that of the list */
export async function listKept(ctx: RpcContext, list: KeptListName, known: bigint): Promise<{ hash: bigint; documents: tl.document[] } | undefined> {
  const { kept } = ctx.domain.files;
  const ids = await kept.listIds(ctx.userId, list);
  const hash = hashOf(ids);
  return hash === known && ids.length > 0 ? undefined : { hash, documents: await kept.find(ctx.userId, list, ids) };
}
