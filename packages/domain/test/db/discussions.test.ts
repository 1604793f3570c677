import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { UserRow } from '../../src/peers/index.ts';
import { createWorld, errorOf, signUpPeople, type World } from './accounts-world.ts';

const ORIGIN = { authKeyId: 1n, sessionId: 1n };

describe('the link between a channel and its discussion group', () => {
  let world: World;
  let people: UserRow[];
  let randomId = 1000n;
  beforeAll(async () => {
    world = await createWorld({ gigagroupMembersMin: 1 });
    people = await signUpPeople(world, ['Alice', 'Bob', 'Carol']);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const person = (n: number): bigint => people[n]!.user_id;
  const by = (n: number) => ({ actorId: person(n), origin: ORIGIN });
  const at = (channelId: bigint) => world.domain.channels.at(channelId);
  const links = () => world.domain.channels.discussions;

  async function create(kind: 'megagroup' | 'broadcast', owner = 0): Promise<bigint> {
    const { first } = await world.domain.channels.doCreate({ creatorId: person(owner), kind, title: `${kind} of ${owner}`, about: '', ttlPeriod: 0, randomId: ++randomId, origin: ORIGIN });
    return -first.owner_id - 10n ** 12n;
  }

  /** A channel and a group of Alice's, in which Bob is an admin with these rights. */
  async function createPair(channelRights: Partial<tl.chatAdminRights> = {}, groupRights: Partial<tl.chatAdminRights> = {}): Promise<{ channelId: bigint; groupId: bigint }> {
    const pair = { channelId: await create('broadcast'), groupId: await create('megagroup') };
    for (const [id, rights] of [[pair.channelId, channelRights], [pair.groupId, groupRights]] as const) {
      await at(id).members.doInvite(by(0), [people[1]!]);
      if (Object.keys(rights).length > 0) await at(id).members.doEditAdmin({ ...by(0), userId: person(1), rights: { _: 'chatAdminRights', ...rights }, rank: '' });
    }
    return pair;
  }

  const rowOf = (channelId: bigint) => world.db.q.selectFrom('channels').selectAll().where('channel_id', '=', channelId).executeTakeFirstOrThrow();
  /** What each of these chats is linked with. */
  const linked = (...ids: bigint[]): Promise<(bigint | null)[]> => Promise.all(ids.map(async (id) => (await rowOf(id)).linked_chat_id));
  const logged = async (channelId: bigint): Promise<tl.ChannelAdminLogEventAction[]> =>
    (await at(channelId).log.list(person(0), { q: '', filters: undefined, userIds: undefined, maxId: 0n, minId: 0n, limit: 100 })).map(({ action }) => action).filter(({ _ }) => _ === 'channelAdminLogEventActionChangeLinkedChat');
  const change = (prev_value: bigint, new_value: bigint) => ({ _: 'channelAdminLogEventActionChangeLinkedChat', prev_value, new_value });

  it('is set, moved and removed on both sides, with an event in the log of each side', async () => {
    const { channelId, groupId } = await createPair({ change_info: true }, { pin_messages: true });
    await links().doLink(by(1), { channelId, groupId });
    expect(await linked(channelId, groupId)).toEqual([groupId, channelId]);
    expect(await errorOf(links().doLink(by(1), { channelId, groupId }))).toBe('LINK_NOT_MODIFIED');
    // Another group takes the place of the first one.
    const otherGroup = await create('megagroup');
    await links().doLink(by(0), { channelId, groupId: otherGroup });
    expect(await linked(channelId, groupId, otherGroup)).toEqual([otherGroup, null, channelId]);
    // The group goes to another channel.
    const otherChannel = await create('broadcast');
    await links().doLink(by(0), { channelId: otherChannel, groupId: otherGroup });
    expect(await linked(channelId, otherChannel, otherGroup)).toEqual([null, otherGroup, otherChannel]);
    await links().doUnlinkChannel(by(0), otherChannel);
    expect(await linked(otherChannel, otherGroup)).toEqual([null, null]);
    await links().doLink(by(0), { channelId, groupId });
    await links().doUnlinkGroup(by(0), groupId);
    expect(await linked(channelId, groupId)).toEqual([null, null]);
    expect(await errorOf(links().doUnlinkGroup(by(0), groupId))).toBe('LINK_NOT_MODIFIED');
    expect(await errorOf(links().doUnlinkChannel(by(0), channelId))).toBe('LINK_NOT_MODIFIED');
    // The jobs that the changes have ordered find nothing to do, also if each runs twice.
    await world.runJobs('repeat');
    expect(await linked(channelId, groupId, otherChannel, otherGroup)).toEqual([null, null, null, null]);
    expect(await logged(channelId)).toEqual([change(groupId, 0n), change(0n, groupId), change(otherGroup, 0n), change(groupId, otherGroup), change(0n, groupId)]);
    expect(await logged(groupId)).toEqual([change(channelId, 0n), change(0n, channelId), change(channelId, 0n), change(0n, channelId)]);
  });

  it('needs the right to change the channel and the right to pin in the group, and one of them to end', async () => {
    const { channelId, groupId } = await createPair({ change_info: true }, { change_info: true, ban_users: true });
    expect(await errorOf(links().doLink(by(1), { channelId, groupId }))).toBe('CHAT_ADMIN_REQUIRED');
    const withPin = await createPair({ post_messages: true }, { pin_messages: true });
    expect(await errorOf(links().doLink(by(1), withPin))).toBe('CHAT_ADMIN_REQUIRED');
    expect(await errorOf(links().doLink(by(2), { channelId, groupId }))).toBe('CHANNEL_PRIVATE');
    await links().doLink(by(0), { channelId, groupId });
    expect(await errorOf(links().doUnlinkGroup(by(1), groupId))).toBe('CHAT_ADMIN_REQUIRED');
    await links().doUnlinkChannel(by(1), channelId);
    await links().doLink(by(0), withPin);
    expect(await errorOf(links().doUnlinkChannel(by(1), withPin.channelId))).toBe('CHAT_ADMIN_REQUIRED');
    await links().doUnlinkGroup(by(1), withPin.groupId);
    expect(await linked(channelId, groupId, withPin.channelId, withPin.groupId)).toEqual([null, null, null, null]);
  });

  it('is refused for the wrong kinds of chat, and while the group hides its history', async () => {
    const { channelId, groupId } = await createPair();
    expect(await errorOf(links().doLink(by(0), { channelId: groupId, groupId }))).toBe('BROADCAST_ID_INVALID');
    expect(await errorOf(links().doLink(by(0), { channelId, groupId: channelId }))).toBe('MEGAGROUP_ID_INVALID');
    expect(await errorOf(links().doUnlinkChannel(by(0), groupId))).toBe('BROADCAST_ID_INVALID');
    expect(await errorOf(links().doUnlinkGroup(by(0), channelId))).toBe('MEGAGROUP_ID_INVALID');
    await at(groupId).settings.doHideHistory(by(0), true);
    expect(await errorOf(links().doLink(by(0), { channelId, groupId }))).toBe('MEGAGROUP_PREHISTORY_HIDDEN');
    await at(groupId).settings.doHideHistory(by(0), false);
    await links().doLink(by(0), { channelId, groupId });
    expect(await errorOf(at(groupId).settings.doHideHistory(by(0), true))).toBe('CHAT_LINK_EXISTS');
    const gigagroup = await create('megagroup');
    await at(gigagroup).settings.doMakeGigagroup(by(0));
    expect(await errorOf(links().doLink(by(0), { channelId, groupId: gigagroup }))).toBe('MEGAGROUP_ID_INVALID');
  });

  it.each([
    ['the channel is deleted', ({ channelId }: { channelId: bigint; groupId: bigint }) => at(channelId).settings.doDelete(by(0))],
    ['the group is deleted', ({ groupId }) => at(groupId).settings.doDelete(by(0))],
    ['the operator deletes the channel', ({ channelId }) => at(channelId).operator.doDelete()],
    ['the operator deletes the group', ({ groupId }) => at(groupId).operator.doDelete()],
    ['the group becomes a gigagroup', ({ groupId }) => at(groupId).settings.doMakeGigagroup(by(0))],
  ] as [string, (pair: { channelId: bigint; groupId: bigint }) => Promise<unknown>][])('ends on both sides when %s', async (_what, end) => {
    const pair = await createPair();
    await links().doLink(by(0), pair);
    await end(pair);
    await world.runJobs('repeat');
    expect(await linked(pair.channelId, pair.groupId)).toEqual([null, null]);
  });

  it('stays when the owner goes and when rights change', async () => {
    const pair = await createPair({ change_info: true }, { pin_messages: true });
    await links().doLink(by(1), pair);
    for (const id of [pair.channelId, pair.groupId]) {
      await at(id).members.doEditAdmin({ ...by(0), userId: person(1), rights: { _: 'chatAdminRights' }, rank: '' });
      await at(id).members.doLeave(by(0));
    }
    await world.runJobs('repeat');
    expect(await linked(pair.channelId, pair.groupId)).toEqual([pair.groupId, pair.channelId]);
  });

  it('is finished by the jobs after a crash, whichever side had changed', async () => {
    const { channelId, groupId } = await createPair();
    await links().doLink(by(0), { channelId, groupId });
    await world.runJobs();
    // Between the two steps of linking: the channel has decided, and its job waits.
    const forgets = (id: bigint) => world.db.q.updateTable('channels').set({ linked_chat_id: null }).where('channel_id', '=', id).execute();
    await links().doUnlinkChannel(by(0), channelId);
    await links().doLink(by(0), { channelId, groupId });
    await forgets(groupId);
    await world.runJobs('repeat');
    expect(await linked(channelId, groupId)).toEqual([groupId, channelId]);
    // Between the two steps of unlinking: the group still says that it is linked.
    const { link_number: number } = await rowOf(groupId);
    await links().doUnlinkChannel(by(0), channelId);
    await world.db.q.updateTable('channels').set({ linked_chat_id: channelId, link_number: number }).where('channel_id', '=', groupId).execute();
    await world.runJobs('repeat');
    expect(await linked(channelId, groupId)).toEqual([null, null]);
  });

  it('is the same on both sides after links and unlinks at the same time', async () => {
    const groups = [await create('megagroup'), await create('megagroup')];
    const channels = [await create('broadcast'), await create('broadcast')];
    const calls = Array.from({ length: 24 }, (_, n) => {
      const [channelId, groupId] = [channels[n % 2]!, groups[Math.floor(n / 2) % 2]!];
      if (n % 6 === 4) return links().doUnlinkGroup(by(0), groupId);
      return n % 6 === 5 ? links().doUnlinkChannel(by(0), channelId) : links().doLink(by(0), { channelId, groupId });
    });
    for (const outcome of await Promise.allSettled(calls)) {
      if (outcome.status === 'rejected') expect(['LINK_NOT_MODIFIED', 'MEGAGROUP_ID_INVALID']).toContain((outcome.reason as { text?: string }).text);
    }
    await world.runJobs('repeat');
    for (const id of [...groups, ...channels]) {
      const [partner] = await linked(id);
      if (partner !== null) expect(await linked(partner!)).toEqual([id]);
    }
    await links().doLink(by(0), { channelId: channels[0]!, groupId: groups[0]! }).catch(() => undefined);
    await world.runJobs();
    expect(await linked(channels[0]!, groups[0]!)).toEqual([groups[0], channels[0]]);
  });

  it('is shown to the readers of both sides', async () => {
    const { channelId, groupId } = await createPair();
    await links().doLink(by(0), { channelId, groupId });
    for (const [id, other] of [[channelId, groupId], [groupId, channelId]] as const) {
      const [row, member] = await Promise.all([rowOf(id), world.db.q.selectFrom('channel_members').selectAll().where('channel_id', '=', id).where('user_id', '=', person(1)).executeTakeFirst()]);
      const full = await world.domain.channels.findFull(person(1), { kind: 'channel', channelId: id, peerId: -id - 10n ** 12n, isSelf: false, row: { ...row, members: 2, bots: 0 }, member });
      expect(full.linked_chat_id).toBe(other);
      expect((await world.domain.chats.projectChats(person(1), [-id - 10n ** 12n]))[0]).toMatchObject({ _: 'channel', has_link: true });
    }
  });

  it('can be made with the groups that are offered: those with the right, without a channel, and basic groups of the own', async () => {
    const { channelId, groupId } = await createPair({ change_info: true }, { pin_messages: true });
    const without = await createPair({}, { change_info: true });
    const offered = async (n: number): Promise<bigint[]> => (await world.domain.channels.listDiscussionGroups(person(n))).map((peerId) => -peerId - 10n ** 12n);
    expect(await offered(1)).toContain(groupId);
    expect(await offered(1)).not.toContain(without.groupId);
    expect(await offered(0)).toEqual(expect.arrayContaining([groupId, without.groupId]));
    expect(await offered(2)).toEqual([]);
    await links().doLink(by(1), { channelId, groupId });
    expect(await offered(1)).not.toContain(groupId);
  });

  it('lets those who read the channel join the private group, unless it is full, wants to be asked, or has banned them', async () => {
    const { channelId, groupId } = await createPair();
    const members = at(groupId).members;
    await links().doLink(by(0), { channelId, groupId });
    expect(await errorOf(members.doJoin(by(2)))).toBe('CHANNEL_PRIVATE');
    await at(channelId).members.doInvite(by(0), [people[2]!]);
    const setMembers = (count: number): Promise<unknown> => world.db.q.updateTable('channel_heads').set({ members: count }).where('channel_id', '=', groupId).execute();
    await setMembers(world.domain.config.supergroupMembersMax);
    expect(await errorOf(members.doJoin(by(2)))).toBe('USERS_TOO_MUCH');
    await setMembers(2);
    await at(groupId).settings.doSetJoinRequest(by(0), true, false);
    for (let time = 0; time < 2; time++) expect(await errorOf(members.doJoin(by(2)))).toBe('INVITE_REQUEST_SENT');
    await at(groupId).settings.doSetJoinRequest(by(0), false, false);
    await members.doJoin(by(2));
    expect(await errorOf(members.doJoin(by(2)))).toBe('USER_ALREADY_PARTICIPANT');
    await members.doEditBanned({ ...by(0), userId: person(2), rights: { _: 'chatBannedRights', view_messages: true, until_date: 0 } });
    expect(await errorOf(members.doJoin(by(2)))).toBe('CHANNEL_PRIVATE');
    await members.doEditBanned({ ...by(0), userId: person(2), rights: { _: 'chatBannedRights', until_date: 0 } });
    await at(channelId).members.doLeave(by(2));
    expect(await errorOf(members.doJoin(by(2)))).toBe('CHANNEL_PRIVATE');
  });

  it('lets a private group keep the setting that only members write, until it ends', async () => {
    const { channelId, groupId } = await createPair();
    await links().doLink(by(0), { channelId, groupId });
    await at(groupId).settings.doSetJoinToSend(by(0), true);
    const { flags } = await rowOf(groupId);
    await at(groupId).settings.doSetUsername(by(0), 'talk_of_the_town');
    await at(groupId).settings.doSetUsername(by(0), '');
    expect((await rowOf(groupId)).flags).toBe(flags);
    await links().doUnlinkChannel(by(0), channelId);
    expect((await rowOf(groupId)).flags).not.toBe(flags);
  });
});
