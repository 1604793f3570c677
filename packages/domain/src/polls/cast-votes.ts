import { RpcError, rpcError } from '@aerogram/errors';
import type { Database, ItemFailure, Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { unpackMessageExtra } from '../events/index.ts';
import { groupBy } from '../shared/index.ts';
import { answerAt, bitsOf, hasBit, liveBits, type PollBody, placeOfOption, placesOfBits, unpackBody } from './poll-body.ts';
import { noteUnseen } from './note-unseen.ts';
import { findVotes, lockPolls, type PollPlace, type PollRow, saveTotals, saveVotes, type VoteRow } from './poll-store.ts';
import { isClosed } from './project-poll.ts';
import { isToldToBot, orderPollNews, orderToldVotes, type ToldVote } from './tell-bots-of-polls.ts';

/** A message as somebody names it who may read it. */
export interface NamedMessage {
  viewerId: bigint;
  /** The marked id of the chat. */
  peerId: bigint;
  msgId: number;
  /** In a discussion group: the plain id of the linked channel if the viewer may read it without being in the group; found before the transaction. */
  readId: bigint | undefined;
}

/** A transaction or the database. */
type AnyReader = Pick<Database, 'q' | 'run'>;

/** Reads what a vote rests on, in the transaction that counts it. */
export interface PollReaders {
  /** The `extra` of a message that the viewer may read; undefined if there is none. @throws RpcError if the viewer may not read the chat, or not vote there */
  readExtra(tx: AnyReader, message: NamedMessage, use?: 'see' | 'vote'): Promise<{ extra: Uint8Array | null } | undefined>;
  /** Whether somebody is a member of a channel, given by its marked id. */
  isMember(tx: AnyReader, peerId: bigint, userId: bigint): Promise<boolean>;
  /** Whether a block between somebody and one of these users keeps from them what the former does. */
  isBarred(tx: Tx, userId: bigint, otherIds: readonly bigint[]): Promise<boolean>;
  /** The message for which a poll was made; undefined if it is gone, or its creator does not read the chat any more. */
  findOriginal(db: AnyReader, poll: Pick<PollRow, 'poll_id' | 'creator_id' | 'place_id'>): Promise<PollPlace | undefined>;
}

/** What counting votes depends on. */
export interface CastDeps {
  readers: PollReaders;
  /** Counts a change of a vote of which a bot is told. @returns the seconds to wait if there were too many of them; otherwise 0 */
  takeTold(voterId: bigint, pollId: bigint): number;
}

/** One vote that is to be counted. */
export interface Ballot extends NamedMessage {
  /** The options of the answers; an empty list takes the vote back. */
  options: readonly Uint8Array[];
}

/** What became of a vote. */
export interface CountedVote {
  /** The poll after the vote. */
  row: PollRow;
  chosen: bigint;
  /** False for a repeat. */
  isNew: boolean;
}

/** The poll in the `extra` of a message. @param missing the error if there is none. @throws RpcError 400 */
export function pollIn(message: { extra: Uint8Array | null } | undefined, missing: 'MESSAGE_ID_INVALID' | 'MSG_ID_INVALID' = 'MESSAGE_ID_INVALID'): tl.poll {
  const media = message === undefined ? undefined : unpackMessageExtra(message.extra).media;
  if (media?._ !== 'messageMediaPoll') throw rpcError(missing);
  return media.poll;
}

/**
 * Counts votes of several people in one transaction: reads the messages by which they vote, locks the polls, and writes votes and totals together. A vote that is refused fails
 * alone. The same vote again changes nothing.
 * @returns for each vote what became of it, or the error: RpcError 400 MESSAGE_ID_INVALID (also if the poll was made in a private chat, and a block stands between the voter and one of
 * the two people there), MESSAGE_POLL_CLOSED, OPTION_INVALID, OPTIONS_TOO_MUCH, REVOTE_NOT_ALLOWED,
 * 406 POLL_MEMBER_RESTRICTED, 420 FLOOD_WAIT_%d, and those of reading the message
 */
export async function castVotes(tx: Tx, { readers, takeTold }: CastDeps, ballots: readonly Ballot[], nowDate: number): Promise<(CountedVote | ItemFailure)[]> {
  const pollIds = await Promise.all(ballots.map((ballot) => readers.readExtra(tx, ballot, 'vote').then((found) => pollIn(found).id).catch(failureOf)));
  const named = ballots.map((ballot, at) => ({ poll_id: pollIds[at], voter_id: ballot.viewerId })).filter((pair): pair is { poll_id: bigint; voter_id: bigint } => typeof pair.poll_id === 'bigint');
  const polls = await lockPolls(tx, [...new Set(named.map(({ poll_id }) => poll_id))]);
  const votes = new Map((await findVotes(tx, named)).map((vote) => [keyOf(vote), vote]));
  const bodies = new Map([...polls].map(([id, row]) => [id, unpackBody(row.body)]));
  const changed = new Map<string, VoteRow>();
  const told: ToldVote[] = [];
  const outcomes: (CountedVote | ItemFailure)[] = [];
  for (const [at, ballot] of ballots.entries()) {
    const pollId = pollIds[at]!;
    if (typeof pollId !== 'bigint') {
      outcomes.push(pollId);
      continue;
    }
    const row = polls.get(pollId);
    const key = keyOf({ poll_id: pollId, voter_id: ballot.viewerId });
    try {
      if (row === undefined) throw rpcError('MESSAGE_POLL_CLOSED');
      const body = bodies.get(pollId)!;
      const before = (votes.get(key)?.chosen ?? 0n) & liveBits(body.poll);
      const chosen = checkBallot(row, body, { options: ballot.options, before }, nowDate);
      if (chosen !== before && body.poll.subscribers_only === true && !(await readers.isMember(tx, row.place_id, ballot.viewerId))) throw rpcError('POLL_MEMBER_RESTRICTED');
      // A block holds for votes in any forward of the poll, too.
      if (chosen !== before && row.place_id > 0n && (await readers.isBarred(tx, ballot.viewerId, [row.creator_id, row.place_id]))) throw rpcError('MESSAGE_ID_INVALID');
      const waitS = chosen === before || !isToldToBot(row) ? 0 : takeTold(ballot.viewerId, pollId);
      if (waitS > 0) throw rpcError('FLOOD_WAIT_%d', waitS);
      const after = chosen === before ? row : withVote(row, before, chosen);
      if (chosen !== before) {
        const vote = { poll_id: pollId, voter_id: ballot.viewerId, chosen, voted_date: nowDate, place: after.version };
        polls.set(pollId, after);
        votes.set(key, vote);
        changed.set(key, vote);
        told.push({ row, voter_id: ballot.viewerId, chosen });
      }
      outcomes.push({ row: after, chosen, isNew: chosen !== before });
    } catch (error) {
      outcomes.push(failureOf(error));
    }
  }
  await saveVotes(tx, [...changed.values()]);
  for (const [pollId, votes] of groupBy([...changed.values()], ({ poll_id }) => poll_id)) await saveCounted(tx, polls.get(pollId)!, votes);
  await orderToldVotes(tx, told);
  return outcomes;
}

/**
 * Writes the totals of a poll after its votes were written, and orders what follows from them at the account or bot that made it.
 * @param row after the changes
 * @param changed the votes that were cast, changed or taken back
 */
export async function saveCounted(tx: Tx, row: PollRow, changed: readonly Pick<VoteRow, 'voter_id' | 'chosen'>[]): Promise<void> {
  await saveTotals(tx, await noteUnseen(tx, row, changed));
  if (row.bot_news === false) await orderPollNews(tx, row.poll_id);
}

/** The bits of what is chosen. Pure. @throws RpcError if nobody, or not this voter, may choose so */
function checkBallot(row: PollRow, { poll }: PollBody, { options, before }: { options: readonly Uint8Array[]; before: bigint }, nowDate: number): bigint {
  if (isClosed(row, nowDate)) throw rpcError('MESSAGE_POLL_CLOSED');
  const places = options.map((option) => placeOfOption(poll, option));
  if (places.some((at) => answerAt(poll, at) === undefined)) throw rpcError('OPTION_INVALID');
  const chosen = bitsOf(new Set(places));
  if (poll.multiple_choice !== true && placesOfBits(chosen).length > 1) throw rpcError('OPTIONS_TOO_MUCH');
  const isFinal = poll.quiz === true || poll.revoting_disabled === true;
  if (isFinal && before !== 0n && chosen !== before) throw rpcError('REVOTE_NOT_ALLOWED');
  return chosen;
}

/** The poll after somebody has voted otherwise. Pure. */
export function withVote(row: PollRow, before: bigint, chosen: bigint): PollRow {
  const totals = row.totals.map((count, at) => count + Number(hasBit(chosen, at)) - Number(hasBit(before, at)));
  return { ...row, totals, total_voters: row.total_voters + Number(chosen !== 0n) - Number(before !== 0n), version: row.version + 1 };
}

const keyOf = ({ poll_id, voter_id }: Pick<VoteRow, 'poll_id' | 'voter_id'>): string => `${poll_id}:${voter_id}`;

function failureOf(error: unknown): ItemFailure {
  // Any other error is a fault of the server or database: it rolls back the votes of the whole batch.
  if (!(error instanceof RpcError)) throw error;
  return { error };
}
