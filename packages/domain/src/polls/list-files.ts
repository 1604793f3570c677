import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { documentIdsInside } from '../documents/index.ts';
import { answerAt, unpackBody } from './poll-body.ts';
import { findPollRow, findShownPolls } from './poll-store.ts';
import { projectPoll, viewerOf } from './project-poll.ts';

/** Lists the documents and photos of these polls that a viewer is shown, who may see a message with them. Ids that are no polls are left out. @param nowDate unix seconds */
export async function listFilesOfPolls(db: Pick<Database, 'run'>, pollIds: readonly bigint[], { viewerId, nowDate }: { viewerId: bigint; nowDate: number }): Promise<bigint[]> {
  const rows = await findShownPolls(db, pollIds, viewerId);
  return [...rows.values()].flatMap((row) => documentIdsInside(projectPoll(row, viewerOf(row, viewerId), nowDate)));
}

/** Lists all media in the poll that media show, wherever it is: that of a solution, too, which a message with it does not store, but not those of {@link withMediaIn}. */
export async function listMediaInPoll(db: Pick<Database, 'run'>, media: tl.messageMediaPoll): Promise<tl.MessageMedia[]> {
  const row = await findPollRow(db, media.poll.id);
  if (row === undefined) return [];
  const { poll, attached, solution } = unpackBody(row.body);
  const ofAnswers = poll.answers.map((_, at) => answerAt(poll, at)).filter((answer) => answer?.added_by === undefined);
  return [attached, solution.solution_media, ...ofAnswers.map((answer) => answer?.media)].filter((one) => one !== undefined);
}
