import { type Database, defineStatement, type Tx } from '@aerogram/storage';

import { NOTE_RELEASES } from '../documents/index.ts';
import { LAST_PLACE } from '../shared/index.ts';
import { filesOf, packBody, type PollBody } from './poll-body.ts';

/** A poll as it is stored; see `PollsTable`. */
export interface PollRow {
  poll_id: bigint;
  creator_id: bigint;
  place_id: bigint;
  created_date: number;
  body: Uint8Array;
  totals: number[];
  total_voters: number;
  version: number;
  edition: number;
  is_public: boolean;
  closed: boolean;
  close_date: number | null;
  seen_place: number;
  has_unseen: boolean;
  /** Whether a job is ordered that tells the bot which made it. Null: a person made it. */
  bot_news: boolean | null;
}

/** A poll with what one viewer sees of its votes. */
export interface ShownPoll extends PollRow {
  chosen: bigint;
  /** The newest voters of a public poll, and what they chose. */
  recent_ids: bigint[] | null;
  recent_chosen: bigint[] | null;
}

/** One vote. */
export interface VoteRow {
  poll_id: bigint;
  voter_id: bigint;
  chosen: bigint;
  voted_date: number;
  place: number;
}

/** A box, or a channel by its marked id, that has a poll. */
export interface PlaceRow {
  owner_id: bigint;
  msg_id: number;
  /** Of a message in a box: the marked id of the chat. */
  peer_id: bigint | null;
}

/** A message with a poll, as the poll's creator sees it. */
export interface PollPlace {
  /** The marked id of the chat. */
  peerId: bigint;
  msgId: number;
  /** In a supergroup: the message that started its thread. */
  topId: number | null;
}

type Reader = Pick<Database, 'run'>;

/** Number of voters that are shown beside the results. */
const RECENT_MAX = 3;

const COLUMNS = 'p.poll_id, p.creator_id, p.place_id, p.created_date, p.body, p.totals, p.total_voters, p.version, p.edition, p.is_public, p.closed, p.close_date, p.seen_place, p.has_unseen, p.bot_news';

// A new poll is noted as one that nothing refers to, as a new document is: if no message gets it, the collection deletes it.
const insertRow = defineStatement(
  'insert_poll',
  `WITH added AS (INSERT INTO polls (poll_id, creator_id, place_id, created_date, body, totals, is_public, closed, close_date, bot_news)
     VALUES ($1, $2, $3, $4, $5, $6::integer[], $7, $8, $9, (SELECT false FROM users WHERE user_id = $2 AND bot)))
   INSERT INTO file_releases (document_id) VALUES ($1)`,
);

const readShown = defineStatement<ShownPoll>(
  'read_shown_polls',
  `SELECT ${COLUMNS}, COALESCE(v.chosen, 0) AS chosen, r.recent_ids, r.recent_chosen
     FROM polls p LEFT JOIN poll_votes v ON v.poll_id = p.poll_id AND v.voter_id = $2
     LEFT JOIN LATERAL (
       SELECT array_agg(n.voter_id) AS recent_ids, array_agg(n.chosen) AS recent_chosen
         FROM (SELECT voter_id, chosen FROM poll_votes WHERE poll_id = p.poll_id ORDER BY place DESC LIMIT ${RECENT_MAX}) n
     ) r ON p.is_public
    WHERE p.poll_id = ANY ($1::bigint[])`,
);

const readRows = defineStatement<PollRow>('read_polls', `SELECT ${COLUMNS} FROM polls p WHERE p.poll_id = ANY ($1::bigint[])`);

// Polls are locked in one order, so that two transactions never wait for each other.
const lockRows = defineStatement<PollRow>('lock_polls', `SELECT ${COLUMNS} FROM polls p WHERE p.poll_id = ANY ($1::bigint[]) ORDER BY p.poll_id FOR UPDATE`);

const readVotes = defineStatement<VoteRow>(
  'read_poll_votes',
  `SELECT v.poll_id, v.voter_id, v.chosen, v.voted_date, v.place
     FROM unnest($1::bigint[], $2::bigint[]) AS w (poll_id, voter_id) JOIN poll_votes v USING (poll_id, voter_id)`,
);

const writeVotes = defineStatement(
  'write_poll_votes',
  `INSERT INTO poll_votes (poll_id, voter_id, chosen, voted_date, place) SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::integer[], $5::integer[])
   ON CONFLICT (poll_id, voter_id) DO UPDATE SET chosen = EXCLUDED.chosen, voted_date = EXCLUDED.voted_date, place = EXCLUDED.place`,
);

const removeVotes = defineStatement(
  'remove_poll_votes',
  'DELETE FROM poll_votes v USING unnest($1::bigint[], $2::bigint[]) AS w (poll_id, voter_id) WHERE v.poll_id = w.poll_id AND v.voter_id = w.voter_id',
);

const writeTotals = defineStatement('write_poll_totals', 'UPDATE polls SET totals = $2::integer[], total_voters = $3, version = $4, has_unseen = $5 WHERE poll_id = $1');

const closeRow = defineStatement('close_poll', 'UPDATE polls SET closed = true, edition = edition + 1 WHERE poll_id = $1 AND NOT closed');

const startRow = defineStatement<{ close_date: number }>('start_poll', 'UPDATE polls SET close_date = $2 WHERE poll_id = $1 AND close_date IS NULL RETURNING close_date');

const listRows = defineStatement<VoteRow>(
  'list_poll_votes',
  `SELECT poll_id, voter_id, chosen, voted_date, place FROM poll_votes WHERE poll_id = $1 AND place < $2 AND chosen & $3 <> 0 ORDER BY place DESC LIMIT $4`,
);

const readChoices = defineStatement<{ voter_id: bigint; chosen: bigint }>('read_poll_choices', 'SELECT voter_id, chosen FROM poll_votes WHERE poll_id = $1 AND voter_id = ANY ($2::bigint[])');

// A poll may have been forwarded very often, also many times to one box: each step takes the next box with its newest message from the index.
const listPlaces = defineStatement<PlaceRow>(
  'list_poll_places',
  `WITH RECURSIVE places AS (
     (SELECT owner_id, msg_id FROM message_files WHERE document_id = $1 AND scheduled_peer_id = 0 ORDER BY owner_id, msg_id DESC LIMIT 1)
     UNION ALL
     SELECT n.owner_id, n.msg_id FROM places CROSS JOIN LATERAL (
       SELECT owner_id, msg_id FROM message_files WHERE document_id = $1 AND scheduled_peer_id = 0 AND owner_id > places.owner_id ORDER BY owner_id, msg_id DESC LIMIT 1) n
   )
   SELECT f.owner_id, f.msg_id, m.peer_id FROM (SELECT * FROM places LIMIT $2) f LEFT JOIN messages m ON m.owner_id = f.owner_id AND m.msg_id = f.msg_id`,
);

// The row is locked first, so that of several processes one finds that there is something to tell.
const claim = defineStatement<{ is_new: boolean; is_due: boolean; is_edited: boolean }>(
  'claim_poll_push',
  `WITH had AS (
     SELECT poll_id, version, edition, version > told_version OR edition > told_edition AS is_new, told_tick <= $2::integer - $3::integer AS is_due, edition > told_edition AS is_edited
       FROM polls WHERE poll_id = $1 FOR UPDATE
   ), told AS (
     UPDATE polls p SET told_version = had.version, told_edition = had.edition, told_tick = $2::integer FROM had WHERE p.poll_id = had.poll_id AND had.is_new AND had.is_due
   )
   SELECT is_new, is_due, is_edited FROM had`,
);

const listOfVoter = defineStatement<VoteRow>('list_votes_of_voter', 'SELECT poll_id, voter_id, chosen, voted_date, place FROM poll_votes WHERE voter_id = $1 ORDER BY poll_id LIMIT $2');

const writeAnswers = defineStatement(
  'write_poll_answers',
  'UPDATE polls SET body = $2, totals = $3::integer[], total_voters = $4, version = version + 1, edition = edition + 1, has_unseen = $5 WHERE poll_id = $1',
);

const countVoters = defineStatement<{ count: number }>('count_poll_voters', 'SELECT count(*)::integer AS count FROM poll_votes WHERE poll_id = $1 AND chosen & $2 <> 0');

const findUnseen = defineStatement<{ found: boolean }>(
  'find_unseen_vote',
  'SELECT EXISTS (SELECT FROM poll_votes WHERE poll_id = $1 AND place > $2 AND voter_id <> $3 AND chosen & $4 <> 0) AS found',
);

const markSeen = defineStatement<{ poll_id: bigint }>(
  'mark_poll_votes_seen',
  'UPDATE polls SET seen_place = version, has_unseen = false WHERE poll_id = ANY ($1::bigint[]) AND creator_id = $2 AND has_unseen RETURNING poll_id',
);

const insertFiles = defineStatement('insert_poll_files', 'INSERT INTO poll_files (poll_id, document_id) SELECT $1, unnest($2::bigint[]) ON CONFLICT DO NOTHING');

const removeFiles = defineStatement(
  'remove_poll_files',
  `WITH gone AS (DELETE FROM poll_files WHERE poll_id = $1 AND document_id <> ALL ($2::bigint[]) RETURNING document_id) ${NOTE_RELEASES}`,
);

// When the poll lost its last message, its files were noted. Noting them once more would keep them for another week.
const removeRow = defineStatement(
  'remove_poll',
  `WITH gone AS (DELETE FROM poll_files p WHERE p.poll_id = $1
       RETURNING CASE WHEN EXISTS (SELECT FROM file_releases r WHERE r.document_id = p.document_id) THEN NULL ELSE p.document_id END AS document_id),
   noted AS (INSERT INTO file_releases (document_id) SELECT document_id FROM gone WHERE document_id IS NOT NULL)
   DELETE FROM polls WHERE poll_id = $1`,
);

const removeUnsent = defineStatement<{ close_date: number | null }>(
  'remove_unsent_poll',
  `WITH gone AS (DELETE FROM polls p WHERE p.poll_id = $1 AND NOT EXISTS (SELECT FROM message_files f WHERE f.document_id = p.poll_id) RETURNING p.poll_id, p.close_date),
   unnoted AS (DELETE FROM file_releases r USING gone WHERE r.document_id = gone.poll_id)
   SELECT close_date FROM gone`,
);

const removeSlice = defineStatement(
  'remove_votes_of_poll',
  'DELETE FROM poll_votes WHERE (poll_id, voter_id) IN (SELECT poll_id, voter_id FROM poll_votes WHERE poll_id = $1 LIMIT $2)',
);

/** Writes a new poll, which no message has yet. */
export async function insertPoll(tx: Tx, { creatorId, placeId, body, nowDate }: { creatorId: bigint; placeId: bigint; body: PollBody; nowDate: number }): Promise<void> {
  const { poll } = body;
  const values = [poll.id, creatorId, placeId, nowDate, packBody(body), poll.answers.map(() => 0), poll.public_voters === true, poll.closed === true, poll.close_date ?? null];
  await tx.run(insertRow, values);
  await addFiles(tx, poll.id, filesOf(body));
}

/** Writes that a poll refers to documents, as messages do. */
async function addFiles(tx: Tx, pollId: bigint, documentIds: readonly bigint[]): Promise<void> {
  if (documentIds.length > 0) await tx.run(insertFiles, [pollId, documentIds]);
}

/** Reads polls with what a viewer sees. @param viewerId undefined: nobody's votes */
export async function findShownPolls(db: Reader, pollIds: readonly bigint[], viewerId: bigint | undefined): Promise<Map<bigint, ShownPoll>> {
  if (pollIds.length === 0) return new Map();
  return new Map((await db.run(readShown, [pollIds, viewerId ?? 0n])).rows.map((row) => [row.poll_id, row]));
}

/** Reads a poll; undefined if it is gone. */
export async function findPollRow(db: Reader, pollId: bigint): Promise<PollRow | undefined> {
  return (await db.run(readRows, [[pollId]])).rows[0];
}

/** Locks polls. Those that are gone are left out. */
export async function lockPolls(tx: Tx, pollIds: readonly bigint[]): Promise<Map<bigint, PollRow>> {
  return new Map((await tx.run(lockRows, [pollIds])).rows.map((row) => [row.poll_id, row]));
}

/** Reads what voters have chosen. */
export async function findVotes(db: Reader, pairs: readonly Pick<VoteRow, 'poll_id' | 'voter_id'>[]): Promise<VoteRow[]> {
  return (await db.run(readVotes, [pairs.map(({ poll_id }) => poll_id), pairs.map(({ voter_id }) => voter_id)])).rows;
}

/** Writes votes, each of a poll that is locked. Those that choose nothing are deleted. */
export async function saveVotes(tx: Tx, votes: readonly VoteRow[]): Promise<void> {
  const [cast, gone] = [votes.filter(({ chosen }) => chosen !== 0n), votes.filter(({ chosen }) => chosen === 0n)];
  const keysOf = (rows: readonly VoteRow[]): [bigint[], bigint[]] => [rows.map(({ poll_id }) => poll_id), rows.map(({ voter_id }) => voter_id)];
  if (cast.length > 0) await tx.run(writeVotes, [...keysOf(cast), cast.map(({ chosen }) => chosen), cast.map(({ voted_date }) => voted_date), cast.map(({ place }) => place)]);
  if (gone.length > 0) await tx.run(removeVotes, keysOf(gone));
}

/** Writes the totals of a poll that is locked. */
export async function saveTotals(tx: Tx, { poll_id, totals, total_voters, version, has_unseen }: PollRow): Promise<void> {
  await tx.run(writeTotals, [poll_id, totals, total_voters, version, has_unseen]);
}

/** Writes other answers of a poll that is locked. */
export async function saveAnswers(tx: Tx, { poll_id, totals, total_voters, has_unseen }: PollRow, body: PollBody): Promise<void> {
  await tx.run(writeAnswers, [poll_id, packBody(body), totals, total_voters, has_unseen]);
  const files = filesOf(body);
  await tx.run(removeFiles, [poll_id, files]);
  await addFiles(tx, poll_id, files);
}

/** Counts the people who have voted for any of some answers. */
export async function countVotersOf(db: Reader, pollId: bigint, bits: bigint): Promise<number> {
  return (await db.run(countVoters, [pollId, bits])).rows[0]?.count ?? 0;
}

/** Closes a poll. @returns false if it is closed already, or gone */
export async function closePollRow(tx: Tx, pollId: bigint): Promise<boolean> {
  return (await tx.run(closeRow, [pollId])).count > 0;
}

/** Notes when a poll closes by itself, unless that is known already. @returns whether it was not */
export async function startPollRow(tx: Tx, pollId: bigint, closeDate: number): Promise<boolean> {
  return (await tx.run(startRow, [pollId, closeDate])).count > 0;
}

const markNews = defineStatement<{ creator_id: bigint }>('mark_bot_news', 'UPDATE polls SET bot_news = true WHERE poll_id = $1 AND bot_news = false RETURNING creator_id');

/** Notes that the bot which made a poll is to be told how it stands. @returns the bot; undefined if that is noted already, or a person made the poll */
export async function markBotNews(tx: Tx, pollId: bigint): Promise<bigint | undefined> {
  return (await tx.run(markNews, [pollId])).rows[0]?.creator_id;
}

// The polls of a bot that is deleted are like those of people: nobody is told of them.
const takeNews = defineStatement<PollRow>(
  'take_bot_news',
  `UPDATE polls p SET bot_news = CASE WHEN EXISTS (SELECT FROM users WHERE user_id = p.creator_id AND deleted) THEN NULL ELSE false END WHERE p.poll_id = $1 AND p.bot_news RETURNING ${COLUMNS}`,
);

/** Ends what {@link markBotNews} has noted. @returns the poll; undefined if it or the bot is gone, or nothing was noted */
export async function takeBotNews(tx: Tx, pollId: bigint): Promise<PollRow | undefined> {
  const [row] = (await tx.run(takeNews, [pollId])).rows;
  return row?.bot_news === null ? undefined : row;
}

/** Lists votes for any of some answers, the newest first. @param before only those with a lower place */
export async function listVotes(db: Reader, pollId: bigint, { before = LAST_PLACE, bits, limit }: { before: number | undefined; bits: bigint; limit: number }): Promise<VoteRow[]> {
  return (await db.run(listRows, [pollId, before, bits, limit])).rows;
}

/** What these people have chosen in a poll, a bit for each answer. Those who have not voted are left out. */
export async function findChoices(db: Reader, pollId: bigint, voterIds: readonly bigint[]): Promise<Map<bigint, bigint>> {
  return new Map((await db.run(readChoices, [pollId, voterIds])).rows.map(({ voter_id, chosen }) => [voter_id, chosen]));
}

/** Lists the boxes and channels that have a poll in a message, each with the newest one. */
export async function listPollPlaces(db: Reader, pollId: bigint, limit: number): Promise<PlaceRow[]> {
  return (await db.run(listPlaces, [pollId, limit])).rows;
}

/**
 * Claims to tell how a poll stands, for this process alone.
 * @param tick the present one. @param pause how many ticks have to be between two pushes
 * @returns `edited` or `changed`: it is to be told, with the poll itself or without; `early`: later; `told`: there is nothing to tell
 */
export async function claimPush(tx: Tx, pollId: bigint, { tick, pause }: { tick: number; pause: number }): Promise<'edited' | 'changed' | 'early' | 'told'> {
  const [found] = (await tx.run(claim, [pollId, tick, pause])).rows;
  if (found === undefined || !found.is_new) return 'told';
  if (!found.is_due) return 'early';
  return found.is_edited ? 'edited' : 'changed';
}

/** Lists some votes of one person. */
export async function listVotesOf(db: Reader, voterId: bigint, limit: number): Promise<VoteRow[]> {
  return (await db.run(listOfVoter, [voterId, limit])).rows;
}

/** Whether somebody else than its creator has voted in a poll for any of some answers, and the creator has not seen it. */
export async function hasUnseenVote(db: Reader, { poll_id, seen_place, creator_id }: PollRow, bits: bigint): Promise<boolean> {
  return (await db.run(findUnseen, [poll_id, seen_place, creator_id, bits])).rows[0]!.found;
}

/** Marks all votes in those of these polls as seen that are of this creator. @returns the polls with votes that were unseen */
export async function markVotesSeen(tx: Tx, creatorId: bigint, pollIds: readonly bigint[]): Promise<bigint[]> {
  return (await tx.run(markSeen, [pollIds, creatorId])).rows.map((row) => row.poll_id);
}

const listUnseenRows = defineStatement<{ poll_id: bigint }>(
  'list_unseen_polls',
  'SELECT poll_id FROM polls WHERE creator_id = $1 AND place_id = $2 AND has_unseen ORDER BY created_date DESC LIMIT $3',
);

/** Lists the newest polls that somebody made in a chat, by its marked id, and that have votes which their creator has not seen. */
export async function listUnseenPolls(db: Reader, { creatorId, placeId, limit }: { creatorId: bigint; placeId: bigint; limit: number }): Promise<bigint[]> {
  return (await db.run(listUnseenRows, [creatorId, placeId, limit])).rows.map((row) => row.poll_id);
}

/** Deletes a poll. Its votes are deleted afterwards, in slices. @returns whether there was one */
export async function removePoll(tx: Tx, pollId: bigint): Promise<boolean> {
  return (await tx.run(removeRow, [pollId])).count > 0;
}

/** Deletes a poll in which nobody can have voted, unless a message has it. @returns the date at which it would have closed by itself */
export async function removeUnsentPoll(tx: Tx, pollId: bigint): Promise<number | undefined> {
  const [removed] = (await tx.run(removeUnsent, [pollId])).rows;
  if (removed) await tx.run(removeFiles, [pollId, []]);
  return removed?.close_date ?? undefined;
}

/** Deletes a slice of the votes of a poll. @returns the number of deleted votes */
export async function removeVotesOfPoll(tx: Tx, pollId: bigint, limit: number): Promise<number> {
  return (await tx.run(removeSlice, [pollId, limit])).count;
}
