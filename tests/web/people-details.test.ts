import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '@aerogram/dev-env';
import { sql } from '@aerogram/storage';
import { aerogram } from '../scenarios/operator-stage.ts';
import { endWebStage, hasChromium, startWebStage, type WebPerson, type WebStage } from './stage.ts';

const results = (person: WebPerson): ReturnType<WebPerson['page']['getByRole']> => person.page.getByRole('list', { name: 'Search results' });

/** Makes a channel that everybody finds. @returns its plain id */
async function makePublic({ main }: Actor, title: string, username: string): Promise<number> {
  const made = await main.change({ _: 'channels.createChannel', title, about: '', broadcast: true });
  if (made._ !== 'updates') throw new Error(made._);
  const { id } = made.chats[0]!;
  await main.change({ _: 'channels.updateUsername', channel: main.inputChannel(-1_000_000_000_000 - id), username });
  return id;
}

describe.skipIf(!hasChromium)('people in the web client, in detail', () => {
  let stage: WebStage;
  beforeAll(async () => {
    stage = await startWebStage();
  });
  afterAll(() => endWebStage(stage));

  test('what the operator says of somebody stands beside the name, and in place of the messages', async () => {
    const ann = await stage.person('Ann');
    const bob = await stage.world.user('Bob');
    await bob.send(ann.actor, 'buy ropes');
    await ann.chat('Bob').click();
    await ann.message('buy ropes').waitFor();
    await aerogram(stage, 'user', 'mark', String(bob.id), '--verified');
    await ann.page.getByRole('heading', { name: /^Bob *, verified$/ }).waitFor();
    await ann.goToList();
    expect(await ann.row('Bob')).toMatch(/^Bob *, verified /);
    await ann.open(bob);
    await aerogram(stage, 'user', 'mark', String(bob.id), '--scam', '--restrict', 'This account <b>broke</b> the rules.');
    await ann.page.getByRole('main', { name: 'Bob' }).getByText('This account <b>broke</b> the rules.').waitFor();
    await ann.page.getByRole('heading', { name: /^Bob *SCAM$/ }).waitFor();
    await ann.goToList();
    expect(await ann.row('Bob')).toMatch(/^Bob *SCAM .*broke/);
    await ann.open(bob);
    await ann.message('buy ropes').waitFor({ state: 'detached' });
    await ann.page.getByRole('button', { name: 'Info' }).click();
    await ann.page.getByText('The server warns of this account.').waitFor();
    await ann.sameAfterReload();
    await aerogram(stage, 'user', 'mark', String(bob.id), '--clear');
    await ann.leaveInfo();
    await ann.message('buy ropes').waitFor();
  });

  test('channels and bots are searched for apart, and channels that one might like are named', async () => {
    const ann = await stage.person('Ann');
    const { page } = ann;
    const own = await makePublic(ann.actor, 'Bread news', 'bread_news');
    const like = await makePublic(await stage.world.user('Bob'), 'Cake news', 'cake_news');
    await sql`INSERT INTO similar_channels (channel_id, similar_id, score) VALUES (${own}, ${like}, 1)`.execute(stage.server.db.q);
    await ann.chat('Bread news').waitFor();
    const field = page.getByRole('searchbox', { name: 'Search', exact: true });
    const choose = (name: string): Promise<void> => page.getByRole('tablist', { name: 'Kinds of results' }).getByRole('tab', { name }).click();
    await field.click();
    await choose('Channels');
    await results(ann).getByRole('link', { name: /^Bread news/ }).waitFor();
    const liked = page.getByRole('list', { name: 'You might like' });
    await liked.getByRole('link', { name: /^Cake news/ }).waitFor();
    await field.fill('cake');
    await page.getByRole('list', { name: 'Public ones' }).getByRole('link', { name: /^Cake news @cake_news, 1 subscriber/ }).waitFor();
    expect(await results(ann).count()).toBe(0);
    await choose('Bots');
    await page.getByText('Nothing found').waitFor();
    await field.fill('botfath');
    await page.getByRole('list', { name: 'Public ones' }).getByRole('link', { name: /^BotFather/ }).click();
    await page.getByRole('main').getByRole('button', { name: 'Start' }).click();
    await ann.chat('BotFather').waitFor();
    await field.click();
    await choose('Bots');
    await results(ann).getByRole('link', { name: /^BotFather/ }).waitFor();
    await page.getByRole('button', { name: 'Leave search' }).click();
    await field.click();
    await choose('Channels');
    await liked.getByRole('link', { name: /^Cake news/ }).waitFor();
    await liked.getByRole('link', { name: /^Cake news/ }).click();
    await page.getByRole('main', { name: 'Cake news' }).getByRole('button', { name: 'Join' }).waitFor();
    // Who looks at a channel has not joined it.
    expect(await ann.chat('Cake news').count()).toBe(0);
    await ann.chat('Bread news').click();
    await page.getByRole('main', { name: 'Bread news' }).waitFor();
    expect(await ann.chat('Cake news').count()).toBe(0);
    await ann.sameAfterReload();
  });

  test('hashtags lead to the messages that have them, and the open chat stays beside what is chosen from', async () => {
    const ann = await stage.person('Ann');
    const [bob, carl] = [await stage.world.user('Bob'), await stage.world.user('Carl')];
    const { page } = ann;
    await bob.send(ann.actor, 'look at the #boats');
    await bob.send(ann.actor, 'some #boatswains for $USD');
    await carl.send(ann.actor, 'my #Boats, too');
    await ann.open(bob);
    await ann.message('look at').getByRole('link', { name: '#boats' }).click();
    const tagged = page.getByRole('main', { name: '#boats' });
    await tagged.getByRole('link', { name: /^Bob .*look at the #boats/ }).waitFor();
    expect(await results(ann).getByRole('link').count()).toBe(1);
    await tagged.getByRole('tab', { name: 'All chats' }).click();
    // The chat is open again, and the results are in the column beside it.
    await ann.message('some #boatswains').waitFor();
    await page.getByRole('heading', { name: '#boats' }).waitFor();
    await results(ann).getByRole('link', { name: /^Bob .*look at the #boats/ }).waitFor();
    await results(ann).getByRole('link', { name: /^Carl .*my #Boats/ }).click();
    await page.getByRole('main', { name: 'Carl' }).waitFor();

    await ann.composer.click();
    await page.keyboard.insertText('half a sentence');
    for (const [open, place] of [['Menu', 'Contacts'], ['Menu', 'Settings'], ['New chat', 'New group']] as const) {
      await page.getByRole('button', { name: open }).click();
      await page.getByRole('menuitem', { name: place }).click();
      await page.getByRole('heading', { name: place }).waitFor();
      await page.getByRole('main', { name: 'Carl' }).waitFor();
      expect(await ann.composer.textContent()).toBe('half a sentence');
      await page.getByRole('link', { name: 'Back' }).click();
      await ann.chats.waitFor();
    }
    await ann.composer.press('Enter');
    await carl.sees('half a sentence');
    await ann.message('half a sentence').getByRole('img', { name: 'Sent' }).waitFor();
    await ann.sameAfterReload();
  });

  test('messages of others are reported, one or several, own ones are not', async () => {
    const ann = await stage.person('Ann', 'phone');
    const bob = await stage.world.user('Bob');
    for (const text of ['buy this', 'and that']) await bob.send(ann.actor, text);
    await ann.open(bob);
    const dialog = ann.page.getByRole('dialog', { name: /^Report message/ });
    await ann.choose('buy this', 'Report…');
    await dialog.getByRole('button', { name: 'Other' }).click();
    await dialog.getByRole('textbox').fill('he sells air');
    await dialog.getByRole('button', { name: 'Report', exact: true }).click();
    await ann.page.getByText('Reported. Thank you.').waitFor();
    await ann.choose('buy this', 'Select');
    await ann.message('and that').click();
    await ann.page.getByRole('toolbar').getByRole('button', { name: 'Report…' }).click();
    await dialog.getByText('What is wrong with these 2 messages?').waitFor();
    await dialog.getByRole('button', { name: 'Fake account' }).click();
    await dialog.waitFor({ state: 'detached' });
    await ann.page.getByRole('toolbar').waitFor({ state: 'detached' });
    // The server stores each message once for each person who reports it.
    const reports = await stage.server.db.q.selectFrom('reports').select(['reason', 'comment', 'copy']).where('owner_id', '=', BigInt(ann.actor.id)).orderBy('report_id').execute();
    expect(reports).toEqual([{ reason: 'other', comment: 'he sells air', copy: 'buy this' }, { reason: 'fake', comment: '', copy: 'and that' }]);
    await ann.send('no thanks');
    await bob.sees('no thanks');
    // Others may have it before the page knows that it was sent, and its menu is another one till then.
    await ann.message('no thanks').getByRole('img', { name: /^(Sent|Read)$/ }).waitFor();
    await ann.message('no thanks').focus();
    await ann.page.keyboard.press('Shift+F10');
    await ann.page.getByRole('menuitem', { name: 'Reply' }).waitFor();
    expect(await ann.page.getByRole('menuitem', { name: 'Report…' }).count()).toBe(0);
    await ann.page.keyboard.press('Escape');
    await ann.sameAfterReload();
  });

  test('somebody hides the number but for one person and a group, and deletes the account', async () => {
    await aerogram(stage, 'chats', 'retention', 'private', '40');
    const ann = await stage.newcomer('Ann', 'phone');
    const [bob, carl] = [await stage.world.user('Bob'), await stage.world.user('Carl')];
    // They learn of the account by its messages, not by its number, which everybody sees who knows it already.
    for (const other of [bob, carl]) {
      await ann.actor.send(other, 'hello');
      await other.sees('hello');
    }
    const made = await carl.main.invite({ _: 'messages.createChat', title: 'Neighbours', users: [carl.main.inputUser(ann.actor.id)] });
    const group = made.updates._ === 'updates' ? made.updates.chats[0]!.id : 0;
    const { page } = ann;
    const rule = async (): Promise<unknown[]> => (await ann.actor.main.call({ _: 'account.getPrivacy', key: { _: 'inputPrivacyKeyPhoneNumber' } })).rules;
    const phoneFor = async (other: typeof bob): Promise<string | undefined> => {
      const [user] = await other.main.call({ _: 'users.getUsers', id: [other.main.inputUser(ann.actor.id)] });
      return user?._ === 'user' ? user.phone : undefined;
    };
    await ann.go('settings/privacy');
    await page.getByRole('link', { name: 'Phone number' }).click();
    await page.getByRole('group', { name: 'Who can see your phone number?' }).getByRole('radio', { name: 'Nobody' }).check();
    await expect.poll(rule).toEqual([{ _: 'privacyValueDisallowAll' }]);
    await expect.poll(() => phoneFor(bob)).toBeUndefined();
    await page.getByRole('group', { name: 'Who can find you by your number?' }).getByRole('radio', { name: 'My contacts' }).check();
    await page.getByRole('button', { name: /^Always allow/ }).click();
    const dialog = ann.dialog('Always allow');
    await dialog.getByRole('searchbox').fill('Bo');
    await dialog.getByRole('checkbox', { name: 'Bob' }).check();
    await dialog.getByRole('checkbox', { name: 'Neighbours' }).check();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect.poll(rule).toEqual([{ _: 'privacyValueAllowUsers', users: [bob.id] }, { _: 'privacyValueAllowChatParticipants', chats: [group] }, { _: 'privacyValueDisallowAll' }]);
    for (const other of [bob, carl]) await expect.poll(() => phoneFor(other)).toBe(ann.actor.phone);
    await page.getByRole('link', { name: 'Back' }).click();
    await page.getByRole('link', { name: 'Phone number Nobody, +2' }).waitFor();

    await page.getByRole('link', { name: 'Last seen' }).click();
    await page.getByRole('switch', { name: 'Hide when I have read' }).check();
    await expect.poll(async () => (await ann.actor.main.call({ _: 'account.getGlobalPrivacySettings' })).hideReadMarks).toBe(true);
    await ann.go('settings/privacy/auto-delete');
    await page.getByText('This server deletes messages of private chats 40 days after they were sent.').waitFor();
    await page.getByRole('radio', { name: 'After a week' }).check();
    await expect.poll(async () => (await ann.actor.main.call({ _: 'messages.getDefaultHistoryTTL' })).period).toBe(7 * 86_400);
    await ann.go('settings/privacy/sites');
    await page.getByText('You have logged in on no site.').waitFor();

    await ann.go('settings/privacy/delete');
    await page.getByRole('radio', { name: '3 months' }).check();
    await expect.poll(async () => (await ann.actor.main.call({ _: 'account.getAccountTTL' })).days).toBe(90);
    await page.getByRole('button', { name: 'Delete account' }).click();
    await ann.dialog('Delete account').getByRole('button', { name: 'Delete account' }).click();
    await page.getByRole('textbox', { name: 'Phone number' }).waitFor();
    await expect.poll(async () => (await bob.main.call({ _: 'users.getUsers', id: [bob.main.inputUser(ann.actor.id)] }))[0]).toMatchObject({ deleted: true });
  });
});
