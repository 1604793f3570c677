import type { tl } from '@aerogram/tl';
import { sql } from '@aerogram/storage';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { userTopic } from '@aerogram/bus';

import { findMemberships } from '../../src/chats/index.ts';
import type { PrivacyKey, PrivacyRule } from '../../src/privacy/privacy-rules.ts';
import { createWorld, errorOf, type World } from './accounts-world.ts';

const EVERYBODY: PrivacyRule[] = [{ kind: 'AllowAll', ids: [] }];
const CONTACTS: PrivacyRule[] = [{ kind: 'AllowContacts', ids: [] }];
const NOBODY: PrivacyRule[] = [{ kind: 'DisallowAll', ids: [] }];
const CLOSE: PrivacyRule[] = [{ kind: 'AllowCloseFriends', ids: [] }];

describe('privacy', () => {
  let world: World;
  const people: Record<string, bigint> = {};
  /** Marked ids: `member` and the owner are in the supergroup, `grouped` and the owner in the basic group. */
  const groups: Record<'supergroup' | 'basic', bigint> = { supergroup: 0n, basic: 0n };
  const asOwner = () => ({ actorId: people.owner!, origin: { authKeyId: 1n, sessionId: 1n } });
  beforeAll(async () => {
    world = await createWorld();
    const names = ['owner', 'stranger', 'contact', 'friend', 'blocked', 'member', 'grouped'];
    for (const [at, name] of names.entries()) people[name] = (await world.signUp(`999661000${at}`, name)).userId;
    await add(people.owner!, people.contact!);
    await add(people.owner!, people.friend!);
    await world.domain.contacts.doEditCloseFriends(people.owner!, [people.friend!]);
    await block(people.owner!, people.blocked!, true);
    groups.supergroup = await createSupergroup(['member']);
    groups.basic = await createBasic(['grouped']);
    await world.domain.profile.doUpdateNames(people.owner!, { about: 'bio' });
    await world.domain.profile.doUpdateBirthday(people.owner!, { _: 'birthday', day: 29, month: 2 });
    world.domain.users.doUpdateStatus(people.owner!, true);
    await world.domain.users.presence.flush();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const rowOf = async (id: bigint) => (await world.domain.users.findRow(id))!;
  const add = async (owner: bigint, target: bigint): Promise<void> => {
    const row = await rowOf(target);
    await world.domain.contacts.doAddContact(owner, row, { first_name: row.first_name, last_name: '', phone: '' });
  };
  const createSupergroup = async (members: readonly string[]): Promise<bigint> => {
    const { first } = await world.domain.channels.doCreate({ ...asOwner(), creatorId: people.owner!, kind: 'megagroup', title: 'Group', about: '', ttlPeriod: 0, randomId: ++randomId });
    const rows = await Promise.all(members.map((name) => rowOf(people[name]!)));
    await world.domain.channels.at(-first.owner_id - 10n ** 12n).members.doInvite(asOwner(), rows);
    return first.owner_id;
  };
  const createBasic = async (members: readonly string[]): Promise<bigint> => {
    const users = await Promise.all(members.map((name) => rowOf(people[name]!)));
    return (await world.domain.groups.doCreate({ ...asOwner(), creatorId: people.owner!, title: 'Group', users, ttlPeriod: 0, randomId: ++randomId })).notice!.peer_id;
  };
  let randomId = 0n;
  const block = async (owner: bigint, target: bigint, blocked: boolean): Promise<void> =>
    world.domain.blocks.doBlock(owner, target, { storiesOnly: false, blocked }, undefined);
  const see = async (viewer: bigint, target: bigint): Promise<tl.user> => {
    const [user] = await world.domain.users.projectUsers(viewer, [target]);
    if (user?._ !== 'user') throw new Error('no user');
    return user;
  };
  const set = async (key: PrivacyKey, rules: PrivacyRule[], owner = people.owner!): Promise<void> => {
    await world.domain.privacy.doSetRules(owner, key, rules, undefined);
  };

  /** Whether each viewer can see what the key protects. */
  const WATCH: [PrivacyKey, (viewer: bigint, owner: bigint) => Promise<boolean>][] = [
    ['PhoneNumber', async (viewer, owner) => (await see(viewer, owner)).phone !== undefined],
    ['StatusTimestamp', async (viewer, owner) => (await see(viewer, owner)).status?._ === 'userStatusOnline'],
    ['About', async (viewer, owner) => (await world.domain.findFullUser(viewer, await rowOf(owner))).about !== undefined],
    ['Birthday', async (viewer, owner) => (await world.domain.findFullUser(viewer, await rowOf(owner))).birthday !== undefined],
    ['PhoneCall', (viewer, owner) => world.domain.privacy.allows(owner, 'PhoneCall', { id: viewer, bot: false })],
    ['VoiceMessages', async (viewer, owner) => (await world.domain.findFullUser(viewer, await rowOf(owner))).voice_messages_forbidden !== true],
    ['Forwards', async (viewer, owner) => (await world.domain.findFullUser(viewer, await rowOf(owner))).private_forward_name === undefined],
    ['Forwards', (viewer, owner) => world.domain.privacy.mayLinkForward(owner, viewer)],
    ['ChatInvite', (viewer, owner) => world.domain.privacy.mayInvite(owner, viewer)],
    ['AddedByPhone', async (viewer, owner) => (await world.domain.contacts.findByPhone(viewer, (await rowOf(owner)).phone!)) !== undefined],
    ['AddedByPhone', importFinds],
  ];

  async function importFinds(viewer: bigint, owner: bigint): Promise<boolean> {
    const phone = (await rowOf(owner)).phone!;
    const { imported } = await world.domain.contacts.doImportContacts(viewer, [{ clientId: 1n, phone, firstName: 'O', lastName: '' }]);
    await world.domain.contacts.doDeleteContacts(viewer, [owner]);
    return imported.length === 1;
  }

  const EXCEPT = (): PrivacyRule[] => [{ kind: 'DisallowUsers', ids: [people.contact!] }, { kind: 'AllowContacts', ids: [] }];
  const ONLY = (): PrivacyRule[] => [{ kind: 'AllowUsers', ids: [people.stranger!] }, { kind: 'DisallowAll', ids: [] }];
  const SHARED_WITH = (...ids: bigint[]): PrivacyRule[] => [{ kind: 'AllowChatParticipants', ids }, { kind: 'DisallowAll', ids: [] }];
  const HIDDEN_FROM = (...ids: bigint[]): PrivacyRule[] => [{ kind: 'DisallowChatParticipants', ids }, { kind: 'AllowAll', ids: [] }];
  const RULES: [string, () => PrivacyRule[], string[]][] = [
    ['everybody', () => EVERYBODY, ['stranger', 'contact', 'friend', 'member', 'grouped']],
    ['contacts', () => CONTACTS, ['contact', 'friend']],
    ['nobody', () => NOBODY, []],
    ['close friends', () => CLOSE, ['friend']],
    ['contacts but one', EXCEPT, ['friend']],
    ['one user', ONLY, ['stranger']],
    ['members of a supergroup', () => SHARED_WITH(groups.supergroup), ['member']],
    ['members of groups', () => SHARED_WITH(groups.supergroup, groups.basic), ['member', 'grouped']],
    ['everybody but members of a group', () => HIDDEN_FROM(groups.basic), ['stranger', 'contact', 'friend', 'member']],
    ['one member of a group that is excluded', () => [{ kind: 'AllowUsers', ids: [people.member!] }, ...HIDDEN_FROM(groups.supergroup, groups.basic)], ['stranger', 'contact', 'friend', 'member']],
  ];

  for (const [index, [key, sees]] of WATCH.entries()) {
    it(`${key} (${index}) is visible to the viewers that the rules allow`, async () => {
      for (const [name, rules, expected] of RULES) {
        await set(key, rules());
        const seen: string[] = [];
        for (const viewer of ['stranger', 'contact', 'friend', 'member', 'grouped', 'blocked']) {
          if (await sees(people[viewer]!, people.owner!)) seen.push(viewer);
        }
        // Blocked viewers still find the user by number, so that they do not learn of the block.
        expect(seen, name).toEqual(key === 'AddedByPhone' && name.startsWith('everybody') ? [...expected, 'blocked'] : name.startsWith('one member') && key === 'AddedByPhone' ? [...expected, 'blocked'] : expected);
        expect(await sees(people.owner!, people.owner!).catch(() => true), 'the owner').toBeDefined();
      }
      await set(key, EVERYBODY);
    });
  }

  it('follows who is in the groups that rules name, whether their owner is still in them or not', async () => {
    const { channels, groups: basics, privacy } = world.domain;
    const sees = (name: string): Promise<boolean> => privacy.mayInvite(people.owner!, people[name]!);
    const [first, other] = [await createSupergroup(['member']), await createBasic(['grouped'])];
    const at = channels.at(-first - 10n ** 12n).members;
    await set('ChatInvite', SHARED_WITH(first, other));
    expect([await sees('member'), await sees('grouped'), await sees('stranger')]).toEqual([true, true, false]);
    await at.doInvite(asOwner(), [await rowOf(people.stranger!)]);
    await at.doLeave({ ...asOwner(), actorId: people.member! });
    await basics.doRemoveUser({ ...asOwner(), chatId: -other }, people.grouped!, false);
    expect([await sees('member'), await sees('grouped'), await sees('stranger')]).toEqual([false, false, true]);
    // A basic group becomes a supergroup, which others join.
    await basics.doAddUser({ ...asOwner(), chatId: -other }, await rowOf(people.contact!), 0);
    const migrated = (await channels.doMigrate({ ...asOwner(), chatId: -other })).peerId;
    await channels.at(-migrated - 10n ** 12n).members.doInvite(asOwner(), [await rowOf(people.friend!)]);
    expect([await sees('contact'), await sees('friend'), await sees('member')]).toEqual([true, true, false]);
    // The owner leaves, and somebody is banned.
    await at.doLeave(asOwner());
    expect(await sees('stranger')).toBe(true);
    await set('ChatInvite', HIDDEN_FROM(first));
    expect([await sees('stranger'), await sees('member')]).toEqual([false, true]);
    await set('ChatInvite', EVERYBODY);
  });

  it('hides the last seen time of members of a group from whom the viewer hides it through the group', async () => {
    await set('StatusTimestamp', HIDDEN_FROM(groups.supergroup));
    world.domain.users.doUpdateStatus(people.member!, true);
    world.domain.users.doUpdateStatus(people.stranger!, true);
    await world.domain.users.presence.flush();
    expect((await see(people.owner!, people.member!)).status).toEqual({ _: 'userStatusRecently', by_me: true });
    expect((await see(people.owner!, people.stranger!)).status?._).toBe('userStatusOnline');
    await set('StatusTimestamp', EVERYBODY);
  });

  it('asks about the viewers, not about all members of a large group', async () => {
    const channelId = -groups.supergroup - 10n ** 12n;
    await sql`INSERT INTO channel_members (channel_id, user_id, status, role, date) SELECT ${channelId}, 500000000 + n, 'member', 'member', 1 FROM generate_series(1, 3000) AS n`.execute(world.db.q);
    const read: number[] = [];
    const counting = { run: async (statement: never, values: never) => { const found = await world.db.run(statement, values); read.push(found.rows.length); return found; } };
    const viewers = [people.member!, people.stranger!, ...Array.from({ length: 50 }, (_, n) => 500000001n + BigInt(n))];
    const found = await findMemberships(counting as never, viewers, [groups.supergroup, groups.basic, -12345n]);
    expect([found.get(people.member!), found.get(people.stranger!), found.size]).toEqual([new Set([groups.supergroup]), undefined, 51]);
    expect(Math.max(...read)).toBe(51);
    // As many pairs are read at once from the database, fewer from the cache.
    expect((await world.domain.chats.findMemberships(Array.from({ length: 1001 }, (_, n) => 500000001n + BigInt(n)), [groups.supergroup])).size).toBe(1001);
    await sql`DELETE FROM channel_members WHERE channel_id = ${channelId} AND user_id >= 500000000 AND user_id < 500010000`.execute(world.db.q);
  });

  it('shows last seen only to users who show their own', async () => {
    await set('StatusTimestamp', NOBODY, people.contact);
    expect((await see(people.contact!, people.owner!)).status).toEqual({ _: 'userStatusRecently', by_me: true });
    expect((await see(people.owner!, people.contact!)).status?._).not.toBe('userStatusOnline');
    await set('StatusTimestamp', [{ kind: 'AllowUsers', ids: [people.owner!] }, { kind: 'DisallowAll', ids: [] }], people.contact);
    expect((await see(people.contact!, people.owner!)).status?._).toBe('userStatusOnline');
    await set('StatusTimestamp', NOBODY);
    expect((await see(people.contact!, people.owner!)).status).toEqual({ _: 'userStatusRecently', by_me: undefined });
    expect((await see(people.blocked!, people.owner!)).status).toEqual({ _: 'userStatusEmpty' });
    await world.clock.advance(4 * 24 * 3600_000);
    expect((await see(people.contact!, people.owner!)).status?._).toBe('userStatusLastWeek');
    await world.clock.advance(10 * 24 * 3600_000);
    expect((await see(people.contact!, people.owner!)).status?._).toBe('userStatusLastMonth');
    await world.clock.advance(30 * 24 * 3600_000);
    expect((await see(people.contact!, people.owner!)).status?._).toBe('userStatusEmpty');
    await set('StatusTimestamp', EVERYBODY);
  });

  it('pushes an online status only to those who may see it', async () => {
    await set('StatusTimestamp', [{ kind: 'DisallowUsers', ids: [people.contact!] }, { kind: 'AllowAll', ids: [] }]);
    const told: string[] = [];
    const subscriptions = ['contact', 'friend', 'blocked'].map((name) =>
      world.bus.subscribe(userTopic(people[name]!), (hint) => {
        if ((hint as { update?: tl.Update }).update?._ === 'updateUserStatus') told.push(name);
      }),
    );
    for (const name of ['contact', 'friend', 'blocked']) await see(people[name]!, people.owner!);
    world.domain.users.doUpdateStatus(people.owner!, true);
    await world.domain.users.presence.flush();
    await vi.waitFor(() => expect(told).toEqual(['friend']));
    for (const subscription of subscriptions) subscription[Symbol.dispose]();
  });

  it('shows a number to those who have it in the address book, and does not reveal a new number through an old one', async () => {
    const { contacts } = world.domain;
    await set('PhoneNumber', NOBODY);
    const owner = await rowOf(people.owner!);
    await contacts.doImportContacts(people.stranger!, [{ clientId: 1n, phone: owner.phone!, firstName: 'O', lastName: '' }]);
    expect((await see(people.stranger!, people.owner!)).phone).toBe(owner.phone);
    await world.db.transact('change', (tx) => tx.q.updateTable('contacts').set({ phone: '9996600000' }).where('owner_id', '=', people.stranger!).execute());
    await contacts.doAddContact(people.stranger!, owner, { first_name: 'O', last_name: '', phone: '9996600001' });
    expect((await see(people.stranger!, people.owner!)).phone).toBeUndefined();
    await contacts.doDeleteContacts(people.stranger!, [people.owner!]);
  });

  it('does not tell a user who types a number whether it is right, unless the owner can be found by it', async () => {
    const owner = await rowOf(people.owner!);
    const type = async (): Promise<string | undefined> => {
      await world.domain.contacts.doAddContact(people.stranger!, owner, { first_name: 'O', last_name: '', phone: owner.phone! });
      const { phone } = await see(people.stranger!, people.owner!);
      await world.domain.contacts.doDeleteContacts(people.stranger!, [people.owner!]);
      return phone;
    };
    await set('AddedByPhone', CONTACTS);
    expect(await type()).toBeUndefined();
    await set('AddedByPhone', EVERYBODY);
    expect(await type()).toBe(owner.phone);
  });

  it('shares the number with one contact, through an exception that the owner can see', async () => {
    const { contacts, privacy } = world.domain;
    await set('PhoneNumber', NOBODY);
    const row = await rowOf(people.stranger!);
    await contacts.doAddContact(people.owner!, row, { first_name: 'S', last_name: '', phone: '', sharesPhone: true });
    expect((await see(people.stranger!, people.owner!)).phone).toBeDefined();
    expect(await privacy.projectRules(people.owner!, 'PhoneNumber')).toEqual([
      { _: 'privacyValueAllowUsers', users: [people.stranger] }, { _: 'privacyValueDisallowAll' },
    ]);
    expect(await errorOf(contacts.doAcceptContact(people.owner!, row))).toBe('CONTACT_REQ_MISSING');
    expect((await contacts.doAcceptContact(people.owner!, await rowOf(people.contact!)))[0]).toMatchObject({ settings: { _: 'peerSettings' } });
    expect((await see(people.contact!, people.owner!)).phone).toBeDefined();
    await contacts.doDeleteContacts(people.owner!, [people.stranger!]);
    expect(await errorOf(contacts.doAcceptContact(people.owner!, row))).toBe('CONTACT_ADD_MISSING');
  });

  it('reaches a device that was offline', async () => {
    const before = await world.domain.updates.findState(people.owner!);
    // What is a few seconds older than the date of the device comes again.
    await world.clock.advance(10_000);
    await set('About', CLOSE);
    await block(people.owner!, people.stranger!, true);
    await world.domain.profile.doUpdateNames(people.owner!, { last_name: 'Newname' });
    const { difference } = await world.domain.updates.findDifference(people.owner!, { pts: before.pts, date: before.date + 10, ptsLimit: undefined, ptsTotalLimit: undefined });
    if (difference._ !== 'updates.difference') throw new Error(difference._);
    expect(difference.other_updates).toEqual([
      { _: 'updatePrivacy', key: { _: 'privacyKeyAbout' }, rules: [{ _: 'privacyValueAllowCloseFriends' }] },
      { _: 'updatePeerBlocked', blocked: true, blocked_my_stories_from: undefined, peer_id: { _: 'peerUser', user_id: people.stranger } },
      expect.objectContaining({ _: 'updateUserName', last_name: 'Newname' }),
    ]);
    await block(people.owner!, people.stranger!, false);
  });

  it('stores global settings, and rejects those that need a missing feature', async () => {
    const { privacy } = world.domain;
    const owner = people.owner!;
    const wanted: tl.globalPrivacySettings = { _: 'globalPrivacySettings', hide_read_marks: true, disallowed_gifts: { _: 'disallowedGiftsSettings', disallow_unique_stargifts: true } };
    expect(await privacy.doSetGlobalSettings(owner, wanted)).toMatchObject(wanted);
    await world.restart();
    expect(await world.domain.privacy.findGlobalSettings(owner)).toMatchObject(wanted);
    expect(await world.domain.privacy.showsReadDates(people.contact!, owner)).toBe(false);
    expect((await world.domain.findFullUser(people.contact!, await rowOf(owner))).read_dates_private).toBe(true);
    expect(await errorOf(privacy.doSetGlobalSettings(owner, { _: 'globalPrivacySettings', archive_and_mute_new_noncontact_peers: true }))).toBe('AUTOARCHIVE_NOT_AVAILABLE');
    expect(await errorOf(privacy.doSetGlobalSettings(owner, { _: 'globalPrivacySettings', new_noncontact_peers_require_premium: true }))).toBe('PRIVACY_PREMIUM_REQUIRED');
  });

  it('rejects more users than the rules may contain', async () => {
    const ids = Array.from({ length: 1001 }, (_, at) => BigInt(at + 1));
    expect(await errorOf(set('About', [{ kind: 'AllowUsers', ids }]))).toBe('PRIVACY_TOO_LONG');
    expect(await errorOf(set('About', [{ kind: 'DisallowChatParticipants', ids: ids.slice(0, 101).map((id) => -id) }]))).toBe('PRIVACY_TOO_LONG');
  });
});

describe('blocking', () => {
  let world: World;
  let alice: bigint;
  let others: bigint[];
  beforeAll(async () => {
    world = await createWorld();
    alice = (await world.signUp('9996610001', 'Alice')).userId;
    others = [];
    for (const n of [2, 3, 4]) others.push((await world.signUp(`999661000${n}`, `P${n}`)).userId);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it('keeps two lists and pages through each', async () => {
    const { blocks, users } = world.domain;
    const rows = await Promise.all(others.map((id) => users.findRow(id)));
    for (const row of rows) {
      await blocks.doBlock(alice, row!.user_id, { storiesOnly: false, blocked: true }, undefined);
      await world.clock.advance(1000);
    }
    await blocks.doBlock(alice, rows[0]!.user_id, { storiesOnly: true, blocked: true }, undefined);
    await blocks.doBlock(alice, rows[0]!.user_id, { storiesOnly: true, blocked: true }, undefined);
    const page = await blocks.listBlocked(alice, { storiesOnly: false, offset: 1, limit: 1 });
    expect(page).toMatchObject({ count: 3, peers: [{ peerId: others[1] }] });
    expect((await blocks.listBlocked(alice, { storiesOnly: true, offset: 0, limit: 10 })).peers.map((peer) => peer.peerId)).toEqual([others[0]]);
    expect(await users.findRelation(alice, others[0]!)).toMatchObject({ blocks: true, blocksStories: true, blockedBy: false });
    expect(await users.findRelation(others[0]!, alice)).toMatchObject({ blocks: false, blockedBy: true });
    await blocks.doReplace(alice, [rows[2]!.user_id], false, undefined);
    expect((await blocks.listBlocked(alice, { storiesOnly: false, offset: 0, limit: 10 })).peers.map((peer) => peer.peerId)).toEqual([others[2]]);
    expect(await users.findRelation(alice, others[0]!)).toMatchObject({ blocks: false, blocksStories: true });
  });

  it('is not visible to the blocked user in contacts and numbers', async () => {
    const { blocks, contacts, users } = world.domain;
    const [victim, other] = [(await world.signUp('9996610011', 'Vic')).userId, (await world.signUp('9996610012', 'Oth')).userId];
    const [victimRow, otherRow] = [(await users.findRow(victim))!, (await users.findRow(other))!];
    const block = (blocked: boolean) => blocks.doBlock(victim, otherRow.user_id, { storiesOnly: false, blocked }, undefined);
    const isMutual = async (owner: bigint, user: bigint) => {
      const [seen] = await users.projectUsers(owner, [user]);
      const { mutual } = await contacts.listContactIds(owner);
      expect(mutual.includes(user)).toBe(seen?._ === 'user' && seen.mutual_contact === true);
      return mutual.includes(user);
    };
    const names = { first_name: 'Some', last_name: 'Body', phone: '' };
    await contacts.doAddContact(other, victimRow, names);
    await contacts.doAddContact(victim, otherRow, names);
    expect([await isMutual(other, victim), await isMutual(victim, other)]).toEqual([true, true]);
    await block(true);
    // It looks as if the contact had been removed; the blocking user sees no difference.
    expect([await isMutual(other, victim), await isMutual(victim, other)]).toEqual([false, true]);
    await contacts.doDeleteContacts(other, [victim]);
    await contacts.doAddContact(other, victimRow, names);
    expect([await isMutual(other, victim), await isMutual(victim, other)]).toEqual([false, true]);
    await contacts.doDeleteContacts(victim, [other]);
    await contacts.doAddContact(victim, otherRow, names);
    expect([await isMutual(other, victim), await isMutual(victim, other)]).toEqual([false, true]);
    expect((await contacts.findByPhone(other, victimRow.phone!))?.user_id).toBe(victim);
    const { imported } = await contacts.doImportContacts(other, [{ clientId: 1n, phone: victimRow.phone!, firstName: 'V', lastName: '' }]);
    expect(imported).toHaveLength(1);
    await block(false);
    expect([await isMutual(other, victim), await isMutual(victim, other)]).toEqual([true, true]);
    await blocks.doReplace(victim, [otherRow.user_id], true, undefined);
    expect(await isMutual(other, victim)).toBe(true);
    await blocks.doReplace(victim, [otherRow.user_id], false, undefined);
    expect(await isMutual(other, victim)).toBe(false);
    await blocks.doReplace(victim, [], false, undefined);
    expect(await isMutual(other, victim)).toBe(true);
  });

  it('is not possible for oneself or the service chat', async () => {
    const { blocks, users } = world.domain;
    for (const id of [alice, 777000n]) {
      const row = (await users.findRow(id))!;
      expect(await errorOf(blocks.doBlock(alice, row.user_id, { storiesOnly: false, blocked: true }, undefined))).toBe('CONTACT_ID_INVALID');
    }
  });
});
