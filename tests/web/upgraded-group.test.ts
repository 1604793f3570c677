import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '@aerogram/dev-env';
import { startServerProcess, type ServerProcess } from '@aerogram/dev-env/load';
import { testDatabase, type TestDatabase } from '@aerogram/storage/testing';
import { makeGroup } from './make-chats.ts';
import { endWebStage, hasChromium, setWebStage, type WebStage } from './stage.ts';

/** Whether a basic group has become a supergroup. */
async function isUpgraded(member: Actor, group: number): Promise<boolean> {
  const [chat] = (await member.main.call({ _: 'messages.getChats', id: [-group] })).chats;
  return chat?._ === 'chat' && chat.migratedTo !== undefined;
}

describe.skipIf(!hasChromium)('a group that becomes a supergroup while the server is killed', () => {
  let database: TestDatabase;
  let stage: WebStage<ServerProcess>;
  beforeAll(async () => {
    database = await testDatabase();
    stage = await setWebStage(await startServerProcess({ databaseUrl: database.url }));
  });
  afterAll(async () => {
    await endWebStage(stage);
    await database?.[Symbol.asyncDispose]();
  });

  test.each([
    ['at once', (): Promise<void> => Promise.resolve()],
    ['when a member has heard of it', async (bob: Actor, group: number): Promise<void> => {
      await expect.poll(() => isUpgraded(bob, group), { timeout: 15_000, interval: 5 }).toBe(true);
    }],
  ])('everybody has one row and the whole history: killed %s', async (when, isTime) => {
    const title = `Choir ${when}`;
    const [ann, carl, dora, bob] = [await stage.person('Ann'), await stage.person('Carl'), await stage.person('Dora'), await stage.world.user('Bob')];
    const others = [bob, carl.actor, dora.actor];
    for (const other of others) await ann.actor.meet(other);
    const group = await makeGroup(ann.actor, title, others);
    const texts = ['one', 'two', 'three'];
    await ann.open(group);
    for (const text of texts) {
      await ann.send(text);
      await ann.message(text).getByRole('img', { name: 'Sent' }).waitFor();
    }
    await carl.open(group);
    await carl.message('three').waitFor();
    await dora.open(group);
    await dora.message('three').waitFor();
    await dora.page.goto('about:blank');

    await ann.go(`chat/${group}/info/edit`);
    await ann.managed('Edit group').getByRole('button', { name: 'History for new members' }).click();
    await ann.dialog('History for new members').getByRole('radio', { name: 'Shown' }).click();
    await ann.dialog('Make it a supergroup?').getByRole('button', { name: 'Continue' }).click();
    await isTime(bob, group);
    await stage.server.kill('SIGKILL');
    await stage.server.start();
    await carl.page.reload();
    await ann.page.getByText('Connecting…').waitFor({ state: 'detached', timeout: 30_000 });
    await dora.open(group);

    await ann.leaveInfo();
    await ann.send('four');
    for (const person of [ann, carl, dora]) {
      await person.message('four').waitFor({ timeout: 20_000 });
      await expect.poll(() => person.messages.getByRole('article').locator('.message-text').allTextContents()).toEqual([...texts, 'four']);
      await expect.poll(() => person.chat(title).count()).toBe(1);
      await expect.poll(async () => (person.openPeer === group) !== (await isUpgraded(bob, group)), { timeout: 15_000 }).toBe(true);
    }
    await ann.message('four').getByRole('img', { name: 'Read' }).waitFor();
    for (const person of [ann, carl, dora]) {
      await person.sameAfterReload();
      expect(await person.chat(title).count()).toBe(1);
    }
  });
});
