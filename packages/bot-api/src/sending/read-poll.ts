import { cleanLine, POLL_ANSWERS_MAX } from '@aerogram/domain';
import type { tl } from '@aerogram/tl';

import { badRequest, explain } from '../bot-error.ts';
import { isInt32, readInt32 } from '../params/int32.ts';
import { isJsonObject, JsonFields } from '../params/json-fields.ts';
import type { Params } from '../params/params.ts';
import type { ErrorTexts } from '../rename-errors.ts';
import { type InputText, readText } from '../texts/index.ts';
import { type PollMedia, readPollMedia, type WantedPollMedia } from './poll-media.ts';

/** Parameters of a poll, without those of the message. */
export const POLL_PARAMS = [
  'question', 'question_parse_mode', 'question_entities', 'options', 'is_anonymous', 'type', 'allows_multiple_answers', 'allows_revoting', 'shuffle_options', 'allow_adding_options',
  'hide_results_until_closes', 'members_only', 'country_codes', 'correct_option_ids', 'correct_option_id', 'explanation', 'explanation_parse_mode', 'explanation_entities', 'explanation_media',
  'description', 'description_parse_mode', 'description_entities', 'media', 'open_period', 'close_date', 'is_closed',
] as const;

type PollParams = Params<(typeof POLL_PARAMS)[number]>;

const QUESTION_NAMES = { text: 'question', parseMode: 'question_parse_mode', entities: 'question_entities' } as const;
const OPTION_NAMES = { text: 'text', parseMode: 'text_parse_mode', entities: 'text_entities' } as const;
const EXPLANATION_NAMES = { text: 'explanation', parseMode: 'explanation_parse_mode', entities: 'explanation_entities' } as const;
const DESCRIPTION_NAMES = { text: 'description', parseMode: 'description_parse_mode', entities: 'description_entities' } as const;

/** What the Bot API says where a poll is refused whose texts are not empty and which has answers. */
export const POLL_ERRORS = {
  POLL_QUESTION_INVALID: 'poll question length must not exceed 300',
  POLL_ANSWERS_INVALID: `poll can't have more than ${POLL_ANSWERS_MAX} options`,
  POLL_ANSWER_INVALID: 'poll options length must not exceed 100',
  QUIZ_CORRECT_ANSWERS_EMPTY: 'wrong correct option ID specified',
  QUIZ_CORRECT_ANSWERS_TOO_MUCH: 'wrong correct option ID specified',
  QUIZ_CORRECT_ANSWER_INVALID: 'wrong correct option ID specified',
  MESSAGE_TOO_LONG: 'poll explanation is too long',
  MEDIA_INVALID: 'wrong poll open period or close date specified',
  BROADCAST_PUBLIC_VOTERS_FORBIDDEN: "non-anonymous polls can't be sent to channel chats",
} as const satisfies ErrorTexts;

/**
 * Reads a poll, the media in it, and the text of its message. What the poll may be is checked by the server.
 * @throws BotError 400 `unsupported poll type specified`, `text must be non-empty`, `poll must have at least 1 option`, and where something cannot be read; as {@link readPollMedia}
 */
export function readPoll(params: PollParams): { input: tl.inputMediaPoll; media: PollMedia; description: InputText } {
  const question = readText(params, QUESTION_NAMES);
  const options = readOptions(params);
  const type = params.text('type');
  if (type !== '' && type !== 'regular' && type !== 'quiz') throw badRequest('unsupported poll type specified');
  const isQuiz = type === 'quiz';
  const explanation = isQuiz ? readText(params, EXPLANATION_NAMES) : undefined;
  const poll: tl.poll = {
    _: 'poll',
    id: 0n,
    closed: params.bool('is_closed'),
    public_voters: params.has('is_anonymous') && !params.bool('is_anonymous'),
    multiple_choice: params.bool('allows_multiple_answers'),
    quiz: isQuiz,
    open_answers: params.bool('allow_adding_options'),
    revoting_disabled: !isQuiz && params.has('allows_revoting') && !params.bool('allows_revoting'),
    shuffle_answers: params.bool('shuffle_options'),
    hide_results_until_close: params.bool('hide_results_until_closes'),
    subscribers_only: params.bool('members_only'),
    question: textWithEntities(question),
    answers: options.map(({ text }): tl.inputPollAnswer => ({ _: 'inputPollAnswer', text })),
    ...readClosing(params),
    countries_iso2: readTexts(params.json('country_codes', 'country codes')),
    hash: 0n,
  };
  const input: tl.inputMediaPoll = {
    _: 'inputMediaPoll',
    poll,
    correct_answers: isQuiz ? readCorrect(params) : undefined,
    ...(explanation === undefined || explanation.message === '' ? {} : { solution: explanation.message, solution_entities: explanation.entities }),
  };
  const media: PollMedia = {
    attached: readPollMedia(params.json('media', 'InputPollMedia'), params, 'text'),
    // As with the text of the explanation, only a quiz has it.
    explanation: isQuiz ? readPollMedia(params.json('explanation_media', 'InputPollMedia'), params, 'text') : undefined,
    options: options.map((option) => option.media),
  };
  return { input, media, description: readText(params, DESCRIPTION_NAMES) };
}

/** Texts of a poll have something to be read. */
function textWithEntities({ message: text, entities }: InputText): tl.textWithEntities {
  if (cleanLine(text) === '') throw badRequest('text must be non-empty');
  return { _: 'textWithEntities', text, entities };
}

/** One answer as it was read. */
interface Option {
  text: tl.textWithEntities;
  media?: WantedPollMedia | undefined;
}

function readOptions(params: PollParams): Option[] {
  const value = params.json('options', 'options');
  if (!Array.isArray(value)) throw badRequest('expected an Array of String as options');
  if (value.length === 0) throw badRequest('poll must have at least 1 option');
  if (value.length > POLL_ANSWERS_MAX) throw badRequest(POLL_ERRORS.POLL_ANSWERS_INVALID);
  return value.map((option) => readOption(option, params));
}

/** One answer: a text or an InputPollOption. */
function readOption(value: unknown, params: PollParams): Option {
  if (typeof value === 'string') return { text: textWithEntities(readText(new JsonFields({ text: value }), OPTION_NAMES)) };
  if (!isJsonObject(value)) throw badRequest('expected an option to be of type String');
  const fields = new JsonFields(value);
  const text = textWithEntities(readText({ text: (name) => textOf(fields, name) }, OPTION_NAMES));
  return { text, media: readOptionMedia(fields.value('media'), params) };
}

function readOptionMedia(value: unknown, params: PollParams): WantedPollMedia | undefined {
  try {
    return readPollMedia(value, params, 'option');
  } catch (error) {
    throw explain(error, 'failed to parse poll option media: ');
  }
}

/** A field of an option; its entities are read as a list of entities in a parameter is. */
function textOf(fields: JsonFields, name: string): string {
  const value = fields.value(name);
  return typeof value === 'object' ? JSON.stringify(value) : fields.text(name);
}

function readCorrect(params: PollParams): number[] {
  if (!params.has('correct_option_ids')) return [params.int('correct_option_id', -1)];
  const value = params.json('correct_option_ids', 'correct option identifiers');
  if (!Array.isArray(value)) throw badRequest('expected an Array of correct option identifiers');
  return value.map((one) => {
    if (typeof one !== 'number') throw badRequest('correct option identifier must be of type Number');
    if (!isInt32(one)) throw badRequest('invalid correct option identifier specified');
    return one;
  });
}

/** A poll that closes by itself after a while, or at a date. */
function readClosing(params: PollParams): Pick<tl.poll, 'close_period' | 'close_date'> {
  const [period, date] = [readInt32(params, 'open_period'), readInt32(params, 'close_date')];
  if (period !== 0) return { close_period: period };
  return date === 0 ? {} : { close_date: date };
}

/** A list of texts; undefined if there are none. */
function readTexts(value: unknown): string[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || value.some((one) => typeof one !== 'string')) throw badRequest('expected an Array of String');
  return value.length === 0 ? undefined : (value as string[]);
}
