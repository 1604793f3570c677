import { Long, type tl } from '@mtcute/node';
import { type Actor, createShiftedClock, verifyUpdates } from '@aerogram/dev-env';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channelStage, createChannel, inviteTo, knowsChannel, losesChannel, postIn, promoteIn } from './channel-stage.ts';
import { people } from './group-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

const clock = createShiftedClock();
let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ clock });
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const setName = (actor: Actor, id: number, username: string): tl.channels.RawUpdateUsernameRequest => ({
  _: 'channels.updateUsername', channel: actor.main.inputChannel(id), username,
});
const errorOf = async (actor: Actor, request: Parameters<Actor['main']['fails']>[0]): Promise<string> => (await actor.main.fails(request)).text;

/** Finds a channel by its name, as somebody who was never in it. */
async function resolve(actor: Actor, username: string): Promise<tl.RawInputChannel> {
  const { peer, chats } = await actor.main.call({ _: 'contacts.resolveUsername', username });
  const [chat] = chats as [tl.RawChannel];
  expect(peer).toEqual({ _: 'peerChannel', channelId: chat.id });
  expect(chat).toMatchObject({ _: 'channel', username, left: true });
  return { _: 'inputChannel', channelId: chat.id, accessHash: chat.accessHash! };
}

describe('the username of a channel', () => {
  test('is set by the owner; everybody finds, reads and joins the channel by it, until it is private again', async () => {
    const { id, alice, bob } = await channelStage(scenario);
    const [erin] = (await people(scenario, 'Erin')) as [Actor];
    await postIn(bob, id, 'for everybody');
    await verifyUpdates([alice, bob], async () => {
      await alice.main.change(setName(alice, id, 'Climbing_Club'));
      await bob.main.seesUpdate('updateChannel');
    });
    const { chats } = await bob.main.call({ _: 'channels.getChannels', id: [bob.main.inputChannel(id)] });
    expect(chats).toMatchObject([{ username: 'Climbing_Club' }]);
    const found = await resolve(erin, 'Climbing_Club');
    const peer: tl.TypeInputPeer = { ...found, _: 'inputPeerChannel' };
    const history = { _: 'messages.getHistory', peer, offsetId: 0, offsetDate: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: Long.ZERO } as const;
    expect((await erin.main.call(history)) as tl.messages.RawChannelMessages).toMatchObject({ messages: expect.arrayContaining([expect.objectContaining({ message: 'for everybody' })]) });
    expect(await errorOf(erin, { _: 'messages.sendMessage', peer, message: 'not a member', randomId: Long.ONE })).toBe('CHAT_WRITE_FORBIDDEN');
    await erin.main.change({ _: 'channels.joinChannel', channel: found });
    await knowsChannel(erin.main, id);
    await erin.main.change({ _: 'channels.leaveChannel', channel: found });
    await alice.main.change(setName(alice, id, ''));
    expect(await errorOf(erin, history)).toBe('CHANNEL_PRIVATE');
    expect(await errorOf(erin, { _: 'contacts.resolveUsername', username: 'climbing_club' })).toBe('USERNAME_NOT_OCCUPIED');
  });

  test('is told to members who were away, although it is no message', async () => {
    const { id, alice, carol } = await channelStage(scenario);
    clock.shift(3600_000);
    const { pts, date, qts } = await carol.main.call({ _: 'updates.getState' });
    clock.shift(3600_000);
    await alice.main.change(setName(alice, id, 'told_later'));
    const difference = await carol.main.call({ _: 'updates.getDifference', pts, date: date + 3600, qts });
    expect(difference).toMatchObject({ chats: [{ username: 'told_later' }] });
  });

  test('belongs to one user or channel at a time', async () => {
    const { id, alice, bob } = await channelStage(scenario, 'broadcast');
    const second = await createChannel(bob);
    await bob.main.call({ _: 'account.updateUsername', username: 'bob_the_climber' });
    const check = (channel: tl.TypeInputChannel, username: string): Promise<boolean> => alice.main.call({ _: 'channels.checkUsername', channel, username });
    const own = alice.main.inputChannel(id);
    expect(await check(own, 'bob_the_climber')).toBe(false);
    expect(await check(own, 'free_name_1')).toBe(true);
    expect(await check({ _: 'inputChannelEmpty' }, 'free_name_1')).toBe(true);
    expect(await errorOf(alice, setName(alice, id, 'Bob_The_Climber'))).toBe('USERNAME_OCCUPIED');
    const outcomes = await Promise.allSettled([alice.main.call(setName(alice, id, 'wanted_name')), bob.main.call(setName(bob, second, 'Wanted_Name'))]);
    expect(outcomes.map((outcome) => outcome.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await bob.main.call({ _: 'account.checkUsername', username: 'wanted_name' })).toBe(false);
  });

  test.each<[string, (stage: { alice: Actor; bob: Actor; id: number }) => [Actor, Parameters<Actor['main']['fails']>[0]]]>([
    ['USERNAME_INVALID', ({ alice, id }) => [alice, setName(alice, id, 'no spaces')]],
    ['USERNAME_INVALID', ({ alice, id }) => [alice, { _: 'channels.checkUsername', channel: alice.main.inputChannel(id), username: 'a' }]],
    ['USERNAME_NOT_MODIFIED', ({ alice, id }) => [alice, setName(alice, id, '')]],
    ['CHAT_ADMIN_REQUIRED', ({ bob, id }) => [bob, setName(bob, id, 'not_the_owner')]],
    ['CHAT_ADMIN_REQUIRED', ({ bob, id }) => [bob, setName(bob, id, '')]],
    ['CHAT_ADMIN_REQUIRED', ({ bob, id }) => [bob, { _: 'channels.checkUsername', channel: bob.main.inputChannel(id), username: 'not_the_owner' }]],
    ['CHAT_ADMIN_REQUIRED', ({ bob, id }) => [bob, { _: 'channels.deactivateAllUsernames', channel: bob.main.inputChannel(id) }]],
    ['CHAT_ADMIN_REQUIRED', ({ bob, id }) => [bob, { _: 'channels.deleteChannel', channel: bob.main.inputChannel(id) }]],
    ['USERNAME_INVALID', ({ alice, id }) => [alice, { _: 'channels.toggleUsername', channel: alice.main.inputChannel(id), username: 'other', active: true }]],
    ['ORDER_INVALID', ({ alice, id }) => [alice, { _: 'channels.reorderUsernames', channel: alice.main.inputChannel(id), order: ['other'] }]],
  ])('is refused with %s where it makes no sense', async (error, requestOf) => {
    const stage = await channelStage(scenario);
    await promoteIn(stage.alice, stage.id, stage.bob, { changeInfo: true });
    const [actor, request] = requestOf(stage);
    expect(await errorOf(actor, request)).toBe(error);
  });

  test('can be had for ten channels of one owner', { timeout: 60_000 }, async () => {
    const [frank] = (await people(scenario, 'Frank')) as [Actor];
    const ids: number[] = [];
    for (let n = 0; n <= 10; n++) ids.push(await createChannel(frank, 'broadcast', `Channel ${n}`));
    for (const [n, id] of ids.slice(0, 10).entries()) await frank.main.change(setName(frank, id, `franks_channel_${n}`));
    expect(await errorOf(frank, setName(frank, ids[10]!, 'one_too_many'))).toBe('CHANNELS_ADMIN_PUBLIC_TOO_MUCH');
    expect(await errorOf(frank, { _: 'channels.checkUsername', channel: { _: 'inputChannelEmpty' }, username: 'one_too_many' })).toBe('CHANNELS_ADMIN_PUBLIC_TOO_MUCH');
    const { chats } = await frank.main.call({ _: 'channels.getAdminedPublicChannels' });
    expect(chats).toHaveLength(10);
  });
});

describe('a channel that its owner deletes', () => {
  test('is gone for members online and away, and its username is free', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario);
    await alice.main.change(setName(alice, id, 'short_lived'));
    await postIn(bob, id, 'soon gone');
    await carol.sees('soon gone');
    await carol.main.goOffline();
    await verifyUpdates([alice, bob], async () => {
      await alice.main.change({ _: 'channels.deleteChannel', channel: alice.main.inputChannel(id) });
      await Promise.all([losesChannel(alice.main, id), losesChannel(bob.main, id)]);
    });
    await carol.main.goOnline();
    await verifyUpdates([carol], () => carol.main.catchUp());
    await losesChannel(carol.main, id);
    for (const actor of [alice, bob, carol]) {
      expect(await errorOf(actor, { _: 'channels.getFullChannel', channel: actor.main.inputChannel(id) })).toBe('CHANNEL_PRIVATE');
      expect(await errorOf(actor, { _: 'messages.sendMessage', peer: actor.main.inputPeer(id), message: 'anybody?', randomId: Long.ONE })).toBe('CHANNEL_PRIVATE');
    }
    const next = await createChannel(bob);
    await inviteTo(bob, next, [carol]);
    await bob.main.change(setName(bob, next, 'short_lived'));
    const count = async (): Promise<number> => {
      const q = scenario.server.db.q;
      const channelId = BigInt(-id) - 10n ** 12n;
      const { n } = await q.selectFrom('channel_messages').select((eb) => eb.fn.countAll<bigint>().as('n')).where('channel_id', '=', channelId).executeTakeFirstOrThrow();
      return Number(n);
    };
    await expect.poll(count, { timeout: 10_000 }).toBe(0);
  });
});
