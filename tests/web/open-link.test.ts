import type { Actor } from '@aerogram/dev-env';
import { WebLinks } from '@aerogram/kit';
import { systemClock, systemRandom } from '@aerogram/runtime';
import { enableCloudPassword } from '@mtcute/node/methods.js';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endWebStage, hasChromium, SIZES, type Size, startWebStage, type WebPerson, type WebStage } from './stage.ts';

const TOO_LATE = 'This link cannot be used any more: it works once, and only for some minutes. Ask for a new one.';

/** The addresses to which the window can go back, and what its page shows and has stored by name. */
async function traces({ page, context }: WebPerson): Promise<string> {
  const browser = await context.newCDPSession(page);
  const { entries } = await browser.send('Page.getNavigationHistory');
  return JSON.stringify([page.url(), entries.map(({ url }) => url), await page.evaluate('[{ ...localStorage }, { ...sessionStorage }, document.documentElement.outerHTML]')]);
}

const listOf = (page: Page) => page.getByRole('list', { name: 'Chats' });

describe.skipIf(!hasChromium)('links that open the web client', () => {
  let stage: WebStage;
  const links = new WebLinks({ random: systemRandom, clock: systemClock });
  const linkFor = (actor: Actor): string => links.create(BigInt(actor.id), stage.server.info);
  const tokenOf = (link: string): string => new URLSearchParams(new URL(link).hash.slice(1)).get('tgWebAuthToken')!;
  const countDevices = async (actor: Actor): Promise<number> => (await actor.main.call({ _: 'account.getAuthorizations' })).authorizations.length;

  beforeAll(async () => {
    stage = await startWebStage({ kit: { webTokens: links } });
  });
  afterAll(() => endWebStage(stage));

  test.each(Object.keys(SIZES) as Size[])('a link shows the chats of its person, once, and its token is gone from the window (%s)', async (size) => {
    const [ann, bob] = [await stage.world.user('Ann'), await stage.world.user('Bob')];
    await bob.send(ann, 'hello Ann');
    const link = linkFor(ann);
    const web = await stage.visit(ann, link, size);
    await web.chat('Bob').waitFor();
    expect(await web.row('Bob')).toContain('hello Ann');
    expect(new URL(web.page.url()).hash).toBe('#/');
    expect(await traces(web)).not.toContain(tokenOf(link));
    expect(await countDevices(ann)).toBe(2);
    await web.open(bob);
    await web.send('hello Bob');
    await bob.sees('hello Bob');
    await web.sameAfterReload();

    const late = await stage.visit(ann, link, size);
    await late.page.getByRole('alert').getByText(TOO_LATE).waitFor();
    await late.page.getByRole('heading', { name: 'Log in' }).waitFor();
    expect(await traces(late)).not.toContain(tokenOf(link));
    expect(await countDevices(ann)).toBe(2);
    // Whoever has no link left can log in as always.
    await late.logIn();
  });

  test('two people are open side by side in one browser', async () => {
    const [ann, bob] = [await stage.world.user('Ann'), await stage.world.user('Bob')];
    await bob.send(ann, 'hello Ann');
    const web = await stage.visit(ann, linkFor(ann));
    await web.chat('Bob').waitFor();
    const second = await web.context.newPage();
    await second.goto(linkFor(bob));
    await listOf(second).getByRole('link', { name: /^Ann/ }).waitFor();
    await web.page.reload();
    await web.chat('Bob').waitFor();

    // A further link of somebody who is logged in already is spent, and makes no further device.
    const further = linkFor(ann);
    await web.open(bob);
    await web.page.goto(further);
    await web.chats.waitFor();
    await expect.poll(() => links.take(tokenOf(further), { address: '127.0.0.1', userId: undefined, pendingUserId: undefined })).toBeUndefined();
    expect(await countDevices(ann)).toBe(2);
    expect(await traces(web)).not.toContain(tokenOf(further));
  });

  test('a link does not replace somebody else who is logged in', async () => {
    const [ann, bob] = [await stage.world.user('Ann'), await stage.world.user('Bob')];
    const web = await stage.visit(ann, linkFor(ann));
    await web.chats.waitFor();
    const link = linkFor(bob);
    await web.page.goto(link.replace(`//${bob.id}.`, `//${ann.id}.`));
    await web.page.getByRole('alert').getByText('Somebody else is logged in here. Log out, and open the link again.').waitFor();
    await web.go('settings/profile');
    await expect.poll(() => web.page.getByRole('textbox', { name: 'First name' }).inputValue()).toBe('Ann');
    const other = await stage.visit(bob, link);
    await other.chats.waitFor();
    expect(await countDevices(bob)).toBe(2);
  });

  test('an account that has a password asks for it', async () => {
    const ann = await stage.world.user('Ann');
    await enableCloudPassword(ann.main.client, { password: 'correct horse', hint: '' });
    const web = await stage.visit(ann, linkFor(ann));
    await web.page.getByLabel('Password').fill('correct horse');
    await web.page.getByRole('button', { name: 'Next' }).click();
    await web.chats.waitFor();
  });
});
