import { isUtf8 } from 'node:buffer';

import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { withEmoji } from '../documents/index.ts';
import { cleanLine } from '../peers/index.ts';
import { isLongerThan, removeMarks } from '../shared/index.ts';
import { bitsOf, type PollBody } from './poll-body.ts';
import { checkMediaInput, mediaInputOf } from './poll-media.ts';

/** Maximum number of answers; sent to clients in help.getAppConfig (`poll_answers_max`). */
export const POLL_ANSWERS_MAX = 12;
/** Longest time for which a poll may be open if it closes by itself, in seconds; sent to clients in help.getAppConfig (`poll_close_period_max`). */
export const POLL_CLOSE_PERIOD_MAX = 2_628_000;
/** Shortest such time, in seconds. */
const CLOSE_PERIOD_MIN = 5;
/** Maximum length of a question in characters: that of the Bot API. Official clients stop at 255. */
const QUESTION_MAX = 300;
/** Maximum length of an answer in characters. */
const ANSWER_MAX = 100;
/** Maximum length of an option that a client made, in bytes. */
const OPTION_BYTES_MAX = 100;
/** Maximum length of the solution of a quiz in characters. */
const SOLUTION_MAX = 200;
/** Maximum number of line feeds in it. */
const SOLUTION_LINE_FEEDS_MAX = 2;

/** What is known of the message with the poll. */
export interface PollMessage {
  /** The text of the solution, normalised as texts are. */
  solution: { text: string; entities: tl.MessageEntity[] } | undefined;
  /** For what kind of chat it is. */
  kind: 'private' | 'group' | 'broadcast';
  /** Unix seconds: when the message will be sent. */
  sendDate: number;
}

/**
 * Rebuilds a poll from what a client wants to send, without its media, which are only checked: `withPollMedia` makes them. Pure.
 * @param known the custom emoji that the server has, of those that the poll names
 * @throws RpcError 400 POLL_UNSUPPORTED (what this server does not have: polls by country, for subscribers outside of channels, and open for answers outside of groups or as a quiz), MEDIA_INVALID (media that a poll cannot
 * have, or a closing date out of bounds), BROADCAST_PUBLIC_VOTERS_FORBIDDEN, MESSAGE_TOO_LONG (the solution), POLL_QUESTION_INVALID, POLL_ANSWERS_INVALID, POLL_ANSWER_INVALID,
 * POLL_OPTION_INVALID, POLL_OPTION_DUPLICATE, QUIZ_CORRECT_ANSWERS_EMPTY, QUIZ_CORRECT_ANSWERS_TOO_MUCH, QUIZ_CORRECT_ANSWER_INVALID
 */
export function preparePoll(id: bigint, input: tl.inputMediaPoll, message: PollMessage, known: ReadonlySet<bigint>): PollBody {
  const { poll: given } = input;
  if (given.countries_iso2 !== undefined) throw rpcError('POLL_UNSUPPORTED');
  if (given.subscribers_only === true && message.kind !== 'broadcast') throw rpcError('POLL_UNSUPPORTED');
  if (given.public_voters === true && message.kind === 'broadcast') throw rpcError('BROADCAST_PUBLIC_VOTERS_FORBIDDEN');
  checkMediaInput(input.attached_media);
  checkMediaInput(input.solution_media);
  const isQuiz = given.quiz === true;
  if (input.solution_media !== undefined && !isQuiz) throw rpcError('MEDIA_INVALID');
  if (given.open_answers === true && (isQuiz || message.kind !== 'group')) throw rpcError('POLL_UNSUPPORTED');
  const question = cleanLine(removeMarks(given.question.text));
  if (question === '' || isLongerThan(question, QUESTION_MAX)) throw rpcError('POLL_QUESTION_INVALID');
  const answers = prepareAnswers(given.answers, known);
  const correct = isQuiz ? prepareCorrect(input, answers.length) : 0n;
  const on = (flag: boolean | undefined): true | undefined => (flag === true ? true : undefined);
  const poll: tl.poll = {
    _: 'poll',
    id,
    closed: on(given.closed),
    public_voters: on(given.public_voters),
    multiple_choice: on(given.multiple_choice),
    quiz: on(given.quiz),
    open_answers: on(given.open_answers),
    revoting_disabled: on(given.revoting_disabled),
    shuffle_answers: on(given.shuffle_answers),
    hide_results_until_close: on(given.hide_results_until_close),
    subscribers_only: on(given.subscribers_only),
    question: withEmoji(given.question, question, known),
    answers,
    ...prepareClosing(given, message.sendDate),
    hash: 0n,
  };
  return { poll, correct, solution: isQuiz ? prepareSolution(message.solution) : {} };
}

function prepareAnswers(given: readonly tl.PollAnswer[], known: ReadonlySet<bigint>): tl.pollAnswer[] {
  if (given.length === 0 || given.length > POLL_ANSWERS_MAX) throw rpcError('POLL_ANSWERS_INVALID');
  const used = new Set<string>();
  for (const answer of given) {
    if (answer._ !== 'pollAnswer') continue;
    // Clients that take an option for text would not show the poll.
    if (answer.option.length === 0 || answer.option.length > OPTION_BYTES_MAX || !isUtf8(answer.option)) throw rpcError('POLL_OPTION_INVALID');
    const key = Buffer.from(answer.option).toString('base64');
    if (used.has(key)) throw rpcError('POLL_OPTION_DUPLICATE');
    used.add(key);
  }
  const answers: tl.pollAnswer[] = [];
  for (const answer of given) answers.push({ ...prepareAnswer(answer, known), option: answer._ === 'pollAnswer' ? answer.option : newOption(used) });
  return answers;
}

/** Rebuilds one answer, without its media, which are only checked. Pure. @throws RpcError 400 POLL_ANSWER_INVALID, MEDIA_INVALID */
export function prepareAnswer(given: tl.PollAnswer, known: ReadonlySet<bigint>): Omit<tl.pollAnswer, 'option'> {
  mediaInputOf(given);
  const text = cleanLine(removeMarks(given.text.text));
  if (text === '' || isLongerThan(text, ANSWER_MAX)) throw rpcError('POLL_ANSWER_INVALID');
  return { _: 'pollAnswer', text: withEmoji(given.text, text, known) };
}

/** The first number, in digits, that no answer has or had as its option. @param used the other options in Base64, to which it is added */
export function newOption(used: Set<string>): Uint8Array {
  for (let number = 0; ; number++) {
    const option = Buffer.from(String(number));
    const key = option.toString('base64');
    if (used.has(key)) continue;
    used.add(key);
    return option;
  }
}

function prepareCorrect({ correct_answers: correct = [], poll }: tl.inputMediaPoll, count: number): bigint {
  if (correct.length === 0) throw rpcError('QUIZ_CORRECT_ANSWERS_EMPTY');
  if (correct.length > (poll.multiple_choice === true ? count : 1)) throw rpcError('QUIZ_CORRECT_ANSWERS_TOO_MUCH');
  if (correct.some((at) => at < 0 || at >= count) || new Set(correct).size !== correct.length) throw rpcError('QUIZ_CORRECT_ANSWER_INVALID');
  return bitsOf(correct);
}

function prepareSolution(given: PollMessage['solution']): PollBody['solution'] {
  if (given === undefined || given.text === '') return {};
  if (isLongerThan(given.text, SOLUTION_MAX) || given.text.split('\n').length - 1 > SOLUTION_LINE_FEEDS_MAX) throw rpcError('MESSAGE_TOO_LONG');
  // One update with the explanation goes to all viewers, and a user whom it mentions would have to travel along for each of them. So mentions by id are left out.
  return { solution: given.text, solution_entities: given.entities.filter((entity) => entity._ !== 'messageEntityMentionName') };
}

/** A period begins when the message is sent; a date stands fast. */
function prepareClosing({ close_period: period, close_date: date }: tl.poll, sendDate: number): Pick<tl.poll, 'close_period' | 'close_date'> {
  if (period !== undefined) {
    if (date !== undefined || period < CLOSE_PERIOD_MIN || period > POLL_CLOSE_PERIOD_MAX) throw rpcError('MEDIA_INVALID');
    return { close_period: period };
  }
  if (date === undefined) return {};
  if (date < sendDate + CLOSE_PERIOD_MIN || date > sendDate + POLL_CLOSE_PERIOD_MAX) throw rpcError('MEDIA_INVALID');
  return { close_date: date };
}
