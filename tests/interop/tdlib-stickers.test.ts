import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { makePicture } from '../scenarios/photo-stage.ts';
import type { Plain } from './driver-client.ts';
import { useDisk } from './files-on-disk.ts';
import { MISSING, TDLIB_ID_STEP, useLibraries } from './libraries.ts';
import { enter, enterPair, type Person } from './people-of-libraries.ts';
import { eventually } from './supergroup-story.ts';

const libraries = useLibraries({}, ['tdlib']);
const disk = useDisk();
const missing = MISSING.tdlib;
const TIMEOUT_MS = 180_000;

const REGULAR = { _: 'stickerTypeRegular' };
const CUSTOM = { _: 'stickerTypeCustomEmoji' };

interface Sets extends Plain {
  sets: { id: string; name: string; is_installed: boolean; is_archived: boolean; size: number }[];
}
interface Stickers extends Plain {
  stickers: (Plain & { id: string; set_id: string; emoji: string; full_type: Plain; format: Plain })[];
}

const installed = async ({ client }: Person, sticker_type: object): Promise<Sets> => client.request({ _: 'getInstalledStickerSets', sticker_type });
const namesOf = ({ sets }: Sets): string[] => sets.map(({ name }) => name);

/** Waits until a person's library has these sets, in this order. */
async function seesSets({ client }: Person, kind: 'stickerTypeRegular' | 'stickerTypeCustomEmoji', ids: readonly string[]): Promise<void> {
  await client.sees(`the sets ${ids.join()}`, (event) => {
    if (event.kind !== 'update' || event.update._ !== 'updateInstalledStickerSets') return false;
    const { sticker_type: type, sticker_set_ids: told } = event.update as Plain & { sticker_type: Plain; sticker_set_ids: (string | number)[] };
    return type._ === kind && told.map(String).join() === ids.join();
  });
}

describe.runIf(missing === undefined)(`TDLib finds what it expects of stickers${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  test('moving emoji, sets, search, custom emoji and icons of topics', { timeout: TIMEOUT_MS }, async () => {
    const alice = await enter(libraries, 'tdlib', 'Alice');
    const { client } = alice;
    expect(await client.request({ _: 'getAnimatedEmoji', emoji: '🔥' })).toMatchObject({ _: 'animatedEmoji', sticker: { format: { _: 'stickerFormatTgs' }, emoji: '🔥' } });
    const { id } = await client.send({ peer: alice.id, text: '🔥' });
    expect(await client.request({ _: 'getMessage', chat_id: alice.id, message_id: id * TDLIB_ID_STEP })).toMatchObject({ content: { _: 'messageAnimatedEmoji', animated_emoji: { _: 'animatedEmoji' } } });

    expect(namesOf(await installed(alice, REGULAR))).toEqual(['AerogramFaces', 'AerogramAnimals']);
    expect(namesOf(await installed(alice, CUSTOM))).toEqual(['AerogramFaceEmoji', 'AerogramGestureEmoji', 'AerogramAnimalEmoji', 'AerogramFoodEmoji']);
    for (const type of [REGULAR, CUSTOM]) {
      const { sets } = await client.request<Sets>({ _: 'getTrendingStickerSets', sticker_type: type, offset: 0, limit: 20 });
      for (const { id: set_id, size } of sets) expect((await client.request<Stickers>({ _: 'getStickerSet', set_id })).stickers).toHaveLength(size);
    }

    const found = await client.request<Stickers>({ _: 'searchStickers', sticker_type: REGULAR, emojis: '', query: 'cat', input_language_codes: ['en'], offset: 0, limit: 20 });
    expect(found.stickers.map(({ emoji }) => emoji)).toContain('🐱');
    const byEmoji = await client.request<Stickers>({ _: 'getStickers', sticker_type: REGULAR, query: '🐶', limit: 20, chat_id: alice.id });
    expect(byEmoji.stickers.map(({ emoji }) => emoji)).toEqual(['🐶']);
    const greetings = await client.request<Stickers>({ _: 'getGreetingStickers' });
    expect(greetings.stickers.length).toBeGreaterThan(0);
    expect(await client.request({ _: 'searchEmojis', text: 'grapes', input_language_codes: ['en'] })).toMatchObject({ emoji_keywords: [{ emoji: '🍇' }] });

    const icons = await client.request<Stickers>({ _: 'getForumTopicDefaultIcons' });
    expect(icons.stickers.length).toBeGreaterThan(100);
    const [icon] = icons.stickers;
    const custom_emoji_ids = [(icon!.full_type as Plain & { custom_emoji_id: string }).custom_emoji_id, '5269590556232664327'];
    const emoji = await client.request<Stickers>({ _: 'getCustomEmojiStickers', custom_emoji_ids });
    expect(emoji.stickers).toHaveLength(2);
    expect(emoji.stickers[0]).toMatchObject({ full_type: { _: 'stickerFullTypeCustomEmoji', needs_repainting: true } });
    const { categories } = await client.request<Plain & { categories: Plain[] }>({ _: 'getEmojiCategories', type: { _: 'emojiCategoryTypeDefault' } });
    expect(categories[0]).toMatchObject({ icon: { full_type: { _: 'stickerFullTypeCustomEmoji' } } });
    expect(await client.complaints()).toEqual([]);
    await client.close();
  });

  test('dice fall as the animations of their sets, and a chat has a theme for both', { timeout: TIMEOUT_MS }, async () => {
    const [alice, bob] = await enterPair(libraries, 'tdlib', 'tdlib');
    await alice.client.send({ peer: bob.id, text: 'your turn' });
    await bob.client.seesMessage('your turn');
    for (const emoji of ['🎲', '🎯', '🏀', '⚽', '🎳', '🎰']) {
      await alice.client.request({ _: 'sendMessage', chat_id: bob.id, input_message_content: { _: 'inputMessageDice', emoji, clear_draft: false } });
      const chat = await eventually(`${emoji} to fall`, () => bob.client.request<Plain & { last_message?: { content: Plain & { emoji?: string; value: number; final_state?: unknown } } }>({ _: 'getChat', chat_id: alice.id }), ({ last_message: last }) =>
        last?.content.emoji === emoji && last.content.value > 0 && Boolean(last.content.final_state));
      const { initial_state, final_state, value } = chat.last_message!.content as Plain & { initial_state: Plain; final_state: Plain & { sticker?: Plain }; value: number };
      const state = emoji === '🎰' ? { _: 'diceStickersSlotMachine', background: {}, lever: {}, left_reel: {}, center_reel: {}, right_reel: {} } : { _: 'diceStickersRegular', sticker: { _: 'sticker' } };
      expect([initial_state, final_state]).toMatchObject([state, state]);
      if (emoji !== '🎰') expect(final_state.sticker).toMatchObject({ emoji: expect.stringContaining(String(value)) as string });
    }
    await alice.client.sees('the themes', (event) => event.kind === 'update' && event.update._ === 'updateEmojiChatThemes' && (event.update as Plain & { chat_themes: unknown[] }).chat_themes.length >= 10);
    await alice.client.request({ _: 'setChatTheme', chat_id: bob.id, theme: { _: 'inputChatThemeEmoji', name: '🌊' } });
    await bob.client.seesUpdate('updateChatTheme', { chat_id: alice.id, theme: { _: 'chatThemeEmoji', name: '🌊' } });
    for (const { client } of [alice, bob]) {
      expect(await client.complaints()).toEqual([]);
      await client.close();
    }
  });

  test('a set that a person makes of files, changes and deletes', { timeout: TIMEOUT_MS }, async () => {
    const [alice, bob] = [await enter(libraries, 'tdlib', 'Alice'), await enter(libraries, 'tdlib', 'Bob')];
    const { client } = alice;
    // TDLib asks for the list again, with a word in its log, if a set becomes installed before the list was there.
    await client.request({ _: 'getInstalledStickerSets', sticker_type: REGULAR });
    const pathOf = async (name: string): Promise<string> => {
      await writeFile(disk.pathOf(name), await makePicture(512, 400 + name.length, 'png'));
      return disk.pathOf(name);
    };
    const sticker = async (name: string, emojis: string): Promise<Plain> => ({ _: 'inputSticker', sticker: { _: 'inputFileLocal', path: await pathOf(name) }, format: { _: 'stickerFormatWebp' }, emojis, keywords: ['sea'] });
    expect(await client.request({ _: 'checkStickerSetName', name: 'tdlib_sea' })).toMatchObject({ _: 'checkStickerSetNameResultOk' });
    expect(await client.request({ _: 'getSuggestedStickerSetName', title: 'Deep sea' })).toMatchObject({ text: 'deep_sea' });
    const stickers = [await sticker('one.png', '🐙'), await sticker('three.png', '🦑')];
    const made = await client.request<Stickers & { id: string; is_owned: boolean }>({ _: 'createNewStickerSet', user_id: alice.id, title: 'Sea', name: 'tdlib_sea', sticker_type: REGULAR, needs_repainting: false, stickers, source: '' });
    expect(made).toMatchObject({ is_owned: true, is_installed: true, stickers: [{ emoji: '🐙', format: { _: 'stickerFormatWebp' } }, { emoji: '🦑' }] });
    expect(await client.request({ _: 'checkStickerSetName', name: 'tdlib_sea' })).toMatchObject({ _: 'checkStickerSetNameResultNameOccupied' });
    await client.request({ _: 'addStickerToSet', user_id: alice.id, name: 'tdlib_sea', sticker: await sticker('seven.png', '🐠') });
    await client.request({ _: 'setStickerSetTitle', name: 'tdlib_sea', title: 'Fish' });
    expect(await client.request({ _: 'getOwnedStickerSets', offset_sticker_set_id: 0, limit: 10 })).toMatchObject({ total_count: 1, sets: [{ name: 'tdlib_sea', title: 'Fish', size: 3 }] });
    const seen = await bob.client.request<Stickers>({ _: 'searchStickerSet', name: 'tdlib_sea', ignore_cache: true });
    expect(seen).toMatchObject({ title: 'Fish', is_owned: false, stickers: [{ emoji: '🐙' }, { emoji: '🦑' }, { emoji: '🐠' }] });
    await client.request({ _: 'deleteStickerSet', name: 'tdlib_sea' });
    for (const one of [alice, bob]) {
      expect(await one.client.complaints()).toEqual([]);
      await one.client.close();
    }
  });

  test('custom emoji are reactions: in a private chat, and in a supergroup that allows them', { timeout: TIMEOUT_MS }, async () => {
    const [alice, bob] = await enterPair(libraries, 'tdlib', 'tdlib');
    const reaction_type = { _: 'reactionTypeCustomEmoji', custom_emoji_id: '5269590556232664327' };
    const { peer } = await alice.client.createSupergroup({ title: 'Drawing' });
    await alice.client.addMembers({ peer, users: [bob.id] });
    await alice.client.request({ _: 'setChatAvailableReactions', chat_id: peer, available_reactions: { _: 'chatAvailableReactionsAll', max_reaction_count: 11 } });
    for (const chat of [{ alices: bob.id, bobs: alice.id, text: 'to you' }, { alices: peer, bobs: peer, text: 'to all' }]) {
      const { id } = await alice.client.send({ peer: chat.alices, text: chat.text });
      const heard = await bob.client.seesMessage(chat.text);
      const message_id = heard.id * TDLIB_ID_STEP;
      // The library looks at what a group allows when the chat is opened.
      await bob.client.request({ _: 'openChat', chat_id: chat.bobs });
      await eventually('custom emoji to be offered', () => bob.client.request<Plain & { allow_custom_emoji: boolean }>({ _: 'getMessageAvailableReactions', chat_id: chat.bobs, message_id, row_size: 5 }), (found) => found.allow_custom_emoji);
      await bob.client.request({ _: 'addMessageReaction', chat_id: chat.bobs, message_id, reaction_type, is_big: false, update_recent_reactions: true });
      await alice.client.sees(`the reaction in ${chat.alices}`, ({ kind, ...event }) => {
        const update = kind === 'update' && 'update' in event ? (event.update as Plain & { message_id?: number; interaction_info?: unknown }) : undefined;
        return update?._ === 'updateMessageInteractionInfo' && update.message_id === id * TDLIB_ID_STEP && JSON.stringify(update.interaction_info).includes(reaction_type.custom_emoji_id);
      });
    }
    await alice.client.request({ _: 'setDefaultReactionType', reaction_type });
    for (const { client } of [alice, bob]) {
      expect(await client.complaints()).toEqual([]);
      await client.close();
    }
  });

  test('what one device installs, orders and archives, the other one shows', { timeout: TIMEOUT_MS }, async () => {
    const alice = await enter(libraries, 'tdlib', 'Alice');
    const tablet = await enter(libraries, 'tdlib', 'Alice', alice);
    for (const one of [alice, tablet]) for (const type of [REGULAR, CUSTOM]) await installed(one, type);
    const [faces, gestures, animals, food] = (await installed(alice, CUSTOM)).sets.map(({ id }) => id) as [string, string, string, string];
    const flags = await alice.client.request<Sets['sets'][number] & Plain>({ _: 'searchStickerSet', name: 'AerogramFlagEmoji', ignore_cache: false });
    expect(flags.is_installed).toBe(false);
    const change = async (set_id: string, is_installed: boolean, is_archived: boolean): Promise<void> => {
      await alice.client.request({ _: 'changeStickerSet', set_id, is_installed, is_archived });
    };
    await change(flags.id, true, false);
    await seesSets(tablet, 'stickerTypeCustomEmoji', [flags.id, faces, gestures, animals, food]);
    await alice.client.request({ _: 'reorderInstalledStickerSets', sticker_type: CUSTOM, sticker_set_ids: [food, flags.id, faces, gestures, animals] });
    await seesSets(tablet, 'stickerTypeCustomEmoji', [food, flags.id, faces, gestures, animals]);
    await change(flags.id, false, true);
    await seesSets(tablet, 'stickerTypeCustomEmoji', [food, faces, gestures, animals]);
    expect(namesOf(await tablet.client.request<Sets>({ _: 'getArchivedStickerSets', sticker_type: CUSTOM, offset_sticker_set_id: 0, limit: 10 }))).toEqual(['AerogramFlagEmoji']);
    await change(gestures, false, false);
    await seesSets(tablet, 'stickerTypeCustomEmoji', [food, faces, animals]);
    for (const { client } of [alice, tablet]) {
      expect(await client.complaints()).toEqual([]);
      await client.close();
    }
  });
});
