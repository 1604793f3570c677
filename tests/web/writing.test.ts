import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EMOJI_FONT, HIDE_KEYBOARD, showKeyboard } from './page-scripts.ts';
import { endWebStage, hasChromium, startWebStage, type WebStage } from './stage.ts';

describe.skipIf(!hasChromium)('writing in the web client', () => {
  let stage: WebStage;
  beforeAll(async () => {
    stage = await startWebStage();
  });
  afterAll(() => endWebStage(stage));

  test('somebody writes with formats and emoji, and keeps a draft (phone)', async () => {
    const ann = await stage.person('Ann', 'phone');
    const bob = await stage.world.user('Bob');
    await bob.send(ann.actor, 'hello #1 *');
    await ann.open(bob);
    const { page } = ann;
    await ann.message('hello').waitFor();
    await ann.composer.click();
    const below = async (): Promise<number> => {
      const box = (await ann.composer.boundingBox())!;
      return box.y + box.height;
    };
    const before = await below();
    await page.evaluate(showKeyboard(400));
    await expect.poll(below).toBeLessThan(400);
    await ann.message('hello').waitFor();
    await page.evaluate(HIDE_KEYBOARD);
    await expect.poll(below).toBe(before);
    await page.keyboard.press('Control+b');
    await page.keyboard.type('bold');
    await page.keyboard.press('Control+b');
    await page.keyboard.type(' and secret');
    await page.keyboard.press('Control+Shift+ArrowLeft');
    await page.getByRole('toolbar', { name: 'Formatting' }).getByRole('button', { name: 'Spoiler' }).click();
    await page.getByRole('toolbar', { name: 'Formatting' }).getByRole('button', { name: 'Link' }).click();
    await ann.dialog('Add link').getByRole('textbox', { name: 'Address' }).fill('example.com');
    await page.keyboard.press('Enter');
    await page.keyboard.press('End');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('a quote');
    await page.keyboard.press('Control+Shift+.');
    await page.keyboard.press('Enter');
    const written = await bob.sees('bold and secret\na quote');
    expect((JSON.parse(written.entities) as { _: string }[]).map(({ _ }) => _).sort()).toEqual(['messageEntityBlockquote', 'messageEntityBold', 'messageEntitySpoiler', 'messageEntityTextUrl']);
    expect(await ann.message('a quote').locator('strong').textContent()).toBe('bold');
    expect(await ann.message('bold').locator('blockquote').textContent()).toBe('a quote');

    const emojiFont = (): Promise<{ asked: number; isLocal: boolean }> => page.evaluate(EMOJI_FONT);
    expect((await emojiFont()).asked).toBe(0);
    // The words stay, and their only format goes.
    await ann.composer.press('Control+b');
    await page.keyboard.type('too loud');
    await ann.composer.press('Enter');
    await ann.message('too loud').getByRole('img', { name: 'Sent' }).waitFor();
    expect((await bob.sees('too loud')).entities).toContain('messageEntityBold');
    await ann.choose('too loud', 'Edit');
    await ann.composer.locator('strong').waitFor();
    await ann.composer.press('Control+a');
    await ann.composer.press('Control+b');
    await ann.composer.press('Enter');
    await expect.poll(async () => (await bob.sees('too loud')).entities).not.toContain('messageEntityBold');
    await ann.message('too loud').locator('strong').waitFor({ state: 'detached' });

    // Markdown shows what it will make, while one types.
    await page.keyboard.type('**loud** and __soft');
    await ann.composer.locator('strong').getByText('loud', { exact: true }).waitFor();
    expect(await ann.composer.locator('em').count()).toBe(0);
    await page.keyboard.type('__ ||x|| `y` ~~z~~');
    await ann.composer.locator('em').getByText('soft', { exact: true }).waitFor();
    expect(await ann.composer.textContent()).toBe('**loud** and __soft__ ||x|| `y` ~~z~~');
    await ann.composer.press('Control+a');
    await ann.composer.press('Backspace');
    await ann.send('**strong** and `code`, __not__ https://a.org/x__y__z');
    expect(JSON.parse((await bob.sees('strong and code, not https://a.org/x__y__z')).entities)).toMatchObject([{ _: 'messageEntityBold', length: 6 }, { _: 'messageEntityCode', length: 4 }, { _: 'messageEntityItalic', length: 3 }, { _: 'messageEntityUrl' }]);

    await page.getByRole('button', { name: 'Emoji', exact: true }).click();
    const panel = page.getByRole('region', { name: 'Emoji, stickers and GIFs' });
    await panel.getByRole('tab', { name: 'Flags' }).click();
    await panel.getByRole('button', { name: '🏁 chequered flag' }).click();
    await panel.getByRole('searchbox', { name: 'Search emoji' }).fill('thumbs up');
    // Right below the field are the emoji; one of several colours of skin is chosen by the keyboard.
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Alt+Enter');
    await page.getByRole('menu', { name: 'Skin tone' }).getByRole('menuitem').first().waitFor();
    for (const key of ['ArrowRight', 'Enter']) await page.keyboard.press(key);
    await expect.poll(() => ann.composer.textContent()).toBe('🏁👍🏻');
    await panel.getByRole('button', { name: 'Delete' }).click();
    await expect.poll(() => ann.composer.textContent()).toBe('🏁');
    await panel.getByRole('searchbox').press('Escape');
    await panel.waitFor({ state: 'detached' });
    await page.keyboard.type(' there');
    await ann.composer.press('Enter');
    await bob.sees('🏁 there');
    await ann.message('🏁 there').waitFor();
    await expect.poll(async () => (await emojiFont()).asked).toBe((await emojiFont()).isLocal ? 0 : 1);

    await ann.composer.click();
    await page.keyboard.type('a thought for later');
    await ann.actor.main.seesUpdate('updateDraftMessage', ({ draft }) => draft._ === 'draftMessage' && draft.message === 'a thought for later');
    await ann.sameAfterReload();
    await expect.poll(() => ann.composer.textContent()).toBe('a thought for later');
    // A page that ends at once has no time to tell the server.
    await ann.composer.press('End');
    await page.keyboard.insertText(' today');
    await page.reload();
    await expect.poll(() => ann.composer.textContent()).toBe('a thought for later today');
    await ann.actor.main.seesUpdate('updateDraftMessage', ({ draft }) => draft._ === 'draftMessage' && draft.message === 'a thought for later today');
    const peer = ann.actor.main.inputPeer(bob.id);
    await ann.actor.main.call({ _: 'messages.saveDraft', peer, message: 'another thought', replyTo: { _: 'inputReplyToMessage', replyToMsgId: (await ann.actor.sees('hello #1 *')).id } });
    await expect.poll(() => ann.composer.textContent()).toBe('another thought');
    await page.getByRole('button', { name: 'Cancel reply' }).waitFor();
    await ann.composer.press('Enter');
    expect((await bob.sees('another thought')).reply_to).toBe((await bob.sees('hello #1 *')).id);
    await ann.message('another thought').getByRole('img', { name: 'Sent' }).waitFor();
    await ann.message('another thought').getByRole('button', { name: 'Reply to Bob: hello #1 *' }).waitFor();
    await ann.sameAfterReload();
    expect(await ann.composer.textContent()).toBe('');
  });

  test('a very long text is pasted at once, and sent only after a question', async () => {
    const [ann, bob] = [await stage.person('Ann'), await stage.world.user('Bob')];
    const { page, composer } = ann;
    await bob.send(ann.actor, 'send me all of it');
    await ann.open(bob);
    await composer.focus();
    await page.keyboard.type('All: ');
    const paste = (text: string): Promise<void> =>
      page.evaluate(`(() => {
        const clipboardData = new DataTransfer();
        clipboardData.setData('text/plain', ${text});
        document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
      })()`);
    await paste(`'x\\n'.repeat(40_000)`);
    // One text, in which one goes on to write.
    await page.keyboard.type('the end');
    await composer.filter({ hasText: 'the end' }).waitFor();
    expect(await composer.locator('p').count()).toBeLessThan(5);
    await paste(`'y'.repeat(30_000)`);
    await page.getByRole('alert').getByText('This text is too long').waitFor();
    expect(await composer.textContent()).not.toContain('y');
    await page.keyboard.press('Enter');
    const question = ann.dialog('Send many messages');
    await question.getByText('it is sent as 20 messages').waitFor();
    await question.getByRole('button', { name: 'Cancel' }).click();
    expect(await ann.messages.getByRole('article').count()).toBe(1);
    await composer.focus();
    await page.keyboard.press('ControlOrMeta+a');
    await paste(`'short enough'`);
    await page.keyboard.press('Enter');
    await bob.sees('short enough');
    await ann.sameAfterReload();
  });

  test('people of a group mention each other', async () => {
    const ann = await stage.person('Ann');
    const bob = await stage.world.user('Bob');
    const carl = await stage.world.user('Carl');
    await bob.main.call({ _: 'account.updateUsername', username: 'bob_of_writing' });
    await ann.actor.meet(bob);
    await ann.actor.meet(carl);
    const { main } = ann.actor;
    await main.invite({ _: 'messages.createChat', title: 'Friends', users: [main.inputUser(bob.id), main.inputUser(carl.id)] });
    await ann.chat('Friends').click();
    await ann.page.getByRole('main', { name: 'Friends' }).waitFor();
    await ann.composer.click();
    await ann.page.keyboard.type('ask @ca');
    await ann.page.getByRole('listbox', { name: 'Mention' }).getByRole('option', { name: 'Carl' }).waitFor();
    await ann.page.keyboard.press('Enter');
    await ann.page.keyboard.type('or @bo');
    await ann.page.getByRole('option', { name: 'Bob' }).click();
    await ann.page.keyboard.press('Enter');
    const seen = await carl.sees('ask Carl or @bob_of_writing');
    expect(JSON.parse(seen.entities)).toContainEqual(expect.objectContaining({ _: 'messageEntityMentionName', offset: 4, length: 4 }));
    expect(seen.raw).toMatchObject({ mentioned: true });

    // A mention in a chat that is not open waits until it was seen.
    await ann.go('');
    const text = 'look at this, Ann';
    await bob.main.change({
      _: 'messages.sendMessage',
      peer: bob.main.inputPeer(seen.peer),
      message: text,
      randomId: randomLong(),
      replyTo: { _: 'inputReplyToMessage', replyToMsgId: (await bob.sees('ask Carl or @bob_of_writing')).id },
    });
    const mark = ann.chat('Friends').getByText('@', { exact: true });
    await mark.waitFor();
    await ann.chat('Friends').click();
    await ann.message(text).waitFor();
    await mark.waitFor({ state: 'detached' });
    await ann.sameAfterReload();
  });

  test('a message that the server makes wait says for how long, and can be given up', async () => {
    const bob = await stage.world.user('Bob');
    const ann = await stage.person('Ann');
    await bob.meet(ann.actor);
    const { main } = bob;
    const made = await main.change({ _: 'channels.createChannel', megagroup: true, title: 'Slow', about: '' });
    const channel = made._ === 'updates' ? made.chats.find((chat) => chat._ === 'channel') : undefined;
    const id = -1_000_000_000_000 - channel!.id;
    await main.invite({ _: 'channels.inviteToChannel', channel: main.inputChannel(id), users: [main.inputUser(ann.actor.id)] });
    await main.change({ _: 'channels.toggleSlowMode', channel: main.inputChannel(id), seconds: 60 });
    await ann.chat('Slow').click();
    await ann.send('one');
    await ann.message('one').getByRole('img', { name: 'Sent' }).waitFor();
    await ann.send('two');
    const waiting = ann.message('two').getByText(/Sent in 0:[345]\d/);
    const first = await waiting.textContent();
    await expect.poll(() => waiting.textContent()).not.toBe(first);
    await ann.choose('two', 'Delete');
    await ann.message('two').waitFor({ state: 'detached' });
    await ann.sameAfterReload();
  });
});
