import { Long } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inline, meetBot, press, startBot } from '../scenarios/bot-stage.ts';
import { endWebStage, hasChromium, startWebStage, type WebStage } from './stage.ts';
import { ANIMALS, chat, expectMoving, FACE_EMOJI, FACES, have, idsOf, installed, loadSet, named, openPanel, panel, picture, write } from './sticker-stage.ts';

describe.skipIf(!hasChromium)('stickers in the web client', () => {
  let stage: WebStage;
  beforeAll(async () => {
    stage = await startWebStage();
  });
  afterAll(() => endWebStage(stage));

  test('a set is added by a link, sent from the panel, and taken away by another device', async () => {
    const [ann, bob] = await chat(stage);
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

  test('custom emoji come and are written', async () => {
    const [ann, bob] = await chat(stage);
    const ids = idsOf(await loadSet(bob, named(FACE_EMOJI)));
    await write(bob, ann.actor, 'see 😀 and 😀', { entities: [4, 11].map((offset) => ({ _: 'messageEntityCustomEmoji', offset, length: 2, documentId: ids[0]! })) });
    const drawn = ann.message('see').locator('canvas');
    await expect.poll(() => drawn.count()).toBe(2);
    await expectMoving(drawn.last());

    // Buttons of bots have them as icons.
    await using bot = await startBot(stage, 'Face_bot');
    await meetBot(ann.actor, bot);
    const style = { _: 'keyboardButtonStyle', icon: ids[1]! } as const;
    await bot.call({ _: 'messages.sendMessage', peer: bot.peerOf(ann.actor), message: 'how are you?', randomId: randomLong(), replyMarkup: inline({ ...press('Fine'), style }) });
    const before = ann.page.url();
    await ann.open(bot.id);
    const button = ann.message('how are you?').getByRole('button', { name: 'Fine', exact: true });
    await button.locator('.button-icon canvas').waitFor();
    await ann.page.goto(before);
    await ann.message('see').waitFor();

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

  test('an emoji alone is large and moves, unless less motion is wanted, and stickers are offered for it', async () => {
    const [ann, bob] = await chat(stage, 'phone');
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

  test('a die that is written alone is thrown, falls on both sides, and lies there after a reload', async () => {
    const [ann, bob] = await chat(stage, 'phone');
    await ann.composer.click();
    await ann.page.keyboard.insertText('🎲');
    await ann.page.keyboard.press('Enter');
    await expect.poll(() => ann.composer.textContent()).toBe('');
    const die = ann.messages.getByRole('img', { name: /^🎲 [1-6]$/ });
    await expectMoving(die.locator('canvas'));
    const history = await bob.main.call({ _: 'messages.getHistory', peer: bob.main.inputPeer(ann.actor.id), offsetId: 0, offsetDate: 0, addOffset: 0, limit: 1, maxId: 0, minId: 0, hash: Long.ZERO });
    const media = 'messages' in history && history.messages[0]?._ === 'message' ? history.messages[0].media : undefined;
    expect(media?._ === 'messageMediaDice' && `🎲 ${media.value}`).toBe(await die.getAttribute('aria-label'));
    await ann.page.emulateMedia({ reducedMotion: 'reduce' });
    await bob.main.change({ _: 'messages.sendMedia', peer: bob.main.inputPeer(ann.actor.id), media: { _: 'inputMediaDice', emoticon: '🎰' }, message: '', randomId: Long.fromNumber(1) });
    // The machine, three reels and the lever, which lie above each other.
    const machine = ann.messages.getByRole('img', { name: /^🎰 \d+$/ });
    await expect.poll(() => machine.locator('canvas').count()).toBe(5);
    // A text with more than the emoji is a text.
    await ann.composer.click();
    await ann.page.keyboard.insertText('🎲 yours');
    await ann.page.keyboard.press('Enter');
    await ann.message('🎲 yours').waitFor();
    await ann.sameAfterReload();
  });

  test('an effect is played when its message comes, and again when its sign is pressed', async () => {
    const [ann, bob] = await chat(stage);
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
