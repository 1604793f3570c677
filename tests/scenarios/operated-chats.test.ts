import type { Actor } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { channelStage, createChannel, knowsChannel, losesChannel, postIn } from './channel-stage.ts';
import { createGroup, people, write } from './group-stage.ts';
import { aerogram as operate } from './operator-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
}, 60_000);
afterAll(() => scenario?.[Symbol.asyncDispose]());

const aerogram = (...args: string[]): Promise<string> => operate(scenario, ...args);

const chatOf = async (actor: Actor, id: number): Promise<tl.RawChannel> => (await actor.main.call({ _: 'channels.getChannels', id: [actor.main.inputChannel(id)] })).chats[0] as tl.RawChannel;

test('members see that the operator gave their channel to another of them', async () => {
  const { id, alice, bob, carol } = await channelStage(scenario);
  expect(await aerogram('chats', 'transfer', String(id), String(bob.id))).toMatch(new RegExp(`account ${bob.id} is its owner$`));
  await carol.sees('action:messageActionChangeCreator');
  await bob.main.waitUntil('Bob to own the group', () => bob.main.state.channels.find(id) !== undefined);
  expect([(await chatOf(alice, id)).creator, (await chatOf(bob, id)).creator]).toEqual([false, true]);
  expect((await chatOf(alice, id)).adminRights).toMatchObject({ banUsers: true });
  await expect(aerogram('chats', 'transfer', String(id), '777000')).rejects.toThrow('that account is not in it');
});

test('a channel without an owner gets its oldest member as owner', async () => {
  const { id, alice, bob } = await channelStage(scenario, 'broadcast');
  await expect(aerogram('chats', 'rescue', String(id))).rejects.toThrow(`has an owner, account ${alice.id}`);
  await alice.main.change({ _: 'channels.leaveChannel', channel: alice.main.inputChannel(id) });
  expect(await aerogram('chats', 'list', '--ownerless')).toContain(`${id} "Climbing"  channel, 2 members, no owner`);
  expect(await aerogram('chats', 'rescue', String(id), String(bob.id))).toMatch(new RegExp(`account ${bob.id} is its owner$`));
  expect((await chatOf(bob, id)).creator).toBe(true);
});

test('a deleted channel and a deleted group are gone for their members, and for those who were away', async () => {
  const { id, alice, bob, carol } = await channelStage(scenario);
  await postIn(alice, id, 'to be gone');
  await bob.sees('to be gone');
  const group = await createGroup(alice, [bob]);
  await write(alice, group, 'in the group');
  await bob.sees('in the group');
  await carol.main.goOffline();
  await expect(aerogram('chats', 'delete', String(id))).rejects.toThrow('add --yes');
  await aerogram('chats', 'delete', String(id), '--yes');
  await losesChannel(bob.main, id);
  await carol.main.goOnline();
  await carol.main.catchUp();
  await losesChannel(carol.main, id);
  await aerogram('chats', 'delete', String(-group.id), '--yes');
  await expect.poll(async () => ((await bob.main.call({ _: 'messages.getHistory', peer: group.peer, offsetId: 0, offsetDate: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: { low: 0, high: 0 } as never })) as tl.messages.RawMessages).messages.length).toBe(0);
});

test('newcomers find the channels that the operator chose, and only some people create groups', async () => {
  const alice = await scenario.world.user('Alice');
  const id = await createChannel(alice, 'broadcast', 'News');
  await postIn(alice, id, 'welcome');
  await aerogram('chats', 'newcomers', '--add', String(id));
  const [dave] = (await people(scenario, 'Dave')) as [Actor];
  // The job may have run before his device asked for anything.
  await expect.poll(async () => (await dave.main.load()).channels.find(id) !== undefined, { timeout: 15_000 }).toBe(true);
  await dave.main.start();
  await knowsChannel(dave.main, id);
  await postIn(alice, id, 'hello Dave');
  await dave.sees('hello Dave');
  await aerogram('chats', 'newcomers', '--remove', String(id));
  await aerogram('chats', 'creators', 'groups', 'listed', '--add', String(alice.id));
  const create = { _: 'channels.createChannel', megagroup: true, title: 'Mine', about: '' } as const;
  expect((await dave.main.fails(create)).text).toBe('USER_RESTRICTED');
  await alice.main.change(create);
  await aerogram('chats', 'creators', 'groups', 'everybody');
  await dave.main.change(create);
});
