import { Long, type tl } from '@mtcute/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Actor, type Device, verifyUpdates } from '@aerogram/dev-env';
import { createGroup, type Group, people, write } from './group-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

/** The unread mentions of a group: as the list of dialogs counts them, and their texts. */
async function listMentions(device: Device, { peer }: Group, more: { limit?: number; offsetId?: number } = {}): Promise<{ count: number; texts: string[] }> {
  const { dialogs } = await device.call({ _: 'messages.getPeerDialogs', peers: [{ _: 'inputDialogPeer', peer }] });
  const found = await device.call({ _: 'messages.getUnreadMentions', peer, offsetId: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0, ...more });
  const { messages } = found as tl.messages.RawMessages;
  return { count: (dialogs[0] as tl.RawDialog).unreadMentionsCount, texts: messages.map((message) => (message as tl.RawMessage).message) };
}

/** A group of three, in which Bob has a username. */
async function threeInAGroup(): Promise<{ alice: Actor; bob: Actor; carol: Actor; group: Group; name: string }> {
  const [alice, bob, carol] = (await people(scenario, 'Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
  const name = `bob_climbs_${bob.id}`;
  await bob.main.call({ _: 'account.updateUsername', username: name });
  return { alice, bob, carol, group: await createGroup(alice, [bob, carol]), name };
}

describe('a mention in a basic group', () => {
  test('by username, by id or by a reply is marked in the copy of the one who is mentioned, and in no other', async () => {
    const { alice, bob, carol, group, name } = await threeInAGroup();
    await verifyUpdates([alice, bob, carol], async () => {
      await write(alice, group, `@${name.toUpperCase()} and @nobody_at_all, hello`);
      await write(alice, group, 'the tall one', {
        entities: [{ _: 'inputMessageEntityMentionName', offset: 4, length: 4, userId: alice.main.inputUser(bob.id) }],
      });
      await write(bob, group, 'here');
      const here = await carol.sees('here');
      await write(carol, group, 'late', { replyTo: here.id });
      await write(bob, group, `I, @${name}, reply to myself`, { replyTo: (await bob.sees('here')).id });
      for (const actor of [alice, bob, carol]) await actor.sees('late');
      const unread = [...bob.main.state.messages.values()].filter(({ raw }) => raw.mentioned === true && raw.media_unread === true);
      expect(unread.map(({ text }) => text)).toEqual([`@${name.toUpperCase()} and @nobody_at_all, hello`, 'the tall one', 'late']);
      for (const actor of [alice, carol]) expect([...actor.main.state.messages.values()].filter(({ raw }) => raw.mentioned === true)).toEqual([]);
    });
    expect(await listMentions(bob.main, group)).toEqual({ count: 3, texts: ['late', 'the tall one', `@${name.toUpperCase()} and @nobody_at_all, hello`] });
    expect(await listMentions(bob.main, group, { limit: 1 })).toEqual({ count: 3, texts: ['late'] });
    expect(await listMentions(alice.main, group)).toEqual({ count: 0, texts: [] });
  });

  test('is seen with its content, on all devices, and stays a mention; a repeat changes nothing', async () => {
    const { alice, bob, carol, group, name } = await threeInAGroup();
    const tablet = await bob.device();
    await verifyUpdates([alice, bob, carol], async () => {
      for (const text of ['one', 'two', 'three']) await write(alice, group, `@${name} ${text}`);
      const { id } = await bob.sees(`@${name} one`);
      await bob.sees(`@${name} three`);
      const before = bob.main.state.pts;
      expect(await bob.main.change({ _: 'messages.readMessageContents', id: [id] })).toMatchObject({ pts: before + 1, ptsCount: 1 });
      await tablet.seesUpdate('updateReadMessagesContents', ({ messages }) => messages[0] === id);
      expect(bob.main.state.messages.get(id)?.raw).toMatchObject({ mentioned: true, media_unread: undefined });
      expect(await listMentions(bob.main, group)).toEqual({ count: 2, texts: [`@${name} three`, `@${name} two`] });
      expect(await bob.main.change({ _: 'messages.readMessageContents', id: [id] })).toMatchObject({ pts: before + 1, ptsCount: 0 });

      const read = { _: 'messages.readMentions', peer: group.peer } as const;
      expect(await bob.main.change(read)).toEqual({ _: 'messages.affectedHistory', pts: before + 3, ptsCount: 2, offset: 0 });
      await tablet.seesUpdate('updateReadMessagesContents', ({ messages }) => messages.length === 2);
      expect(await listMentions(tablet, group)).toEqual({ count: 0, texts: [] });
      expect(await bob.main.change(read)).toMatchObject({ pts: before + 3, ptsCount: 0, offset: 0 });
    });
    expect(alice.main.events.some(({ _: kind }) => kind === 'updateReadMessagesContents')).toBe(false);
  });

  test('is no longer counted when it is deleted, and stays counted when it is edited or the history is read', async () => {
    const { alice, bob, carol, group, name } = await threeInAGroup();
    await verifyUpdates([alice, bob, carol], async () => {
      for (const text of ['one', 'two', 'three']) await write(alice, group, `@${name} ${text}`);
      const [first, second] = [await alice.sees(`@${name} one`), await alice.sees(`@${name} two`)];
      await bob.read(await bob.sees(`@${name} three`));
      await alice.main.change({ _: 'messages.editMessage', peer: group.peer, id: second.id, message: 'nobody is meant' });
      await bob.sees('nobody is meant');
      expect(await listMentions(bob.main, group)).toEqual({ count: 3, texts: [`@${name} three`, 'nobody is meant', `@${name} one`] });
      await alice.delete([first]);
      await bob.seesGone(`@${name} one`);
      expect(await listMentions(bob.main, group)).toEqual({ count: 2, texts: [`@${name} three`, 'nobody is meant'] });
      await bob.main.change({ _: 'messages.deleteHistory', peer: group.peer, maxId: 0 });
    });
    await write(alice, group, 'plain');
    await bob.sees('plain');
    expect(await listMentions(bob.main, group)).toEqual({ count: 0, texts: [] });
  });

  test('is told to a device that was away, found by the filter of a search, and forwarded as a plain text', async () => {
    const { alice, bob, carol, group, name } = await threeInAGroup();
    const tablet = await bob.device();
    await tablet.goOffline();
    await write(alice, group, `@${name} tonight?`);
    await write(carol, group, 'yes', { replyTo: (await carol.sees(`@${name} tonight?`)).id });
    expect((await alice.sees('yes')).raw).toMatchObject({ mentioned: true, media_unread: true });
    await verifyUpdates([alice, bob, carol], async () => {
      await tablet.goOnline();
      await tablet.catchUp();
      const seen = await tablet.sees(`@${name} tonight?`);
      expect(seen.raw).toMatchObject({ mentioned: true, media_unread: true });
      await bob.forward([seen], alice);
    });
    const found = await bob.main.call({
      _: 'messages.search', peer: group.peer, q: '', filter: { _: 'inputMessagesFilterMyMentions' },
      minDate: 0, maxDate: 0, offsetId: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: Long.ZERO,
    });
    expect(found).toMatchObject({ messages: [{ message: `@${name} tonight?` }] });
    const copy = [...alice.main.state.messages.values()].find(({ from, peer }) => from === bob.id && peer === bob.id);
    expect(copy?.raw.mentioned).toBeUndefined();
  });
});
