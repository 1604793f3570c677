import { startTestHomes, type TestHomes, World } from '@aerogram/dev-env';
import { enableCloudPassword } from '@mtcute/node/methods.js';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { scanCode } from './scan-code.ts';
import { endWebStage, hasChromium, setWebStage, type WebPerson, type WebStage } from './stage.ts';
import { sendPhoto } from './send-media.ts';
import { makePicture } from '../scenarios/photo-stage.ts';

describe.skipIf(!hasChromium)('the page of one data centre, for people of the other', () => {
  let homes: TestHomes;
  /** The page is that of the second data centre, people live in the first. */
  let stage: WebStage<unknown>;
  let people: World;
  beforeAll(async () => {
    homes = await startTestHomes();
    people = new World(homes.one);
    const page = { info: homes.two.info, [Symbol.asyncDispose]: () => homes[Symbol.asyncDispose]() };
    const listHomes = async (): Promise<unknown[] | undefined> => ((await (await fetch(`http://127.0.0.1:${page.info.http.port}/client.json`)).json()) as { homes?: unknown[] }).homes;
    await vi.waitFor(
      async () => {
        if ((await listHomes())?.length !== 1) throw new Error('the page does not name the other home yet');
      },
      { timeout: 60_000, interval: 100 },
    );
    stage = await setWebStage(page);
  }, 180_000);
  afterAll(async () => {
    await people?.[Symbol.asyncDispose]();
    await endWebStage(stage);
  });

  /** Accepts the code in a window as somebody who is logged in. */
  async function letIn(web: WebPerson): Promise<void> {
    await web.page.getByRole('button', { name: 'Log in by QR code' }).click();
    const scanned = await scanCode(web);
    await web.actor.main.call({ _: 'auth.acceptLoginToken', token: Buffer.from(scanned.replace('tg://login?token=', ''), 'base64url') });
  }

  test('leads who types their number to their home, at once the next time', async () => {
    const [ann, bob] = [await people.user('Ann'), await people.user('Bob')];
    const web = await stage.open(ann);
    await web.logIn();
    await sendPhoto(bob, ann, await makePicture(300, 200), { caption: 'look' });
    await web.open(bob);
    await web.message('look').getByRole('img').first().waitFor();
    await web.send('from the wrong page');
    await bob.sees('from the wrong page');
    await web.sameAfterReload();
    await web.send('after the reload');
    await bob.sees('after the reload');
    const { authorizations } = await ann.main.call({ _: 'account.getAuthorizations' });
    await ann.main.call({ _: 'account.resetAuthorization', hash: authorizations.find(({ current }) => !current)!.hash });
    await web.page.getByRole('heading', { name: 'Log in' }).waitFor();
    await web.logIn();
    await web.chat('Bob').waitFor();
  });

  test('leads who shows a QR code to the home of the one who accepts it, where the password is asked for', async () => {
    const [ann, bob] = [await people.user('Ann'), await people.user('Bob')];
    await enableCloudPassword(ann.main.client, { password: 'correct horse', hint: 'a horse' });
    const [annsWindow, bobsWindow] = [await stage.open(ann), await stage.open(bob)];
    await letIn(bobsWindow);
    await bobsWindow.chats.waitFor();
    await letIn(annsWindow);
    await annsWindow.page.getByText('Hint: a horse').waitFor();
    await annsWindow.page.getByLabel('Password').fill('correct horse');
    await annsWindow.page.getByRole('button', { name: 'Next' }).click();
    await annsWindow.chats.waitFor();
    await ann.meet(bob);
    await annsWindow.open(bob);
    await annsWindow.send('between two windows');
    await bobsWindow.chat('Ann').waitFor();
    await bobsWindow.open(ann);
    await bobsWindow.message('between two windows').waitFor();
    await annsWindow.sameAfterReload();
    expect(stage.problems()).toEqual([]);
  });
});
