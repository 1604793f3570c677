import { type Actor, verifyUpdates } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { channelStage, postIn } from './channel-stage.ts';
import { people } from './group-stage.ts';
import { exportInvite } from './invite-stage.ts';
import { aerogram } from './operator-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
}, 60_000);
afterAll(() => scenario?.[Symbol.asyncDispose]());

const userOf = async (viewer: Actor, id: number): Promise<tl.RawUser> => (await viewer.main.call({ _: 'users.getUsers', id: [viewer.main.inputUser(id)] }))[0] as tl.RawUser;
const channelOf = async (viewer: Actor, id: number): Promise<tl.RawChannel> => (await viewer.main.call({ _: 'channels.getChannels', id: [viewer.main.inputChannel(id)] })).chats[0] as tl.RawChannel;
const marksOf = ({ verified, scam, fake, restricted, restrictionReason }: tl.RawUser | tl.RawChannel) => ({ verified, scam, fake, restricted, text: restrictionReason?.map(({ platform, reason, text }) => `${platform} ${reason}: ${text}`) });
const NONE = { verified: false, scam: false, fake: false, restricted: false, text: undefined };

test('marks of a person reach those who look, the own devices and those who were away, and stay when the name changes', { timeout: 60_000 }, async () => {
  const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
  await alice.device();
  await bob.meet(alice);
  await bob.send(alice, 'hello');
  await alice.sees('hello');
  expect(marksOf(await userOf(bob, alice.id))).toEqual(NONE);
  await verifyUpdates([alice, bob], async () => {
    const isAboutAlice = ({ userId }: tl.RawUpdateUser): boolean => userId === alice.id;
    await alice.devices[1]!.goOffline();
    const seen = [bob.main.seesUpdate('updateUser', isAboutAlice), alice.main.seesUpdate('updateUser', isAboutAlice)];
    expect(await aerogram(scenario, 'user', 'mark', `+${alice.phone}`, '--verified')).toBe(`mark account ${alice.id} as verified\ndone`);
    await Promise.all(seen);
    await alice.devices[1]!.goOnline();
    await alice.devices[1]!.catchUp();
    await alice.devices[1]!.seesUpdate('updateUser', isAboutAlice);
    expect(marksOf(await userOf(bob, alice.id))).toEqual({ ...NONE, verified: true });

    await aerogram(scenario, 'user', 'mark', String(alice.id), '--scam', '--restrict', 'This account sells ropes\nthat break.');
    await alice.main.call({ _: 'account.updateProfile', firstName: 'Alicia' });
    const marked = { ...NONE, scam: true, restricted: true, text: ['all terms: This account sells ropes that break.'] };
    expect(marksOf(await userOf(bob, alice.id))).toEqual(marked);
    const full = await bob.main.call({ _: 'users.getFullUser', id: bob.main.inputUser(alice.id) });
    expect(marksOf(full.users.find((user) => user.id === alice.id) as tl.RawUser)).toEqual(marked);
    expect(await aerogram(scenario, 'user', 'show', String(alice.id))).toContain('\nmarked    scam, restricted (terms): This account sells ropes that break.\n');
    // A badge takes the place of another one, and leaves the restriction.
    await aerogram(scenario, 'user', 'mark', String(alice.id), '--fake');
    expect(marksOf(await userOf(bob, alice.id))).toEqual({ ...marked, scam: false, fake: true });
    await aerogram(scenario, 'user', 'mark', String(alice.id), '--clear');
    expect(marksOf(await userOf(bob, alice.id))).toEqual(NONE);
  });
});

test('marks of a channel reach its members and those who look at its link, and its owner cannot take them away', { timeout: 60_000 }, async () => {
  const { id, alice, bob } = await channelStage(scenario);
  const [dave] = (await people(scenario, 'Dave')) as [Actor];
  const { link } = await exportInvite(alice, id, {});
  await verifyUpdates([alice, bob], async () => {
    const seen = bob.main.seesUpdate('updateChannel');
    expect(await aerogram(scenario, 'chat', 'mark', String(id), '--fake', '--restrict', 'Not the real club.', '--reason', 'copyright')).toMatch(/as fake and as restricted \(copyright\): Not the real club\.\ndone$/);
    await seen;
    await alice.main.change({ _: 'channels.editTitle', channel: alice.main.inputChannel(id), title: 'The real club' });
    const marked = { ...NONE, fake: true, restricted: true, text: ['all copyright: Not the real club.'] };
    expect(marksOf(await channelOf(alice, id))).toEqual(marked);
    expect(marksOf(await channelOf(bob, id))).toEqual(marked);
    expect(await dave.main.call({ _: 'messages.checkChatInvite', hash: link.split('+')[1]! })).toMatchObject({ _: 'chatInvite', fake: true, verified: false, scam: false });
    expect(await aerogram(scenario, 'chats', 'show', String(id))).toContain('marked    fake, restricted (copyright): Not the real club.');
    await aerogram(scenario, 'chats', 'mark', String(id), '--clear', '--verified');
    expect(marksOf(await channelOf(bob, id))).toEqual({ ...NONE, verified: true });
    await postIn(alice, id, 'still here');
    await bob.sees('still here');
  });
});

test('what cannot be marked is said in words', async () => {
  await expect(aerogram(scenario, 'user', 'mark', '777000', '--scam')).rejects.toThrow('belongs to the server itself');
  const [alice] = (await people(scenario, 'Alice')) as [Actor];
  await expect(aerogram(scenario, 'user', 'mark', String(alice.id))).rejects.toThrow('say what to mark it as');
  await expect(aerogram(scenario, 'user', 'mark', String(alice.id), '--restrict', 'x'.repeat(513))).rejects.toThrow('1 to 512 characters');
  await expect(aerogram(scenario, 'user', 'mark', String(alice.id), '--restrict', 'x', '--reason', 'No Word')).rejects.toThrow('one word');
  const { chats } = (await alice.main.invite({ _: 'messages.createChat', users: [], title: 'Climbing' })).updates as tl.RawUpdates;
  await expect(aerogram(scenario, 'chats', 'mark', String(-chats[0]!.id), '--verified')).rejects.toThrow('basic groups have no marks');
});
