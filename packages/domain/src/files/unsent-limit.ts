import { type RpcError, rpcError } from '@aerogram/errors';

import { type DomainDeps, useQuota } from '../shared/index.ts';
import { countUnsent, forgetSent } from './unsent-store.ts';

/** How long somebody with too many unsent files should wait, in seconds, if none of them is sent. */
const WAIT_S = 600;

/**
 * Finds out whether a user may have another document: those that no message refers to, because they were not sent or were deleted again, are kept
 * for a week, and without a limit they could fill the store. Which documents are in messages is only looked up when there seem to be too many.
 * @param size of the new content in bytes; 0 if it is stored already
 * @returns FLOOD_WAIT_%d if the user may not
 */
export async function findUnsentRefusal({ db, config }: Pick<DomainDeps, 'db' | 'config'>, userId: bigint, size: number): Promise<RpcError | undefined> {
  useQuota('unsentFiles');
  const isOver = async (): Promise<boolean> => {
    const { documents, bytes } = await countUnsent(db, userId);
    return documents >= config.unsentFilesMax || bytes + BigInt(size) > BigInt(config.unsentFileBytes);
  };
  if (!(await isOver())) return undefined;
  await db.transact('forget-sent-files', (tx) => forgetSent(tx, userId));
  return (await isOver()) ? rpcError('FLOOD_WAIT_%d', WAIT_S) : undefined;
}
