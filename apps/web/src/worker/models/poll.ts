import type { tl } from '@mtcute/core';
import Long from 'long';
import type { NewPoll, Poll } from '../../protocol/index.ts';
import { peerIdOf } from './ids.ts';
import { readEntities } from './text.ts';

const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** The option of an answer for the server. Pure. @param option in hexadecimal digits */
export const optionBytes = (option: string): Uint8Array => Uint8Array.from(option.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));

/** What a poll asks, without its results. Pure. */
function readQuestion(poll: tl.TypePoll): Poll {
  return {
    id: poll.id.toString(),
    hash: poll.hash.toString(),
    question: poll.question.text,
    answers: poll.answers.flatMap((answer) => (answer._ === 'pollAnswer' ? [{ option: toHex(answer.option), text: answer.text.text, addedBy: answer.addedBy && peerIdOf(answer.addedBy) }] : [])),
    total: 0,
    isClosed: poll.closed,
    isPublic: poll.publicVoters,
    isMultiple: poll.multipleChoice,
    isQuiz: poll.quiz,
    isOpen: poll.openAnswers,
    isFinal: poll.revotingDisabled,
    isShuffled: poll.shuffleAnswers,
    hidesResults: poll.hideResultsUntilClose,
    isOwn: poll.creator,
    closeDate: poll.closeDate,
  };
}

function withResults(poll: Poll, { min, results, totalVoters, hasUnreadVotes, solution, solutionEntities }: tl.TypePollResults): Poll {
  const found = new Map(results?.map((each) => [toHex(each.option), each]));
  return {
    ...poll,
    answers: poll.answers.map(({ option, text, addedBy, ...known }) => {
      if (results === undefined) return { option, text, addedBy, ...known };
      const { voters, chosen, correct } = found.get(option) ?? {};
      return { option, text, addedBy, voters, isChosen: chosen, isCorrect: correct };
    }),
    total: totalVoters ?? poll.total,
    solution: solution === undefined ? undefined : { text: solution, entities: readEntities(solutionEntities) ?? [] },
    hasUnseenVotes: hasUnreadVotes,
    isMin: min,
  };
}

/** Reads a poll with its results. Pure. */
export const readPoll = ({ poll, results }: tl.RawMessageMediaPoll): Poll => withResults(readQuestion(poll), results);

/** What is known of a poll after it was told anew: what everybody gets alike takes nothing back of what only this account may know. Pure. */
export function mergePolls(known: Poll, fresh: Poll): Poll {
  if (known.id !== fresh.id || !fresh.isMin) return fresh;
  const before = new Map(known.answers.map((answer) => [answer.option, answer]));
  return {
    ...fresh,
    // What is not said of an answer is read as false.
    answers: fresh.answers.map((answer) => ({ ...answer, isChosen: before.get(answer.option)?.isChosen, isCorrect: answer.isCorrect === true || before.get(answer.option)?.isCorrect })),
    isOwn: known.isOwn,
    hasUnseenVotes: known.hasUnseenVotes,
    solution: fresh.solution ?? known.solution,
    isMin: known.isMin,
  };
}

/** A poll after an update, which says the question only if that has changed. Pure. */
export function updatedPoll(known: Poll, { poll, results }: Pick<tl.RawUpdateMessagePoll, 'poll' | 'results'>): Poll {
  return mergePolls(known, withResults(poll ? readQuestion(poll) : known, results));
}

/** Whether results tell that the account has voted otherwise than is known. Pure. */
export function tellsOtherVote({ answers }: Poll, { min, results }: tl.TypePollResults): boolean {
  if (min || results === undefined) return false;
  const chosen = new Set(results.flatMap((each) => (each.chosen ? toHex(each.option) : [])));
  return answers.some(({ option, isChosen }) => (isChosen === true) !== chosen.has(option));
}

/**
 * Marks what an answer of the server says of polls as what everybody gets alike, so that it takes back nothing of what only the account may know.
 * @param answer is changed
 * @param polls their ids
 */
export function distrustPolls(answer: unknown, polls: ReadonlySet<string>): void {
  if (typeof answer !== 'object' || answer === null) return;
  const { messages = [], updates } = answer as { messages?: tl.TypeMessage[]; updates?: tl.TypeUpdate[] | tl.TypeUpdates };
  for (const message of messages) {
    if ('media' in message && message.media?._ === 'messageMediaPoll' && polls.has(message.media.poll.id.toString())) message.media.results.min = true;
  }
  for (const update of Array.isArray(updates) ? updates : []) {
    if (update._ === 'updateMessagePoll' && polls.has(update.pollId.toString())) update.results.min = true;
  }
}

/** A poll that is to be made, for the server. Pure. */
export function writePoll({ question, answers, correct, solution, isPublic, isMultiple, isOpen, hidesResults, period }: NewPoll): tl.RawInputMediaPoll {
  const poll: tl.RawPoll = {
    _: 'poll',
    id: Long.ZERO,
    publicVoters: isPublic,
    multipleChoice: isMultiple,
    quiz: correct !== undefined,
    openAnswers: isOpen,
    hideResultsUntilClose: hidesResults,
    question: { _: 'textWithEntities', text: question, entities: [] },
    answers: answers.map((text) => ({ _: 'inputPollAnswer', text: { _: 'textWithEntities', text, entities: [] } })),
    closePeriod: period,
    hash: Long.ZERO,
  };
  return { _: 'inputMediaPoll', poll, correctAnswers: correct, ...(solution === undefined || solution === '' ? {} : { solution, solutionEntities: [] }) };
}

/** A poll as it is shown while it is on its way. Pure. */
export function unsentPoll({ question, answers, correct, isPublic, isMultiple, isOpen, hidesResults }: NewPoll): Poll {
  const read = answers.map((text, at) => ({ option: toHex(Uint8Array.of(at)), text }));
  return { id: '', hash: '0', question, answers: read, total: 0, isQuiz: correct !== undefined, isPublic, isMultiple, isOpen, hidesResults };
}
