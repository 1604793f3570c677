import type { KeptListName } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { hashOf } from './hash-of.ts';
import { originOf } from './origin.ts';

/** What a client is told about a list that it does not have yet. */
interface KeptDocumentList {
  hash: bigint;
  documents: tl.document[];
  /** When each of them was put at the beginning last, in Unix time. */
  dates: number[];
}

/** Puts a document into a list of the caller, or takes it out. Throws as `doKeep`. */
export async function changeKept(ctx: RpcContext, list: KeptListName, { id, unsave, after }: { id: tl.InputDocument; unsave: boolean | undefined; after?: tl.InputDocument | undefined }): Promise<true> {
  const { kept } = ctx.domain.files;
  const change = { ownerId: ctx.userId, list, origin: originOf(ctx) };
  await (unsave === true ? kept.doDrop(change, id) : kept.doKeep(change, id, after));
  return true;
}

/** A list of the caller for a client that may have it already. @returns undefined if the client's hash is that of the list */
export async function listKept(ctx: RpcContext, list: KeptListName, known: bigint): Promise<KeptDocumentList | undefined> {
  const { kept } = ctx.domain.files;
  const dates = new Map((await kept.list(ctx.userId, list)).map((row) => [row.document_id, row.date ?? 0]));
  const hash = hashOf(dates.keys());
  if (hash === known && dates.size > 0) return undefined;
  const documents = await kept.find(ctx.userId, list, [...dates.keys()]);
  return { hash, documents, dates: documents.map(({ id }) => dates.get(id)!) };
}
