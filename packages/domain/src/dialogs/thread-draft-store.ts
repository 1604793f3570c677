import { markPeer, unmarkPeer } from '@aerogram/cluster';
import { type Database, defineStatement, type Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import { storedDecode, storedEncode } from '@aerogram/tl-compat';

import type { OpenBoxes, Origin } from '../events/index.ts';
import { DRAFT_MAX_BYTES, type FoundDraft } from './draft-store.ts';

/** Maximum number of threads for which an owner has drafts. A further one replaces the oldest, because clients keep few drafts of threads. */
export const THREAD_DRAFTS_MAX = 200;

/** A thread or topic of a channel in which its owner writes a draft. */
export interface DraftThread {
  owner: bigint;
  channelId: bigint;
  /** The message that started it. */
  topId: number;
}

interface ThreadDraftRow {
  channel_id: bigint;
  top_id: number;
  draft: Uint8Array;
}

/** Which draft was deleted. */
type GoneRow = Omit<ThreadDraftRow, 'draft'>;

const readDraft = defineStatement<ThreadDraftRow>(
  'read_thread_draft',
  `SELECT channel_id, top_id, draft FROM user_threads WHERE owner_id = $1 AND channel_id = $2 AND top_id = $3 AND octet_length(draft) <= ${DRAFT_MAX_BYTES}`,
);

const readNewest = defineStatement<ThreadDraftRow>(
  'read_newest_thread_drafts',
  `SELECT channel_id, top_id, draft FROM (
     SELECT channel_id, top_id, draft, sum(octet_length(draft)) OVER (ORDER BY draft_date DESC, channel_id, top_id) AS bytes
       FROM user_threads WHERE owner_id = $1 AND draft IS NOT NULL AND octet_length(draft) <= ${DRAFT_MAX_BYTES}) AS newest
    WHERE bytes <= $2`,
);

const saveDraft = defineStatement(
  'save_thread_draft',
  `INSERT INTO user_threads (owner_id, channel_id, top_id, draft, draft_date) VALUES ($1, $2, $3, $4, $5)
   ON CONFLICT (owner_id, channel_id, top_id) DO UPDATE SET draft = excluded.draft, draft_date = excluded.draft_date`,
);

const clearDraft = defineStatement<GoneRow>(
  'clear_thread_drafts',
  `UPDATE user_threads SET draft = NULL, draft_date = $4 WHERE owner_id = $1 AND channel_id = $2 AND top_id = ANY ($3::integer[]) AND draft IS NOT NULL RETURNING channel_id, top_id`,
);

const clearOldest = defineStatement<GoneRow>(
  'clear_oldest_thread_drafts',
  `UPDATE user_threads u SET draft = NULL, draft_date = $2
     FROM (SELECT channel_id, top_id FROM user_threads WHERE owner_id = $1 AND draft IS NOT NULL ORDER BY draft_date DESC, channel_id, top_id OFFSET $3::integer) AS o
    WHERE u.owner_id = $1 AND u.channel_id = o.channel_id AND u.top_id = o.top_id
   RETURNING u.channel_id, u.top_id`,
);

/** Returns the draft for a thread; undefined if there is none. */
export async function findThreadDraft(db: Pick<Database, 'run'>, { owner, channelId, topId }: DraftThread): Promise<FoundDraft | undefined> {
  const { rows } = await db.run(readDraft, [owner, channelId, topId]);
  return rows[0] && openThreadDraft(rows[0].draft);
}

/** Lists the newest drafts for threads of an owner that fit into `bytes`. */
export async function listNewestThreadDrafts(db: Pick<Database, 'run'>, owner: bigint, bytes: number): Promise<tl.updateDraftMessage[]> {
  const { rows } = await db.run(readNewest, [owner, bytes]);
  return rows.map((row) => updateOf(row, openThreadDraft(row.draft).draft));
}

/** Opens a stored draft for a thread. Pure. */
export function openThreadDraft(draft: Uint8Array): FoundDraft {
  // The cast is safe: saveThreadDraft stores only draftMessage.
  return { draft: storedDecode(draft) as tl.draftMessage, bytes: draft.length };
}

/** Stores a draft for a thread; the oldest ones beyond the limit are deleted. @returns the updates about them */
export async function saveThreadDraft(tx: Tx, { owner, channelId, topId }: DraftThread, draft: tl.draftMessage): Promise<tl.updateDraftMessage[]> {
  await tx.run(saveDraft, [owner, channelId, topId, storedEncode(draft), draft.date]);
  const { rows } = await tx.run(clearOldest, [owner, draft.date, THREAD_DRAFTS_MAX]);
  return [updateOf({ channel_id: channelId, top_id: topId }, draft), ...rows.map((row) => updateOf(row, { _: 'draftMessageEmpty', date: draft.date }))];
}

/** Deletes the drafts for these threads of a channel, if any. @returns the updates about them */
export async function dropThreadDrafts(tx: Tx, { owner, channelId }: Omit<DraftThread, 'topId'>, topIds: readonly number[], date: number): Promise<tl.updateDraftMessage[]> {
  const { rows } = await tx.run(clearDraft, [owner, channelId, topIds, date]);
  return rows.map((row) => updateOf(row, { _: 'draftMessageEmpty', date }));
}

/** Deletes the drafts for all threads of an owner, whose box must be open. */
export async function clearAllThreadDrafts({ tx, boxes, date }: OpenBoxes, owner: bigint, origin: Origin | undefined): Promise<void> {
  const { rows } = await tx.run(clearOldest, [owner, date, 0]);
  const updates = rows.map((row) => updateOf(row, { _: 'draftMessageEmpty', date }));
  if (updates.length > 0) boxes.addLoose(owner, date, origin, updates);
}

function updateOf({ channel_id, top_id }: GoneRow, draft: tl.DraftMessage): tl.updateDraftMessage {
  return { _: 'updateDraftMessage', peer: unmarkPeer(markPeer({ _: 'peerChannel', channel_id })), top_msg_id: top_id, draft };
}
