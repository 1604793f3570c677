import { unmarkPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';

import { answerAt, hasBit, liveBits, type PollBody, unpackBody } from './poll-body.ts';
import type { PollPlace, PollRow, ShownPoll } from './poll-store.ts';

/** One vote that a public poll shows beside its results. */
export interface RecentVote {
  voterId: bigint;
  chosen: bigint;
}

/** For whom a poll is shown. */
export interface PollViewer {
  /** Undefined: for everybody alike, so that the results are `min`. */
  viewerId: bigint | undefined;
  /** A bit for each answer that the viewer has chosen. */
  chosen: bigint;
  /** The newest votes of a public poll, if those who cast them are sent along. */
  recent: readonly RecentVote[];
}

/** A poll that everybody sees alike. */
export const FOR_EVERYBODY: PollViewer = { viewerId: undefined, chosen: 0n, recent: [] };

/** Somebody who sees a poll and, if it is public, its newest votes. Pure. @param row read for this viewer, unless `chosen` is given */
export function viewerOf(row: ShownPoll, viewerId: bigint | undefined, chosen = row.chosen): PollViewer {
  return { viewerId, chosen, recent: (row.recent_ids ?? []).map((voterId, at) => ({ voterId, chosen: row.recent_chosen![at]! })) };
}

/** Whether nobody can vote any more. Pure. */
export function isClosed({ closed, close_date: closeDate }: Pick<PollRow, 'closed' | 'close_date'>, nowDate: number): boolean {
  return closed || (closeDate !== null && closeDate <= nowDate);
}

/** The number by which clients know whether they have the poll as it is. It never is 0. Pure. */
export function hashOfPoll(row: PollRow, nowDate: number): bigint {
  return BigInt(row.edition) * 2n + (isClosed(row, nowDate) ? 1n : 0n);
}

/** Whether the numbers of votes are shown to nobody yet. Pure. */
export function hidesResults(row: PollRow, { poll }: PollBody, nowDate: number): boolean {
  return poll.hide_results_until_close === true && !isClosed(row, nowDate);
}

/** A poll as somebody sees it. Of a quiz, the correct answers and the solution are shown to those who have voted, to the bot that made it, and to all when it is closed. Pure. */
export function projectPoll(row: PollRow, viewer: PollViewer, nowDate: number): tl.messageMediaPoll {
  const body = unpackBody(row.body);
  return { _: 'messageMediaPoll', poll: projectQuestion(row, body, viewer, nowDate), results: projectResults(row, body, viewer, nowDate), attached_media: body.attached };
}

/**
 * A poll as a chat shows it. Media of answers that others have added are shown in the group for which the poll was made, where their authors may send such files; a forward of the poll
 * would bring them wherever it is. Pure.
 * @param peerId the marked id of the chat
 */
export function withMediaIn(peerId: bigint, { place_id: placeId }: Pick<PollRow, 'place_id'>, poll: tl.poll): tl.poll {
  if (peerId === placeId) return poll;
  return { ...poll, answers: poll.answers.map((answer) => (answer._ === 'pollAnswer' && answer.added_by !== undefined ? { ...answer, media: undefined } : answer)) };
}

function projectQuestion(row: PollRow, { poll }: PollBody, { viewerId }: PollViewer, nowDate: number): tl.poll {
  return {
    ...poll,
    closed: isClosed(row, nowDate) || undefined,
    creator: viewerId === row.creator_id || undefined,
    answers: poll.answers.filter((_, at) => answerAt(poll, at) !== undefined),
    close_date: row.close_date ?? undefined,
    hash: hashOfPoll(row, nowDate),
  };
}

function projectResults(row: PollRow, body: PollBody, { viewerId, chosen: voted, recent }: PollViewer, nowDate: number): tl.pollResults {
  const { poll, correct, solution } = body;
  const chosen = voted & liveBits(poll);
  const isHidden = hidesResults(row, body, nowDate);
  const shown = isHidden ? [] : recent;
  // The bot that made a quiz sees the correct answer at once: it cannot vote, and set the answer itself.
  const isOwnOfBot = row.bot_news !== null && viewerId === row.creator_id;
  const showsCorrect = poll.quiz === true && (chosen !== 0n || isOwnOfBot || isClosed(row, nowDate));
  const results = poll.answers.flatMap((_, at): tl.pollAnswerVoters[] => {
    const answer = answerAt(poll, at);
    if (answer === undefined) return [];
    const marks = { chosen: hasBit(chosen, at) || undefined, correct: (showsCorrect && hasBit(correct, at)) || undefined };
    if (isHidden) return [{ _: 'pollAnswerVoters', ...marks, option: answer.option }];
    const voters = shown.filter((vote) => hasBit(vote.chosen, at)).map(({ voterId }) => unmarkPeer(voterId));
    return [{ _: 'pollAnswerVoters', ...marks, option: answer.option, voters: row.totals[at] ?? 0, recent_voters: voters }];
  });
  return {
    _: 'pollResults',
    min: viewerId === undefined || undefined,
    has_unread_votes: (row.has_unseen && viewerId === row.creator_id) || undefined,
    // Those who have not voted get an empty list while results are hidden.
    results: isHidden && chosen === 0n && !isOwnOfBot ? [] : results,
    total_voters: row.total_voters,
    recent_voters: shown.length === 0 ? undefined : shown.map(({ voterId }) => unmarkPeer(voterId)),
    ...(showsCorrect ? solution : {}),
  };
}

/** What an update about a poll says besides its results. */
interface UpdateOptions {
  /** Whether the poll itself is sent along, not only its results. */
  withPoll: boolean;
  nowDate: number;
  /** The message that shows it, if it is to be named. */
  place?: PollPlace | undefined;
}

/** The update that shows how a poll stands. Pure. */
export function projectPollUpdate(row: PollRow, viewer: PollViewer, { withPoll, nowDate, place }: UpdateOptions): tl.updateMessagePoll {
  const { poll: whole, results } = projectPoll(row, viewer, nowDate);
  const poll = place === undefined ? whole : withMediaIn(place.peerId, row, whole);
  const at = place === undefined ? {} : { peer: unmarkPeer(place.peerId), msg_id: place.msgId, top_msg_id: place.topId ?? undefined };
  return { _: 'updateMessagePoll', ...at, poll_id: row.poll_id, poll: withPoll ? poll : undefined, results };
}
