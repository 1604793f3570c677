import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callFrom, callOf, incomingOf, KEY, linesOf, meet, personWithCamera } from './call-people.ts';
import { endWebStage, hasChromium, startWebStage, type WebStage } from './stage.ts';

describe.skipIf(!hasChromium)('calls in the web client', () => {
  let stage: WebStage;
  beforeAll(async () => {
    stage = await startWebStage();
  });
  afterAll(() => endWebStage(stage));

  test('a call rings in each tab and on each device, and is answered in one: all others stop, and both see the same key', async () => {
    const [ann, bob] = [await personWithCamera(stage, 'Ann'), await personWithCamera(stage, 'Bob')];
    await meet(ann, bob);
    const tab = await bob.context.newPage();
    await tab.goto(bob.page.url());
    await tab.getByRole('list', { name: 'Chats' }).waitFor();
    await callFrom(ann, bob, 'Video call');
    for (const page of [bob.page, tab]) await incomingOf(page).getByRole('heading', { name: 'Ann' }).waitFor();
    await callOf(ann.page, 'Bob').getByText('Ringing…').waitFor();
    const { main } = bob.actor;
    await main.seesUpdate('updatePhoneCall', ({ phoneCall }) => phoneCall._ === 'phoneCallRequested');

    await incomingOf(tab).getByRole('button', { name: 'Answer', exact: true }).click();
    await incomingOf(bob.page).waitFor({ state: 'detached' });
    await main.seesUpdate('updatePhoneCall', ({ phoneCall }) => phoneCall._ === 'phoneCallDiscarded');
    const bar = bob.page.getByRole('region', { name: 'In call with Ann' });
    await bar.getByText('in another tab').waitFor();
    await callOf(tab, 'Ann').getByLabel('Your picture').waitFor();
    const keys = await Promise.all([ann.page, tab].map((page) => page.getByRole('button', { name: KEY }).getAttribute('aria-label')));
    expect(keys[0]).toBe(keys[1]);
    await ann.page.getByRole('button', { name: KEY }).click();
    await ann.page.getByRole('region', { name: 'The key of this call' }).getByText('If Bob has the same, nobody else can listen.').waitFor();

    // The call goes on while one looks at something else, and can be ended in another tab.
    await ann.page.getByRole('button', { name: 'Back to the chats' }).click();
    await callOf(ann.page, 'Bob').waitFor({ state: 'detached' });
    await ann.page.getByRole('region', { name: 'In call with Bob' }).getByRole('button', { name: 'Show the call with Bob' }).click();
    await callOf(ann.page, 'Bob').waitFor();
    await bob.open(ann.actor);
    await bar.getByRole('button', { name: 'End' }).click();
    await callOf(ann.page, 'Bob').waitFor({ state: 'detached' });
    await callOf(tab, 'Ann').waitFor({ state: 'detached' });
    await ann.open(bob.actor);
    for (const person of [ann, bob]) {
      await linesOf(person, /^Video call, \d/).waitFor();
      expect(await linesOf(person, /call/i).count()).toBe(1);
    }
    await tab.close();
    await bob.sameAfterReload();
    await ann.sameAfterReload();
  }, 240_000);

  test('a call is declined, given up, listed and called back; all are deleted for both', async () => {
    const [ann, bob] = [await personWithCamera(stage, 'Ann'), await personWithCamera(stage, 'Bob', 'phone')];
    await meet(ann, bob);
    await callFrom(ann, bob);
    await incomingOf(bob.page).getByRole('button', { name: 'Decline' }).click();
    await incomingOf(bob.page).waitFor({ state: 'detached' });
    await callOf(ann.page, 'Bob').getByText('Declined, or busy').waitFor();
    await ann.page.getByRole('button', { name: 'Call again' }).click();
    await incomingOf(bob.page).waitFor();
    await ann.page.getByRole('button', { name: 'End' }).click();
    await incomingOf(bob.page).waitFor({ state: 'detached' });
    await ann.composer.waitFor();

    await bob.go('calls');
    const calls = bob.page.getByRole('list', { name: 'Calls' }).getByRole('listitem');
    await expect.poll(() => calls.allInnerTexts()).toEqual([expect.stringMatching(/Ann\s+Missed/), expect.stringMatching(/Ann\s+Declined/)]);
    await ann.go('calls');
    await expect.poll(() => ann.page.getByRole('list', { name: 'Calls' }).getByRole('listitem').allInnerTexts()).toEqual([expect.stringMatching(/Bob\s+Cancelled/), expect.stringMatching(/Bob\s+Declined/)]);
    await calls.first().getByRole('button', { name: 'Call Ann back' }).click();
    // A message answers a call as well.
    await incomingOf(ann.page).getByRole('button', { name: 'Reply by message' }).click();
    await ann.composer.waitFor();
    await callOf(bob.page, 'Ann').getByText('Declined, or busy').waitFor();
    await bob.page.getByRole('button', { name: 'Close' }).click();
    await bob.go('calls');
    await expect.poll(() => calls.count()).toBe(3);

    // The line in the chat calls back, too.
    await bob.open(ann.actor);
    await linesOf(bob, /^Missed call/).click();
    await incomingOf(ann.page).waitFor();
    await bob.page.getByRole('button', { name: 'End' }).click();
    await incomingOf(ann.page).waitFor({ state: 'detached' });

    await bob.go('calls');
    await expect.poll(() => calls.count()).toBe(4);
    await bob.page.getByRole('button', { name: 'Delete all calls' }).click();
    const dialog = bob.dialog('Delete all calls');
    await dialog.getByRole('checkbox', { name: 'Also delete for others' }).check();
    await dialog.getByRole('button', { name: 'Delete all calls' }).click();
    await bob.page.getByText('No calls yet').waitFor();
    await ann.open(bob.actor);
    await linesOf(ann, /call/i).first().waitFor({ state: 'detached' });
    await ann.sameAfterReload();
  }, 240_000);

  test('a call rings again after a reload; one call at a time; a tab that is closed hangs up', async () => {
    const [ann, bob] = [await personWithCamera(stage, 'Ann'), await personWithCamera(stage, 'Bob')];
    const carl = await stage.world.user('Carl');
    await meet(ann, bob);
    await carl.meet(bob.actor);
    const tab = await ann.context.newPage();
    await tab.goto(`${ann.page.url()}`);
    await tab.getByRole('list', { name: 'Chats' }).waitFor();
    await callFrom(ann, bob);
    await incomingOf(bob.page).waitFor();
    await bob.page.reload();
    await incomingOf(bob.page).getByRole('heading', { name: 'Ann' }).waitFor();
    await incomingOf(bob.page).getByRole('button', { name: 'Answer', exact: true }).click();
    await callOf(bob.page, 'Ann').getByRole('button', { name: KEY }).waitFor();

    // Another one is told that Bob is busy, and Ann calls nobody else meanwhile.
    const { phoneCall } = await carl.main.call({
      _: 'phone.requestCall', userId: carl.main.inputUser(bob.actor.id), randomId: 5, gAHash: new Uint8Array(32),
      protocol: { _: 'phoneCallProtocol', udpP2p: true, minLayer: 65, maxLayer: 92, libraryVersions: ['13.0.0'] },
    });
    await carl.main.seesUpdate('updatePhoneCall', (update) => update.phoneCall.id.eq(phoneCall.id) && update.phoneCall._ === 'phoneCallDiscarded' && update.phoneCall.reason?._ === 'phoneCallDiscardReasonBusy');
    await tab.goto(`${tab.url().split('#')[0]}#/chat/${bob.actor.id}`);
    await tab.getByRole('main').getByRole('button', { name: 'Call', exact: true }).click();
    await tab.getByRole('alert').filter({ hasText: 'You are in a call already.' }).waitFor();

    await ann.page.close();
    await callOf(bob.page, 'Ann').waitFor({ state: 'detached' });
    await tab.getByRole('region', { name: 'In call with Bob' }).waitFor({ state: 'detached' });
    await tab.close();
  }, 240_000);

  test('the page says in words what stands against a call', async () => {
    const [ann, bob] = [await personWithCamera(stage, 'Ann'), await stage.person('Bob')];
    await meet(ann, bob);
    // Bob's page came over plain HTTP from elsewhere.
    await bob.context.addInitScript('Object.defineProperty(window, "isSecureContext", { value: false })');
    await bob.page.reload();
    await callFrom(bob, ann);
    await bob.dialog('Calls').getByText(/^Calls need https/).waitFor();
    await bob.dialog('Calls').getByText('Close').click();
    await callFrom(ann, bob);
    await incomingOf(bob.page).getByText(/^Calls need https/).waitFor();
    expect(await incomingOf(bob.page).getByRole('button', { name: 'Answer' }).count()).toBe(0);
    await incomingOf(bob.page).getByRole('button', { name: 'Decline' }).click();
    await callOf(ann.page, 'Bob').getByText('Declined, or busy').waitFor();
    await ann.page.getByRole('button', { name: 'Close' }).click();

    await ann.context.clearPermissions();
    await callFrom(ann, bob);
    await ann.page.getByRole('alert').filter({ hasText: 'does not let this page use the microphone' }).waitFor();
    // Secret chats are for apps: the page of a person says why.
    await ann.page.getByRole('button', { name: 'Chat info' }).click();
    await ann.page.getByText('A page gets its program from the server each time').waitFor();

    // Who takes no calls has no buttons for them.
    const rules: { _: 'inputPrivacyValueDisallowAll' }[] = [{ _: 'inputPrivacyValueDisallowAll' }];
    await bob.actor.main.call({ _: 'account.setPrivacy', key: { _: 'inputPrivacyKeyPhoneCall' }, rules });
    await ann.page.reload();
    const info = ann.page.getByRole('complementary', { name: 'Info' });
    await info.getByRole('button', { name: 'Mute' }).waitFor();
    expect(await ann.page.getByRole('button', { name: 'Call', exact: true }).count()).toBe(0);
  }, 240_000);
});

test.skipIf(!hasChromium)('where calls are off, the menu has none', async () => {
  const stage = await startWebStage({ env: { AEROGRAM_CALLS: 'off' } });
  const ann = await stage.person('Ann');
  const menu = ann.page.getByRole('button', { name: 'Menu' });
  // The page shows before it knows whether the server has calls.
  await expect.poll(async () => {
    await menu.click();
    await ann.page.getByRole('menuitem', { name: 'Contacts' }).waitFor();
    const count = await ann.page.getByRole('menuitem', { name: 'Calls' }).count();
    await ann.page.keyboard.press('Escape');
    return count;
  }).toBe(0);
  await endWebStage(stage);
});
