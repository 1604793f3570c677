import { newPresentedId, unmarkPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import { createGroupCommitter, defineJobKind, dropWaitingJob, type GroupCommitter, type JobKind, jsonCodec, type Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { emojiIdsIn, findKnownEmoji } from '../documents/index.ts';
import { publishTransient, type SubjectDeps } from '../events/index.ts';
import { definePort, type DomainDeps, type HasLimits, inSlices, LAST_PLACE, QuotaBuckets } from '../shared/index.ts';
import { type AnswerActor, changeAnswers } from './change-answers.ts';
import { createBotNewsJob, orderPollNews } from './tell-bots-of-polls.ts';
import { type Ballot, castVotes, type CountedVote, type NamedMessage, pollIn, type PollReaders } from './cast-votes.ts';
import { answerAt, bitsOf, liveBits, optionAt, placeOfOption, placesOfBits, stubOf, unpackBody } from './poll-body.ts';
import { closePollRow, findPollRow, findShownPolls, insertPoll, listVotes, lockPolls, markVotesSeen, removeUnsentPoll, removeVotesOfPoll, type ShownPoll, startPollRow, type VoteRow } from './poll-store.ts';
import { type MakePollMedia, withPollMedia } from './poll-media.ts';
import { POLL_ANSWERS_MAX, type PollMessage, preparePoll } from './prepare-poll.ts';
import { hashOfPoll, hidesResults, isClosed, projectPollUpdate, viewerOf } from './project-poll.ts';
import { PollTeller, type TellDeps } from './tell-polls.ts';

/** Maximum number of votes deleted in one transaction (rule S13, short transactions). */
const SLICE = 1000;

/** Maximum number of votes counted in one transaction. What follows for all of them runs in one turn of the event loop, for which others wait. */
const VOTES_TOGETHER_MAX = 32;

/** A poll that a message will have. */
export interface NewPoll extends PollMessage {
  creatorId: bigint;
  /** Marked id of the chat to which it is sent. */
  placeId: bigint;
  input: tl.inputMediaPoll;
  /** Undefined: a poll with media is refused. */
  makeMedia?: MakePollMedia;
}

/** A page of the votes in a public poll. */
export interface VotePage {
  votes: readonly tl.MessagePeerVote[];
  /** Number of people who voted, or who voted for the answer that is asked for. */
  count: number;
  /** Names the next page; undefined after the last one. */
  nextOffset: string | undefined;
}

/** The votes that are asked for. */
export interface VoteWindow {
  /** Only votes for the answer with this option. */
  option: Uint8Array | undefined;
  /** `nextOffset` of the page before; '' for the first one. */
  offset: string;
  limit: number;
  /** Whether the message is a post of a broadcast channel. */
  isBroadcast: boolean;
}

/** Finds {@link NamedMessage.readId}, which only those who know channels can. */
export const FIND_READ_ID = definePort<(message: Omit<NamedMessage, 'readId'>) => Promise<bigint | undefined>>('polls.findReadId');

/** What polls depend on. */
export interface PollsDeps extends TellDeps, Pick<DomainDeps, 'random'>, Pick<SubjectDeps, 'writeBoxes'> {
  db: DomainDeps['db'];
  config: Pick<DomainDeps['config'], 'homeDcId'>;
  hasLimits?: HasLimits | undefined;
  readers: PollReaders;
  /** See {@link FIND_READ_ID}. */
  findReadId(message: Omit<NamedMessage, 'readId'>): Promise<bigint | undefined>;
}

const CLOSE = 'close-poll';
const PURGE = 'purge-poll';
const codec = jsonCodec<{ pollId: string }>();

/** The job that deletes the votes of a poll that is gone. */
export function orderVotePurge(tx: Tx, pollId: bigint): Promise<void> {
  return tx.job({ kind: PURGE, owner_id: 0n, payload: codec.encode({ pollId: String(pollId) }) });
}

/** Polls: each has one home, named by its id, with its votes and totals. Messages and their forwards name it. */
export class Polls implements AsyncDisposable {
  readonly #deps: PollsDeps;
  readonly #teller: PollTeller;
  readonly #quota: QuotaBuckets;
  readonly #committer: GroupCommitter<Ballot, CountedVote>;
  readonly jobKinds: readonly JobKind[];

  constructor(deps: PollsDeps) {
    this.#deps = deps;
    this.#teller = new PollTeller(deps);
    this.#quota = new QuotaBuckets(deps, 'pollVotes');
    const told = new QuotaBuckets(deps, 'votesToldToBot');
    const takeTold = (voterId: bigint, pollId: bigint): number => told.take(`${voterId}:${pollId}`, 1);
    this.#committer = createGroupCommitter<Ballot, CountedVote>({
      name: 'cast-votes',
      db: deps.db,
      clock: deps.clock,
      laneOf: ({ viewerId }) => viewerId,
      maxItems: VOTES_TOGETHER_MAX,
      run: (tx, ballots) => castVotes(tx, { readers: deps.readers, takeTold }, ballots, deps.clock.now()),
    });
    this.jobKinds = [
      createBotNewsJob(deps),
      defineJobKind({ kind: CLOSE, codec, clockNeed: 'steady', run: ({ pollId }) => this.#closeDue(BigInt(pollId)) }),
      defineJobKind({
        kind: PURGE,
        codec,
        // If it gave up, nothing would delete the votes that are left.
        maxAttempts: Number.POSITIVE_INFINITY,
        run: ({ pollId }, { db, signal }) => inSlices(SLICE, signal, () => db.transact('purge-poll', (tx) => removeVotesOfPoll(tx, BigInt(pollId), SLICE))),
      }),
    ];
  }

  /**
   * Makes a poll for a message.
   * @returns the media of the message
   * @throws RpcError as {@link preparePoll} and {@link withPollMedia}
   */
  async doCreate({ creatorId, placeId, input, makeMedia, ...message }: NewPoll): Promise<tl.messageMediaPoll> {
    const { db, clock, random, config } = this.#deps;
    // Nothing is made of uploads for a poll that is refused anyway.
    const known = await findKnownEmoji(db, emojiIdsIn([input.poll.question, ...input.poll.answers.slice(0, POLL_ANSWERS_MAX).map(({ text }) => text)]));
    const body = await withPollMedia(preparePoll(newPresentedId(random, config.homeDcId), input, message, known), input, makeMedia);
    await db.transact('create-poll', async (tx) => {
      await insertPoll(tx, { creatorId, placeId, body, nowDate: clock.now() });
      if (body.poll.close_date !== undefined) await orderClosing(tx, body.poll.id, body.poll.close_date);
    });
    return stubOf(body);
  }

  /** Deletes a poll whose message was refused. One that a message has stays. */
  async doDropUnsent(pollId: bigint): Promise<void> {
    await this.#deps.db.transact('drop-unsent-poll', async (tx) => {
      const closeDate = await removeUnsentPoll(tx, pollId);
      if (closeDate !== undefined) await dropWaitingJob(tx, closingOf(pollId, closeDate));
    });
  }

  /** The media of a message that leaves now: the period after which the poll closes begins. Other media, and polls that have begun, are returned as they are. */
  async doStart(media: tl.messageMediaPoll): Promise<tl.messageMediaPoll> {
    const { id, close_period: period } = media.poll;
    if (period === undefined || media.poll.close_date !== undefined) return media;
    const { db, clock } = this.#deps;
    const closeDate = clock.now() + period;
    await db.transact('start-poll', async (tx) => {
      if (await startPollRow(tx, id, closeDate)) await orderClosing(tx, id, closeDate);
    });
    return { ...media, poll: { ...media.poll, close_date: closeDate } };
  }

  /**
   * Makes a poll like that of a message, without its votes, in the transaction that schedules the message once more: each sending has a poll of its own.
   * @param senderId who schedules the message. Polls of others are forwarded, never copied: in a copy of a quiz somebody would find out what is right in the quiz itself
   * @param laterS by how many seconds it is sent later
   * @returns the media of the new message; those given if the poll is gone, or is somebody else's
   */
  async copyIn(tx: Tx, media: tl.messageMediaPoll, { senderId, laterS }: { senderId: bigint; laterS: number }): Promise<tl.messageMediaPoll> {
    const { clock, random, config } = this.#deps;
    const row = await findPollRow(tx, media.poll.id);
    if (row?.creator_id !== senderId) return media;
    const { poll, ...rest } = unpackBody(row.body);
    const copy = { ...rest, poll: { ...poll, id: newPresentedId(random, config.homeDcId), close_date: poll.close_date === undefined ? undefined : poll.close_date + laterS } };
    await insertPoll(tx, { creatorId: row.creator_id, placeId: row.place_id, body: copy, nowDate: clock.now() });
    if (copy.poll.close_date !== undefined) await orderClosing(tx, copy.poll.id, copy.poll.close_date);
    return stubOf(copy);
  }

  /**
   * Votes in the poll of a message, or takes the vote back. A repeat changes nothing.
   * @param ballot.options of the chosen answers; none takes the vote back
   * @returns the update with the results as the voter sees them
   * @throws RpcError as {@link castVotes}, and 420 FLOOD_WAIT
   */
  async doVote(ballot: Omit<Ballot, 'readId'>): Promise<tl.updateMessagePoll> {
    const waitS = this.#quota.take(String(ballot.viewerId), 1);
    if (waitS > 0) throw rpcError('FLOOD_WAIT_%d', waitS);
    const { row, isNew } = await this.#committer.submit({ ...ballot, readId: await this.#deps.findReadId(ballot) });
    const shown = await findShownPolls(this.#deps.db, [row.poll_id], ballot.viewerId);
    const update = this.#project(shown.get(row.poll_id), ballot, false);
    if (isNew) {
      publishTransient(this.#deps.bus, ballot.viewerId, update);
      this.#teller.note(row.poll_id);
    }
    return update;
  }

  /**
   * Closes the poll of a message in the transaction that edits the message; tells those who see it elsewhere after the commit.
   * @param media of the message, which the actor may edit
   * @param closer.placeId a broadcast channel, by its marked id, whose admins edit each other's posts
   * @throws RpcError 403 MESSAGE_AUTHOR_REQUIRED: the poll is somebody else's, of which the message is a copy; 400 MESSAGE_ID_INVALID: the poll was made in a private chat, and a block
   * stands between the two people there, of whom the other would see that it is closed
   */
  async closeIn(tx: Tx, media: tl.messageMediaPoll, { actorId, placeId }: { actorId: bigint; placeId?: bigint | undefined }): Promise<void> {
    const { id } = media.poll;
    const row = await findPollRow(tx, id);
    if (row !== undefined && row.creator_id !== actorId && row.place_id !== placeId) throw rpcError('MESSAGE_AUTHOR_REQUIRED');
    if (row !== undefined && row.place_id > 0n && (await this.#deps.readers.isBarred(tx, actorId, [row.creator_id, row.place_id]))) throw rpcError('MESSAGE_ID_INVALID');
    if (!(await closePollRow(tx, id))) return;
    await orderPollNews(tx, id);
    tx.afterCommit(() => this.#teller.note(id));
  }

  /**
   * Changes the answers of the poll of a message, in the transaction that adds the service message about it; tells those who see the poll after the commit.
   * @param message that the actor may read
   * @returns the action of the service message; undefined for a repeat. Throws as {@link changeAnswers}
   */
  async changeAnswersIn(tx: Tx, message: { extra: Uint8Array | null } | undefined, actor: AnswerActor): Promise<tl.MessageAction | undefined> {
    const { id } = pollIn(message);
    const action = await changeAnswers(tx, id, { ...actor, nowDate: this.#deps.clock.now() });
    if (action === undefined) return undefined;
    await orderPollNews(tx, id);
    tx.afterCommit(() => this.#teller.note(id));
    return action;
  }

  /**
   * Shows how the poll of a message stands.
   * @param hash the hash of the poll that the client has; if it is the present one, the poll is not sent along
   * @throws RpcError 400 MESSAGE_ID_INVALID, and those of reading the message
   */
  async findResults(message: Omit<NamedMessage, 'readId'>, hash: bigint): Promise<tl.updateMessagePoll> {
    const { db, clock } = this.#deps;
    const { id } = await this.#read(message);
    const row = (await findShownPolls(db, [id], message.viewerId)).get(id);
    return this.#project(row, message, row !== undefined && hashOfPoll(row, clock.now()) !== hash);
  }

  /**
   * Lists who has voted for what in a public poll, the newest vote first.
   * @throws RpcError 400 MSG_ID_INVALID (no poll, or an unknown option), OFFSET_INVALID, 403 BROADCAST_FORBIDDEN (nobody learns who voted in a channel), POLL_VOTE_REQUIRED (also if
   * the poll is anonymous, or hides its results)
   */
  async listVotes(message: Omit<NamedMessage, 'readId'>, window: VoteWindow): Promise<VotePage> {
    const { db, clock } = this.#deps;
    const { id } = await this.#read(message, 'MSG_ID_INVALID');
    const row = (await findShownPolls(db, [id], message.viewerId)).get(id);
    if (window.isBroadcast) throw rpcError('BROADCAST_FORBIDDEN');
    if (row === undefined) throw rpcError('MSG_ID_INVALID');
    const body = unpackBody(row.body);
    const nowDate = clock.now();
    if (!row.is_public || hidesResults(row, body, nowDate) || ((row.chosen & liveBits(body.poll)) === 0n && !isClosed(row, nowDate))) throw rpcError('POLL_VOTE_REQUIRED');
    const asked = window.option === undefined ? undefined : placeOfOption(body.poll, window.option);
    if (asked !== undefined && answerAt(body.poll, asked) === undefined) throw rpcError('MSG_ID_INVALID');
    const bits = asked === undefined ? liveBits(body.poll) : bitsOf([asked]);
    const rows = await listVotes(db, id, { before: readOffset(window.offset), bits, limit: window.limit + 1 });
    const page = rows.slice(0, window.limit);
    const last = page.at(-1);
    return {
      votes: page.map((vote) => projectVote(body.poll, vote, asked)),
      count: asked === undefined ? row.total_voters : (row.totals[asked] ?? 0),
      nextOffset: rows.length > page.length && last !== undefined ? String(last.place) : undefined,
    };
  }

  /** Marks the votes in those of these polls as seen that are of this creator. @returns the polls with votes that were unseen */
  markSeen(creatorId: bigint, pollIds: readonly bigint[]): Promise<bigint[]> {
    return pollIds.length === 0 ? Promise.resolve([]) : this.#deps.db.transact('mark-votes-seen', (tx) => markVotesSeen(tx, creatorId, pollIds));
  }

  /** Shows the devices of a poll's creator whether there are votes to see. */
  async tellCreator(pollId: bigint): Promise<void> {
    const { db, readers, bus, clock } = this.#deps;
    const creatorId = (await findPollRow(db, pollId))?.creator_id;
    const row = creatorId === undefined ? undefined : (await findShownPolls(db, [pollId], creatorId)).get(pollId);
    const place = row === undefined ? undefined : await readers.findOriginal(db, row);
    if (row === undefined || place === undefined) return;
    publishTransient(bus, row.creator_id, projectPollUpdate(row, viewerOf(row, row.creator_id), { withPoll: false, nowDate: clock.now(), place }));
  }

  /** Tells the devices that are online what they have not been told yet. Called by tests. */
  flush(): Promise<void> {
    return this.#teller.flush();
  }

  /** Waits until all votes are counted and told. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#committer.drain();
    await this.#teller[Symbol.asyncDispose]();
  }

  async #read(message: Omit<NamedMessage, 'readId'>, missing?: 'MSG_ID_INVALID'): Promise<tl.poll> {
    const { db, readers, findReadId } = this.#deps;
    return pollIn(await readers.readExtra(db, { ...message, readId: await findReadId(message) }), missing);
  }

  #project(row: ShownPoll | undefined, { viewerId, peerId, msgId }: Pick<NamedMessage, 'viewerId' | 'peerId' | 'msgId'>, withPoll: boolean): tl.updateMessagePoll {
    if (row === undefined) throw rpcError('MESSAGE_ID_INVALID');
    return projectPollUpdate(row, viewerOf(row, viewerId), { withPoll, nowDate: this.#deps.clock.now(), place: { peerId, msgId, topId: null } });
  }

  async #closeDue(pollId: bigint): Promise<void> {
    const { db, clock } = this.#deps;
    const isClosedNow = await db.transact('close-poll', async (tx) => {
      const row = (await lockPolls(tx, [pollId])).get(pollId);
      if (row === undefined || row.close_date === null || row.close_date > clock.now() || !(await closePollRow(tx, pollId))) return false;
      await orderPollNews(tx, pollId);
      return true;
    });
    if (isClosedNow) this.#teller.note(pollId);
  }
}

const closingOf = (pollId: bigint, closeDate: number) => ({ kind: CLOSE, owner_id: 0n, payload: codec.encode({ pollId: String(pollId) }), runAtMs: closeDate * 1000 });

const orderClosing = (tx: Tx, pollId: bigint, closeDate: number): Promise<void> => tx.job(closingOf(pollId, closeDate));

/** Reads the place of the last vote of a page. */
function readOffset(offset: string): number | undefined {
  if (offset === '') return undefined;
  if (!/^\d{1,10}$/.test(offset) || Number(offset) > LAST_PLACE) throw rpcError('OFFSET_INVALID');
  return Number(offset);
}

/** @param asked the answer that is asked for */
function projectVote(poll: tl.poll, { voter_id, chosen, voted_date: date }: VoteRow, asked: number | undefined): tl.MessagePeerVote {
  const peer = unmarkPeer(voter_id);
  if (asked !== undefined) return { _: 'messagePeerVoteInputOption', peer, date };
  const options = placesOfBits(chosen).flatMap((at) => (answerAt(poll, at) === undefined ? [] : [optionAt(poll, at)]));
  return options.length === 1 ? { _: 'messagePeerVote', peer, option: options[0]!, date } : { _: 'messagePeerVoteMultiple', peer, options, date };
}
