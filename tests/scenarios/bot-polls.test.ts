import { type Actor, BotClient } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MadeBot, makeBot, UNHURRIED_BOTS, write } from './bot-stage.ts';
import { promoteBotIn } from './bot-api-chats-stage.ts';
import { createChannel, inviteTo } from './channel-stage.ts';
import { sendMedia } from './file-stage.ts';
import { createGroup } from './group-stage.ts';
import { loadSizes, makePicture, photoIn, uploadedPhoto } from './photo-stage.ts';
import { type BotUpdate, PollingBot } from './polling-bot.ts';
import { type Scenario, startScenario } from './scenario.ts';

interface Poll {
  id: string;
  options: { text: string; voter_count: number; persistent_id: string }[];
  [field: string]: unknown;
}
interface Message {
  message_id: number;
  poll: Poll;
}

let scenario: Scenario;
let made: MadeBot;
let bot: PollingBot;
/** The same bot over MTProto. */
let client: BotClient;
let ann: Actor;
let ben: Actor;
/** A supergroup of Ann with Ben and the bot, which is no admin. */
let chat_id: number;
/** A channel of Ann with Ben, in which the bot may post. */
let channelId: number;
beforeAll(async () => {
  scenario = await startScenario({ env: UNHURRIED_BOTS });
  made = await makeBot(scenario, 'Poll_bot');
  bot = new PollingBot(scenario.server, made);
  client = await BotClient.logIn(scenario.server, made.token);
  [ann, ben] = [await scenario.world.user('Ann'), await scenario.world.user('Ben')];
  await write(ann, made, '/start');
  chat_id = await createChannel(ann);
  await inviteTo(ann, chat_id, [ben]);
  await ann.main.invite({ _: 'channels.inviteToChannel', channel: ann.main.inputChannel(chat_id), users: [ann.main.inputUser(made.id)] });
  channelId = await createChannel(ann, 'broadcast', 'News');
  await inviteTo(ann, channelId, [ben]);
  await promoteBotIn(ann, channelId, made, { postMessages: true });
});
afterAll(async () => {
  await client?.[Symbol.asyncDispose]();
  await scenario?.[Symbol.asyncDispose]();
});

const colours = { question: 'Which colour?', options: ['red', { text: 'green' }, 'blue'] };
const sendPoll = (more: object = {}): Promise<Message> => bot.call<Message>('sendPoll', { chat_id, ...colours, ...more });
const vote = (actor: Actor, { message_id: msgId }: Message, ...places: number[]): Promise<unknown> => voteIn(actor, chat_id, msgId, ...places);
const voteIn = (actor: Actor, id: number, msgId: number, ...places: number[]): Promise<unknown> =>
  actor.main.call({ _: 'messages.sendVote', peer: actor.main.inputPeer(id), msgId, options: places.map((place) => Buffer.from(String(place))) });

/** The newest message of a chat, as somebody sees it. */
async function newestIn(actor: Actor, id: number): Promise<tl.RawMessage> {
  const request = { _: 'messages.getHistory', peer: actor.main.inputPeer(id), offsetId: 0, offsetDate: 0, addOffset: 0, limit: 1, maxId: 0, minId: 0, hash: Long.ZERO } as const;
  const { messages } = (await actor.main.call(request)) as tl.messages.RawMessages;
  return messages[0] as tl.RawMessage;
}

const pollOf = ({ poll }: BotUpdate): Poll | undefined => poll as Poll | undefined;
const votesIn = (poll: Poll | undefined): number[] | undefined => poll?.options.map(({ voter_count }) => voter_count);
/** The answers of people that updates tell, as names and places. */
const answersIn = (updates: readonly BotUpdate[]): [string, number[]][] =>
  updates.flatMap(({ poll_answer: answer }) => {
    const told = answer as { user: { first_name: string }; option_ids: number[] } | undefined;
    return told === undefined ? [] : [[told.user.first_name, told.option_ids] as [string, number[]]];
  });
/** The polls that were pushed to the bot over MTProto. */
const pushed = (pollId: string): tl.RawUpdateMessagePoll[] => client.updates.filter((update): update is tl.RawUpdateMessagePoll => update._ === 'updateMessagePoll' && update.pollId.toString() === pollId);

describe('a bot with a poll', () => {
  test('hears who votes for what, votes that are changed and taken back, and how the poll stands', async () => {
    const sent = await sendPoll({ is_anonymous: false, allows_multiple_answers: true, description: 'For the *door*', description_parse_mode: 'Markdown' });
    expect(sent.poll).toMatchObject({
      question: 'Which colour?', type: 'regular', is_anonymous: false, allows_multiple_answers: true, allows_revoting: true, is_closed: false, members_only: false, total_voter_count: 0,
      options: [{ text: 'red', voter_count: 0, persistent_id: '0' }, { text: 'green' }, { text: 'blue' }],
      description: 'For the door', description_entities: [{ type: 'bold', offset: 8, length: 4 }],
    });
    await vote(ann, sent, 0, 2);
    await vote(ben, sent, 1);
    await vote(ben, sent, 2);
    // The same once more is no news.
    await vote(ben, sent, 2);
    await vote(ann, sent);
    const seen = await bot.until((update) => pollOf(update)?.['total_voter_count'] === 1 && votesIn(pollOf(update))?.[2] === 1);
    const answers = answersIn(seen);
    expect(answers).toEqual([['Ann', [0, 2]], ['Ben', [1]], ['Ben', [2]], ['Ann', []]]);
    expect(seen.find(({ poll_answer }) => poll_answer !== undefined)!['poll_answer']).toMatchObject({ poll_id: sent.poll.id, option_persistent_ids: ['0', '2'] });

    const closed = await bot.call<Poll>('stopPoll', { chat_id, message_id: sent.message_id, reply_markup: { inline_keyboard: [[{ text: 'Again', callback_data: 'again' }]] } });
    expect(closed).toMatchObject({ id: sent.poll.id, is_closed: true, total_voter_count: 1 });
    expect(votesIn(closed)).toEqual([0, 0, 1]);
    const [last] = (await bot.until((update) => pollOf(update)?.['is_closed'] === true)).slice(-1);
    expect(votesIn(pollOf(last!))).toEqual([0, 0, 1]);
    expect(await refusal('stopPoll', { chat_id, message_id: sent.message_id })).toBe('Bad Request: poll has already been closed');

    // Over MTProto it is the same, each vote once and with a qts.
    await client.waitFor('close', (update): update is tl.RawUpdateMessagePoll => update._ === 'updateMessagePoll' && update.poll?.closed === true && update.pollId.toString() === sent.poll.id);
    const votes = client.updates.filter((update): update is tl.RawUpdateMessagePollVote => update._ === 'updateMessagePollVote');
    expect(votes.map(({ peer, positions }) => [(peer as tl.RawPeerUser).userId, positions])).toEqual([[ann.id, [0, 2]], [ben.id, [1]], [ben.id, [2]], [ann.id, []]]);
    expect(votes.map(({ qts }) => qts)).toEqual(votes.map((_, at) => votes[0]!.qts + at));
  });

  test('hears the totals of an anonymous one alone, many votes at once, and the correct answers of a quiz', async () => {
    const quiz = await sendPoll({ type: 'quiz', correct_option_id: 1, explanation: '<b>Leaves</b> are', explanation_parse_mode: 'HTML' });
    expect(quiz.poll).toMatchObject({
      type: 'quiz', is_anonymous: true, correct_option_ids: [1], correct_option_id: 1, allows_revoting: false, explanation: 'Leaves are', explanation_entities: [{ type: 'bold', offset: 0, length: 6 }],
    });
    await Promise.all([vote(ann, quiz, 1), vote(ben, quiz, 0)]);
    const seen = await bot.until((update) => pollOf(update)?.['total_voter_count'] === 2);
    expect(answersIn(seen)).toEqual([]);
    expect(seen.filter((update) => pollOf(update) !== undefined)).toHaveLength(1);
    expect(pollOf(seen.at(-1)!)).toMatchObject({ id: quiz.poll.id, correct_option_ids: [1], is_closed: false });
    expect(votesIn(pollOf(seen.at(-1)!))).toEqual([1, 1, 0]);
    await client.waitFor('quiz', (update): update is tl.RawUpdateMessagePoll => update._ === 'updateMessagePoll' && update.pollId.toString() === quiz.poll.id);
    expect(pushed(quiz.poll.id)).toHaveLength(1);
    expect(JSON.stringify(client.updates.filter((update) => update._ === 'updateMessagePollVote' && update.pollId.toString() === quiz.poll.id))).toBe('[]');
    // People are still not told before they have voted.
    const carl = await scenario.world.user('Carl');
    await inviteTo(ann, chat_id, [carl]);
    const { updates } = (await carl.main.call({ _: 'messages.getPollResults', peer: carl.main.inputPeer(chat_id), msgId: quiz.message_id, pollHash: Long.ZERO })) as tl.RawUpdates;
    expect((updates[0] as tl.RawUpdateMessagePoll).results).toMatchObject({ solution: undefined });
    expect((updates[0] as tl.RawUpdateMessagePoll).results.results!.some(({ correct }) => correct)).toBe(false);
  });

  test('hears of answers that people add, and of votes by a forward of it', async () => {
    const sent = await sendPoll({ is_anonymous: false, allow_adding_options: true, allows_revoting: false });
    expect(sent.poll).toMatchObject({ allows_revoting: false });
    const answer: tl.RawInputPollAnswer = { _: 'inputPollAnswer', text: { _: 'textWithEntities', text: 'violet', entities: [] } };
    await ben.main.change({ _: 'messages.addPollAnswer', peer: ben.main.inputPeer(chat_id), msgId: sent.message_id, answer });
    const seen = await bot.until((update) => pollOf(update)?.id === sent.poll.id);
    const added = seen.find(({ message }) => message?.['poll_option_added'] !== undefined);
    expect(added?.message).toMatchObject({ from: { first_name: 'Ben' }, poll_option_added: { option_text: 'violet', option_persistent_id: '3', poll_message: { message_id: sent.message_id, poll: { id: sent.poll.id } } } });
    expect(pollOf(seen.at(-1)!)?.options[3]).toMatchObject({ text: 'violet', added_by_user: { first_name: 'Ben' } });
    const [fromPeer, toPeer] = [ann.main.inputPeer(chat_id), ann.main.inputPeer(ben.id)];
    await ann.main.change({ _: 'messages.forwardMessages', fromPeer, toPeer, id: [sent.message_id], randomId: [Long.fromNumber(79)] });
    await voteIn(ben, ann.id, (await newestIn(ben, ann.id)).id, 3);
    expect(answersIn(await bot.until((update) => pollOf(update)?.id === sent.poll.id))).toEqual([['Ben', [3]]]);
  });

  test('may close it at once or at a date, hide results, shuffle answers, and answer a message with it', async () => {
    const close_date = Math.floor(Date.now() / 1000) + 600;
    const { message_id } = await bot.call<{ message_id: number }>('sendMessage', { chat_id, text: 'Any wishes?' });
    const more = { close_date, hide_results_until_closes: true, shuffle_options: true, allows_multiple_answers: true, type: 'quiz', correct_option_ids: [0, 2] };
    const hidden = await sendPoll({ ...more, reply_parameters: { message_id }, reply_markup: { inline_keyboard: [[{ text: 'Why?', callback_data: 'why' }]] } });
    expect(hidden).toMatchObject({ reply_to_message: { message_id }, reply_markup: { inline_keyboard: [[{ text: 'Why?' }]] }, poll: { close_date, allows_multiple_answers: true, correct_option_ids: [0, 2], is_closed: false } });
    const { poll } = (await newestIn(ann, chat_id)).media as tl.RawMessageMediaPoll;
    expect(poll).toMatchObject({ hideResultsUntilClose: true, shuffleAnswers: true, quiz: true });
    expect((await sendPoll({ is_closed: true })).poll).toMatchObject({ is_closed: true });
  });

  test('may put photos and places into it, and is shown them', async () => {
    await sendMedia(ann.main, await uploadedPhoto(ann.main, await makePicture(100, 75)), { peer: ann.main.inputPeer(made.id), caption: 'for the poll' });
    const [got] = (await bot.until(({ message }) => message?.['caption'] === 'for the poll')).slice(-1);
    const media = (got!.message!['photo'] as { file_id: string }[])[0]!.file_id;
    const [photo, location] = [{ type: 'photo', media }, { latitude: 1, longitude: 2 }];
    const explanation_media = { type: 'venue', ...location, title: 'Park', address: 'Here' };
    const options = [{ text: 'red', media: photo }, { text: 'green', media: { type: 'location', ...location } }, 'blue'];
    const sent = await sendPoll({ type: 'quiz', correct_option_id: 1, options, media: photo, explanation: 'Leaves', explanation_media });
    const [first, second, third] = sent.poll.options as { media?: object }[];
    expect(sent.poll).toMatchObject({ media: { photo: [{ width: 100, height: 75 }] }, explanation_media: { venue: { title: 'Park', address: 'Here' } } });
    expect([first?.media, second?.media, third?.media]).toMatchObject([{ photo: [{ width: 100 }] }, { location: {} }, undefined]);
    const shown = (await newestIn(ben, chat_id)).media as tl.RawMessageMediaPoll;
    expect(await loadSizes(ben.main, photoIn(shown.attachedMedia))).toEqual(['s 100x75']);
    expect(shown.results.solutionMedia).toBeUndefined();
    await vote(ben, sent, 1);
    const told = (await bot.until((update) => pollOf(update)?.id === sent.poll.id)).at(-1)!;
    expect(pollOf(told)).toMatchObject({ options: [{ media: { photo: [{}] } }, { media: { location: {} } }, {}], explanation_media: { venue: {} } });
    await client.waitFor('the vote', (update): update is tl.RawUpdateMessagePoll => update._ === 'updateMessagePoll' && update.pollId.toString() === sent.poll.id);
    const { msgId, poll } = pushed(sent.poll.id)[0]!;
    const [pushedFirst] = poll!.answers as tl.RawPollAnswer[];
    expect([msgId, photoIn(pushedFirst!.media).fileReference.length]).toEqual([sent.message_id, photoIn(shown.attachedMedia).fileReference.length]);
    expect(await bot.call('stopPoll', { chat_id, message_id: sent.message_id })).toMatchObject({ media: { photo: [{}] } });
    await bot.until((update) => pollOf(update)?.['is_closed'] === true);
  });

  test('hears nothing of the polls of people, nor of its own ones by pushes to all', async () => {
    const answers = ['yes', 'no'].map((text): tl.RawInputPollAnswer => ({ _: 'inputPollAnswer', text: { _: 'textWithEntities', text, entities: [] } }));
    const poll: tl.RawPoll = { _: 'poll', id: Long.ZERO, question: { _: 'textWithEntities', text: 'Here?', entities: [] }, answers, hash: Long.ZERO };
    const answer = (await ann.main.change({ _: 'messages.sendMedia', peer: ann.main.inputPeer(channelId), media: { _: 'inputMediaPoll', poll }, message: '', randomId: Long.fromNumber(77) })) as tl.RawUpdates;
    const message = answer.updates.flatMap((update) => (update._ === 'updateNewChannelMessage' ? [update.message as tl.RawMessage] : []))[0]!;
    const pollId = (message.media as tl.RawMessageMediaPoll).poll.id.toString();
    const own = await bot.call<Message>('sendPoll', { chat_id: channelId, ...colours });
    await voteIn(ben, channelId, message.id, 0);
    await ann.main.seesUpdate('updateMessagePoll', (update) => update.pollId.toString() === pollId && update.results.totalVoters === 1);
    await voteIn(ben, channelId, own.message_id, 1);
    const seen = await bot.until((update) => votesIn(pollOf(update))?.[1] === 1);
    expect(seen.map((update) => pollOf(update)?.id).filter((id) => id !== undefined)).toEqual([own.poll.id]);
    await client.waitFor('own poll', (update): update is tl.RawUpdateMessagePoll => update._ === 'updateMessagePoll' && update.pollId.toString() === own.poll.id);
    expect(pushed(pollId)).toEqual([]);
    expect(pushed(own.poll.id).map(({ results }) => results.min)).toEqual([false]);
  });

  test('in a private chat and a basic group, and one that closes by itself', async () => {
    const toAnn = await bot.call<Message>('sendPoll', { chat_id: ann.id, ...colours, is_anonymous: false, open_period: 5 });
    await voteIn(ann, made.id, (await newestIn(ann, made.id)).id, 0);
    const seen = await bot.until((update) => pollOf(update)?.id === toAnn.poll.id && pollOf(update)?.['is_closed'] === true);
    expect(answersIn(seen)).toEqual([['Ann', [0]]]);
    const group = await createGroup(ann, [ben]);
    await ann.main.invite({ _: 'messages.addChatUser', chatId: group.id, userId: ann.main.inputUser(made.id), fwdLimit: 0 });
    const inGroup = await bot.call<Message>('sendPoll', { chat_id: -group.id, ...colours, is_anonymous: false });
    await voteIn(ben, -group.id, (await newestIn(ben, -group.id)).id, 2);
    expect(answersIn(await bot.until((update) => pollOf(update)?.id === inGroup.poll.id))).toEqual([['Ben', [2]]]);
  });
});

/** The error of a call that must fail. */
async function refusal(method: string, params: Record<string, unknown>): Promise<string | undefined> {
  return (await bot.ask(method, params)).description;
}

const long = (length: number): string => 'x'.repeat(length);

test.each([
  ['text must be non-empty', { question: ' ' }],
  ['text must be non-empty', { options: ['a', ' '] }],
  ['text must be non-empty', { options: ['a', '\u202e\u200b'] }],
  ["can't parse options JSON object", { options: '[' }],
  ['expected an Array of String as options', { options: '"a"' }],
  ['expected an Array of String as options', { options: undefined }],
  ['expected an option to be of type String', { options: ['a', 1] }],
  ['poll must have at least 1 option', { options: [] }],
  ["poll can't have more than 12 options", { options: Array.from({ length: 13 }, () => 'a') }],
  ['poll question length must not exceed 300', { question: long(301) }],
  ['poll options length must not exceed 100', { options: [long(101), 'b'] }],
  ['unsupported poll type specified', { type: 'survey' }],
  ['wrong correct option ID specified', { type: 'quiz' }],
  ['wrong correct option ID specified', { type: 'quiz', correct_option_ids: [3] }],
  ['wrong correct option ID specified', { type: 'quiz', correct_option_ids: [] }],
  ["can't parse correct option identifiers JSON object", { type: 'quiz', correct_option_ids: '[' }],
  ['expected an Array of correct option identifiers', { type: 'quiz', correct_option_ids: 1 }],
  ['correct option identifier must be of type Number', { type: 'quiz', correct_option_ids: ['one'] }],
  ['invalid correct option identifier specified', { type: 'quiz', correct_option_ids: [2 ** 40] }],
  ['poll explanation is too long', { type: 'quiz', correct_option_ids: [0], explanation: long(201) }],
  ["can't parse InputPollMedia JSON object", { media: '1' }],
  ["failed to parse poll option media: can't parse InputPollMedia JSON object", { options: [{ text: 'a', media: 1 }] }],
  ["can't parse InputPollMedia JSON object", { type: 'quiz', correct_option_ids: [0], explanation_media: [] }],
  ['type is not specified', { media: {} }],
  ['type "sticker" is unsupported', { media: { type: 'sticker', media: 'x' } }],
  ['failed to parse poll option media: type "document" is unsupported', { options: [{ text: 'a', media: { type: 'document', media: 'x' } }] }],
  ['media not found', { media: { type: 'photo' } }],
  ['longitude is empty', { media: { type: 'location', latitude: 1 } }],
  ['wrong remote file identifier specified: Wrong character in the string', { media: { type: 'photo', media: '?' } }],
  ['wrong poll open period or close date specified', { open_period: 4 }],
  ['wrong poll open period or close date specified', { close_date: 1 }],
  ['expected an Array of String', { country_codes: [1] }],
  ['POLL_UNSUPPORTED', { country_codes: ['DE'] }],
  ['POLL_UNSUPPORTED', { members_only: true }],
  ["can't parse entities: Can't find end tag corresponding to start tag \"b\"", { question: '<b>', question_parse_mode: 'HTML' }],
  ['unsupported parse_mode', { options: [{ text: 'a', text_parse_mode: 'BBCode' }] }],
])('a poll is refused with "%s" (%#)', async (text, params) => {
  expect(await refusal('sendPoll', { chat_id, ...colours, ...params })).toBe(`Bad Request: ${text}`);
});

test('what cannot be sent or stopped is refused', async () => {
  expect(await refusal('sendPoll', { chat_id: channelId, ...colours, is_anonymous: false })).toBe("Bad Request: non-anonymous polls can't be sent to channel chats");
  expect(await refusal('stopPoll', { chat_id })).toBe('Bad Request: message identifier is not specified');
  expect(await refusal('stopPoll', { chat_id, message_id: 9999 })).toBe('Bad Request: message with poll to stop not found');
  for (const [method, params] of [['stopPoll', {}], ['editMessageText', { text: 'x' }], ['editMessageCaption', { caption: 'x' }]] as const) {
    expect([method, await refusal(method, { chat_id: 123_456, message_id: 1, ...params })]).toEqual([method, 'Bad Request: chat not found']);
  }
  const { message_id } = await bot.call<{ message_id: number }>('sendMessage', { chat_id, text: 'no poll' });
  expect(await refusal('stopPoll', { chat_id, message_id })).toBe('Bad Request: message is not a poll');
  const answers = ['yes', 'no'].map((text): tl.RawInputPollAnswer => ({ _: 'inputPollAnswer', text: { _: 'textWithEntities', text, entities: [] } }));
  const poll: tl.RawPoll = { _: 'poll', id: Long.ZERO, question: { _: 'textWithEntities', text: 'Yours?', entities: [] }, answers, hash: Long.ZERO };
  const answer = (await ann.main.change({ _: 'messages.sendMedia', peer: ann.main.inputPeer(channelId), media: { _: 'inputMediaPoll', poll }, message: '', randomId: Long.fromNumber(78) })) as tl.RawUpdates;
  const theirs = answer.updates.find((update) => update._ === 'updateMessageID')!.id;
  expect(await refusal('stopPoll', { chat_id: channelId, message_id: theirs })).toBe("Bad Request: poll can't be stopped");
});

test('a bot may ask for a poll with a key, in private chats only', async () => {
  const reply_markup = { keyboard: [[{ text: 'Ask', request_poll: { type: 'quiz' } }]] };
  await bot.call('sendMessage', { chat_id: ann.id, text: 'What do you ask?', reply_markup });
  expect((await newestIn(ann, made.id)).replyMarkup).toMatchObject({ rows: [{ buttons: [{ _: 'keyboardButtonRequestPoll', text: 'Ask', quiz: true }] }] });
  expect(await refusal('sendMessage', { chat_id, text: 'Ask me', reply_markup })).toBe('Bad Request: BUTTON_TYPE_INVALID');
});
