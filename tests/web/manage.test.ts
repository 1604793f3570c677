import type { tl } from '@mtcute/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '@aerogram/dev-env';
import { endWebStage, hasChromium, startWebStage, type WebPerson, type WebStage } from './stage.ts';

/** Executed, it would make the page report a dialog. */
const HOSTILE = '<img src=x onerror=alert(1)>';

/** Makes a basic group of an actor. @returns its marked id */
async function makeGroup(owner: Actor, title: string, others: Actor[]): Promise<number> {
  const made = await owner.main.invite({ _: 'messages.createChat', title, users: others.map((other) => owner.main.inputUser(other.id)) });
  if (made.updates._ !== 'updates') throw new Error(made.updates._);
  return -made.updates.chats[0]!.id;
}

/** The supergroup in whose address a window stands. */
const openPeer = (person: WebPerson): number => Number(/chat\/(-\d+)/.exec(person.page.url())![1]);

async function fullOf({ main }: Actor, peer: number): Promise<tl.RawChannelFull> {
  const { fullChat } = await main.call({ _: 'channels.getFullChannel', channel: main.inputChannel(peer) });
  if (fullChat._ !== 'channelFull') throw new Error(fullChat._);
  return fullChat;
}

describe.skipIf(!hasChromium)('managing groups and channels in the web client', () => {
  let stage: WebStage;
  beforeAll(async () => {
    stage = await startWebStage();
  });
  afterAll(() => endWebStage(stage));

  test.each(['desk', 'phone'] as const)('a basic group is edited, and becomes a supergroup only after a question (%s)', async (size) => {
    const ann = await stage.person('Ann', size);
    const bob = await stage.world.user(HOSTILE);
    await ann.actor.meet(bob);
    const basic = await makeGroup(ann.actor, HOSTILE, [bob]);
    await ann.go(`chat/${basic}/info`);
    await ann.page.getByRole('button', { name: 'Edit' }).click();
    const edit = ann.managed('Edit group');
    expect(await edit.getByRole('button', { name: 'Save' }).count()).toBe(0);
    await edit.getByRole('textbox', { name: 'Group name' }).fill('Family');
    await edit.getByRole('button', { name: 'Save' }).click();
    await expect.poll(async () => (await bob.main.call({ _: 'messages.getChats', id: [-basic] })).chats).toMatchObject([{ title: 'Family' }]);

    const topics = edit.getByRole('switch', { name: 'Topics' });
    await topics.click();
    const question = ann.dialog('Make it a supergroup?');
    await question.getByText('Everybody stays').waitFor();
    await question.getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(() => topics.isChecked()).toBe(false);
    expect(openPeer(ann)).toBe(basic);

    await edit.getByRole('button', { name: 'History for new members' }).click();
    await ann.dialog('History for new members').getByRole('radio', { name: 'Shown' }).click();
    await question.getByRole('button', { name: 'Continue' }).click();
    await edit.getByRole('button', { name: 'History for new members Shown' }).waitFor();
    expect(ann.page.url()).toMatch(/#\/chat\/-100\d+\/info\/edit$/);
    const group = openPeer(ann);
    expect((await fullOf(bob, group)).hiddenPrehistory).toBe(false);

    // What another device sets is shown at once.
    await ann.actor.main.call({ _: 'channels.togglePreHistoryHidden', channel: ann.actor.main.inputChannel(group), enabled: true });
    await edit.getByRole('button', { name: 'History for new members Hidden' }).waitFor();
    await topics.click();
    await edit.getByRole('switch', { name: 'Show topics as tabs' }).waitFor();
    await ann.leaveInfo();
    await ann.countsAll();
    await ann.sameAfterReload();
  });
});
