import { markPeer, unmarkPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { emojiIdsIn, findKnownEmoji } from '../documents/index.ts';
import { answerAt, liveBits, placeOfOption, unpackBody } from './poll-body.ts';
import { orderSettling } from './note-unseen.ts';
import { countVotersOf, hasUnseenVote, lockPolls, saveAnswers } from './poll-store.ts';
import { newOption, POLL_ANSWERS_MAX, prepareAnswer } from './prepare-poll.ts';
import { isClosed } from './project-poll.ts';

/** Answers that a poll may ever have had: each has a bit of a vote. */
const EVER_MAX = 60;

/** How many of them anybody but the creator of the poll may ever add, as many as are shown at once: nobody who adds and deletes answers takes them all from the others. */
const ADDED_MAX = POLL_ANSWERS_MAX;

/** Adds an answer to a poll that is open for answers, or deletes one. */
export type AnswerChange = { kind: 'add'; answer: tl.PollAnswer; /** Made by `makeAnswerMedia`. */ media?: tl.MessageMedia | undefined } | { kind: 'delete'; option: Uint8Array };

/** Who changes the answers of a poll, and where. */
export interface AnswerActor {
  actorId: bigint;
  /** Who is shown as the one who adds an answer, by marked id: the group, for anonymous admins. */
  authorId: bigint;
  /** The marked id of the group with the message. */
  placeId: bigint;
  change: AnswerChange;
}

/**
 * Changes the answers of a poll in the group for which it was made: where a forward of it is, others are members. Anybody may add answers to a poll that is open for them; who has added one, and the creator of the poll, may delete it. Votes for a deleted answer
 * do not count any more. A repeat, by the text of an own answer or by the option of one that is deleted, changes nothing.
 * @returns the action of the service message that says so; undefined for a repeat
 * @throws RpcError 400 MESSAGE_POLL_CLOSED, POLL_UNSUPPORTED (a poll that is not open for answers, or of another chat), POLL_ANSWERS_INVALID (too many, also of one person, or the last one), OPTION_INVALID,
 * 403 MESSAGE_AUTHOR_REQUIRED, and as {@link prepareAnswer}
 */
export async function changeAnswers(tx: Tx, pollId: bigint, { actorId, authorId, placeId, change, nowDate }: AnswerActor & { nowDate: number }): Promise<tl.MessageAction | undefined> {
  const row = (await lockPolls(tx, [pollId])).get(pollId);
  if (row === undefined || isClosed(row, nowDate)) throw rpcError('MESSAGE_POLL_CLOSED');
  const body = unpackBody(row.body);
  const { poll } = body;
  if (poll.open_answers !== true || row.place_id !== placeId) throw rpcError('POLL_UNSUPPORTED');
  const shown = poll.answers.flatMap((_, at) => answerAt(poll, at) ?? []);
  if (change.kind === 'add') {
    const prepared = prepareAnswer(change.answer, await findKnownEmoji(tx, emojiIdsIn([change.answer.text])));
    if (shown.some((one) => isAddedBy(one, authorId) && one.text.text === prepared.text.text)) return undefined;
    if (shown.length >= POLL_ANSWERS_MAX || poll.answers.length >= EVER_MAX) throw rpcError('POLL_ANSWERS_INVALID');
    const added = poll.answers.filter((one) => one._ === 'pollAnswer' && isAddedBy(one, authorId)).length;
    if (added >= ADDED_MAX && row.creator_id !== actorId) throw rpcError('POLL_ANSWERS_INVALID');
    const used = new Set(poll.answers.flatMap((one) => (one._ === 'pollAnswer' ? [Buffer.from(one.option).toString('base64')] : [])));
    const answer: tl.pollAnswer = { ...prepared, option: newOption(used), media: change.media, added_by: unmarkPeer(authorId), date: nowDate };
    await saveAnswers(tx, { ...row, totals: [...row.totals, 0] }, { ...body, poll: { ...poll, answers: [...poll.answers, answer] } });
    return { _: 'messageActionPollAppendAnswer', answer: inNotice(answer) };
  }
  const at = placeOfOption(poll, change.option);
  if (at < 0) throw rpcError('OPTION_INVALID');
  const answer = answerAt(poll, at);
  if (answer === undefined) return undefined;
  if (row.creator_id !== actorId && !isAddedBy(answer, authorId)) throw rpcError('MESSAGE_AUTHOR_REQUIRED');
  if (shown.length === 1) throw rpcError('POLL_ANSWERS_INVALID');
  // An answer that was deleted still counts towards how many its author may add, so the author stays stored.
  const { option, added_by, date } = answer;
  const answers = poll.answers.with(at, { _: 'pollAnswer', text: { _: 'textWithEntities', text: '', entities: [] }, option, added_by, date });
  const left = { ...poll, answers };
  const total_voters = await countVotersOf(tx, pollId, liveBits(left));
  const has_unseen = row.has_unseen && (await hasUnseenVote(tx, row, liveBits(left)));
  await orderSettling(tx, row, has_unseen);
  await saveAnswers(tx, { ...row, totals: row.totals.with(at, 0), total_voters, has_unseen }, { ...body, poll: left });
  return { _: 'messageActionPollDeleteAnswer', answer: inNotice(answer) };
}

/** An answer as a service message names it: by its text. Only the poll keeps the media of answers, as long as it has them. */
const inNotice = (answer: tl.pollAnswer): tl.pollAnswer => ({ ...answer, media: undefined });

const isAddedBy = ({ added_by: by }: tl.pollAnswer, authorId: bigint): boolean => by !== undefined && markPeer(by) === authorId;
