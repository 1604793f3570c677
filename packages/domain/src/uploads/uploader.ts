import type { Database } from '@aerogram/storage';

import { findUserRows } from '../peers/index.ts';

/** Whether the uploader of a file is a bot, whose library does not look into files. */
export async function isBotUploader(db: Pick<Database, 'run'>, userId: bigint): Promise<boolean> {
  return (await findUserRows(db, [userId])).get(userId)?.bot === true;
}
