import type { Actor } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { sql } from '@aerogram/storage';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { channelStage, promoteIn } from './channel-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const RECENT: tl.TypeChannelParticipantsFilter = { _: 'channelParticipantsRecent' };
const searchFor = (q: string): tl.TypeChannelParticipantsFilter => ({ _: 'channelParticipantsSearch', q });

type Page = Partial<Pick<tl.channels.RawGetParticipantsRequest, 'offset' | 'limit' | 'hash'>>;

function request(who: Actor, id: number, filter: tl.TypeChannelParticipantsFilter, page: Page = {}): tl.channels.RawGetParticipantsRequest {
  return { _: 'channels.getParticipants', channel: who.main.inputChannel(id), filter, offset: 0, limit: 100, hash: Long.ZERO, ...page };
}

/** The hash by which a client says which members it has, as core.telegram.org/api/offsets#hash-generation describes it. */
function hashOf(ids: readonly number[]): Long {
  let hash = Long.UZERO;
  for (const id of ids) {
    hash = hash.xor(hash.shiftRightUnsigned(21));
    hash = hash.xor(hash.shiftLeft(35));
    hash = hash.xor(hash.shiftRightUnsigned(4)).add(id);
  }
  return hash.toSigned();
}

/** The ids of the members whom somebody is shown, in order, and the number of all. */
async function lists(who: Actor, id: number, filter: tl.TypeChannelParticipantsFilter, page: Page = {}): Promise<{ ids: number[]; count: number }> {
  const answer = await who.main.call(request(who, id, filter, page));
  if (answer._ === 'channels.channelParticipantsNotModified') throw new Error('not modified');
  return { ids: answer.participants.map((one) => ('userId' in one ? one.userId : 0)), count: answer.count };
}

/** Sets when people were last online: the first of them last. */
async function wereOnline(...actors: Actor[]): Promise<void> {
  for (const [at, actor] of actors.toReversed().entries()) {
    await scenario.server.db.q.updateTable('users').set({ online_date: 1_000 + at }).where('user_id', '=', BigInt(actor.id)).execute();
  }
}

describe('the members of a supergroup', () => {
  test('come in the order in which they were last online, page by page', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario);
    await wereOnline(carol, alice, bob);
    expect(await lists(bob, id, RECENT)).toEqual({ ids: [carol.id, alice.id, bob.id], count: 3 });
    await wereOnline(bob, carol, alice);
    expect(await lists(bob, id, RECENT, { limit: 2 })).toEqual({ ids: [bob.id, carol.id], count: 3 });
    expect(await lists(bob, id, RECENT, { offset: 2, limit: 2 })).toEqual({ ids: [alice.id], count: 3 });
    expect(await lists(bob, id, RECENT, { offset: 20_000 })).toEqual({ ids: [], count: 3 });
    expect(await lists(bob, id, { _: 'channelParticipantsMentions' })).toEqual({ ids: [bob.id, carol.id, alice.id], count: 3 });
  });

  test('who comes online leads the list and is counted', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario);
    await wereOnline(carol, alice, bob);
    const onlines = async (): Promise<number> => (await alice.main.call({ _: 'messages.getOnlines', peer: alice.main.inputPeer(id) })).onlines;
    expect(await onlines()).toBe(1);
    for (const actor of [alice, bob]) await actor.main.call({ _: 'account.updateStatus', offline: false });
    await vi.waitFor(async () => expect(await onlines()).toBe(2), { timeout: 30_000, interval: 200 });
    const { ids } = await lists(carol, id, RECENT);
    expect(ids[2]).toBe(carol.id);
  });

  test('anonymous admins who are online are counted for admins and for themselves only', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario);
    await promoteIn(alice, id, bob, { anonymous: true, pinMessages: true });
    const userIds = [alice, bob, carol].map((actor) => BigInt(actor.id));
    await scenario.server.db.q.updateTable('users').set({ online_date: 2_147_483_000 }).where('user_id', 'in', userIds).execute();
    const onlinesFor = async ({ main }: Actor): Promise<number> => (await main.call({ _: 'messages.getOnlines', peer: main.inputPeer(id) })).onlines;
    expect([await onlinesFor(alice), await onlinesFor(bob), await onlinesFor(carol)]).toEqual([3, 3, 2]);
  });

  test('are not sent again to a client that has this page', async () => {
    const { id, bob, carol, alice } = await channelStage(scenario);
    await wereOnline(bob, carol, alice);
    const hash = hashOf([bob.id, carol.id, alice.id]);
    expect(await bob.main.call(request(bob, id, RECENT, { hash }))).toEqual({ _: 'channels.channelParticipantsNotModified' });
    await wereOnline(carol, bob, alice);
    expect(await lists(bob, id, RECENT, { hash })).toEqual({ ids: [carol.id, bob.id, alice.id], count: 3 });
  });

  test('are found by every word of their names, and by the names that the viewer gave them', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario);
    await carol.main.call({ _: 'account.updateProfile', firstName: 'Carol', lastName: 'Ångström' });
    expect(await lists(bob, id, searchFor('angst CAR'))).toEqual({ ids: [carol.id], count: 1 });
    expect(await lists(bob, id, { _: 'channelParticipantsMentions', q: 'car' })).toEqual({ ids: [carol.id], count: 1 });
    expect(await lists(bob, id, searchFor('carol bob'))).toEqual({ ids: [], count: 0 });
    expect(await lists(bob, id, searchFor('?'))).toEqual({ ids: [], count: 0 });
    await bob.meet(alice);
    await bob.main.call({ _: 'contacts.addContact', id: bob.main.inputUser(alice.id), firstName: 'Auntie', lastName: '', phone: '' });
    expect(await lists(bob, id, searchFor('aunt'))).toEqual({ ids: [alice.id], count: 1 });
    expect(await lists(carol, id, searchFor('aunt'))).toEqual({ ids: [], count: 0 });
    expect(await lists(bob, id, { _: 'channelParticipantsContacts', q: '' })).toEqual({ ids: [alice.id], count: 1 });
    expect(await lists(bob, id, { _: 'channelParticipantsContacts', q: 'aunt' })).toEqual({ ids: [alice.id], count: 1 });
    expect(await lists(bob, id, { _: 'channelParticipantsContacts', q: 'car' })).toEqual({ ids: [], count: 0 });
  });

  test('are found in a large group by their public names, and listed no further than 10,000', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario);
    await carol.main.call({ _: 'account.updateUsername', username: 'carol_of_the_hills' });
    await wereOnline(alice, bob, carol);
    const channelId = BigInt(-id) - 1_000_000_000_000n;
    await sql`INSERT INTO channel_members (channel_id, user_id, status, role, date)
              SELECT ${channelId}, 600000000 + n, 'member', 'member', 2000000000 FROM generate_series(1, 10050) AS n`.execute(scenario.server.db.q);
    expect((await lists(bob, id, searchFor('carol_of'))).ids).toEqual([carol.id]);
    expect((await lists(bob, id, RECENT, { limit: 1_000 })).ids).toHaveLength(200);
    expect((await lists(bob, id, RECENT, { offset: 9_990 })).ids).toHaveLength(10);
    // A list without a text is for reading everything: its order does not depend on who is online.
    const first = await lists(bob, id, searchFor(''), { limit: 3 });
    expect(first.ids).toEqual([600_000_001, 600_000_002, 600_000_003]);
    expect((await lists(bob, id, searchFor(''), { offset: 9_990 })).ids).toHaveLength(10);
  });

  test('include bots, which have a list of their own', async () => {
    const { id, bob, carol } = await channelStage(scenario);
    expect(await lists(bob, id, { _: 'channelParticipantsBots' })).toEqual({ ids: [], count: 0 });
    await scenario.server.db.q.updateTable('users').set({ bot: true }).where('user_id', '=', BigInt(carol.id)).execute();
    expect(await lists(bob, id, { _: 'channelParticipantsBots' })).toEqual({ ids: [carol.id], count: 1 });
  });
});

test('each list is refused by name to those who may not see it', async () => {
  const group = await channelStage(scenario);
  const channel = await channelStage(scenario, 'broadcast');
  const { alice, bob, carol } = group;
  const banned: tl.TypeChannelParticipantsFilter = { _: 'channelParticipantsBanned', q: '' };
  const kicked: tl.TypeChannelParticipantsFilter = { _: 'channelParticipantsKicked', q: '' };
  const known = request(carol, group.id, RECENT);
  const bannedRights: tl.RawChatBannedRights = { _: 'chatBannedRights', untilDate: 0, viewMessages: true };
  await alice.main.change({ _: 'channels.editBanned', channel: alice.main.inputChannel(group.id), participant: alice.main.inputPeer(carol.id), bannedRights });
  const peer: tl.TypeInputPeer = { _: 'inputPeerChannel', channelId: -group.id - 1_000_000_000_000, accessHash: (known.channel as tl.RawInputChannel).accessHash };
  const cases: [Actor, tl.RpcMethod, string][] = [
    [bob, request(bob, group.id, banned), 'CHAT_ADMIN_REQUIRED'],
    [bob, request(bob, group.id, kicked), 'CHAT_ADMIN_REQUIRED'],
    [channel.bob, request(channel.bob, channel.id, RECENT), 'CHAT_ADMIN_REQUIRED'],
    [channel.bob, request(channel.bob, channel.id, searchFor('a')), 'CHAT_ADMIN_REQUIRED'],
    [carol, known, 'CHANNEL_PRIVATE'],
    [carol, { _: 'messages.getOnlines', peer }, 'CHANNEL_PRIVATE'],
    [bob, { ...request(bob, group.id, RECENT), channel: { _: 'inputChannelEmpty' } }, 'CHANNEL_INVALID'],
    [bob, { ...request(bob, group.id, RECENT), channel: { _: 'inputChannel', channelId: 1, accessHash: Long.ONE } }, 'CHANNEL_INVALID'],
    [bob, { _: 'messages.getOnlines', peer: { _: 'inputPeerChat', chatId: 999_999 } }, 'CHAT_ID_INVALID'],
    [bob, { _: 'messages.getOnlines', peer: { _: 'inputPeerSelf' } }, 'PEER_ID_INVALID'],
  ];
  for (const [actor, call, text] of cases) expect([call._, (await actor.main.fails(call)).text]).toEqual([call._, text]);
  const { fullChat } = await channel.bob.main.call({ _: 'channels.getFullChannel', channel: channel.bob.main.inputChannel(channel.id) });
  expect(fullChat).toMatchObject({ canViewParticipants: false });
  expect(await channel.bob.main.call({ _: 'messages.getOnlines', peer: channel.bob.main.inputPeer(channel.id) })).toMatchObject({ onlines: 1 });
});
