import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callFrom, callOf, incomingOf, KEY, linesOf, meet, personWithCamera, receivedBy } from './call-people.ts';
import { endWebStage, hasChromium, startWebStage, type WebStage } from './stage.ts';

describe.skipIf(!hasChromium)('a talk between two people in the web client', () => {
  let stage: WebStage;
  beforeAll(async () => {
    stage = await startWebStage();
  });
  afterAll(() => endWebStage(stage));

  test('both are heard and seen, with microphone and camera switched off and on, and a screen; at the end both let go', async () => {
    const [ann, bob] = [await personWithCamera(stage, 'Ann'), await personWithCamera(stage, 'Bob', 'phone')];
    await meet(ann, bob);
    await callFrom(ann, bob, 'Video call');
    await incomingOf(bob.page).getByRole('button', { name: 'Answer', exact: true }).click();
    for (const [{ page }, name] of [[ann, 'Bob'], [bob, 'Ann']] as const) {
      await callOf(page, name).getByRole('timer').waitFor();
      await callOf(page, name).getByLabel(`Picture of ${name}`).waitFor();
      await expect.poll(async () => (await receivedBy(page)).energy).toBeGreaterThan(0);
      await expect.poll(async () => (await receivedBy(page)).frames).toBeGreaterThan(5);
      await callOf(page, name).getByLabel('Your picture').waitFor();
      await callOf(page, name).getByRole('img', { name: /^Connection: [1-4] of 4$/ }).waitFor();
    }
    const keys = await Promise.all([ann, bob].map(({ page }) => page.getByRole('button', { name: KEY }).getAttribute('aria-label')));
    expect(keys[0]).toBe(keys[1]);

    const seen = callOf(ann.page, 'Bob');
    await bob.page.getByRole('button', { name: 'Mute' }).click();
    await seen.getByText('Bob is muted').waitFor();
    await bob.page.getByRole('button', { name: 'Unmute' }).click();
    await seen.getByText('Bob is muted').waitFor({ state: 'detached' });
    await bob.page.getByRole('button', { name: 'Stop video' }).click();
    await seen.getByLabel('Picture of Bob').waitFor({ state: 'detached' });
    await bob.page.getByRole('button', { name: 'Video', exact: true }).click();
    await seen.getByLabel('Picture of Bob').waitFor();
    await bob.page.getByRole('button', { name: 'Share screen' }).click();
    await seen.getByLabel('Screen of Bob').waitFor();
    await bob.page.getByRole('button', { name: 'Stop sharing' }).click();
    await seen.getByLabel('Picture of Bob').waitFor();
    await bob.page.getByRole('button', { name: 'Devices' }).click();
    await bob.page.getByRole('menuitem', { name: /^Camera: .* \(used now\)$/ }).first().waitFor();
    await bob.page.keyboard.press('Escape');

    await ann.page.getByRole('button', { name: 'Back to the chats' }).click();
    const bar = ann.page.getByRole('region', { name: 'In call with Bob' });
    await bar.getByRole('timer').waitFor();
    await bar.getByRole('button', { name: 'End' }).click();
    for (const { page } of [ann, bob]) await expect.poll(() => page.evaluate('window.connections.every(({ connectionState }) => connectionState === "closed")')).toBe(true);
    await callOf(bob.page, 'Ann').waitFor({ state: 'detached' });
    for (const [person, other] of [[ann, bob], [bob, ann]] as const) {
      await person.open(other.actor);
      await linesOf(person, /^Video call, \d/).waitFor();
      await person.sameAfterReload();
    }
  }, 240_000);
});
