import { type Actor, startTestHomes, type TestHomes, World } from '@aerogram/dev-env';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { upload } from '../scenarios/file-stage.ts';
import { makePicture } from '../scenarios/photo-stage.ts';
import { endWebStage, hasChromium, setWebStage, type Size, type WebPerson, type WebStage } from './stage.ts';

/** Numbers that people of the stage do not get. */
let nextNumber = 9000;

describe.skipIf(!hasChromium)('the web client, with somebody who lives in another data centre', () => {
  let homes: TestHomes;
  /** The page and its users are at the second data centre. */
  let stage: WebStage<unknown>;
  /** Those who live in the first. */
  let others: World;
  beforeAll(async () => {
    homes = await startTestHomes();
    others = new World(homes.one);
    stage = await setWebStage({ info: homes.two.info, [Symbol.asyncDispose]: () => homes[Symbol.asyncDispose]() });
  }, 180_000);
  afterAll(async () => {
    await others?.[Symbol.asyncDispose]();
    await endWebStage(stage);
  });

  /** Somebody with a username in the first data centre, whom the second can find. */
  async function neighbour(name: string, username: string): Promise<Actor> {
    const actor = await others.user(name, {}, { phone: `999661${nextNumber++}`, code: '11111' });
    await actor.main.call({ _: 'account.updateUsername', username });
    await homes.settled();
    return actor;
  }

  async function find(web: WebPerson, query: string, name: string): Promise<void> {
    await web.page.getByRole('searchbox', { name: 'Search', exact: true }).fill(query);
    await web.page.getByRole('list', { name: 'Search results' }).getByRole('link', { name: new RegExp(`^${name}`) }).click();
    await web.page.getByRole('main', { name }).waitFor();
  }

  async function converse(size: Size): Promise<void> {
    const ann = await stage.person('Ann', size);
    const bob = await neighbour('Bob', `bob_over_there_${size}`);
    await find(ann, size === 'desk' ? `@bob_over_there_${size}` : `+${bob.phone}`, 'Bob');
    await ann.page.getByRole('main').getByText('last seen recently').waitFor();
    await ann.send('hello over there');
    const seen = await bob.sees('hello over there');
    await ann.message('hello over there').getByRole('img', { name: 'Sent' }).waitFor();
    const peer = bob.main.inputPeer(ann.actor.id);
    await bob.main.call({ _: 'messages.readHistory', peer, maxId: seen.id });
    await ann.message('hello over there').getByRole('img', { name: 'Read' }).waitFor();

    const back = await bob.send(ann.actor, 'hello back');
    await ann.choose('hello back', 'Reply');
    await ann.send('how are you?');
    const answer = await bob.sees('how are you?');
    expect(answer.raw.reply_to).toMatchObject({ reply_to_msg_id: back.id });
    await ann.choose(/how are you\?/, 'Edit');
    await ann.page.keyboard.press('End');
    await ann.page.keyboard.insertText(' Well?');
    await ann.page.keyboard.press('Enter');
    await bob.sees('how are you? Well?');
    await bob.edit(back, 'hello back again');
    await ann.message(/^hello back again/).getByText('edited').waitFor();

    await ann.react(/^hello back again/, '🔥');
    await bob.main.seesUpdate('updateMessageReactions', ({ reactions }) => reactions.results.length === 1);
    await bob.main.change({ _: 'messages.sendReaction', peer, msgId: answer.id, reaction: [{ _: 'reactionEmoji', emoticon: '👍' }] });
    await ann.message(/how are you\? Well\?/).getByRole('button', { name: '👍' }).waitFor();

    await ann.choose('hello over there', 'Delete');
    await ann.dialog('Delete message').getByRole('checkbox', { name: 'Also delete for others' }).check();
    await ann.dialog('Delete message').getByRole('button', { name: 'Delete' }).click();
    await bob.seesGone('hello over there');
    await bob.main.call({ _: 'messages.setTyping', peer, action: { _: 'sendMessageTypingAction' } });
    await ann.page.getByRole('main').getByText(/typing…/).waitFor();
    await bob.send(ann.actor, 'all is well');
    await ann.message('all is well').waitFor();
    await ann.sameAfterReload();
  }

  test('both write, answer, edit, react and delete, and see what was read', () => converse('desk'));

  test('so do those who found each other by number (phone)', () => converse('phone'));

  test('the name and the picture are those that the other one has now', async () => {
    const ann = await stage.person('Ann');
    const carl = await neighbour('Carl', 'carl_over_there');
    await find(ann, '@carl_over_there', 'Carl');
    await ann.send('who are you?');
    await carl.sees('who are you?');
    await carl.main.call({ _: 'account.updateProfile', firstName: 'Charles', lastName: 'King' });
    await carl.main.call({ _: 'photos.uploadProfilePhoto', file: await upload(carl.main, { bytes: await makePicture(300, 300), name: 'face.jpg' }) });
    await ann.page.getByRole('main', { name: 'Charles King' }).waitFor();
    // A preview is at most 40 wide.
    await expect.poll(() => ann.page.evaluate(`document.querySelector('main header .avatar img')?.naturalWidth ?? 0`), { timeout: 90_000 }).toBeGreaterThan(100);
    await ann.goToList();
    await ann.chat('Charles King').waitFor();
    await ann.open(carl);
    await ann.sameAfterReload();
  });

  test('what does not reach somebody elsewhere says so, and what needs both is not offered', async () => {
    const ann = await stage.person('Ann');
    const dora = await neighbour('Dora', 'dora_over_there');
    const { page } = ann;
    await find(ann, '@dora_over_there', 'Dora');
    await ann.send('only words');
    await ann.message('only words').getByRole('img', { name: 'Sent' }).waitFor();
    for (const name of ['Attach', 'Record voice message']) {
      await page.getByRole('button', { name }).click();
      await page.getByText('Only text messages can be sent to this person.').first().waitFor();
    }
    expect(await page.getByRole('menu').count()).toBe(0);
    await ann.message('only words').focus();
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menuitem', { name: 'Edit' }).waitFor();
    expect(await page.getByRole('menuitem', { name: 'Pin' }).count()).toBe(0);
    await page.keyboard.press('Escape');

    await ann.goToList();
    await page.getByRole('button', { name: 'New chat' }).click();
    await page.getByRole('menuitem', { name: 'New group' }).click();
    await page.getByRole('textbox', { name: 'Group name' }).fill('Hikers');
    await page.getByRole('searchbox', { name: 'Search people' }).fill('dora');
    // Who is no contact is listed only while they are searched for.
    await page.getByRole('checkbox', { name: 'Dora' }).click();
    await page.getByRole('button', { name: 'Create' }).click();
    // An invite link would not help.
    await page.getByRole('alert').getByText('Dora cannot be added: the account is at another server').waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    await ann.open(dora);
    await ann.send('you cannot come');
    await dora.sees('you cannot come');
  });
});
