import type { Database } from '@aerogram/storage';

import { documentIdsOfPoll } from '../documents/index.ts';
import { findShownPolls } from './poll-store.ts';
import { projectPoll, viewerOf } from './project-poll.ts';

/** Lists the documents and photos of these polls that a viewer is shown, who may see a message with them. Ids that are no polls are left out. @param nowDate unix seconds */
export async function listFilesOfPolls(db: Pick<Database, 'run'>, pollIds: readonly bigint[], { viewerId, nowDate }: { viewerId: bigint; nowDate: number }): Promise<bigint[]> {
  const rows = await findShownPolls(db, pollIds, viewerId);
  return [...rows.values()].flatMap((row) => documentIdsOfPoll(projectPoll(row, viewerOf(row, viewerId), nowDate)));
}
