import { BOT_METHODS } from '@aerogram/bot-api';
import { homeDcOf } from '@aerogram/cluster';
import type { Actor } from '@aerogram/dev-env';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BotHomes, startBotHomes, startWith } from './bot-elsewhere-stage.ts';
import { makeBot, type MadeBot, UNHURRIED_BOTS, write } from './bot-stage.ts';
import { CheckedBot } from './checked-bot.ts';
import { makePicture, setProfilePhoto } from './photo-stage.ts';

const NO_MEDIA = '400 Bad Request: not enough rights to send media messages to the chat';
const NOT_THERE = '400 Bad Request: the method is not available for users of other data centres';

/** What is answered for a person elsewhere in another way than for one here. */
const DIFFERING: Readonly<Record<string, string>> = {
  sendPhoto: NO_MEDIA, sendDocument: NO_MEDIA, sendVideo: NO_MEDIA, sendAnimation: NO_MEDIA, sendAudio: NO_MEDIA, sendVoice: NO_MEDIA, sendVideoNote: NO_MEDIA, sendMediaGroup: NO_MEDIA,
  sendContact: NO_MEDIA, sendDice: NO_MEDIA, sendLocation: NO_MEDIA, sendVenue: NO_MEDIA, sendPoll: NO_MEDIA,
  editMessageMedia: NO_MEDIA, editMessageLiveLocation: NO_MEDIA, stopMessageLiveLocation: NO_MEDIA, stopPoll: '400 Bad Request: message is not a poll',
  pinChatMessage: NOT_THERE, unpinChatMessage: NOT_THERE, unpinAllChatMessages: NOT_THERE, sendMessageDraft: NOT_THERE, setChatMenuButton: NOT_THERE, getChatMenuButton: NOT_THERE,
};
/** These end what others need. */
const LAST = ['deleteMessage', 'deleteMessages'];
const METHODS = BOT_METHODS.filter(({ method, params }) => (params.includes('chat_id') || params.includes('user_id')) && !LAST.includes(method));

let stage: BotHomes;
let made: MadeBot;
let bot: CheckedBot;
let ann: Actor;
let ben: Actor;
beforeAll(async () => {
  stage = await startBotHomes(UNHURRIED_BOTS);
  made = await stage.makeBot('far_tea_bot');
  bot = new CheckedBot(stage.homes.two, made.token);
  [ann, ben] = [await stage.person(1, 'Ann'), await stage.person(2, 'Ben')];
  await startWith(stage, made, ann, ben);
});
afterAll(() => stage?.[Symbol.asyncDispose]());

const inputPhoto = { type: 'photo', media: 'attach://picture' };

/** A call with parameters that fit the method. */
async function askAbout(person: Actor, method: string, picture: File): Promise<string> {
  const { params } = BOT_METHODS.find((one) => one.method === method)!;
  const { message_id } = await bot.call<{ message_id: number }>('sendMessage', { chat_id: person.id, text: 'to be used' });
  const all: Record<string, unknown> = {
    chat_id: person.id, user_id: person.id, from_chat_id: person.id, message_id, message_ids: [message_id], text: 'text', action: 'typing', reaction: [{ type: 'emoji', emoji: '👍' }], question: 'q', options: ['a', 'b'],
    latitude: 1, longitude: 1, title: 't', address: 'a', phone_number: '123', first_name: 'A', draft_id: 1, permissions: {}, menu_button: { type: 'default' }, reply_markup: { inline_keyboard: [[{ text: 'x', callback_data: 'x' }]] },
    photo: picture, document: picture, video: picture, animation: picture, audio: picture, voice: picture, video_note: picture,
    media: method === 'sendPoll' ? undefined : method === 'editMessageMedia' ? inputPhoto : [inputPhoto, inputPhoto], picture,
  };
  const wanted = method === 'editMessageMedia' || method === 'sendMediaGroup' ? [...params, 'picture'] : params;
  const answer = await bot.ask(method, Object.fromEntries(wanted.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]]))));
  return answer.ok ? 'done' : `${answer.error_code} ${answer.description}`;
}

test('each method about a chat answers for a person elsewhere as for one here, or says why not', { timeout: 60_000 }, async () => {
  const picture = new File([new Uint8Array(await makePicture(64, 64))], 'a.jpg');
  const wrong: string[] = [];
  for (const { method } of METHODS) {
    const there = await askAbout(ann, method, picture);
    const expected = DIFFERING[method] ?? (await askAbout(ben, method, picture));
    if (there !== expected) wrong.push(`${method}: ${there} instead of ${expected}`);
  }
  expect(wrong).toEqual([]);
  expect(Object.keys(DIFFERING).filter((name) => !METHODS.some(({ method }) => method === name))).toEqual([]);
  expect(METHODS.length).toBeGreaterThan(60);
});

test('what is edited, answered, forwarded, copied and deleted arrives, with keyboards', async () => {
  const { message_id } = await bot.call<{ message_id: number }>('sendMessage', { chat_id: ann.id, text: 'choose', reply_markup: { inline_keyboard: [[{ text: 'Tea', callback_data: 'tea' }]] } });
  const chosen = await ann.sees('choose');
  expect(chosen.raw).toMatchObject({ reply_markup: { _: 'replyInlineMarkup', rows: [{ buttons: [{ text: 'Tea' }] }] } });
  await expect(ann.main.call({ _: 'messages.getBotCallbackAnswer', peer: ann.main.inputPeer(made.id), msgId: chosen.id, data: Buffer.from('tea') })).rejects.toThrow('BOT_INVALID');
  await bot.call('sendMessage', { chat_id: ann.id, text: 'answered', reply_parameters: { message_id }, reply_markup: { keyboard: [[{ text: 'A key' }]] } });
  expect(await ann.sees('answered')).toMatchObject({ reply_to: chosen.id, raw: { reply_markup: { _: 'replyKeyboardMarkup' } } });
  await bot.call('editMessageText', { chat_id: ann.id, message_id, text: 'chosen' });
  await ann.sees('chosen');
  expect(await bot.call('forwardMessage', { chat_id: ann.id, from_chat_id: ann.id, message_id })).toMatchObject({ text: 'chosen', forward_origin: { type: 'user' } });
  const { message_id: photo } = await bot.call<{ message_id: number }>('sendPhoto', { chat_id: ben.id, photo: new File([new Uint8Array(await makePicture(64, 64))], 'a.jpg') });
  for (const method of ['forwardMessage', 'copyMessage']) expect(await bot.refusal(method, { chat_id: ann.id, from_chat_id: ben.id, message_id: photo })).toBe(NO_MEDIA);
  await bot.call('deleteMessage', { chat_id: ann.id, message_id });
  await ann.main.waitUntil('the deletion', () => ![...ann.main.state.messages.values()].some(({ id }) => id === chosen.id));
  const { message_id: last } = await bot.call<{ message_id: number }>('sendMessage', { chat_id: ann.id, text: 'the last' });
  const { id } = await ann.sees('the last');
  await bot.call('deleteMessages', { chat_id: ann.id, message_ids: [last] });
  await ann.main.waitUntil('the second deletion', () => ![...ann.main.state.messages.values()].some((message) => message.id === id));
});

test('what people elsewhere write and edit comes with who they are, and so does their photo', async () => {
  const before = (await bot.call<{ update_id: number }[]>('getUpdates')).at(-1)?.update_id ?? 0;
  const peer = ann.main.inputPeer(made.id);
  await setProfilePhoto(ann.main);
  await ann.main.change({ _: 'messages.startBot', bot: ann.main.inputUser(made.id), peer, randomId: randomLong(), startParam: 'flyer' });
  const { id } = await ann.sees('/start flyer');
  await ann.main.change({ _: 'messages.editMessage', peer, id, message: 'rather not' });
  await stage.homes.settled();
  const updates = await bot.call<object[]>('getUpdates', { offset: before + 1 });
  const [from, chat] = [{ id: ann.id, is_bot: false, first_name: 'Ann' }, { id: ann.id, type: 'private', first_name: 'Ann' }];
  expect(updates).toMatchObject([{ message: { text: '/start flyer', from, chat } }, { edited_message: { text: 'rather not', from, chat } }]);
  const findPhotos = (): Promise<{ photos: { file_id: string }[][] }> => bot.call('getUserProfilePhotos', { user_id: ann.id });
  await expect.poll(async () => (await findPhotos()).photos.length, { timeout: 20_000 }).toBe(1);
  const { file_path } = await bot.call<{ file_path: string }>('getFile', { file_id: (await findPhotos()).photos[0]!.at(-1)!.file_id });
  expect((await fetch(bot.fileUrl(file_path))).status).toBe(200);
  expect(await bot.call('getChat', { chat_id: ann.id })).toMatchObject({ ...chat, photo: { small_file_id: expect.any(String) as string } });
});

test('a bot is told who elsewhere has stopped it, and of starting it again', async () => {
  const seen: { my_chat_member?: unknown }[] = [];
  const waitFor = async (status: string): Promise<unknown> => {
    for (let offset = 0; ;) {
      const updates = await bot.call<{ update_id: number; my_chat_member?: { new_chat_member: { status: string } } }[]>('getUpdates', { offset, timeout: 20 });
      seen.push(...updates);
      const found = updates.find(({ my_chat_member: member }) => member?.new_chat_member.status === status);
      if (found !== undefined || updates.length === 0) return found?.my_chat_member;
      offset = updates.at(-1)!.update_id + 1;
    }
  };
  await ann.main.call({ _: 'contacts.block', id: ann.main.inputPeer(made.id) });
  expect(await waitFor('kicked')).toMatchObject({ from: { id: ann.id, first_name: 'Ann' }, chat: { id: ann.id, type: 'private' }, old_chat_member: { status: 'member' } });
  expect(await bot.refusal('sendMessage', { chat_id: ann.id, text: 'the end' })).toBe('403 Forbidden: bot was blocked by the user');
  await ann.main.call({ _: 'contacts.unblock', id: ann.main.inputPeer(made.id) });
  expect(await waitFor('member')).toMatchObject({ from: { id: ann.id }, old_chat_member: { status: 'kicked' } });
  await bot.call('sendMessage', { chat_id: ann.id, text: 'once more' });
  await ann.sees('once more');
});

test('the other data centre says where the bot lives', async () => {
  const { host, port } = stage.homes.two.info.http;
  expect(await new CheckedBot(stage.homes.one, made.token).refusal('getMe')).toBe(`421 Misdirected Request: the bot lives in data centre 2, http://${host}:${port}`);
});

test('a bot that the operator of the first home makes lives there, and is found from elsewhere', async () => {
  const theirs = await makeBot({ server: stage.homes.one }, 'first_home_bot');
  expect(homeDcOf(BigInt(theirs.id))).toBe(1);
  await write(ben, theirs, '/start');
  await stage.homes.settled();
  expect(await new CheckedBot(stage.homes.one, theirs.token).call('getUpdates')).toMatchObject([{ message: { text: '/start', from: { id: ben.id } } }]);
});
