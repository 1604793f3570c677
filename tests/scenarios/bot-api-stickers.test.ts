import { gzipSync } from 'node:zlib';
import type { Actor, BotClient, BotHttp } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type MadeBot, meetBot, startInlineBot } from './bot-stage.ts';
import { CheckedBot } from './checked-bot.ts';
import { makePicture } from './photo-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
let bot: BotClient & { made: MadeBot };
let http: BotHttp;
let person: Actor;
beforeAll(async () => {
  scenario = await startScenario();
  bot = await startInlineBot(scenario, 'Packs_bot');
  http = new CheckedBot(scenario.server, bot.made.token);
  person = await scenario.world.user('Person');
  await meetBot(person, bot);
});
afterAll(async () => {
  await bot?.[Symbol.asyncDispose]();
  await scenario?.[Symbol.asyncDispose]();
});

interface Sticker {
  file_id: string;
  type: string;
  emoji?: string;
  set_name?: string;
  is_animated: boolean;
  custom_emoji_id?: string;
  needs_repainting?: true;
  mask_position?: object;
}
interface StickerSet {
  name: string;
  title: string;
  sticker_type: string;
  stickers: Sticker[];
}

const picture = async (width = 512, height = 400): Promise<File> => new File([await makePicture(width, height, 'png')], 'sticker.png', { type: 'image/png' });
const animation = (): File => new File([gzipSync(JSON.stringify({ tgs: 1, v: '5.5.2', fr: 30, ip: 0, op: 90, w: 512, h: 512, layers: [] }))], 'a.tgs');
let names = 0;
const newName = (): string => `pack${names++}_by_${bot.made.username}`;
const find = (name: string): Promise<StickerSet> => http.call('getStickerSet', { name }) as Promise<StickerSet>;
const emojiOf = async (name: string): Promise<(string | undefined)[]> => (await find(name)).stickers.map(({ emoji }) => emoji);

test('a bot makes a set of uploads and of files that it has sent before, and changes it', async () => {
  const name = newName();
  const kept = (await http.call('uploadStickerFile', { user_id: person.id, sticker_format: 'static', sticker: await picture() })) as { file_id: string };
  const stickers = [{ sticker: 'attach://first', format: 'animated', emoji_list: ['😀', '😃'], keywords: ['glad'] }, { sticker: kept.file_id, format: 'static', emoji_list: ['😢'] }];
  expect(await http.call('createNewStickerSet', { user_id: person.id, name, title: 'Moods', stickers: JSON.stringify(stickers), first: animation() })).toBe(true);
  const made = await find(name.toUpperCase());
  expect(made).toMatchObject({ name, title: 'Moods', sticker_type: 'regular', stickers: [{ type: 'regular', is_animated: true, emoji: '😀', set_name: name }, { is_animated: false, emoji: '😢' }] });

  expect(await http.call('addStickerToSet', { user_id: person.id, name, sticker: JSON.stringify({ sticker: 'attach://more', format: 'static', emoji_list: ['😡'] }), more: await picture(300, 512) })).toBe(true);
  expect(await emojiOf(name)).toEqual(['😀', '😢', '😡']);
  const ids = async (): Promise<string[]> => (await find(name)).stickers.map(({ file_id: id }) => id);
  const [first, second, third] = (await ids()) as [string, string, string];
  expect(await http.call('setStickerPositionInSet', { sticker: third, position: 0 })).toBe(true);
  expect(await http.call('setStickerEmojiList', { sticker: first, emoji_list: ['😎'] })).toBe(true);
  expect(await http.call('setStickerKeywords', { sticker: first, keywords: ['cool', 'sun'] })).toBe(true);
  expect(await emojiOf(name)).toEqual(['😡', '😎', '😢']);
  expect(await http.call('replaceStickerInSet', { user_id: person.id, name, old_sticker: second, sticker: JSON.stringify({ sticker: 'attach://new', format: 'static', emoji_list: ['😭'] }), new: await picture(512, 200) })).toBe(true);
  expect(await http.call('deleteStickerFromSet', { sticker: third })).toBe(true);
  expect(await emojiOf(name)).toEqual(['😎', '😭']);
  expect(await http.call('setStickerSetTitle', { name, title: 'Faces' })).toBe(true);
  expect(await http.call('setStickerSetThumbnail', { name, user_id: person.id, format: 'static', thumbnail: await picture(100, 100) })).toBe(true);

  // A sticker of the set is sent with its name, and is found by who gets it.
  const sent = (await http.call('sendSticker', { chat_id: person.id, sticker: first })) as { sticker: Sticker };
  expect(sent.sticker).toMatchObject({ emoji: '😎', set_name: name });
  const seen = (await person.main.call({ _: 'messages.getStickerSet', stickerset: { _: 'inputStickerSetShortName', shortName: name }, hash: 0 })) as tl.messages.RawStickerSet;
  expect(seen.set).toMatchObject({ title: 'Faces', creator: false, thumbs: [{ type: 's' }] });
  expect(seen.keywords).toMatchObject([{ keyword: ['cool', 'sun'] }]);
  // The person owns the set, but only the bot may change it.
  expect((await person.main.fails({ _: 'stickers.renameStickerSet', stickerset: { _: 'inputStickerSetShortName', shortName: name }, title: 'Mine' })).text).toBe('BOT_MISSING');
  expect(await http.call('deleteStickerSet', { name })).toBe(true);
  expect(await http.refusal('getStickerSet', { name })).toBe('400 Bad Request: STICKERSET_INVALID');
});

test('custom emoji and masks', async () => {
  const emoji = newName();
  const list = JSON.stringify([{ sticker: 'attach://one', format: 'static', emoji_list: ['🐙'] }]);
  expect(await http.call('createNewStickerSet', { user_id: person.id, name: emoji, title: 'Sea', sticker_type: 'custom_emoji', needs_repainting: true, stickers: list, one: await picture(100, 100) })).toBe(true);
  const { sticker_type: type, stickers: [one] } = await find(emoji);
  expect([type, one]).toMatchObject(['custom_emoji', { type: 'custom_emoji', needs_repainting: true, set_name: emoji }]);
  expect(await http.call('getCustomEmojiStickers', { custom_emoji_ids: [one!.custom_emoji_id] })).toMatchObject([{ custom_emoji_id: one!.custom_emoji_id }]);
  expect(await http.call('setCustomEmojiStickerSetThumbnail', { name: emoji, custom_emoji_id: one!.custom_emoji_id })).toBe(true);
  const text = { chat_id: person.id, text: '🐙', entities: [{ type: 'custom_emoji', offset: 0, length: 2, custom_emoji_id: one!.custom_emoji_id }] };
  expect(await http.call('sendMessage', text)).toMatchObject({ entities: [{ type: 'custom_emoji', custom_emoji_id: one!.custom_emoji_id }] });

  const button = { text: 'Sea', callback_data: 's', icon_custom_emoji_id: one!.custom_emoji_id };
  expect(await http.call('sendMessage', { chat_id: person.id, text: 'x', reply_markup: { inline_keyboard: [[button]] } })).toMatchObject({ reply_markup: { inline_keyboard: [[button]] } });

  const masks = newName();
  const mask_position = { point: 'eyes', x_shift: 0.5, y_shift: -0.5, scale: 2 };
  const sticker = JSON.stringify([{ sticker: 'attach://one', format: 'static', emoji_list: ['😎'], mask_position }]);
  expect(await http.call('createNewStickerSet', { user_id: person.id, name: masks, title: 'Glasses', sticker_type: 'mask', stickers: sticker, one: await picture() })).toBe(true);
  const { stickers: [glasses] } = await find(masks);
  expect(glasses).toMatchObject({ type: 'mask', mask_position });
  expect(await http.call('setStickerMaskPosition', { sticker: glasses!.file_id, mask_position: { ...mask_position, point: 'chin' } })).toBe(true);
  expect((await find(masks)).stickers).toMatchObject([{ mask_position: { point: 'chin' } }]);
});

test('what is refused has the words of the official server', async () => {
  const one = JSON.stringify([{ sticker: 'attach://one', format: 'static', emoji_list: ['😀'] }]);
  const refusal = async (more: Record<string, unknown>): Promise<string> => http.refusal('createNewStickerSet', { user_id: person.id, name: newName(), title: 'A', stickers: one, one: await picture(), ...more });
  expect(await refusal({ name: 'pack_by_otherbot' })).toBe('400 Bad Request: invalid sticker set name is specified');
  expect(await refusal({ sticker_type: 'round' })).toBe('400 Bad Request: unsupported sticker type specified');
  expect(await refusal({ stickers: JSON.stringify([{ sticker: 'attach://one', format: 'static', emoji_list: [] }]) })).toBe('400 Bad Request: invalid sticker emojis');
  expect(await refusal({ stickers: JSON.stringify([{ sticker: 'attach://one', format: 'square', emoji_list: ['😀'] }]) })).toBe('400 Bad Request: invalid sticker format specified');
  expect(await refusal({ stickers: JSON.stringify([{ sticker: 'https://example.org/a.tgs', format: 'animated', emoji_list: ['😀'] }]) })).toBe('400 Bad Request: animated sticker must be uploaded as an InputFile');
  expect(await refusal({ stickers: '[]' })).toBe('400 Bad Request: STICKERS_EMPTY');
  expect(await refusal({ one: await picture(400, 400) })).toBe('400 Bad Request: STICKER_PNG_DIMENSIONS');
  const name = newName();
  expect(await http.call('createNewStickerSet', { user_id: person.id, name, title: 'A', png_sticker: await picture(), emojis: '😀😃' })).toBe(true);
  expect(await refusal({ name })).toBe('400 Bad Request: sticker set name is already occupied');
  expect(await http.refusal('deleteStickerSet', { name: 'AerogramFaces' })).toBe('400 Bad Request: STICKERSET_INVALID');
});
