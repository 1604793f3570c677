import type { tl } from '@mtcute/core';
import Long from 'long';
import type { Media, NewAnswer, NewPoll, Poll } from '../../protocol/index.ts';
import { readAttached, type StoredFile } from './attached.ts';
import { peerIdOf } from './ids.ts';
import type { Location } from './location.ts';
import { readEntities } from './text.ts';

const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** The option of an answer for the server. Pure. @param option in hexadecimal digits */
export const optionBytes = (option: string): Uint8Array => Uint8Array.from(option.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));

/** A poll, and where the files are that stand beside its parts. */
export interface ReadPoll {
  poll: Poll;
  locations: Record<string, Location>;
}

/** Reads what stands beside a part of a poll. @param locations gets where its files are */
function readBeside(media: tl.TypeMessageMedia | undefined, locations: Record<string, Location>): Media | undefined {
  const read = readAttached(media);
  Object.assign(locations, read?.locations);
  return read?.media;
}

/** What a poll asks, without its results. @param locations gets where the files of its answers are */
function readQuestion(poll: tl.TypePoll, locations: Record<string, Location>): Poll {
  return {
    id: poll.id.toString(),
    hash: poll.hash.toString(),
    question: poll.question.text,
    answers: poll.answers.flatMap((answer) =>
      answer._ === 'pollAnswer'
        ? [{ option: toHex(answer.option), text: answer.text.text, addedBy: answer.addedBy && peerIdOf(answer.addedBy), media: readBeside(answer.media, locations) }]
        : [],
    ),
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

/** Adds to a poll how it stands. @param locations gets where the files of its solution are */
function withResults(poll: Poll, { min, results, totalVoters, hasUnreadVotes, solution, solutionEntities, solutionMedia }: tl.TypePollResults, locations: Record<string, Location>): Poll {
  const found = new Map(results?.map((each) => [toHex(each.option), each]));
  return {
    ...poll,
    answers: poll.answers.map((answer) => {
      if (results === undefined) return answer;
      const { voters, chosen, correct } = found.get(answer.option) ?? {};
      return { ...answer, voters, isChosen: chosen, isCorrect: correct };
    }),
    total: totalVoters ?? poll.total,
    solution: solution === undefined ? undefined : { text: solution, entities: readEntities(solutionEntities) ?? [] },
    solutionMedia: readBeside(solutionMedia, locations),
    hasUnseenVotes: hasUnreadVotes,
    isMin: min,
  };
}

/** Reads a poll with its results. Pure. */
export function readPoll({ poll, results, attachedMedia }: tl.RawMessageMediaPoll): ReadPoll {
  const locations: Record<string, Location> = {};
  const question = { ...readQuestion(poll, locations), attached: readBeside(attachedMedia, locations) };
  return { poll: withResults(question, results, locations), locations };
}

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
    solutionMedia: fresh.solutionMedia ?? known.solutionMedia,
    isMin: known.isMin,
  };
}

/** A poll after an update, which says the question only if that has changed, and never what stands above it. Pure. @returns the poll, and where the files are that the update names */
export function updatedPoll(known: Poll, { poll, results }: Pick<tl.RawUpdateMessagePoll, 'poll' | 'results'>): ReadPoll {
  const locations: Record<string, Location> = {};
  const question = poll ? { ...readQuestion(poll, locations), attached: known.attached } : known;
  return { poll: mergePolls(known, withResults(question, results, locations)), locations };
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

/** Finds a file that was uploaded for a poll; undefined if none is named. @throws Refused if it is there no more */
type FindFile = (upload: string | undefined) => StoredFile | undefined;

/** A poll that is to be made, for the server. */
export function writePoll({ question, answers, attached, correct, solution, solutionFile, isPublic, isMultiple, isOpen, hidesResults, period }: NewPoll, find: FindFile): tl.RawInputMediaPoll {
  const poll: tl.RawPoll = {
    _: 'poll',
    id: Long.ZERO,
    publicVoters: isPublic,
    multipleChoice: isMultiple,
    quiz: correct !== undefined,
    openAnswers: isOpen,
    hideResultsUntilClose: hidesResults,
    question: { _: 'textWithEntities', text: question, entities: [] },
    answers: answers.map((answer) => writeAnswer(answer, find)),
    closePeriod: period,
    hash: Long.ZERO,
  };
  return {
    _: 'inputMediaPoll',
    poll,
    correctAnswers: correct,
    attachedMedia: find(attached)?.input,
    ...(solution === undefined || solution === '' ? {} : { solution, solutionEntities: [] }),
    solutionMedia: find(solutionFile)?.input,
  };
}

/** An answer that is to be made, for the server. */
export const writeAnswer = ({ text, file }: NewAnswer, find: FindFile): tl.RawInputPollAnswer => ({ _: 'inputPollAnswer', text: { _: 'textWithEntities', text, entities: [] }, media: find(file)?.input });

/** A poll as it is shown while it is on its way: without its solution, as to everybody who has not voted. */
export function unsentPoll({ question, answers, attached, correct, isPublic, isMultiple, isOpen, hidesResults }: NewPoll, find: FindFile): ReadPoll {
  const read = answers.map(({ text, file }, at) => ({ option: toHex(Uint8Array.of(at)), text, media: find(file)?.media }));
  const files = [attached, ...answers.map(({ file }) => file)].map(find);
  return {
    poll: { id: '', hash: '0', question, answers: read, attached: find(attached)?.media, total: 0, isQuiz: correct !== undefined, isPublic, isMultiple, isOpen, hidesResults },
    locations: Object.assign({}, ...files.map((file) => file?.locations)) as Record<string, Location>,
  };
}
