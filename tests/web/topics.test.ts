import { Long, type tl } from '@mtcute/node';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Actor, startTestServer } from '@aerogram/dev-env';
import { idOfSent } from './make-chats.ts';
import { endWebStage, hasChromium, setWebStage, type WebPerson, type WebStage } from './stage.ts';
import { layWire, type Wire } from './wire.ts';

const GENERAL = 1;

/** Makes a supergroup of an actor with members. @returns its marked id */
async function makeGroup(owner: Actor, title: string, members: Actor[]): Promise<number> {
  const answer = await owner.main.change({ _: 'channels.createChannel', title, about: '', megagroup: true });
  if (answer._ !== 'updates') throw new Error(answer._);
  const group = -1_000_000_000_000 - answer.chats[0]!.id;
  for (const member of members) await owner.meet(member);
  const users = members.map((member) => owner.main.inputUser(member.id));
  if (users.length > 0) await owner.main.change({ _: 'channels.inviteToChannel', channel: channelOf(owner, group), users });
  return group;
}

function channelOf(actor: Actor, group: number): tl.RawInputChannel {
  const peer = actor.main.inputPeer(group);
  if (peer._ !== 'inputPeerChannel') throw new Error(peer._);
  return { _: 'inputChannel', channelId: peer.channelId, accessHash: peer.accessHash };
}

const setForum = (owner: Actor, group: number, tabs: boolean): Promise<unknown> => owner.main.change({ _: 'channels.toggleForum', channel: channelOf(owner, group), enabled: true, tabs });

/** Creates a topic with another client. @returns its id */
async function makeTopic(actor: Actor, group: number, title: string): Promise<number> {
  return idOfSent(await actor.main.change({ _: 'messages.createForumTopic', peer: actor.main.inputPeer(group), title, iconColor: 0xffd67e, randomId: Long.fromNumber(Date.now()) }));
}

let sent = 0;

/** Writes into a topic with another client. @returns the id of the message */
async function write(actor: Actor, group: number, topic: number, message: string): Promise<number> {
  const replyTo: tl.TypeInputReplyTo | undefined = topic === GENERAL ? undefined : { _: 'inputReplyToMessage', replyToMsgId: topic, topMsgId: topic };
  return idOfSent(await actor.main.change({ _: 'messages.sendMessage', peer: actor.main.inputPeer(group), message, replyTo, randomId: Long.fromNumber(++sent) }));
}

/** The icons that the server offers for topics, as ids. */
async function topicIcons({ main }: Actor): Promise<string[]> {
  const set = await main.call({ _: 'messages.getStickerSet', stickerset: { _: 'inputStickerSetEmojiDefaultTopicIcons' }, hash: 0 });
  return set._ === 'messages.stickerSet' ? set.documents.map(({ id }) => id.toString()) : [];
}

/** The icon of a topic, as another client sees it; undefined for none. */
async function iconOf({ main }: Actor, group: number, topic: number): Promise<string | undefined> {
  const answer = await main.call({ _: 'messages.getForumTopicsByID', peer: main.inputPeer(group), topics: [topic] });
  const [found] = answer.topics;
  return found?._ === 'forumTopic' ? found.iconEmojiId?.toString() : undefined;
}

const topics = ({ page }: WebPerson): Locator => page.getByRole('main').getByRole('list', { name: 'Topics' });
/** The row of a topic, by the beginning of its name. */
const topicRow = (person: WebPerson, title: string): Locator => topics(person).getByRole('link', { name: new RegExp(`^${title}`) });

/** Chooses a line of the menu of a topic. */
async function choose(person: WebPerson, title: string, item: string): Promise<void> {
  await topicRow(person, title).focus();
  await person.page.keyboard.press('Shift+F10');
  await person.page.getByRole('menuitem', { name: item, exact: true }).click();
}

/** The titles of the topics, as they stand in the list. */
const order = (person: WebPerson): Promise<string[]> => topics(person).locator('.chat-row-title bdi').allTextContents();

describe.skipIf(!hasChromium)('topics in the web client', () => {
  let wire: Wire;
  let stage: WebStage;
  let ann: WebPerson;
  let bob: WebPerson;
  beforeAll(async () => {
    const server = await startTestServer();
    wire = await layWire(server.info.http.port);
    stage = await setWebStage(server, wire.port);
    ann = await stage.person('Ann');
    bob = await stage.person('Bob', 'phone');
  });
  afterAll(async () => {
    await endWebStage(stage);
    await wire?.[Symbol.asyncDispose]();
  });

  test('a group is divided by topics; each has its messages and its count', async () => {
    const { main } = bob.actor;
    const group = await makeGroup(ann.actor, 'Hikers', [bob.actor]);
    const newestIn = async (topic: number): Promise<tl.TypeMessage | undefined> => {
      const answer = await main.call({ _: 'messages.getReplies', peer: main.inputPeer(group), msgId: topic, offsetId: 0, offsetDate: 0, addOffset: 0, limit: 1, maxId: 0, minId: 0, hash: Long.ZERO });
      return (answer as tl.messages.RawMessages).messages[0];
    };
    await ann.open(group);
    await ann.page.getByRole('button', { name: 'Chat info' }).click();
    const info = ann.page.getByRole('complementary', { name: 'Info' });
    await info.getByRole('button', { name: 'Edit' }).click();
    await ann.managed('Edit group').getByRole('switch', { name: 'Topics' }).check();
    await ann.managed('Edit group').getByRole('switch', { name: 'Show topics as tabs' }).waitFor();
    await ann.leaveInfo();
    await topicRow(ann, 'General').waitFor();

    await ann.page.getByRole('button', { name: 'New topic' }).click();
    const dialog = ann.dialog('New topic');
    await dialog.getByRole('textbox', { name: 'Topic name' }).fill('Plans');
    await dialog.getByRole('radio', { name: 'Green' }).check();
    const icons = dialog.getByRole('group', { name: 'Icon' }).getByRole('radio');
    await icons.nth(2).check();
    await dialog.getByRole('button', { name: 'Create' }).click();
    await ann.page.getByRole('main', { name: 'Plans' }).waitFor();
    await ann.messages.getByText('You created the topic “Plans”').waitFor();
    await ann.send('the first plan');
    await ann.message('the first plan').getByRole('img', { name: 'Sent' }).waitFor();
    const plans = Number(/topic\/(\d+)/.exec(ann.page.url())![1]);
    expect(await iconOf(bob.actor, group, plans)).toBe((await topicIcons(bob.actor))[1]);
    expect(await newestIn(plans)).toMatchObject({ message: 'the first plan', replyTo: { forumTopic: true, replyToMsgId: plans } });

    // What others write goes into its topic, here and in the list.
    await write(bob.actor, group, plans, 'a better plan');
    await write(bob.actor, group, GENERAL, 'hello all');
    await ann.message('a better plan').waitFor();
    await ann.page.getByRole('link', { name: 'Back', exact: true }).last().click();
    await topicRow(ann, 'General.*hello all, 1 unread$').waitFor();
    await topicRow(ann, 'Plans.*a better plan$').waitFor();
    expect(await ann.page.getByRole('main', { name: 'Hikers' }).count()).toBe(1);
    await expect.poll(() => ann.unread(group)).toBe(1);
    await ann.countsAll();
    await ann.sameAfterReload(false);
    await topicRow(ann, 'General').click();
    await ann.message('hello all').waitFor();
    expect(await ann.message('a better plan').count()).toBe(0);
    await ann.hasRead(group);
    await ann.sameAfterReload(false);
    await ann.page.getByRole('main', { name: 'General' }).waitFor();

    await ann.choose('hello all', 'Forward');
    await ann.forwardTo('Hikers');
    await ann.dialog('Forward to').getByRole('button', { name: 'Plans' }).click();
    await ann.page.getByRole('status').filter({ hasText: 'Forwarded to Hikers' }).waitFor();
    expect(await newestIn(plans)).toMatchObject({ message: 'hello all', fwdFrom: { _: 'messageFwdHeader' }, replyTo: { forumTopic: true, replyToMsgId: plans } });
  });

  test('topics are renamed, closed, pinned, hidden and deleted by those who may; others are offered nothing of it', async () => {
    const group = await makeGroup(ann.actor, 'Club', [bob.actor]);
    await setForum(ann.actor, group, false);
    const [walks, meals] = [await makeTopic(ann.actor, group, 'Walks'), await makeTopic(ann.actor, group, 'Meals')];
    await write(ann.actor, group, walks, 'on foot');
    await write(ann.actor, group, meals, 'at noon');
    for (const person of [ann, bob]) {
      await person.open(group);
      await topicRow(person, 'Meals').waitFor();
    }

    await choose(ann, 'Meals', 'Edit topic');
    await ann.dialog('Edit topic').getByRole('textbox', { name: 'Topic name' }).fill('Dinners');
    await ann.dialog('Edit topic').getByRole('group', { name: 'Icon' }).getByRole('radio').nth(1).check();
    await ann.dialog('Edit topic').getByRole('button', { name: 'Save' }).click();
    for (const person of [ann, bob]) await topicRow(person, 'Dinners').waitFor();
    await topicRow(bob, 'Dinners').locator('.topic-icon-custom :is(canvas, .tinted)').waitFor();
    await choose(ann, 'Dinners', 'Edit topic');
    await ann.dialog('Edit topic').getByRole('radio', { name: 'No icon' }).check();
    await ann.dialog('Edit topic').getByRole('button', { name: 'Save' }).click();
    await topicRow(bob, 'Dinners').locator('.topic-icon-custom').waitFor({ state: 'detached' });
    await choose(ann, 'Dinners', 'Close topic');
    for (const person of [ann, bob]) await topicRow(person, 'Dinners, closed').waitFor();
    await choose(ann, 'Walks', 'Pin');
    await topicRow(bob, 'Walks, pinned').waitFor();
    await choose(ann, 'Dinners', 'Pin');
    for (const person of [ann, bob]) await expect.poll(() => order(person)).toEqual(['Dinners', 'Walks', 'General']);
    await choose(ann, 'Dinners', 'Move down');
    for (const person of [ann, bob]) await expect.poll(() => order(person)).toEqual(['Walks', 'Dinners', 'General']);
    await choose(ann, 'General', 'Hide topic');
    await topicRow(ann, 'General, closed, hidden').waitFor();
    await topicRow(bob, 'General').waitFor({ state: 'detached' });
    await choose(ann, 'General', 'Show topic');
    await topicRow(bob, 'General').waitFor();

    await topicRow(bob, 'Dinners, closed').focus();
    await bob.page.keyboard.press('Shift+F10');
    await bob.page.getByRole('menuitem', { name: 'Mute' }).waitFor();
    for (const item of ['Pin', 'Edit topic', 'Reopen topic', 'Delete topic', 'Move up']) expect(await bob.page.getByRole('menuitem', { name: item, exact: true }).count()).toBe(0);
    await bob.page.keyboard.press('Escape');
    await bob.countsAll();
    await bob.sameAfterReload(false);
    await topicRow(bob, 'Dinners').click();
    await bob.page.getByText('This topic is closed.').waitFor();
    await bob.messages.getByText('Ann closed the topic').waitFor();
    await bob.messages.getByText('Ann renamed the topic to “Dinners”').waitFor();
    await choose(ann, 'Dinners', 'Reopen topic');
    await bob.composer.waitFor();
    await choose(ann, 'Dinners', 'Delete topic');
    await ann.dialog('Delete topic').getByRole('button', { name: 'Delete topic' }).click();
    await topicRow(ann, 'Dinners').waitFor({ state: 'detached' });
    await bob.page.getByRole('main').getByText('There is no such topic any more.').first().waitFor();
    // The newest message is now another one, which the list gets from the server.
    if (ann.page.viewportSize()!.width > 700) await ann.chat('Club').getByText('You showed the topic again').waitFor();
    await ann.countsAll();
    await ann.sameAfterReload(false);
  });

  test('topics as tabs, all messages in one history, and links to a topic and a message of it', async () => {
    const group = await makeGroup(ann.actor, 'Readers', [bob.actor]);
    await setForum(ann.actor, group, true);
    const books = await makeTopic(ann.actor, group, 'Books');
    const first = await write(bob.actor, group, books, 'page one');
    await write(bob.actor, group, GENERAL, 'good evening');
    const isWide = ann.page.viewportSize()!.width > 700;
    await ann.open(group);
    if (isWide) {
      const tab = (name: string | RegExp): Locator => ann.page.getByRole('tablist', { name: 'Topics' }).getByRole('tab', { name });
      await tab(/^Books/).waitFor();
      for (const text of ['page one', 'good evening']) await ann.message(text).waitFor();
      await ann.page.getByRole('link', { name: 'Topic: Books' }).waitFor();
      await tab(/^Books/).click();
      await ann.page.getByRole('main', { name: 'Books' }).waitFor();
      await ann.message('page one').waitFor();
      await ann.message('good evening').waitFor({ state: 'detached' });
      await ann.page.keyboard.press('Escape');
      await tab(/^All/).click();
      await ann.page.getByRole('button', { name: 'More', exact: true }).click();
      await ann.page.getByRole('menuitem', { name: 'View as list' }).click();
    }
    await topicRow(ann, 'Books').waitFor();
    await ann.page.getByRole('button', { name: 'More', exact: true }).click();
    await ann.page.getByRole('menuitem', { name: 'View as messages' }).click();
    for (const text of ['page one', 'good evening']) await ann.message(text).waitFor();
    await ann.hasRead(group);
    await ann.sameAfterReload();
    await ann.page.getByRole('button', { name: 'More', exact: true }).click();
    await ann.page.getByRole('menuitem', { name: 'View as list' }).click();
    await topicRow(ann, 'Books').waitFor();

    const id = -1_000_000_000_000 - group;
    await ann.go(`link/c/${id}/${books}`);
    await ann.page.getByRole('main', { name: 'Books' }).waitFor();
    await ann.message('page one').waitFor();
    await ann.go(`link/c/${id}/${books}/${first}`);
    await expect.poll(() => ann.page.url()).toContain(`topic/${books}/${first}`);
    await ann.message('page one').waitFor();
    // A message that is named without its topic is shown in it.
    await ann.go(`chat/${group}/${first}`);
    await expect.poll(() => ann.page.url()).toContain(`topic/${books}/${first}`);
    await ann.page.getByRole('main', { name: 'Books' }).waitFor();
    await ann.message('page one').waitFor();
    await ann.sameAfterReload();
  });

  test('what is read and written in one topic: another device, and no connection', async () => {
    const { main } = ann.actor;
    const group = await makeGroup(ann.actor, 'Cooks', [bob.actor]);
    await setForum(ann.actor, group, false);
    const soup = await makeTopic(ann.actor, group, 'Soup');
    const bread = await makeTopic(ann.actor, group, 'Bread');
    await write(bob.actor, group, soup, 'more salt');
    const last = await write(bob.actor, group, soup, 'less salt');
    await write(bob.actor, group, bread, 'rye');
    await ann.open(group);
    await topicRow(ann, 'Soup.*2 unread$').waitFor();
    await topicRow(ann, 'Bread.*1 unread$').waitFor();
    await main.call({ _: 'messages.readDiscussion', peer: main.inputPeer(group), msgId: soup, readMaxId: last });
    await topicRow(ann, 'Soup.*less salt$').waitFor();
    await topicRow(ann, 'Bread.*1 unread$').waitFor();

    await topicRow(ann, 'Bread').click();
    await ann.message('rye').waitFor();
    await ann.hasRead(group);
    wire.cut();
    await ann.send('wheat');
    await ann.message('wheat').getByRole('img', { name: 'Sending' }).waitFor();
    wire.mend();
    await ann.message('wheat').getByRole('img', { name: 'Sent' }).waitFor({ timeout: 30_000 });
    const { messages } = (await main.call({ _: 'messages.getReplies', peer: main.inputPeer(group), msgId: bread, offsetId: 0, offsetDate: 0, addOffset: 0, limit: 1, maxId: 0, minId: 0, hash: Long.ZERO })) as tl.messages.RawMessages;
    expect(messages[0]).toMatchObject({ message: 'wheat' });
    await ann.countsAll();
    await ann.sameAfterReload();
  });
});
