import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '@aerogram/dev-env';
import { endWebStage, hasChromium, startWebStage, type WebStage } from './stage.ts';

/** Sends texts one after the other, and forwards them often enough that a history is long. @returns how many messages there are */
async function fillHistory(from: Actor, to: Actor, copies: number): Promise<number> {
  const ids: number[] = [];
  for (let number = 1; number <= 20; number++) ids.push((await from.send(to, `line ${number} of a long history`)).id);
  const { main } = from;
  const peer = main.inputPeer(to.id);
  for (let copy = 0; copy < copies; copy++) await main.change({ _: 'messages.forwardMessages', fromPeer: peer, toPeer: peer, id: ids, randomId: ids.map(() => randomLong()), dropAuthor: true });
  return ids.length * (copies + 1);
}

describe.skipIf(!hasChromium)('messages in the web client', () => {
  let stage: WebStage;
  beforeAll(async () => {
    stage = await startWebStage();
  });
  afterAll(() => endWebStage(stage));

  test('the newest message, or the first unread one, stays in sight when something takes room away', async () => {
    const ann = await stage.person('Ann', 'phone');
    const bob = await stage.world.user('Bob');
    await bob.send(ann.actor, 'tell me more');
    await ann.actor.read(await ann.actor.sees('tell me more'));
    for (let number = 1; number < 20; number++) await ann.actor.send(bob, `line ${number}`);
    await ann.actor.send(bob, 'the last line');
    // The bar of strangers comes after the messages.
    await ann.open(bob);
    await ann.page.getByRole('group', { name: 'About this chat' }).waitFor();
    const isInSight = async (): Promise<boolean> => {
      const [message, composer] = await Promise.all([ann.message('the last line').boundingBox(), ann.composer.boundingBox()]);
      return message!.y + message!.height <= composer!.y;
    };
    await expect.poll(isInSight).toBe(true);
    // As the keyboard of a phone does.
    await ann.page.setViewportSize({ ...ann.page.viewportSize()!, height: 460 });
    await expect.poll(isInSight).toBe(true);
    await ann.composer.click();
    await ann.page.keyboard.insertText('an\nanswer\nof\nseveral\nlines');
    await expect.poll(isInSight).toBe(true);
    await ann.page.keyboard.press('Enter');
    await bob.sees('an\nanswer\nof\nseveral\nlines');
    // Whoever comes to what is unread stays there, too.
    const carol = await stage.world.user('Carol');
    for (let number = 1; number <= 40; number++) await carol.send(ann.actor, `unread ${number}`);
    await ann.goToList();
    await ann.open(carol);
    await ann.page.getByRole('group', { name: 'About this chat' }).waitFor();
    await ann.message('unread 1').first().waitFor();
    const box = await ann.messages.getByText('Unread messages').boundingBox();
    expect(box!.y).toBeGreaterThan(0);
    await ann.open(bob);
    await ann.sameAfterReload();
  });

  test('somebody answers, quotes, edits and deletes', async () => {
    const ann = await stage.person('Ann');
    const bob = await stage.world.user('Bob');
    await bob.send(ann.actor, 'which colour do you like, red or blue?');
    await ann.open(bob);
    await ann.choose('which colour', 'Reply');
    await ann.send('blue');
    const answer = await bob.sees('blue');
    expect(answer.reply_to).toBe((await bob.sees('which colour do you like, red or blue?')).id);
    await ann.message(/^Bob.*which colour/).getByRole('button', { name: /^Reply to Bob/ }).click();
    await expect.poll(() => ann.page.evaluate('document.activeElement.textContent')).toMatch(/^which colour/);

    await ann.message(/^which colour/).getByText('which colour').selectText();
    await ann.message(/^which colour/).getByRole('button', { name: 'Message actions' }).click();
    await ann.page.getByRole('menuitem', { name: 'Quote' }).click();
    await ann.send('the whole of it');
    await expect.poll(async () => (await bob.sees('the whole of it')).raw.reply_to).toMatchObject({ quote: true, quote_text: 'which colour do you like, red or blue?' });

    await ann.message('the whole of it').getByRole('img', { name: 'Sent' }).waitFor();
    // Arrow Up in the empty field edits the last own message.
    await ann.page.keyboard.press('ArrowUp');
    await expect.poll(() => ann.composer.textContent()).toBe('the whole of it');
    await ann.page.keyboard.press('End');
    await ann.page.keyboard.insertText(', please');
    await ann.page.keyboard.press('Enter');
    await bob.sees('the whole of it, please');
    await ann.message('the whole of it, please').getByText('edited').waitFor();
    await expect.poll(() => ann.composer.textContent()).toBe('');
    await bob.edit(await bob.sees('which colour do you like, red or blue?'), 'which colour do you like?');
    await ann.message(/^which colour do you like\?/).waitFor();

    // Escape gives the answer up.
    await ann.choose(/\?blue\d/, 'Reply');
    await ann.page.getByRole('button', { name: 'Cancel reply' }).waitFor();
    await ann.page.keyboard.press('Escape');
    await ann.page.getByRole('button', { name: 'Cancel reply' }).waitFor({ state: 'detached' });

    await ann.choose('the whole of it', 'Delete');
    await ann.dialog('Delete message').getByRole('checkbox', { name: 'Also delete for others' }).check();
    await ann.dialog('Delete message').getByRole('button', { name: 'Delete' }).click();
    await bob.seesGone('the whole of it, please');
    await ann.message('the whole of it').waitFor({ state: 'detached' });
    // Who deleted it by the keyboard goes on at the message beside it.
    await expect.poll(() => ann.page.evaluate('document.activeElement.textContent')).toMatch(/\?blue\d/);
    await ann.sameAfterReload();
  });

  test('somebody reacts, pins, forwards, and selects messages (phone)', async () => {
    const ann = await stage.person('Ann', 'phone');
    const bob = await stage.world.user('Bob');
    const carl = await stage.world.user('Carl');
    await carl.send(ann.actor, 'hello from Carl');
    await bob.send(ann.actor, 'first');
    const second = await bob.send(ann.actor, 'second');
    await ann.open(bob);
    await ann.react('second', '🔥');
    const pill = ann.message('second').getByRole('button', { name: '🔥' });
    await pill.waitFor();
    // Its animation is played once.
    await pill.locator('canvas').waitFor();
    await pill.locator('canvas').waitFor({ state: 'detached' });
    await bob.main.seesUpdate('updateMessageReactions', ({ reactions }) => reactions.results.length === 1);
    await ann.openMenu('second');
    await ann.page.getByRole('button', { name: 'More reactions' }).click();
    const all = ann.page.getByRole('group', { name: 'Reactions to choose' });
    await all.getByRole('button', { name: '🔥', exact: true, pressed: true }).first().waitFor();
    await all.getByRole('searchbox', { name: 'Search reactions' }).fill('party');
    await all.getByRole('button', { name: '🎉', exact: true }).click();
    const pills = ann.message('second').getByRole('group', { name: 'Reactions' }).getByRole('button', { pressed: true });
    await expect.poll(async () => (await pills.allTextContents()).toSorted()).toEqual(['🎉', '🔥']);
    // The keys go from the lines of the menu to the bar above them. What is done in quick succession is done one after the other.
    await ann.openMenu('second');
    await ann.page.getByRole('toolbar', { name: 'Quick reactions' }).getByRole('button').first().waitFor();
    for (const key of ['Tab', 'ArrowRight', 'Enter']) await ann.page.keyboard.press(key);
    await pills.filter({ hasText: '🔥' }).click();
    await expect.poll(async () => (await pills.allTextContents()).toSorted()).toEqual(['❤', '🎉']);
    for (const emoji of ['🎉', '❤']) await pills.filter({ hasText: emoji }).click();
    await pills.first().waitFor({ state: 'detached' });
    // Who wants no animations sees none.
    await ann.go('settings/appearance');
    await ann.page.getByRole('switch', { name: 'Animations' }).uncheck();
    await ann.open(bob);
    await ann.react('second', '🔥');
    await pill.and(ann.page.locator('[aria-pressed=true]')).waitFor();
    expect(await pill.locator('canvas').count()).toBe(0);
    await pill.click();
    await pill.waitFor({ state: 'detached' });

    await bob.main.change({ _: 'messages.updatePinnedMessage', peer: bob.main.inputPeer(ann.actor.id), id: second.id });
    await ann.page.getByRole('button', { name: 'Pinned message: second' }).waitFor();
    await ann.choose(/^first/, 'Pin');
    await ann.dialog('Pin message').getByRole('button', { name: 'Only for me' }).click();
    const bar = ann.page.getByRole('region', { name: 'Pinned messages' });
    await bar.getByRole('button', { name: 'Pinned message 2 of 2: second' }).waitFor();
    // The history goes to the second message after somebody has chosen the first one, which keeps the focus.
    await ann.page.evaluate(`(() => {
      const [first] = document.querySelectorAll('[role=log] article');
      const bar = document.querySelector('.pinned-go');
      bar.focus();
      bar.click();
      first.focus();
    })()`);
    await ann.page.locator('.is-found').filter({ hasText: 'second' }).waitFor();
    expect(await ann.page.evaluate('document.activeElement.textContent')).toMatch(/^first/);
    await bar.getByRole('button', { name: 'Pinned message 1 of 2: first' }).waitFor();
    await ann.choose(/^first/, 'Unpin');
    await bar.getByRole('button', { name: 'Pinned message: second' }).waitFor();

    await ann.choose(/^first/, 'Select');
    await ann.message(/^second/).click();
    await ann.page.getByText('2 selected').waitFor();
    await ann.page.getByRole('button', { name: 'Forward' }).click();
    await ann.dialog('Forward to').getByRole('searchbox').fill('Car');
    await ann.forwardTo('Carl');
    expect((await carl.sees('first')).forwarded_from).toBe(String(bob.id));
    await carl.sees('second');
    // To several, with a comment before them, and as own messages.
    await ann.choose(/^second/, 'Forward');
    await ann.dialog('Forward to').getByRole('checkbox', { name: 'Show sender' }).uncheck();
    await ann.dialog('Forward to').getByRole('textbox', { name: 'Comment' }).fill('look at this');
    await ann.forwardTo('Carl', 'Saved Messages');
    await ann.page.getByRole('status').filter({ hasText: 'Forwarded to 2 chats' }).waitFor();
    const newest = await carl.main.loadHistory(ann.actor.id);
    expect(newest.slice(0, 2)).toMatchObject([{ text: 'second', forwarded_from: undefined }, { text: 'look at this' }]);
    await ann.open(carl);
    await ann.actor.main.seesUpdate('updateReadHistoryInbox', ({ peer }) => peer._ === 'peerUser' && peer.userId === carl.id);
    await ann.message(/Forwarded from Bob\s*second/).getByRole('link', { name: 'Bob' }).click();
    await ann.page.getByRole('main', { name: 'Bob' }).waitFor();

    await ann.choose(/^second/, 'Save');
    await ann.page.getByRole('status').filter({ hasText: 'Forwarded to Saved Messages' }).waitFor();
    await ann.open(ann.actor);
    await ann.message(/Forwarded from Bob\s*second/).focus();
    await ann.page.keyboard.press('Shift+F10');
    await ann.page.getByRole('menuitem', { name: 'Forward', exact: true }).waitFor();
    expect(await ann.page.getByRole('menuitem', { name: 'Save', exact: true }).count()).toBe(0);
    await ann.page.keyboard.press('Escape');
    await ann.sameAfterReload();
  });

  test('somebody reads a long history', async () => {
    const ann = await stage.person('Ann');
    const bob = await stage.world.user('Bob');
    const count = await fillHistory(bob, ann.actor, 6);
    await bob.send(ann.actor, 'the last one');
    const row = ann.chat('Bob');
    await expect.poll(() => ann.row('Bob')).toContain(`${count + 1} unread`);
    await row.click();
    // It opens at the first unread message; what can be seen is read, and the rest stays unread.
    await ann.messages.getByText('Unread messages').waitFor();
    await ann.message(/^line 1 of/).first().waitFor();
    expect(await ann.messages.getByRole('article').count()).toBeLessThan(60);
    await ann.goToList();
    await expect.poll(() => ann.row('Bob')).not.toContain(`${count + 1} unread`);
    await expect.poll(() => ann.row('Bob')).toMatch(/\d+ unread$/);
    await ann.open(bob);
    await ann.page.getByRole('button', { name: 'Scroll to bottom' }).click();
    await ann.message('the last one').waitFor();
    await ann.page.getByRole('button', { name: 'Scroll to bottom' }).waitFor({ state: 'detached' });
    await ann.goToList();
    await expect.poll(() => ann.row('Bob')).not.toContain('unread');
    await ann.open(bob);

    // Upwards, page by page, until the beginning.
    await ann.message('the last one').focus();
    await ann.page.keyboard.press('ArrowUp');
    await expect.poll(() => ann.page.evaluate('document.activeElement.textContent')).toMatch(/^line 20 of/);
    await expect
      .poll(async () => {
        await ann.page.keyboard.press('Home');
        return await ann.messages.getByRole('button', { name: 'Today', exact: true }).isVisible();
      })
      .toBe(true);
    await ann.page.getByRole('button', { name: 'Scroll to bottom' }).click();
    await ann.message('the last one').waitFor();

    await ann.go(`chat/${bob.id}/${(await ann.actor.sees('line 7 of a long history')).id}`);
    await ann.message(/^line 7 of/).first().waitFor();
    await ann.page.getByRole('button', { name: 'Scroll to bottom' }).waitFor();
    await ann.go(`chat/${bob.id}`);
    await ann.message('the last one').waitFor();
    await ann.sameAfterReload();
  });

  test('links lead where they say, or ask', async () => {
    const ann = await stage.person('Ann');
    const bob = await stage.world.user('Bob');
    await bob.main.call({ _: 'account.updateUsername', username: 'bob_of_links' });
    const { main } = bob;
    await bob.meet(ann.actor);
    const text = 'bank.example and https://honest.example/a?b=c and script and @bob_of_links and t.me/bob_of_links';
    await main.change({
      _: 'messages.sendMessage',
      peer: main.inputPeer(ann.actor.id),
      message: text,
      randomId: randomLong(),
      entities: [
        { _: 'messageEntityTextUrl', offset: 0, length: 12, url: 'https://thief.example/bank.example' },
        { _: 'messageEntityTextUrl', offset: text.indexOf('script'), length: 6, url: 'javascript:document.title="stolen"' },
      ],
    });
    await ann.open(bob);
    const message = ann.message('bank.example');
    await message.getByRole('link', { name: 'bank.example' }).click();
    await ann.dialog('Open link').getByText('https://thief.example/bank.example').waitFor();
    await ann.page.keyboard.press('Escape');
    expect(await message.getByRole('link', { name: 'https://honest.example/a?b=c' }).getAttribute('href')).toBe('https://honest.example/a?b=c');
    expect(await message.getByRole('link').allTextContents()).toEqual(['bank.example', 'https://honest.example/a?b=c', '@bob_of_links', 't.me/bob_of_links']);
    expect(await message.getByRole('link', { name: 't.me/bob_of_links' }).getAttribute('href')).toBe('#/link/bob_of_links');
    expect(await message.getByRole('link', { name: '@bob_of_links' }).getAttribute('href')).toBe('#/link/bob_of_links');
    await ann.sameAfterReload();
  });
});
