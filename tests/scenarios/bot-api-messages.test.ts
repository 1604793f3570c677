import type { Actor, BotHttp } from '@aerogram/dev-env';
import { Long } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSample } from '../../packages/media/test/samples.ts';
import { type MadeBot, makeBot, readMessage, UNHURRIED_BOTS, write } from './bot-stage.ts';
import { createChannel, promoteIn } from './channel-stage.ts';
import { CheckedBot } from './checked-bot.ts';
import { makePicture } from './photo-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

/** What the tests look at in a Message object. */
interface Message {
  message_id: number;
  text?: string;
  chat: { id: number; type: string };
  edit_date?: number;
  [field: string]: unknown;
}

const CHANNEL_MARK = 1_000_000_000_000;

let scenario: Scenario;
let made: MadeBot;
let bot: BotHttp;
let ann: Actor;
let ben: Actor;
/** Private chat of the bot with Ann. */
let chat_id: number;
/** How Ann names the bot. */
let annsBot: { _: 'inputUser'; userId: number; accessHash: Awaited<ReturnType<typeof randomLong>> };
beforeAll(async () => {
  scenario = await startScenario({ env: UNHURRIED_BOTS });
  made = await makeBot(scenario, 'Sender_bot');
  bot = new CheckedBot(scenario.server, made.token);
  ann = await scenario.world.user('Ann');
  ben = await scenario.world.user('Ben');
  annsBot = { _: 'inputUser', userId: made.id, accessHash: (await write(ann, made, '/start')).accessHash! };
  chat_id = ann.id;
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const send = (text: string, more: object = {}): Promise<Message> => bot.call<Message>('sendMessage', { chat_id, text, ...more });
const inline = (text: string): object => ({ inline_keyboard: [[{ text, callback_data: text }]] });

/** Creates a basic group with the bot in it. @returns its id for the Bot API */
async function createGroup(title: string): Promise<number> {
  const answer = await ann.main.invite({ _: 'messages.createChat', users: [annsBot], title });
  const [chat] = (answer.updates as { chats: { id: number }[] }).chats;
  return -chat!.id;
}

test.each([
  ['message text is empty', 'sendMessage', 'editMessageText'],
  ['latitude is empty', 'sendLocation', 'sendVenue', 'editMessageLiveLocation'],
  ['chat_id is empty', 'sendContact', 'sendDice', 'forwardMessage', 'copyMessage', 'deleteMessage'],
  ['message identifiers are not specified', 'forwardMessages', 'copyMessages', 'deleteMessages'],
  ['message identifier is not specified', 'stopMessageLiveLocation', 'editMessageCaption', 'editMessageReplyMarkup'],
  ["can't parse InputMedia: expected an Object", 'editMessageMedia'],
  ['draft identifier must be non-zero', 'sendMessageDraft'],
])('%s without parameters', async (text, ...methods) => {
  for (const method of methods) expect([method, await bot.refusal(method)]).toEqual([method, `400 Bad Request: ${text}`]);
});

describe('a text', () => {
  test('is sent with its formatting, and answered as a message', async () => {
    const message = await send('<b>bold</b> text', { parse_mode: 'HTML', reply_markup: inline('press') });
    expect(message).toMatchObject({
      text: 'bold text',
      entities: [{ type: 'bold', offset: 0, length: 4 }],
      chat: { id: ann.id, type: 'private', first_name: 'Ann' },
      from: { id: made.id, is_bot: true, username: 'Sender_bot' },
      reply_markup: { inline_keyboard: [[{ text: 'press', callback_data: 'press' }]] },
    });
    const seen = await readMessage(ann, (await ann.sees('bold text')).id);
    expect(seen).toMatchObject({ message: 'bold text', replyMarkup: { _: 'replyInlineMarkup' } });
  });

  test('without anything else has a whole answer, too', async () => {
    expect(await send('plain')).toMatchObject({ text: 'plain', chat: { id: ann.id, first_name: 'Ann' }, date: expect.any(Number) as number });
  });

  test('may be protected and silent', async () => {
    expect(await send('protected', { protect_content: true, disable_notification: true })).toMatchObject({ has_protected_content: true });
    expect(await readMessage(ann, (await ann.sees('protected')).id)).toMatchObject({ noforwards: true, silent: true });
  });

  const HERE = 'the chat of this test';
  test.each<[name: string, params: Record<string, unknown>, text: string]>([
    ['without letters', { text: ' ' }, 'message text is empty'],
    ['that is too long', { text: 'x'.repeat(5000), chat_id: HERE }, 'message is too long'],
    ['without a chat', { text: 'x' }, 'chat_id is empty'],
    ['for an unknown person', { text: 'x', chat_id: 123456 }, 'chat not found'],
    ['for an unknown name', { text: 'x', chat_id: '@nobody_has_this' }, 'chat not found'],
    ['for an unknown group', { text: 'x', chat_id: -5 }, 'chat not found'],
    ['for a topic', { text: 'x', chat_id: HERE, message_thread_id: 4 }, 'message thread not found'],
    ['with a key below it', { text: 'x', chat_id: HERE, reply_markup: { inline_keyboard: [[{ text: 'a' }]] } }, "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"],
    ['with a kind of button that there is not', { text: 'x', chat_id: HERE, reply_markup: { inline_keyboard: [[{ text: 'a', pay: true }]] } }, 'BUTTON_TYPE_INVALID'],
    ['with a button of much data', { text: 'x', chat_id: HERE, reply_markup: { inline_keyboard: [[{ text: 'a', callback_data: 'x'.repeat(65) }]] } }, 'BUTTON_DATA_INVALID'],
  ])('is refused %s', async (_name, params, text) => {
    expect(await bot.refusal('sendMessage', params['chat_id'] === HERE ? { ...params, chat_id } : params)).toBe(`400 Bad Request: ${text}`);
  });

  test('is not sent to people who have not written to the bot, or have blocked it', async () => {
    const refusals = (): Promise<string[]> => Promise.all(['sendMessage', 'sendMessageDraft'].map((method) => bot.refusal(method, { chat_id: ben.id, text: 'hi', draft_id: 5 })));
    expect(await refusals()).toEqual(Array(2).fill('400 Bad Request: chat not found'));
    const { accessHash } = await write(ben, made, 'hello');
    await bot.call('sendMessage', { chat_id: ben.id, text: 'welcome' });
    await ben.main.call({ _: 'contacts.block', id: { _: 'inputPeerUser', userId: made.id, accessHash: accessHash! } });
    expect(await refusals()).toEqual(Array(2).fill('403 Forbidden: bot was blocked by the user'));
  });

  test('is shown while the bot writes it, and thinks before', async () => {
    const seen = (text: string): Promise<unknown> => ann.main.seesUpdate('updateUserTyping', ({ action }) => action._ === 'sendMessageTextDraftAction' && action.text.text === text);
    for (const text of ['', '<b>I am</b> thin']) expect(await bot.call('sendMessageDraft', { chat_id, draft_id: 5, text, parse_mode: 'HTML' })).toBe(true);
    const action = { randomId: Long.fromNumber(5), text: { entities: [{ _: 'messageEntityBold', offset: 0, length: 4 }] } };
    expect([await seen(''), await seen('I am thin')]).toMatchObject([{ userId: made.id }, { userId: made.id, action }]);
  });

  test('is shown with the page that the bot chooses above it', async () => {
    expect(await send('look', { link_preview_options: { url: 'http://127.0.0.1:9/', show_above_text: true } })).toMatchObject({ text: 'look' });
  });
});

describe('a reply', () => {
  test('names the message, and quotes it', async () => {
    const first = await send('first of all');
    const reply = await send('second', { reply_parameters: { message_id: first.message_id, quote: '<i>of</i>', quote_parse_mode: 'HTML' } });
    expect(reply).toMatchObject({ reply_to_message: { message_id: first.message_id, text: 'first of all' }, quote: { text: 'of' } });
    expect(await send('third', { reply_to_message_id: first.message_id })).toMatchObject({ reply_to_message: { message_id: first.message_id } });
  });

  test('to a message that does not exist is refused, or sent without it', async () => {
    expect(await bot.refusal('sendMessage', { chat_id, text: 'x', reply_parameters: { message_id: 99_999 } })).toBe('400 Bad Request: message to be replied not found');
    const lonely = await send('lonely', { reply_parameters: { message_id: 99_999, allow_sending_without_reply: true } });
    expect(lonely).toMatchObject({ text: 'lonely' });
    expect(lonely).not.toHaveProperty('reply_to_message');
  });
});

describe('a place, a contact and a die', () => {
  test('are sent', async () => {
    expect(await bot.call('sendLocation', { chat_id, latitude: 52.5, longitude: 13.4 })).toMatchObject({ location: { latitude: expect.closeTo(52.5, 3) as number } });
    expect(await bot.call('sendVenue', { chat_id, latitude: 1, longitude: 2, title: 'Café', address: 'Street 1', foursquare_id: 'f' })).toMatchObject({ venue: { title: 'Café', address: 'Street 1', foursquare_id: 'f' } });
    expect(await bot.call('sendContact', { chat_id, phone_number: '+15550009999', first_name: 'Zoe' })).toMatchObject({ contact: { phone_number: '+15550009999', first_name: 'Zoe' } });
    expect(await bot.call('sendDice', { chat_id })).toMatchObject({ dice: { emoji: '🎲', value: expect.any(Number) as number } });
    expect(await bot.refusal('sendLocation', { chat_id, longitude: 1 })).toBe('400 Bad Request: latitude is empty');
    expect(await bot.refusal('sendLocation', { chat_id, latitude: 1 })).toBe('400 Bad Request: longitude is empty');
    expect(await bot.refusal('sendLocation', { chat_id, latitude: 1, longitude: 1, live_period: 5 })).toBe('400 Bad Request: wrong live location period specified');
    expect(await bot.refusal('sendDice', { chat_id, emoji: '🥔' })).toMatch(/^400 Bad Request: /);
  });

  test('a live location moves and stops', async () => {
    const { message_id } = await bot.call<Message>('sendLocation', { chat_id, latitude: 1, longitude: 2, live_period: 600 });
    expect(await bot.call('editMessageLiveLocation', { chat_id, message_id, latitude: 3, longitude: 4, heading: 90 })).toMatchObject({ message_id, location: { latitude: expect.closeTo(3, 3) as number, heading: 90 } });
    expect(await bot.call('stopMessageLiveLocation', { chat_id, message_id })).toMatchObject({ message_id });
    const text = await send('no place');
    expect(await bot.refusal('editMessageLiveLocation', { chat_id, message_id: text.message_id, latitude: 5, longitude: 6 })).toBe("400 Bad Request: message can't be edited");
  });
});

describe('files', () => {
  const notes = (name: string, text = name): File => new File([text], name, { type: 'text/plain' });
  const photo = async (name: string): Promise<File> => new File([new Uint8Array(await makePicture(64, 48))], name, { type: 'image/jpeg' });
  const fileIdOf = ({ document }: Message): string => (document as { file_id: string }).file_id;

  test('are sent with a caption, and once more by their id', async () => {
    const sent = await bot.call<Message>('sendDocument', { chat_id, document: notes('a.txt'), caption: '*strong*', parse_mode: 'MarkdownV2', reply_markup: inline('k') });
    expect(sent).toMatchObject({ document: { file_name: 'a.txt', file_size: 5 }, caption: 'strong', caption_entities: [{ type: 'bold' }], reply_markup: inline('k') });
    const again = await bot.call<Message>('sendDocument', { chat_id, document: fileIdOf(sent) });
    expect(again['document']).toMatchObject({ file_name: 'a.txt', file_unique_id: (sent['document'] as { file_unique_id: string }).file_unique_id });
    expect(again).not.toHaveProperty('caption');
    expect(await bot.call('sendPhoto', { chat_id, photo: await photo('p.jpg'), has_spoiler: true, show_caption_above_media: true, caption: 'above' })).toMatchObject({
      photo: expect.arrayContaining([expect.objectContaining({ width: 64, height: 48 })]) as unknown, has_media_spoiler: true, show_caption_above_media: true,
    });
  });

  test.each(['photo', 'audio', 'document', 'video', 'animation', 'voice', 'video_note', 'sticker'])('must be in the request: %s', async (kind) => {
    const method = `send${kind.replace(/(?:^|_)./g, (letter) => letter.slice(-1).toUpperCase())}`;
    expect(await bot.refusal(method, { chat_id })).toBe(`400 Bad Request: there is no ${kind.replace('_', ' ')} in the request`);
  });

  test('are sent as an album', async () => {
    const media = [{ type: 'document', media: 'attach://one', caption: 'first' }, { type: 'document', media: 'attach://two', caption: '<u>second</u>', parse_mode: 'HTML' }];
    const album = await bot.call<Message[]>('sendMediaGroup', { chat_id, media, one: notes('1.txt'), two: notes('2.txt') });
    expect(album).toMatchObject([{ document: { file_name: '1.txt' }, caption: 'first' }, { document: { file_name: '2.txt' }, caption_entities: [{ type: 'underline' }] }]);
    expect(new Set(album.map((message) => message['media_group_id'])).size).toBe(1);
    expect(album[0]).toHaveProperty('media_group_id');
    const again = await bot.call<Message[]>('sendMediaGroup', { chat_id, media: album.map((message) => ({ type: 'document', media: fileIdOf(message) })) });
    expect(again).toHaveLength(2);
  });

  test.each<[unknown, string]>([
    [undefined, 'expected an Array of InputMedia'],
    ['[', "can't parse media JSON object"],
    [[], 'there are no messages to send'],
    [[5], 'expected an Array of InputMedia'],
    [[{}], "can't parse InputMedia: type is not specified"],
    [[{ type: 'sound' }], `can't parse InputMedia: type "sound" is unsupported`],
    [[{ type: 'photo' }], "can't parse InputMedia: media not found"],
    [[{ type: 'photo', media: 'a' }, { type: 'audio', media: 'b' }], "audio can't be mixed with other media types"],
    [Array.from({ length: 11 }, () => ({ type: 'photo', media: 'a' })), 'too many messages to send as an album'],
  ])('are no album: %j', async (media, text) => {
    expect(await bot.refusal('sendMediaGroup', { chat_id, media })).toBe(`400 Bad Request: ${text}`);
  });

  test('take the place of others, with their captions', async () => {
    const { message_id } = await bot.call<Message>('sendDocument', { chat_id, document: notes('old.txt'), caption: 'old' });
    expect(await bot.call('editMessageCaption', { chat_id, message_id, caption: 'new' })).toMatchObject({ caption: 'new', document: { file_name: 'old.txt' } });
    const edited = await bot.call<Message>('editMessageMedia', { chat_id, message_id, media: { type: 'document', media: 'attach://file' }, file: notes('new.txt') });
    expect(edited).toMatchObject({ message_id, document: { file_name: 'new.txt' } });
    expect(edited).not.toHaveProperty('caption');
    expect(await bot.refusal('editMessageText', { chat_id, message_id, text: 'x' })).toBe('400 Bad Request: there is no text in the message to edit');
    expect(await bot.refusal('editMessageMedia', { chat_id, message_id, media: { type: 'document' } })).toBe("400 Bad Request: can't parse InputMedia: media not found");
  });

  test('are copied with their captions, or with others', async () => {
    const { message_id } = await bot.call<Message>('sendDocument', { chat_id, document: notes('copy.txt'), caption: 'kept' });
    const copy = async (more: object): Promise<Message> => {
      const copied = await bot.call<Message>('copyMessage', { chat_id, from_chat_id: chat_id, message_id, ...more });
      return bot.call<Message>('editMessageReplyMarkup', { chat_id, message_id: copied.message_id, reply_markup: inline('k') });
    };
    expect(await copy({})).toMatchObject({ caption: 'kept', document: { file_name: 'copy.txt' } });
    expect(await copy({ caption: 'other' })).toMatchObject({ caption: 'other' });
    expect(await copy({ caption: '' })).not.toHaveProperty('caption');
    expect(await copy({ video_start_timestamp: 2 })).toMatchObject({ document: { file_name: 'copy.txt' } });
  });

  test('are copied so that a video begins to play where the copy says', async () => {
    const video = new File([new Uint8Array(readSample('film.mp4'))], 'film.mp4', { type: 'video/mp4' });
    const { message_id } = await bot.call<Message>('sendVideo', { chat_id, video, start_timestamp: 1 });
    const startOfCopy = async (more: object): Promise<unknown> => {
      const copied = await bot.call<Message>('copyMessage', { chat_id, from_chat_id: chat_id, message_id, ...more });
      const { video: shown } = await bot.call<Message>('editMessageReplyMarkup', { chat_id, message_id: copied.message_id, reply_markup: inline('k') });
      return (shown as { start_timestamp?: number }).start_timestamp;
    };
    expect(await startOfCopy({})).toBe(1);
    expect(await startOfCopy({ video_start_timestamp: 2 })).toBe(2);
    expect(await startOfCopy({ video_start_timestamp: -2 })).toBe(1);
  });
});

describe('an edit', () => {
  test('changes text and keyboard', async () => {
    const { message_id } = await send('before', { reply_markup: inline('a') });
    const edited = await bot.call<Message>('editMessageText', { chat_id, message_id, text: 'after', reply_markup: inline('b') });
    expect(edited).toMatchObject({ message_id, text: 'after', edit_date: expect.any(Number) as number, reply_markup: inline('b') });
    await ann.sees('after');
    expect(await bot.refusal('editMessageText', { chat_id, message_id, text: 'after', reply_markup: inline('b') })).toBe(
      '400 Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
    );
    expect(await bot.call('editMessageReplyMarkup', { chat_id, message_id })).not.toHaveProperty('reply_markup');
    expect(await bot.refusal('editMessageReplyMarkup', { chat_id, message_id })).toMatch(/message is not modified/);
    expect(await bot.refusal('editMessageReplyMarkup', { chat_id, message_id, reply_markup: { force_reply: true } })).toBe('400 Bad Request: inline keyboard expected');
  });

  test('needs a message of the bot that has such a content', async () => {
    const { message_id } = await send('a text');
    const place = await bot.call<Message>('sendLocation', { chat_id, latitude: 1, longitude: 2 });
    expect(await bot.refusal('editMessageText', { text: 'x' })).toBe('400 Bad Request: message identifier is not specified');
    expect(await bot.refusal('editMessageText', { chat_id, text: 'x' })).toBe('400 Bad Request: message identifier is not specified');
    expect(await bot.refusal('editMessageText', { chat_id, message_id: 99_999, text: 'x' })).toBe('400 Bad Request: message to edit not found');
    expect(await bot.refusal('editMessageText', { chat_id, message_id: place.message_id, text: 'x' })).toBe('400 Bad Request: there is no text in the message to edit');
    expect(await bot.refusal('editMessageCaption', { chat_id, message_id, caption: 'x' })).toBe('400 Bad Request: there is no caption in the message to edit');
    expect(await bot.refusal('editMessageText', { inline_message_id: 'x', text: 'x' })).toBe('400 Bad Request: invalid inline message identifier specified');
    // The first message of the chat is Ann's.
    expect(await bot.refusal('editMessageText', { chat_id, message_id: 1, text: 'x' })).toBe("400 Bad Request: message can't be edited");
  });
});

describe('forwarding and copying', () => {
  test('sends messages once more', async () => {
    const { message_id } = await send('original');
    expect(await bot.call('forwardMessage', { chat_id, from_chat_id: chat_id, message_id })).toMatchObject({ text: 'original', forward_origin: { type: 'user' }, forward_from: { id: made.id } });
    const { message_id: copied } = await bot.call<Message>('copyMessage', { chat_id, from_chat_id: chat_id, message_id, reply_markup: inline('c') });
    const again = await bot.call<Message>('editMessageText', { chat_id, message_id: copied, text: 'copied' });
    expect(again).not.toHaveProperty('forward_origin');
  });

  test('makes a new poll of a poll', async () => {
    const { message_id, poll } = await bot.call<Message>('sendPoll', { chat_id, question: 'tea?', options: ['yes', 'no'], type: 'quiz', correct_option_id: 1, is_anonymous: false, allows_multiple_answers: false, explanation: 'late' });
    const { message_id: copied } = await bot.call<Message>('copyMessage', { chat_id, from_chat_id: chat_id, message_id });
    const closed = await bot.call<{ id: string }>('stopPoll', { chat_id, message_id: copied });
    expect(closed).toMatchObject({ question: 'tea?', options: [{ text: 'yes' }, { text: 'no' }], type: 'quiz', correct_option_id: 1, is_anonymous: false, explanation: 'late', is_closed: true });
    expect(closed.id).not.toBe((poll as { id: string }).id);
    // The copy of a closed poll is open.
    const { message_id: again } = await bot.call<Message>('copyMessage', { chat_id, from_chat_id: chat_id, message_id: copied });
    expect(await bot.call('stopPoll', { chat_id, message_id: again })).toMatchObject({ is_closed: true });
  });

  test('shows an effect that bots have built in, and is refused with one that does not exist', async () => {
    expect(await send('hot', { message_effect_id: '5104841245755180586' })).toMatchObject({ effect_id: '5104841245755180586' });
    const { message_id } = await send('plain', { message_effect_id: 0 });
    expect(await bot.refusal('sendMessage', { chat_id, text: 'x', message_effect_id: 7 })).toBe('400 Bad Request: EFFECT_ID_INVALID');
    for (const method of ['forwardMessage', 'copyMessage']) expect(await bot.refusal(method, { chat_id, from_chat_id: chat_id, message_id, message_effect_id: 7 })).toBe('400 Bad Request: EFFECT_ID_INVALID');
  });

  test('leaves out what does not exist, if it is one of several', async () => {
    const [one, two] = [await send('one'), await send('two')];
    const params = { chat_id, from_chat_id: chat_id, message_ids: [one.message_id, two.message_id, 99_999] };
    for (const method of ['forwardMessages', 'copyMessages']) {
      const answer = await bot.call<{ message_id: number }[]>(method, params);
      expect(answer.map((object) => Object.keys(object))).toEqual([['message_id'], ['message_id']]);
      expect(answer[1]!.message_id).toBeGreaterThan(answer[0]!.message_id);
    }
  });

  test('is refused for what does not exist or is protected', async () => {
    const { message_id } = await send('secret', { protect_content: true });
    const from = { chat_id, from_chat_id: chat_id };
    expect(await bot.refusal('forwardMessage', { ...from, message_id: 99_999 })).toBe('400 Bad Request: message to forward not found');
    expect(await bot.refusal('copyMessage', { ...from, message_id: 99_999 })).toBe('400 Bad Request: message to copy not found');
    expect(await bot.refusal('forwardMessages', { ...from, message_ids: [99_999] })).toBe('400 Bad Request: message to forward not found');
    expect(await bot.refusal('copyMessages', { ...from, message_ids: [2, 1] })).toBe('400 Bad Request: message identifiers must be in a strictly increasing order');
    expect(await bot.refusal('forwardMessage', { ...from, message_id })).toBe("400 Bad Request: message can't be forwarded");
    expect(await bot.refusal('copyMessage', { ...from, message_id })).toBe("400 Bad Request: message can't be copied");
  });
});

describe('a deletion', () => {
  test('takes messages away for both', async () => {
    const [one, two, three] = [await send('goes 1'), await send('goes 2'), await send('goes 3')];
    await ann.sees('goes 3');
    expect(await bot.call('deleteMessage', { chat_id, message_id: one.message_id })).toBe(true);
    expect(await bot.call('deleteMessages', { chat_id, message_ids: [two.message_id, three.message_id, 99_999] })).toBe(true);
    for (const text of ['goes 1', 'goes 2', 'goes 3']) await ann.seesGone(text);
    expect(await bot.refusal('deleteMessage', { chat_id, message_id: one.message_id })).toBe('400 Bad Request: message to delete not found');
  });

  test('never touches another chat', async () => {
    const { message_id } = await send('stays');
    const group = await createGroup('Other');
    expect(await bot.refusal('deleteMessage', { chat_id: group, message_id })).toBe('400 Bad Request: message to delete not found');
    expect(await bot.call('deleteMessages', { chat_id: group, message_ids: [message_id] })).toBe(true);
    expect(await bot.call('editMessageText', { chat_id, message_id, text: 'stayed' })).toMatchObject({ text: 'stayed' });
  });

  test('in a group needs the right to it', async () => {
    const group = await createGroup('Rights');
    await ann.main.change({ _: 'messages.sendMessage', peer: { _: 'inputPeerChat', chatId: -group }, message: `/hello@${made.username}`, randomId: randomLong() });
    const { message_id } = await bot.call<Message>('sendMessage', { chat_id: group, text: 'hi' });
    expect(await bot.refusal('deleteMessage', { chat_id: group, message_id: message_id - 1 })).toBe("400 Bad Request: message can't be deleted");
    expect(await bot.call('deleteMessage', { chat_id: group, message_id })).toBe(true);
  });
});

describe('a group', () => {
  test('that has become a supergroup says which one', async () => {
    const group = await createGroup('Growing');
    expect(await bot.call('sendMessage', { chat_id: group, text: 'small' })).toMatchObject({ chat: { id: group, type: 'group', title: 'Growing' } });
    const { chats } = (await ann.main.change({ _: 'messages.migrateChat', chatId: -group })) as { chats: { _: string; id: number }[] };
    const supergroup = -CHANNEL_MARK - chats.find(({ _ }) => _ === 'channel')!.id;
    expect(await bot.ask('sendMessage', { chat_id: group, text: 'x' })).toEqual({
      ok: false, error_code: 400, description: 'Bad Request: group chat was upgraded to a supergroup chat', parameters: { migrate_to_chat_id: supergroup },
    });
    const sent = await bot.call<Message>('sendMessage', { chat_id: supergroup, text: 'large' });
    expect(sent).toMatchObject({ chat: { id: supergroup, type: 'supergroup' } });
    expect(await bot.call('editMessageText', { chat_id: supergroup, message_id: sent.message_id, text: 'larger' })).toMatchObject({ text: 'larger' });
    expect(await bot.call('deleteMessage', { chat_id: supergroup, message_id: sent.message_id })).toBe(true);
    expect(await bot.refusal('deleteMessage', { chat_id: supergroup, message_id: sent.message_id })).toBe('400 Bad Request: message to delete not found');
  });

  test('that the bot is no longer in says so', async () => {
    const [group, gone] = [await createGroup('Without bots'), await createGroup('Over')];
    await ann.main.change({ _: 'messages.deleteChatUser', chatId: -group, userId: annsBot });
    await ann.main.change({ _: 'messages.deleteChat', chatId: -gone });
    expect(await bot.refusal('sendMessage', { chat_id: group, text: 'x' })).toBe('403 Forbidden: bot was kicked from the group chat');
    expect(await bot.refusal('sendMessage', { chat_id: gone, text: 'x' })).toBe('403 Forbidden: the group chat was deleted');
    const [supergroup, foreign] = [await createChannel(ann), await createChannel(ann)];
    const channel = ann.main.inputChannel(supergroup);
    await ann.main.invite({ _: 'channels.inviteToChannel', channel, users: [annsBot] });
    await bot.call('sendMessage', { chat_id: supergroup, text: 'x' });
    const participant = { ...annsBot, _: 'inputPeerUser' } as const;
    await ann.main.change({ _: 'channels.editBanned', channel, participant, bannedRights: { _: 'chatBannedRights', viewMessages: true, untilDate: 0 } });
    expect(await bot.refusal('sendMessage', { chat_id: supergroup, text: 'x' })).toBe('403 Forbidden: bot was kicked from the supergroup chat');
    expect(await bot.refusal('sendMessage', { chat_id: foreign, text: 'x' })).toBe('400 Bad Request: chat not found');
  });

  test('is told what the bot is doing', async () => {
    const group = await createGroup('Typing');
    for (const action of ['typing', 'upload_photo', 'record_video', 'upload_video', 'record_voice', 'upload_voice', 'upload_document', 'choose_sticker', 'find_location', 'record_video_note', 'upload_video_note']) {
      expect(await bot.call('sendChatAction', { chat_id: group, action })).toBe(true);
    }
    expect(await bot.refusal('sendChatAction', { chat_id: group, action: 'sleeping' })).toBe('400 Bad Request: wrong parameter action in request');
    expect(await bot.refusal('sendChatAction', {})).toBe('400 Bad Request: wrong parameter action in request');
    expect(await bot.refusal('sendMessageDraft', { chat_id: group, draft_id: 5, text: 'x' })).toBe('400 Bad Request: private chat not found');
  });
});

test('a channel is reached by its name', async () => {
  const id = await createChannel(ann, 'broadcast', 'News');
  await ann.main.change({ _: 'channels.updateUsername', channel: ann.main.inputChannel(id), username: 'bot_news' });
  expect(await bot.refusal('sendMessage', { chat_id: '@bot_news', text: 'x' })).toBe('403 Forbidden: bot is not a member of the channel chat');
  await promoteIn(ann, id, { id: made.id } as Actor, { postMessages: true, editMessages: true, deleteMessages: true });
  const post = await bot.call<Message>('sendMessage', { chat_id: '@bot_news', text: 'news', reply_markup: inline('more') });
  expect(post).toMatchObject({ text: 'news', chat: { id, type: 'channel', username: 'bot_news' }, sender_chat: { id } });
  expect(await bot.call('editMessageText', { chat_id: id, message_id: post.message_id, text: 'newer' })).toMatchObject({ text: 'newer' });
  expect(await bot.call('copyMessage', { chat_id, from_chat_id: '@bot_news', message_id: post.message_id })).toEqual({ message_id: expect.any(Number) as number });
  expect(await bot.refusal('sendMessage', { chat_id: id, text: 'x', reply_markup: { keyboard: [['a']] } })).toMatch(/^400 Bad Request: /);
});
