import { type RpcError, rpcError } from '@aerogram/errors';
import type { Database, Tx } from '@aerogram/storage';

import { type DomainDeps, useQuota } from '../shared/index.ts';
import { countUnsent, forgetSent, lockUploader } from './unsent-store.ts';

/** How long somebody with too many unsent files should wait, in seconds, if none of them is sent. */
const WAIT_S = 600;

/** The settings of the limit. */
type Limits = Pick<DomainDeps['config'], 'unsentFilesMax' | 'unsentFileBytes'>;

async function isOver(db: Pick<Database, 'run'>, limits: Limits, userId: bigint, size: number): Promise<boolean> {
  const { documents, bytes } = await countUnsent(db, userId);
  return documents >= limits.unsentFilesMax || bytes + BigInt(size) > BigInt(limits.unsentFileBytes);
}

/**
 * Finds out whether a user may have another document: those that no message refers to, because they were not sent or were deleted again, are kept
 * for a week, and without a limit they could fill the store. This comes before the bytes are stored; {@link checkUnsentLimit} decides. If there seem to be
 * too many, it notes which of them are in messages.
 * @param size of the new content in bytes; 0 if it is stored already
 * @returns FLOOD_WAIT_%d if the user may not
 */
export async function doFindUnsentRefusal({ db, config }: Pick<DomainDeps, 'db' | 'config'>, userId: bigint, size: number): Promise<RpcError | undefined> {
  useQuota('unsentFiles');
  if (!(await isOver(db, config, userId, size))) return undefined;
  // Which documents are in messages is only looked up when there seem to be too many.
  await db.transact('forget-sent-files', async (tx) => {
    await lockUploader(tx, userId);
    await forgetSent(tx, userId);
  });
  return (await isOver(db, config, userId, size)) ? rpcError('FLOOD_WAIT_%d', WAIT_S) : undefined;
}

/**
 * Checks in the transaction that adds a document whether its uploader may have it, so that calls at the same time cannot exceed the limit together.
 * The uploader must be locked.
 * @param size of the document in bytes
 * @throws RpcError FLOOD_WAIT_%d
 */
export async function checkUnsentLimit(tx: Tx, limits: Limits, userId: bigint, size: number): Promise<void> {
  if (!(await isOver(tx, limits, userId, size))) return;
  await forgetSent(tx, userId);
  if (await isOver(tx, limits, userId, size)) throw rpcError('FLOOD_WAIT_%d', WAIT_S);
}
