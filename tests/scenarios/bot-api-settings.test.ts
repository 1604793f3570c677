import { loadFileIds } from '@aerogram/bot-api';
import type { Actor, BotClient, BotHttp } from '@aerogram/dev-env';
import { systemRandom } from '@aerogram/runtime';
import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inline, type MadeBot, meetBot, press, readMessage, seesPress, startInlineBot } from './bot-stage.ts';
import { CheckedBot } from './checked-bot.ts';
import { upload } from './file-stage.ts';
import { asking, seesQuery, sending } from './inline-stage.ts';
import { makePicture } from './photo-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
/** One bot, as a program over MTProto and as one over HTTP. */
let bot: BotClient & { made: MadeBot };
let http: BotHttp;
let person: Actor;
beforeAll(async () => {
  scenario = await startScenario();
  bot = await startInlineBot(scenario, 'Settings_bot');
  http = new CheckedBot(scenario.server, bot.made.token);
  person = await scenario.world.user('Person');
  await meetBot(person, bot);
});
afterAll(async () => {
  await bot?.[Symbol.asyncDispose]();
  await scenario?.[Symbol.asyncDispose]();
});

/** The page of the bot as a person sees it. */
async function page(): Promise<tl.RawUserFull> {
  return (await person.main.call({ _: 'users.getFullUser', id: person.main.inputUser(bot.id) })).fullUser;
}

describe('what a bot says of itself over HTTP', () => {
  test('its commands are those that people see, for everybody or for one chat', async () => {
    const commands = [{ command: 'help', description: 'Shows help' }, { command: 'stop', description: 'Ends it' }];
    expect(await http.call('setMyCommands', { commands })).toBe(true);
    expect((await page()).botInfo?.commands).toMatchObject(commands);
    expect(await http.call('getMyCommands')).toEqual(commands);

    const scope = { type: 'chat', chat_id: person.id };
    expect(await http.call('setMyCommands', { commands: [{ command: 'yours', description: 'Only here' }], scope })).toBe(true);
    await person.main.seesUpdate('updateBotCommands', ({ commands: shown }) => shown[0]?.command === 'yours');
    expect((await page()).botInfo?.commands).toMatchObject([{ command: 'yours' }]);
    expect(await http.call('getMyCommands', { scope: JSON.stringify(scope) })).toMatchObject([{ command: 'yours' }]);
    expect(await http.call('getMyCommands', { scope: { type: 'all_private_chats' } })).toEqual([]);

    expect(await http.call('deleteMyCommands', { scope })).toBe(true);
    expect((await page()).botInfo?.commands).toMatchObject(commands);
  });

  test('in a group its commands may be those of the admins, or of one member', async () => {
    const { updates } = await person.main.invite({ _: 'messages.createChat', users: [person.main.inputUser(bot.id)], title: 'Team' });
    const [{ id }] = (updates as tl.RawUpdates).chats as [tl.RawChat];
    const shown = async (): Promise<string[]> => {
      const { fullChat } = await person.main.call({ _: 'messages.getFullChat', chatId: id });
      return (fullChat as tl.RawChatFull).botInfo?.[0]?.commands?.map(({ command }) => command) ?? [];
    };
    const scopes = [
      ['group', { type: 'all_group_chats' }], ['here', { type: 'chat', chat_id: -id }], ['admins', { type: 'chat_administrators', chat_id: -id }],
      ['member', { type: 'chat_member', chat_id: -id, user_id: person.id }],
    ] as const;
    // Each is narrower than the one before, so it is the one that counts.
    for (const [command, scope] of scopes) {
      expect(await http.call('setMyCommands', { commands: [{ command, description: 'In a group' }], scope })).toBe(true);
      expect(await shown()).toEqual([command]);
    }
    expect(await http.call('deleteMyCommands', { scope: scopes[3][1] })).toBe(true);
    expect(await shown()).toEqual(['admins']);
  });

  test('commands that cannot be set change nothing', async () => {
    const before = await http.call('getMyCommands');
    expect(await http.refusal('setMyCommands', { commands: 'help' })).toBe("400 Bad Request: can't parse commands JSON object");
    expect(await http.refusal('setMyCommands', { commands: [{ command: 'No!', description: 'x' }] })).toBe('400 Bad Request: BOT_COMMAND_INVALID');
    expect(await http.refusal('setMyCommands', { commands: [], language_code: 'english' })).toBe('400 Bad Request: invalid language code specified');
    expect(await http.refusal('setMyCommands', { commands: [], scope: { type: 'chat', chat_id: 77 } })).toBe('400 Bad Request: chat not found');
    expect(await http.refusal('deleteMyCommands', { scope: { type: 'chat' } })).toBe('400 Bad Request: can\'t parse BotCommandScope: Can\'t find field "chat_id"');
    expect(await http.call('getMyCommands')).toEqual(before);
  });

  test('its name and texts may be other ones in a language', async () => {
    for (const [method, params] of [
      ['setMyName', { name: 'Settings' }], ['setMyName', { name: 'Einstellungen', language_code: 'de' }],
      ['setMyDescription', { description: 'What it does' }], ['setMyShortDescription', { short_description: 'Sets things' }],
    ] as const) expect(await http.call(method, params)).toBe(true);
    expect(await http.call('getMyName')).toEqual({ name: 'Settings' });
    expect(await http.call('getMyName', { language_code: 'de' })).toEqual({ name: 'Einstellungen' });
    expect(await http.call('getMyDescription')).toEqual({ description: 'What it does' });
    expect(await http.call('getMyShortDescription')).toEqual({ short_description: 'Sets things' });
    expect(await page()).toMatchObject({ about: 'Sets things', botInfo: { description: 'What it does' } });
    expect((await person.main.call({ _: 'users.getUsers', id: [person.main.inputUser(bot.id)] }))[0]).toMatchObject({ firstName: 'Settings' });
    expect(await http.call('setMyDescription')).toBe(true);
    expect((await page()).botInfo?.description).toBeUndefined();
  });

  test('its button shows the commands, to everybody or to one person', async () => {
    expect(await http.call('setChatMenuButton', { chat_id: person.id, menu_button: { type: 'commands' } })).toBe(true);
    expect((await page()).botInfo?.menuButton).toMatchObject({ _: 'botMenuButtonCommands' });
    expect(await http.call('getChatMenuButton', { chat_id: person.id })).toEqual({ type: 'commands' });
    expect(await http.call('getChatMenuButton')).toEqual({ type: 'default' });
    expect(await http.call('setChatMenuButton', { chat_id: person.id })).toBe(true);
    expect((await page()).botInfo?.menuButton).toMatchObject({ _: 'botMenuButtonDefault' });
    const app = { type: 'web_app', text: 'Open', web_app: { url: 'https://example.org/' } };
    expect(await http.refusal('setChatMenuButton', { menu_button: app })).toBe('400 Bad Request: BUTTON_INVALID');
  });

  test('the rights that it asks for are shown to those who add it', async () => {
    const rights = { can_delete_messages: true, can_pin_messages: true };
    expect(await http.call('setMyDefaultAdministratorRights', { rights })).toBe(true);
    // Asking for the same once more is no error.
    expect(await http.call('setMyDefaultAdministratorRights', { rights })).toBe(true);
    expect((await page()).botGroupAdminRights).toMatchObject({ deleteMessages: true, pinMessages: true });
    expect(await http.call('getMyDefaultAdministratorRights')).toMatchObject({ ...rights, can_manage_chat: true, can_invite_users: false });
    expect(await http.call('getMyDefaultAdministratorRights', { for_channels: true })).toMatchObject({ can_manage_chat: false, can_post_messages: false });
    expect(await http.call('setMyDefaultAdministratorRights')).toBe(true);
    expect((await page()).botGroupAdminRights).toBeUndefined();
    expect(await http.refusal('setMyDefaultAdministratorRights', { rights: { can_pin_messages: 'x' } })).toBe(
      '400 Bad Request: can\'t parse ChatAdministratorRights: Field "can_pin_messages" must be of type Boolean',
    );
  });

  test('its photo comes in a form, and goes again', async () => {
    const picture = new File([new Uint8Array(await makePicture(300, 300))], 'me.jpg', { type: 'image/jpeg' });
    expect(await http.call('setMyProfilePhoto', { photo: { type: 'static', photo: 'attach://picture' }, picture })).toBe(true);
    expect((await page()).profilePhoto).toMatchObject({ _: 'photo' });
    expect(await http.call('removeMyProfilePhoto')).toBe(true);
    expect((await page()).profilePhoto).toBeUndefined();
    expect(await http.refusal('setMyProfilePhoto', { photo: { type: 'static', photo: 'https://example.org/me.jpg' } })).toBe('400 Bad Request: photo must be uploaded as a file');
  });
});

describe('what people ask a bot', () => {
  test('a pressed button is answered over HTTP', async () => {
    await bot.call({ _: 'messages.sendMessage', peer: bot.peerOf(person), message: 'choose', replyMarkup: inline(press('left')), randomId: randomLong() });
    const { id: msgId } = await person.sees('choose');
    const answer = person.main.call({ _: 'messages.getBotCallbackAnswer', peer: person.main.inputPeer(bot.id), msgId, data: Buffer.from('left') });
    const callback_query_id = String((await seesPress(bot, 'left')).queryId);
    expect(await http.call('answerCallbackQuery', { callback_query_id, text: 'to the left', show_alert: true, cache_time: 5 })).toBe(true);
    expect(await answer).toMatchObject({ alert: true, message: 'to the left', cacheTime: 5 });
    expect(await http.refusal('answerCallbackQuery', { callback_query_id, text: 'x'.repeat(201) })).toBe('400 Bad Request: MESSAGE_TOO_LONG');
    const tooLate = '400 Bad Request: query is too old and response timeout expired or query ID is invalid';
    expect(await http.refusal('answerCallbackQuery', { callback_query_id, text: 'to the right' })).toBe(tooLate);
    expect(await http.refusal('answerCallbackQuery', { callback_query_id: 'none' })).toBe(tooLate);
  });

  test('an inline query is answered over HTTP, and a result is sent', async () => {
    const asked = person.main.call(asking(person, bot, 'tea'));
    const inline_query_id = String((await seesQuery(bot, 'tea')).queryId);
    const results = [
      { type: 'article', id: 'green', title: 'Green tea', input_message_content: { message_text: '<b>green</b> tea', parse_mode: 'HTML' }, reply_markup: { inline_keyboard: [[{ text: 'More', callback_data: 'more' }]] } },
      { type: 'venue', id: 'house', title: 'Tea house', address: 'Street 1', latitude: 1.5, longitude: 2.5 },
    ];
    const answer = { inline_query_id, results, cache_time: 0, next_offset: '2', button: { text: 'Settings', start_parameter: 'tea' } };
    expect(await http.call('answerInlineQuery', answer)).toBe(true);
    const found = await asked;
    expect(found).toMatchObject({
      nextOffset: '2', switchPm: { text: 'Settings', startParam: 'tea' },
      results: [{ id: 'green', type: 'article', title: 'Green tea' }, { id: 'house', type: 'venue', title: 'Tea house', description: 'Street 1' }],
    });
    // The same once more is no error; another answer comes too late.
    expect(await http.call('answerInlineQuery', answer)).toBe(true);
    expect(await http.refusal('answerInlineQuery', { ...answer, results: [] })).toBe('400 Bad Request: query is too old and response timeout expired or query ID is invalid');

    await person.main.change(sending({ _: 'inputPeerSelf' }, found.queryId, 'green'));
    const sent = await readMessage(person, (await person.sees('green tea')).id);
    expect(sent).toMatchObject({ entities: [{ _: 'messageEntityBold', offset: 0, length: 5 }], replyMarkup: { rows: [{ buttons: [{ text: 'More' }] }] } });
    expect(Number(sent.viaBotId)).toBe(bot.id);
  });

  test('results may be files at an address, places and people', async () => {
    const asked = person.main.call(asking(person, bot, 'everything'));
    const inline_query_id = String((await seesQuery(bot, 'everything')).queryId);
    const files = [
      { type: 'photo', photo_url: 'https://example.org/p.jpg', thumbnail_url: 'https://example.org/t.jpg' },
      { type: 'gif', gif_url: 'https://example.org/g.gif', thumbnail_url: 'https://example.org/t.jpg', gif_width: 20, gif_height: 10 },
      { type: 'mpeg4_gif', mpeg4_url: 'https://example.org/g.mp4', thumb_url: 'https://example.org/t.jpg' },
      { type: 'video', video_url: 'https://example.org/v.mp4', mime_type: 'video/mp4', thumbnail_url: 'https://example.org/t.jpg', title: 'Film', video_duration: 9 },
      { type: 'audio', audio_url: 'https://example.org/s.mp3', title: 'Song', performer: 'Singer' },
      { type: 'voice', voice_url: 'https://example.org/s.ogg', title: 'Voice' },
      { type: 'document', document_url: 'https://example.org/d.pdf', mime_type: 'application/pdf', title: 'Paper' },
    ].map((file, at) => ({ ...file, id: String(at), caption: `number ${at}` }));
    const others = [
      { type: 'location', id: 'l', title: 'Here', latitude: 1, longitude: 2, live_period: 600 },
      { type: 'contact', id: 'c', phone_number: '+15550009999', first_name: 'Ann' },
    ];
    expect(await http.call('answerInlineQuery', { inline_query_id, results: [...files, ...others], is_personal: true })).toBe(true);
    const { results } = await asked;
    expect(results.map(({ type }) => type)).toEqual(['photo', 'gif', 'gif', 'video', 'audio', 'voice', 'file', 'geo', 'contact']);
    const addresses = ['p.jpg', 'g.gif', 'g.mp4', 'v.mp4', 's.mp3', 's.ogg', 'd.pdf'].map((name) => `https://example.org/${name}`);
    for (const [at, url] of addresses.entries()) expect(results[at]).toMatchObject({ content: { url }, sendMessage: { message: `number ${at}` } });
    expect(results.at(-2)).toMatchObject({ title: 'Here', sendMessage: { period: 600 } });
    expect(results.at(-1)).toMatchObject({ title: 'Ann', sendMessage: { phoneNumber: expect.stringContaining('15550009999') as string } });
  });

  test('a result may be a photo that the bot was given, by its file_id', async () => {
    const file = await upload(person.main, { bytes: await makePicture(200, 100), name: 'tea.jpg' });
    await person.main.change({ _: 'messages.sendMedia', peer: person.main.inputPeer(bot.id), media: { _: 'inputMediaUploadedPhoto', file }, message: 'a cup', randomId: randomLong() });
    const { photo } = (await bot.sees('a cup')).media as tl.RawMessageMediaPhoto;
    const { id, dcId } = photo as tl.RawPhoto;
    const fileIds = await loadFileIds({ db: scenario.server.db, random: systemRandom, clock: { now: () => 0 } });
    const photo_file_id = fileIds(BigInt(bot.id)).fileId({ kind: 'photo', dcId, id: BigInt(id.toString()), size: 'm' });

    const asked = person.main.call(asking(person, bot, 'cup'));
    const inline_query_id = String((await seesQuery(bot, 'cup')).queryId);
    const asVideo = { type: 'video', id: 'v', title: 'Film', video_file_id: photo_file_id };
    expect(await http.refusal('answerInlineQuery', { inline_query_id, results: [asVideo] })).toBe("400 Bad Request: can't use file of type Photo as Video");
    expect(await http.call('answerInlineQuery', { inline_query_id, results: [{ type: 'photo', id: 'p', photo_file_id, caption: 'this cup' }] })).toBe(true);
    const { queryId, results } = await asked;
    expect(results).toMatchObject([{ _: 'botInlineMediaResult', type: 'photo', photo: { id } }]);
    await person.main.change(sending({ _: 'inputPeerSelf' }, queryId, 'p'));
    expect((await readMessage(person, (await person.sees('this cup')).id)).media).toMatchObject({ photo: { id } });
  });

  test('results that cannot be shown are refused', async () => {
    const asked = person.main.call(asking(person, bot, 'nothing'));
    const inline_query_id = String((await seesQuery(bot, 'nothing')).queryId);
    const refusal = (params: object): Promise<string> => http.refusal('answerInlineQuery', { inline_query_id, ...params });
    const article = { type: 'article', id: 'a', title: 'A', input_message_content: { message_text: 'a' } };
    expect(await refusal({ results: '{}' })).toBe('400 Bad Request: expected an Array of inline query results');
    expect(await refusal({ results: [{ ...article, id: 'x'.repeat(65) }] })).toBe('400 Bad Request: RESULT_ID_INVALID');
    expect(await refusal({ results: [article, article] })).toBe('400 Bad Request: RESULT_ID_DUPLICATE');
    expect(await refusal({ results: [{ ...article, type: 'game' }] })).toBe('400 Bad Request: RESULT_TYPE_INVALID');
    expect(await refusal({ results: [], button: { text: 'App', web_app: { url: 'https://example.org/' } } })).toBe('400 Bad Request: SWITCH_WEBVIEW_URL_INVALID');
    expect(await refusal({ results: [{ type: 'photo', id: 'p', photo_file_id: 'AgADnothing' }] })).toMatch(/^400 Bad Request: wrong /);
    expect(await http.call('answerInlineQuery', { inline_query_id, switch_pm_text: 'Old', switch_pm_parameter: 'old' })).toBe(true);
    expect(await asked).toMatchObject({ results: [], switchPm: { text: 'Old', startParam: 'old' } });
  });
});

test('a bot reacts to a message of a person, and takes the reaction back', async () => {
  await person.main.change({ _: 'messages.sendMessage', peer: person.main.inputPeer(bot.id), message: 'good news', randomId: randomLong() });
  const { id: message_id } = await bot.sees('good news');
  const { id: ownId } = await person.sees('good news');
  const target = { chat_id: person.id, message_id };
  expect(await http.call('setMessageReaction', { ...target, reaction: [{ type: 'emoji', emoji: '👍' }] })).toBe(true);
  await person.main.seesUpdate('updateMessageReactions', ({ msgId, reactions }) => msgId === ownId && reactions.results.length === 1);
  expect((await readMessage(person, ownId)).reactions?.results).toMatchObject([{ reaction: { emoticon: '👍' }, count: 1 }]);
  expect(await http.call('setMessageReaction', target)).toBe(true);
  await person.main.seesUpdate('updateMessageReactions', ({ msgId, reactions }) => msgId === ownId && reactions.results.length === 0);
  expect(await http.refusal('setMessageReaction', { ...target, message_id: 99_999, reaction: [{ type: 'emoji', emoji: '👍' }] })).toBe('400 Bad Request: message to react not found');
  expect(await http.refusal('setMessageReaction', { chat_id: person.id })).toBe('400 Bad Request: message to react not found');
  expect(await http.refusal('setMessageReaction', { ...target, reaction: [{ type: 'emoji', emoji: 'x' }] })).toBe('400 Bad Request: REACTION_INVALID');
});

test('the sticker sets that the server has can be read', async () => {
  const set = await http.call<{ stickers: { file_id: string; set_name: string }[] }>('getStickerSet', { name: 'EmojiAnimations' });
  expect(set).toMatchObject({ name: 'EmojiAnimations', title: 'Emoji Animations', sticker_type: 'regular' });
  expect(set.stickers[0]).toMatchObject({ is_animated: true, set_name: 'EmojiAnimations', width: 512, height: 512 });
  expect(await http.refusal('getStickerSet', { name: 'Nobodys_stickers' })).toBe('400 Bad Request: STICKERSET_INVALID');
  const faces = await http.call<{ stickers: { file_id: string; file_size: number; emoji: string; thumbnail: { file_id: string } }[] }>('getStickerSet', { name: 'aerogramfaces' });
  expect(faces).toMatchObject({ name: 'AerogramFaces', title: 'Faces', sticker_type: 'regular' });
  expect(faces.stickers).toHaveLength(44);
  const [face] = faces.stickers;
  expect(face).toMatchObject({ type: 'regular', emoji: '👋', is_animated: true, set_name: 'AerogramFaces', thumbnail: { width: 100, height: 100 } });
  expect(face).not.toHaveProperty('needs_repainting');
  expect(face).not.toHaveProperty('custom_emoji_id');
  // A bot sends a sticker by its file_id, and people see its set. The file and its still picture are loaded as others are.
  expect(await http.call('sendSticker', { chat_id: person.id, sticker: face!.file_id })).toMatchObject({ sticker: face });
  for (const [file_id, file_size] of [[face!.file_id, face!.file_size], [face!.thumbnail.file_id, undefined]] as const) {
    const file = await http.call<{ file_path: string; file_size: number }>('getFile', { file_id });
    if (file_size !== undefined) expect(file.file_size).toBe(file_size);
    expect((await (await fetch(http.fileUrl(file.file_path))).arrayBuffer()).byteLength).toBe(file.file_size);
  }
  const { stickers: icons } = await http.call<{ stickers: { custom_emoji_id: string }[] }>('getStickerSet', { name: 'AerogramIcons' });
  const { stickers: food } = await http.call<{ stickers: { custom_emoji_id: string }[] }>('getStickerSet', { name: 'AerogramFoodEmoji' });
  const custom_emoji_ids = [icons[0]!.custom_emoji_id, food[0]!.custom_emoji_id];
  expect(await http.call('getCustomEmojiStickers', { custom_emoji_ids: [...custom_emoji_ids, '1'] })).toMatchObject([
    { type: 'custom_emoji', set_name: 'AerogramIcons', custom_emoji_id: custom_emoji_ids[0], needs_repainting: true }, { type: 'custom_emoji', set_name: 'AerogramFoodEmoji', custom_emoji_id: custom_emoji_ids[1], emoji: '🍇' },
  ]);
  for (const id of ['x', '9223372036854775808', '']) expect(await http.refusal('getCustomEmojiStickers', { custom_emoji_ids: [id] })).toBe('400 Bad Request: invalid custom emoji identifier specified');
  expect(await http.call('getCustomEmojiStickers', { custom_emoji_ids: ['1'] })).toEqual([]);
  expect(await http.refusal('getCustomEmojiStickers', { custom_emoji_ids: [1] })).toBe('400 Bad Request: custom emoji identifier must be of type String');
});
