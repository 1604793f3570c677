import { Long, type tl } from '@mtcute/node';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '@aerogram/dev-env';
import { createChannel } from '../scenarios/channel-stage.ts';
import { endWebStage, hasChromium, startWebStage, type WebPerson, type WebStage } from './stage.ts';

/** Sets that ship with the server. */
const ANIMALS = 'AerogramAnimals';
const FACES = 'AerogramFaces';
const FACE_EMOJI = 'AerogramFaceEmoji';
/** Nobody has it at first. */
const SIGN_EMOJI = 'AerogramSignEmoji';

const named = (shortName: string): tl.TypeInputStickerSet => ({ _: 'inputStickerSetShortName', shortName });

/** A set with all that it has, as another client gets it. */
async function loadSet({ main }: Actor, stickerset: tl.TypeInputStickerSet): Promise<tl.messages.RawStickerSet> {
  const set = await main.call({ _: 'messages.getStickerSet', stickerset, hash: 0 });
  if (set._ !== 'messages.stickerSet') throw new Error(set._);
  return set;
}

const idsOf = ({ documents }: tl.messages.RawStickerSet): Long[] => documents.flatMap((each) => (each._ === 'document' ? [each.id] : []));

/** The names of the sets of stickers of an account. */
async function installed({ main }: Actor): Promise<string[]> {
  const answer = await main.call({ _: 'messages.getAllStickers', hash: Long.ZERO });
  return answer._ === 'messages.allStickers' ? answer.sets.map(({ shortName }) => shortName) : [];
}

/** Makes an account have these sets of stickers, the first one on top, by another client. */
async function have(actor: Actor, ...names: string[]): Promise<void> {
  for (const name of await installed(actor)) await actor.main.call({ _: 'messages.uninstallStickerSet', stickerset: named(name) });
  for (const name of names.toReversed()) await actor.main.call({ _: 'messages.installStickerSet', stickerset: named(name), archived: false });
  expect(await installed(actor)).toEqual(names);
}

let sent = 0;

/** Writes with another client. */
async function write(actor: Actor, to: Actor, message: string, more: Partial<tl.messages.RawSendMessageRequest> = {}): Promise<void> {
  await actor.main.change({ _: 'messages.sendMessage', peer: actor.main.inputPeer(to.id), message, randomId: Long.fromNumber(++sent), ...more });
}

const panel = ({ page }: WebPerson): Locator => page.getByRole('region', { name: 'Emoji, stickers and GIFs' });

/** Shows a tab of the panel. */
async function openPanel(person: WebPerson, tab: string): Promise<void> {
  if (!(await panel(person).isVisible())) await person.page.getByRole('button', { name: 'Emoji', exact: true }).click();
  await panel(person).getByRole('tab', { name: tab, exact: true }).click();
}

const picture = (canvas: Locator): Promise<string> => canvas.evaluate((element) => (element as unknown as { toDataURL(): string }).toDataURL());

/** The pictures of an animation are different ones after a moment. */
async function expectMoving(canvas: Locator): Promise<void> {
  const before = await picture(canvas);
  await expect.poll(() => picture(canvas)).not.toBe(before);
}

describe.skipIf(!hasChromium)('stickers in the web client', () => {
  let stage: WebStage;
  beforeAll(async () => {
    stage = await startWebStage();
  });
  afterAll(() => endWebStage(stage));

  /** Ann in the web client, with an open chat with Bob. */
  async function chat(size: 'desk' | 'phone' = 'desk'): Promise<[WebPerson, Actor]> {
    const [ann, bob] = [await stage.person('Ann', size), await stage.world.user('Bob')];
    await bob.meet(ann.actor);
    await bob.send(ann.actor, 'look');
    await ann.open(bob);
    return [ann, bob];
  }

  test('a set is added by a link, sent from the panel, and taken away by another device', async () => {
    const [ann, bob] = await chat();
    await have(ann.actor, FACES);
    await write(bob, ann.actor, `https://t.me/addstickers/${ANIMALS}`);
    await ann.messages.getByRole('link', { name: ANIMALS }).click();
    const dialog = ann.dialog('Sticker set');
    await dialog.getByRole('heading', { name: 'Animals' }).waitFor();
    await dialog.getByRole('img', { name: 'Sticker' }).first().locator('canvas').waitFor();
    await dialog.getByRole('button', { name: 'Add 44 stickers' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await installed(ann.actor)).toEqual([ANIMALS, FACES]);

    await openPanel(ann, 'Stickers');
    const tabs = panel(ann).getByRole('tablist', { name: 'Sticker sets' }).getByRole('tab');
    await expect.poll(() => tabs.evaluateAll((all) => all.map((tab) => (tab as unknown as { title: string }).title))).toEqual(['Animals', 'Faces']);
    await panel(ann).getByRole('rowgroup', { name: 'Animals' }).getByRole('button').first().click();
    await ann.messages.getByRole('img', { name: 'Sent' }).waitFor();
    await expectMoving(ann.messages.getByRole('img', { name: 'Sticker' }).locator('canvas'));

    await panel(ann).getByRole('searchbox', { name: 'Search stickers' }).fill('🐶');
    await panel(ann).getByRole('rowgroup', { name: 'Found stickers' }).getByRole('button').first().waitFor();
    await panel(ann).getByRole('searchbox').fill('');

    await ann.actor.main.call({ _: 'messages.uninstallStickerSet', stickerset: named(ANIMALS) });
    await panel(ann).getByRole('tab', { name: 'Animals' }).waitFor({ state: 'detached' });
    await ann.page.getByRole('button', { name: 'Emoji', exact: true }).click();
    await ann.messages.getByRole('button', { name: 'Sticker' }).click();
    await dialog.getByRole('button', { name: 'Add 44 stickers' }).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await ann.sameAfterReload();
  });

  test('sets are put in order and removed, here and on another device', async () => {
    const [ann] = await chat();
    await have(ann.actor, ANIMALS, FACES);
    await ann.go('settings/stickers');
    const sets = ann.page.getByRole('list', { name: 'Sticker sets' });
    const titles = (): Promise<string[]> => sets.locator('bdi').allTextContents();
    await expect.poll(titles).toEqual(['Animals', 'Faces']);
    await sets.getByRole('button', { name: 'Move Faces up' }).click();
    await expect.poll(titles).toEqual(['Faces', 'Animals']);
    expect(await installed(ann.actor)).toEqual([FACES, ANIMALS]);
    await sets.getByRole('listitem').first().dragTo(sets.getByRole('listitem').last());
    await expect.poll(() => installed(ann.actor)).toEqual([ANIMALS, FACES]);
    const order = [await loadSet(ann.actor, named(FACES)), await loadSet(ann.actor, named(ANIMALS))].map(({ set }) => set.id);
    await ann.actor.main.call({ _: 'messages.reorderStickerSets', order });
    await expect.poll(titles).toEqual(['Faces', 'Animals']);
    await sets.getByRole('button', { name: 'Remove Faces' }).click();
    await expect.poll(titles).toEqual(['Animals']);
    expect(await installed(ann.actor)).toEqual([ANIMALS]);

    await ann.go(`addstickers/${ANIMALS}`);
    const dialog = ann.dialog('Sticker set');
    await dialog.getByRole('button', { name: 'Remove 44 stickers' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await installed(ann.actor)).toEqual([]);
    await ann.go('addstickers/NoSuchSet');
    await dialog.getByRole('alert').getByText('There is no such sticker set on this server.').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await ann.goToList();
    await ann.sameAfterReload();
  });

  test('sets that are offered or put away are added', async () => {
    const [ann] = await chat('phone');
    await have(ann.actor, ANIMALS);
    await ann.go('settings/stickers');
    const stickers = ann.page.getByRole('region', { name: 'Sticker sets' });
    await stickers.getByRole('list', { name: 'Featured' }).getByRole('button', { name: 'Add Faces' }).click();
    await stickers.getByRole('list', { name: 'Featured' }).waitFor({ state: 'detached' });
    expect(await installed(ann.actor)).toEqual([FACES, ANIMALS]);
    await ann.page.getByRole('region', { name: 'Custom emoji' }).getByRole('list', { name: 'Featured' }).getByRole('button', { name: /^Signs/ }).click();
    await ann.dialog('Sticker set').getByRole('button', { name: 'Close' }).click();
    await ann.actor.main.call({ _: 'messages.toggleStickerSets', archive: true, stickersets: [named(FACES)] });
    await stickers.getByRole('list', { name: 'Archived' }).getByRole('button', { name: 'Add Faces' }).click();
    await stickers.getByRole('list', { name: 'Archived' }).waitFor({ state: 'detached' });
    expect(await installed(ann.actor)).toEqual([FACES, ANIMALS]);
    await ann.goToList();
    await ann.sameAfterReload();
  });

  test('favourites are chosen by the menus of stickers, and follow other devices', async () => {
    const [ann, bob] = await chat();
    const [first, second] = (await loadSet(bob, named(ANIMALS))).documents.flatMap((each) => (each._ === 'document' ? [each] : []));
    const inputOf = ({ id, accessHash, fileReference }: tl.RawDocument): tl.RawInputDocument => ({ _: 'inputDocument', id, accessHash, fileReference });
    const favourites = async (): Promise<string[]> => {
      const answer = await ann.actor.main.call({ _: 'messages.getFavedStickers', hash: Long.ZERO });
      return answer._ === 'messages.favedStickers' ? answer.stickers.map(({ id }) => id.toString()) : [];
    };
    await bob.main.change({ _: 'messages.sendMedia', peer: bob.main.inputPeer(ann.actor.id), media: { _: 'inputMediaDocument', id: inputOf(first!) }, message: '', randomId: Long.fromNumber(++sent) });
    await ann.messages.getByRole('button', { name: 'Sticker' }).locator('canvas').waitFor();
    await ann.messages.getByRole('article').last().focus();
    await ann.page.keyboard.press('Shift+F10');
    await ann.page.getByRole('menuitem', { name: 'Add to favourites' }).click();
    await expect.poll(favourites).toEqual([first!.id.toString()]);

    await openPanel(ann, 'Stickers');
    const chosen = panel(ann).getByRole('rowgroup', { name: 'Favourites' }).getByRole('button');
    await chosen.click({ button: 'right' });
    await ann.page.getByRole('menuitem', { name: 'Remove from favourites' }).click();
    await chosen.waitFor({ state: 'detached' });
    expect(await favourites()).toEqual([]);
    // The panel stays open beside its menu, and hears of other devices.
    const answer = await loadSet(ann.actor, named(ANIMALS));
    const own = answer.documents.find(({ id }) => id.equals(second!.id));
    await ann.actor.main.call({ _: 'messages.faveSticker', id: inputOf(own as tl.RawDocument), unfave: false });
    await chosen.waitFor();
    await ann.page.keyboard.press('Escape');
    await ann.sameAfterReload();
  });

  test('custom emoji come and are written', async () => {
    const [ann, bob] = await chat();
    const ids = idsOf(await loadSet(bob, named(FACE_EMOJI)));
    await write(bob, ann.actor, 'see 😀 and 😀', { entities: [4, 11].map((offset) => ({ _: 'messageEntityCustomEmoji', offset, length: 2, documentId: ids[0]! })) });
    const drawn = ann.message('see').locator('canvas');
    await expect.poll(() => drawn.count()).toBe(2);
    await expectMoving(drawn.last());

    await ann.actor.main.call({ _: 'messages.installStickerSet', stickerset: named(FACE_EMOJI), archived: false });
    // On a phone the panel stands in the place of the keyboard.
    await ann.composer.focus();
    await ann.page.keyboard.insertText('one ');
    await openPanel(ann, 'Emoji');
    await panel(ann).getByRole('tablist', { name: 'Groups of emoji' }).getByRole('tab', { name: 'Faces', exact: true }).click();
    const cells = panel(ann).getByRole('rowgroup', { name: 'Faces', exact: true }).getByRole('button');
    for (const at of [1, 1, 2]) await cells.nth(at).click();
    await ann.composer.locator('canvas').first().waitFor();
    expect(await ann.composer.locator('.custom-emoji').count()).toBe(3);
    await ann.page.keyboard.press('Escape');
    await ann.page.getByRole('button', { name: 'Send', exact: true }).click();
    const got = await bob.sees('one 😃😃😄');
    const message = await bob.main.call({ _: 'messages.getMessages', id: [{ _: 'inputMessageID', id: got.id }] });
    const entities = 'messages' in message && message.messages[0]?._ === 'message' ? message.messages[0].entities : [];
    expect(entities?.map((entity) => entity._ === 'messageEntityCustomEmoji' && entity.documentId.toString())).toEqual([1, 1, 2].map((at) => ids[at]!.toString()));
    await ann.page.getByRole('img', { name: 'Sent' }).first().waitFor();
    await ann.sameAfterReload();
  });

  test('a custom emoji in a text shows its set, and so do links to it', async () => {
    const [ann, bob] = await chat();
    const signs = await loadSet(bob, named(SIGN_EMOJI));
    const [sign] = idsOf(signs);
    await write(bob, ann.actor, 'a sign: 😀', { entities: [{ _: 'messageEntityCustomEmoji', offset: 8, length: 2, documentId: sign! }] });
    await write(bob, ann.actor, `all: https://t.me/addemoji/${SIGN_EMOJI}`);
    const dialog = ann.dialog('Sticker set');
    const title = dialog.getByRole('heading', { name: signs.set.title });
    const add = dialog.getByRole('button', { name: `Add ${signs.set.count} emoji` });
    await ann.message('a sign').getByText('😀').click();
    await title.waitFor();
    await add.click();
    await dialog.waitFor({ state: 'detached' });
    const kept = await ann.actor.main.call({ _: 'messages.getEmojiStickers', hash: Long.ZERO });
    expect(kept._ === 'messages.allStickers' && kept.sets[0]?.shortName).toBe(SIGN_EMOJI);
    await ann.choose('a sign', 'Emoji set');
    await title.waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await ann.message('all:').getByRole('link').click();
    await dialog.getByRole('button', { name: `Remove ${signs.set.count} emoji` }).click();
    await dialog.waitFor({ state: 'detached' });
    await ann.go(`addemoji/${SIGN_EMOJI}`);
    await add.waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await ann.open(bob);
    await ann.sameAfterReload();
  });

  test('an emoji alone is large and moves, unless less motion is wanted, and stickers are offered for it', async () => {
    const [ann, bob] = await chat('phone');
    await have(ann.actor, FACES);
    await write(bob, ann.actor, '😀');
    await expectMoving(ann.message('😀').locator('canvas'));
    await ann.page.emulateMedia({ reducedMotion: 'reduce' });
    await write(bob, ann.actor, '😎');
    const still = ann.message('😎').locator('.is-drawn canvas');
    await still.waitFor();
    const before = await picture(still);
    await ann.page.waitForTimeout(300);
    expect(await picture(still)).toBe(before);
    await ann.composer.click();
    await ann.page.keyboard.insertText('👋');
    await ann.page.getByRole('group', { name: 'Stickers' }).getByRole('button').first().click();
    await ann.messages.getByRole('button', { name: 'Sticker' }).waitFor();
    await expect.poll(() => ann.composer.textContent()).toBe('');
    await ann.messages.getByRole('img', { name: 'Sent' }).waitFor();
    await ann.sameAfterReload();
  });

  test('the emoji beside a name is shown everywhere, follows its owner, and is chosen in the settings', async () => {
    const [ann, bob] = await chat();
    const [pizza, other] = idsOf(await loadSet(bob, named(FACE_EMOJI)));
    const { page } = ann;
    const [inRow, inHeader] = [ann.chat('Bob'), page.getByRole('main').getByRole('heading', { name: 'Bob' })].map((place) => place.getByRole('img', { name: /^status / }));
    await bob.main.call({ _: 'account.updateEmojiStatus', emojiStatus: { _: 'emojiStatus', documentId: pizza! } });
    await expectMoving(inHeader!.locator('canvas'));
    const before = await inHeader!.getAttribute('aria-label');
    await bob.main.call({ _: 'account.updateEmojiStatus', emojiStatus: { _: 'emojiStatus', documentId: other! } });
    await expect.poll(() => inHeader!.getAttribute('aria-label')).not.toBe(before);
    await ann.goToList();
    await inRow!.locator('canvas').waitFor();
    // What is over disappears without being told.
    await bob.main.call({ _: 'account.updateEmojiStatus', emojiStatus: { _: 'emojiStatus', documentId: other!, until: Math.floor(Date.now() / 1000) + 3 } });
    await inRow!.waitFor({ state: 'detached' });

    await ann.actor.main.call({ _: 'messages.installStickerSet', stickerset: named(FACE_EMOJI), archived: false });
    await ann.go('settings/profile');
    const row = page.getByRole('button', { name: /^Emoji status/ });
    await row.getByText('None').waitFor();
    await row.click();
    const dialog = ann.dialog('Emoji status');
    await dialog.getByRole('combobox', { name: 'Show it' }).selectOption('For 2 hours');
    await dialog.getByRole('rowgroup', { name: 'Statuses' }).waitFor();
    await dialog.getByRole('rowgroup', { name: 'Faces', exact: true }).getByRole('button').nth(1).click();
    await dialog.waitFor({ state: 'detached' });
    await row.getByText(/until /).waitFor();
    const [shown] = await bob.main.call({ _: 'users.getUsers', id: [bob.main.inputUser(ann.actor.id)] });
    const status = shown?._ === 'user' ? shown.emojiStatus : undefined;
    expect(status?._ === 'emojiStatus' && [status.documentId.toString(), Math.round((status.until! - Date.now() / 1000) / 60)]).toEqual([other!.toString(), 120]);
    await row.click();
    await dialog.getByRole('rowgroup', { name: 'Used before' }).getByRole('button').waitFor();
    await dialog.getByRole('button', { name: 'Remove status' }).click();
    await row.getByText('None').waitFor();
    await ann.goToList();
    await ann.sameAfterReload();
  });

  test('a channel gets an emoji beside its title from who manages it', async () => {
    const [ann] = await chat('phone');
    const channel = await createChannel(ann.actor, 'broadcast', 'Boats');
    await ann.go(`chat/${channel}/info/edit`);
    await ann.page.getByRole('button', { name: /^Emoji status/ }).click();
    const dialog = ann.dialog('Emoji status');
    await dialog.getByRole('rowgroup', { name: 'Statuses' }).getByRole('button').first().click();
    await dialog.waitFor({ state: 'detached' });
    await ann.goToList();
    await ann.chat('Boats').getByRole('img', { name: /^status / }).locator('canvas, .tinted').waitFor();
    await ann.sameAfterReload();
  });

  test('an effect is played when its message comes, and again when its sign is pressed', async () => {
    const [ann, bob] = await chat();
    const answer = await bob.main.call({ _: 'messages.getAvailableEffects', hash: 0 });
    const [first] = answer._ === 'messages.availableEffects' ? answer.effects : [];
    const playing = ann.page.locator('.message-effect canvas');
    await write(bob, ann.actor, 'a party', { effect: first!.id });
    await playing.waitFor();
    await playing.waitFor({ state: 'detached' });
    await ann.message('a party').getByRole('button', { name: 'Play effect' }).click();
    await playing.waitFor();
    await ann.composer.click();
    await ann.page.keyboard.insertText('to you');
    await ann.page.getByRole('button', { name: 'Send', exact: true }).click({ button: 'right' });
    await ann.page.getByRole('menuitem', { name: 'Add an effect' }).click();
    await ann.page.getByRole('menu', { name: 'Add an effect' }).getByRole('menuitem').first().click();
    await ann.page.getByRole('button', { name: `Remove the effect ${first!.emoticon}` }).waitFor();
    await ann.page.getByRole('button', { name: 'Send', exact: true }).click();
    const got = await bob.sees('to you');
    const message = await bob.main.call({ _: 'messages.getMessages', id: [{ _: 'inputMessageID', id: got.id }] });
    expect('messages' in message && message.messages[0]?._ === 'message' && message.messages[0].effect?.toString()).toBe(first!.id.toString());
    await ann.sameAfterReload();
  });
});
