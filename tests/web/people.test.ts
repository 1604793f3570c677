import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endWebStage, hasChromium, startWebStage, type WebPerson, type WebStage } from './stage.ts';

const results = (person: WebPerson): ReturnType<WebPerson['page']['getByRole']> => person.page.getByRole('list', { name: 'Search results' });

async function search(person: WebPerson, query: string): Promise<void> {
  await person.page.getByRole('searchbox', { name: 'Search', exact: true }).fill(query);
}

describe.skipIf(!hasChromium)('people in the web client', () => {
  let stage: WebStage;
  beforeAll(async () => {
    stage = await startWebStage();
  });
  afterAll(() => endWebStage(stage));

  test('somebody is found by @name and by number, becomes a contact, gets another name, and is forgotten', async () => {
    const ann = await stage.person('Ann');
    const bob = await stage.world.user('Bob');
    await bob.main.call({ _: 'account.updateUsername', username: 'bob_the_baker' });
    const { page } = ann;
    await search(ann, 'nobody at all');
    await page.getByText('are found by @username').waitFor();
    await search(ann, '@bob_the');
    await results(ann).getByRole('link', { name: /^Bob @bob_the_baker/ }).waitFor();
    await search(ann, `+${bob.phone}`);
    // Somebody without a chat, and who is no contact, is found among others.
    await results(ann).getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'People, groups and channels' }) }).getByRole('link', { name: /^Bob/ }).click();
    await page.getByRole('main', { name: 'Bob' }).waitFor();
    await ann.send('hello Bob');
    await bob.sees('hello Bob');
    await ann.goToList();
    await ann.chat('Bob').click();

    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Add contact' }).click();
    await page.getByRole('textbox', { name: 'Last name' }).fill('Baker');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('main', { name: 'Bob Baker' }).waitFor();
    await ann.go('contacts');
    const contacts = page.getByRole('list', { name: 'Contacts' });
    await contacts.getByRole('button', { name: 'More about Bob Baker' }).click();
    await page.getByRole('menuitem', { name: 'Delete contact' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete contact' }).click();
    await page.getByText('No contacts yet').waitFor();
    // Who is no contact, but has a chat with her, is offered for a group.
    await ann.go('new/group');
    await page.getByRole('checkbox', { name: /^Bob/ }).waitFor();
    await ann.go('contacts');
    await page.locator('.empty').getByRole('link', { name: 'New contact' }).click();
    await page.getByRole('textbox', { name: 'Phone number' }).fill(bob.phone);
    await page.getByRole('textbox', { name: 'First name' }).fill('Robert');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('main', { name: 'Robert' }).waitFor();
    await ann.sameAfterReload();
  });

  test('messages are found everywhere and in one chat, and the chat goes there', async () => {
    const ann = await stage.person('Ann', 'phone');
    const bob = await stage.world.user('Bob');
    for (let n = 1; n <= 30; n++) await bob.send(ann.actor, n % 10 === 0 ? `the lighthouse number ${n}` : `filler ${n}`);
    await search(ann, 'lighthouse');
    await results(ann).getByRole('link', { name: /^Bob .*the lighthouse number 10$/ }).click();
    await ann.message('the lighthouse number 10').waitFor();
    await ann.page.getByRole('main').getByRole('button', { name: 'Search in chat' }).click();
    await ann.page.getByRole('main').getByRole('searchbox', { name: 'Search in chat' }).fill('lighthouse');
    await ann.page.getByText('1 of 3').waitFor();
    await ann.page.getByRole('button', { name: 'Older result' }).click();
    await ann.page.getByText('2 of 3').waitFor();
    await ann.message('the lighthouse number 20').waitFor();
    await ann.page.getByRole('main').getByRole('button', { name: 'Leave search' }).click();
    await ann.go('');
    await ann.page.getByRole('button', { name: 'Leave search' }).click();
    await ann.sameAfterReload();
  });

  test('an empty chat says whose it is: strangers are greeted, reported, or added', async () => {
    const ann = await stage.person('Ann', 'phone');
    const [bob, carl] = [await stage.world.user('Bob'), await stage.world.user('Carl')];
    const { page } = ann;
    await page.getByRole('button', { name: 'Write to somebody' }).click();
    expect(await page.getByRole('searchbox', { name: 'Search' }).evaluate('document.activeElement?.getAttribute("aria-label")')).toBe('Search');
    await ann.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Invite by link' }).click();
    await page.getByText('Copied').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(await page.evaluate('location.origin + "/"'));
    await ann.open(ann.actor);
    await page.getByText('Keep notes, links and files here. Only you see them.').waitFor();
    await ann.send('buy milk');
    await ann.message('buy milk').getByRole('img', { name: 'Sending' }).waitFor({ state: 'detached' });
    const note = (await ann.messages.getByRole('article', { name: /^You, / }).getByText('buy milk').boundingBox())!;
    const place = (await ann.messages.boundingBox())!;
    expect(note.x).toBeGreaterThan(place.x + place.width / 2);

    for (const other of [ann.actor, carl]) await bob.meet(other);
    await bob.main.invite({ _: 'messages.createChat', title: 'Crew', users: [ann.actor, carl].map(({ id }) => bob.main.inputUser(id)) });
    await ann.goToList();
    await ann.chat('Crew').click();
    await ann.messages.getByText('Bob created the group').waitFor();
    expect(await page.getByRole('button', { name: 'Invite people' }).count()).toBe(0);
    const card = (name: string): ReturnType<typeof page.getByRole> => page.getByRole('region', { name: `About ${name}` });
    await ann.open(carl);
    await card('Carl').getByText('Groups in common').waitFor();
    await card('Carl').getByText('Crew').waitFor();
    await card('Carl').getByRole('button', { name: 'Report' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Report spam' }).click();
    await page.getByText('Reported. Thank you.').waitFor();
    await card('Carl').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Say hello' }).waitFor();

    await ann.open(bob);
    await card('Bob').getByRole('button', { name: 'Block' }).waitFor();
    await card('Bob').getByRole('button', { name: 'Close' }).click();
    await card('Bob').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Say hello' }).click();
    await bob.sees('👋');
    await ann.message('👋').getByRole('img', { name: 'Sent' }).waitFor();
    expect(await page.getByRole('button', { name: 'Say hello' }).count()).toBe(0);
    await ann.sameAfterReload();
  });

  test('a stranger is blocked from the bar above the chat, found in the settings, and heard again', async () => {
    const ann = await stage.person('Ann');
    const [bob, carl] = [await stage.world.user('Bob'), await stage.world.user('Carl')];
    await bob.send(ann.actor, 'buy this');
    const bar = ann.page.getByRole('group', { name: 'About this chat' });
    // Nobody has told this window of Carl before.
    await ann.go(`chat/${carl.id}`);
    await ann.page.getByRole('main').waitFor();
    await carl.send(ann.actor, 'I am nice');
    await ann.message('I am nice').waitFor();
    await bar.getByRole('button', { name: 'Hide' }).click();
    await bar.waitFor({ state: 'detached' });
    await ann.open(bob);
    await bar.getByRole('button', { name: 'Block' }).click();
    await ann.page.getByRole('dialog').getByRole('button', { name: 'Block' }).click();
    await ann.page.getByRole('main').getByRole('button', { name: 'Unblock' }).waitFor();
    const { blocked } = await ann.actor.main.call({ _: 'contacts.getBlocked', offset: 0, limit: 10 });
    expect(blocked.map(({ peerId }) => peerId)).toEqual([{ _: 'peerUser', userId: bob.id }]);
    await ann.go('settings/privacy/blocked');
    await ann.page.getByRole('button', { name: 'Unblock Bob' }).click();
    await ann.page.getByText('Nobody is blocked.').waitFor();
    await ann.open(bob);
    await bob.send(ann.actor, 'sorry');
    await ann.message('sorry').waitFor();
    await ann.sameAfterReload();
  });

  test('the profile is changed, a password set and removed, and another device ended', async () => {
    const ann = await stage.newcomer('Ann', 'phone');
    const bob = await stage.world.user('Bob');
    const { page } = ann;
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByRole('menuitem', { name: 'Settings' }).click();
    await page.getByRole('link', { name: 'Profile' }).click();
    await page.getByRole('textbox', { name: 'Last name' }).fill('Lee');
    await page.getByRole('textbox', { name: 'Bio' }).fill('sails a lot');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved').waitFor();
    await page.getByRole('textbox', { name: 'Username' }).fill('ann_lee_1');
    await page.getByText('This username is free.').waitFor();
    await page.getByRole('button', { name: 'Save username' }).click();
    await expect.poll(async () => (await bob.main.call({ _: 'contacts.resolveUsername', username: 'ann_lee_1' }).catch(() => undefined))?.users[0]).toMatchObject({ firstName: 'Ann', lastName: 'Lee' });

    await ann.go('settings/privacy/password');
    await page.getByRole('button', { name: 'Set password' }).click();
    for (const name of ['New password', 'Repeat password']) await page.getByLabel(name).fill('correct horse');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('A new device needs this password beside the code.').waitFor();
    expect((await ann.actor.main.call({ _: 'account.getPassword' })).hasPassword).toBe(true);
    await page.getByRole('button', { name: 'Forgot password' }).click();
    await ann.dialog('Forgot password').getByRole('button', { name: 'Remove in 7 days' }).click();
    await page.getByText('The password can be removed without being known').waitFor();
    await page.getByRole('button', { name: 'Keep the password' }).click();
    await page.getByRole('button', { name: 'Forgot password' }).click();
    await ann.dialog('Forgot password').getByRole('button', { name: 'Remove in 7 days' }).click();
    await page.getByRole('alert').getByText('Too many attempts. Try again in').waitFor();
    await page.getByRole('button', { name: 'Remove password' }).click();
    await page.getByLabel('Current password').fill('wrong');
    await page.getByRole('dialog').getByRole('button', { name: 'Remove password' }).click();
    await page.getByRole('alert').getByText('The password is wrong.').waitFor();
    await page.getByLabel('Current password').fill('correct horse');
    await page.getByRole('dialog').getByRole('button', { name: 'Remove password' }).click();
    await page.getByRole('button', { name: 'Set password' }).waitFor();

    await ann.go('settings/devices');
    await page.getByRole('list', { name: 'Other devices' }).getByRole('button', { name: /^Log out/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Log out this device' }).click();
    await page.getByText('You are logged in nowhere else.').waitFor();
    await ann.go('settings/appearance');
    await page.getByRole('radio', { name: 'Dark' }).check();
    await page.reload();
    await page.getByRole('radio', { name: 'Dark', checked: true }).waitFor();
    expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark');
    await ann.go('');
    await ann.sameAfterReload();
  });
});
