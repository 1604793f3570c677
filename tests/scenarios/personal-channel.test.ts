import { type Actor, verifyUpdates } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channelStage, createChannel, inviteTo, postIn, promoteIn } from './channel-stage.ts';
import { people } from './group-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const setName = (actor: Actor, id: number, username: string): Promise<unknown> =>
  actor.main.change({ _: 'channels.updateUsername', channel: actor.main.inputChannel(id), username });
const setPersonal = (actor: Actor, id: number | undefined): tl.account.RawUpdatePersonalChannelRequest => ({
  _: 'account.updatePersonalChannel',
  channel: id === undefined ? { _: 'inputChannelEmpty' } : actor.main.inputChannel(id),
});

/** The channel that somebody shows, and its newest message, as somebody else sees it; undefined if there is none. */
async function shownTo(viewer: Actor, user: Actor): Promise<{ channelId: number; msgId: number } | undefined> {
  const id = viewer === user ? ({ _: 'inputUserSelf' } as const) : viewer.main.inputUser(user.id);
  const { fullUser, chats } = await viewer.main.call({ _: 'users.getFullUser', id });
  const { personalChannelId: channelId, personalChannelMessage: msgId } = fullUser;
  if (channelId === undefined) {
    expect([msgId, chats]).toEqual([undefined, []]);
    return undefined;
  }
  expect(chats).toMatchObject([{ _: 'channel', id: channelId }]);
  return { channelId, msgId: msgId! };
}

async function historyOf(viewer: Actor, user: Actor, limit = 10): Promise<string[]> {
  const answer = await viewer.main.call({ _: 'messages.getPersonalChannelHistory', userId: viewer.main.inputUser(user.id), limit, maxId: 0, minId: 0, hash: Long.ZERO });
  if (answer._ === 'messages.messagesNotModified') throw new Error('not modified');
  return answer.messages.map((message) => (message._ === 'message' ? message.message : message._));
}

/** Alice's public channel, which she shows to Bob and Carol. */
async function stage(username: string): Promise<{ id: number; channelId: number; alice: Actor; bob: Actor; carol: Actor }> {
  const { id, alice, bob, carol } = await channelStage(scenario, 'broadcast');
  await bob.meet(alice);
  await carol.meet(alice);
  await setName(alice, id, username);
  await alice.main.call(setPersonal(alice, id));
  return { id, channelId: -id - 1_000_000_000_000, alice, bob, carol };
}

describe('a personal channel', () => {
  test('is shown to everybody with its newest post, and the other devices and viewers are told', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario, 'broadcast');
    const [erin] = (await people(scenario, 'Erin')) as [Actor];
    for (const viewer of [bob, carol, erin]) await viewer.meet(alice);
    await setName(alice, id, 'alices_own_news');
    const channelId = -id - 1_000_000_000_000;
    const msgId = await postIn(alice, id, 'hello');
    expect(await shownTo(bob, alice)).toBeUndefined();
    await verifyUpdates([alice, bob], async () => {
      const [told] = await Promise.all([bob.main.seesUpdate('updateUser'), alice.main.call(setPersonal(alice, id))]);
      expect(told).toBeDefined();
    });
    for (const viewer of [alice, bob, carol, erin]) expect(await shownTo(viewer, alice)).toEqual({ channelId, msgId });
    expect(await historyOf(erin, alice, 1)).toEqual(['hello']);
    const newer = await postIn(alice, id, 'again');
    expect(await shownTo(erin, alice)).toEqual({ channelId, msgId: newer });
    expect(await historyOf(erin, alice, 2)).toEqual(['again', 'hello']);
    // A repeat changes nothing.
    await alice.main.call(setPersonal(alice, id));
    await alice.main.call(setPersonal(alice, undefined));
    await alice.main.call(setPersonal(alice, undefined));
    expect(await shownTo(erin, alice)).toBeUndefined();
    expect(await historyOf(erin, alice)).toEqual([]);
  });

  test('ends when the channel becomes private, and does not come back with the next username', async () => {
    const { id, alice, bob } = await stage('soon_private');
    expect(await shownTo(bob, alice)).toBeDefined();
    await setName(alice, id, '');
    expect(await shownTo(bob, alice)).toBeUndefined();
    expect(await shownTo(alice, alice)).toBeUndefined();
    expect(await historyOf(bob, alice)).toEqual([]);
    await setName(alice, id, 'public_once_more');
    expect(await shownTo(bob, alice)).toBeUndefined();
  });

  test('ends when the channel is deleted', async () => {
    const { id, alice, bob } = await stage('soon_deleted');
    await alice.main.change({ _: 'channels.deleteChannel', channel: alice.main.inputChannel(id) });
    expect(await shownTo(bob, alice)).toBeUndefined();
  });

  test('is hidden from those who were banned from it', async () => {
    const { id, alice, bob, carol } = await stage('with_a_ban');
    const bannedRights: tl.TypeChatBannedRights = { _: 'chatBannedRights', viewMessages: true, untilDate: 0 };
    await alice.main.change({ _: 'channels.editBanned', channel: alice.main.inputChannel(id), participant: alice.main.inputPeer(bob.id), bannedRights });
    expect(await shownTo(bob, alice)).toBeUndefined();
    expect(await historyOf(bob, alice)).toEqual([]);
    expect(await shownTo(carol, alice)).toBeDefined();
  });

  test('can only be a public broadcast channel that one owns', async () => {
    const { id, alice, bob } = await channelStage(scenario, 'broadcast');
    expect(await alice.main.fails(setPersonal(alice, id))).toMatchObject({ text: 'CHANNEL_INVALID' });
    await setName(alice, id, 'only_the_owners');
    await promoteIn(alice, id, bob, { postMessages: true, changeInfo: true });
    expect(await bob.main.fails(setPersonal(bob, id))).toMatchObject({ text: 'CHAT_ADMIN_REQUIRED' });
    const group = await createChannel(alice, 'megagroup', 'Group');
    await setName(alice, group, 'public_group_here');
    expect(await alice.main.fails(setPersonal(alice, group))).toMatchObject({ text: 'CHANNEL_INVALID' });
    const forged = { _: 'inputChannel', channelId: -id - 1_000_000_000_000, accessHash: Long.ONE } as const;
    expect(await alice.main.fails({ _: 'account.updatePersonalChannel', channel: forged })).toMatchObject({ text: 'CHANNEL_INVALID' });
    const { chats } = await alice.main.call({ _: 'channels.getAdminedPublicChannels', forPersonal: true });
    expect(chats.map((chat) => chat.id)).toEqual([-id - 1_000_000_000_000]);
    await inviteTo(alice, group, [bob]);
  });
});
