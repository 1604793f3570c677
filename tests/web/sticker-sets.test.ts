import { Long, type tl } from '@mtcute/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createChannel } from '../scenarios/channel-stage.ts';
import { endWebStage, hasChromium, startWebStage, type WebStage } from './stage.ts';
import { ANIMALS, chat, expectMoving, FACE_EMOJI, FACES, have, idsOf, installed, loadSet, named, openPanel, panel, SIGN_EMOJI, write } from './sticker-stage.ts';

describe.skipIf(!hasChromium)('sticker sets in the web client', () => {
  let stage: WebStage;
  beforeAll(async () => {
    stage = await startWebStage();
  });
  afterAll(() => endWebStage(stage));

  test('sets are put in order and removed, here and on another device', async () => {
    const [ann] = await chat(stage);
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
    const [ann] = await chat(stage, 'phone');
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
    const [ann, bob] = await chat(stage);
    const [first, second] = (await loadSet(bob, named(ANIMALS))).documents.flatMap((each) => (each._ === 'document' ? [each] : []));
    const inputOf = ({ id, accessHash, fileReference }: tl.RawDocument): tl.RawInputDocument => ({ _: 'inputDocument', id, accessHash, fileReference });
    const favourites = async (): Promise<string[]> => {
      const answer = await ann.actor.main.call({ _: 'messages.getFavedStickers', hash: Long.ZERO });
      return answer._ === 'messages.favedStickers' ? answer.stickers.map(({ id }) => id.toString()) : [];
    };
    await bob.main.change({ _: 'messages.sendMedia', peer: bob.main.inputPeer(ann.actor.id), media: { _: 'inputMediaDocument', id: inputOf(first!) }, message: '', randomId: Long.fromNumber(1) });
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

  test('a custom emoji in a text shows its set, and so do links to it', async () => {
    const [ann, bob] = await chat(stage);
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

  test('the emoji beside a name is shown everywhere, follows its owner, and is chosen in the settings', async () => {
    const [ann, bob] = await chat(stage);
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
    const [ann] = await chat(stage, 'phone');
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
});
