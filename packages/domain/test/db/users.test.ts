import { userTopic } from '@aerogram/bus';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { createWorld, errorOf, type World } from './accounts-world.ts';

describe('users and contacts', () => {
  let world: World;
  let alice: bigint;
  let bob: bigint;
  beforeAll(async () => {
    world = await createWorld();
    alice = (await world.signUp('9996610001', 'Alice')).userId;
    bob = (await world.signUp('9996620002', 'Bob')).userId;
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const see = async (viewer: bigint, target: bigint): Promise<tl.user> => {
    const [user] = await world.domain.users.projectUsers(viewer, [target]);
    if (user?._ !== 'user') throw new Error('no user');
    return user;
  };
  const add = async (owner: bigint, target: bigint, first: string): Promise<void> => {
    const row = (await world.domain.users.findRow(target))!;
    await world.domain.contacts.doAddContact(owner, row, { first_name: first, last_name: '', phone: '' });
  };

  it('rejects access hashes of other viewers and kinds, and references to nobody', async () => {
    const { peers, accessHashes } = world.domain;
    const hash = (await see(alice, bob)).access_hash!;
    expect((await peers.accessInputUser(alice, { _: 'inputUser', user_id: bob, access_hash: hash })).user_id).toBe(bob);
    const stolen = { _: 'inputUser', user_id: alice, access_hash: hash } as const;
    expect(await errorOf(peers.accessInputUser(bob, { ...stolen, user_id: bob + 8n }))).toBe('USER_ID_INVALID');
    const carol = (await world.signUp('9996630003', 'Carol')).userId;
    expect(await errorOf(peers.accessInputUser(carol, { _: 'inputUser', user_id: bob, access_hash: hash }))).toBe('USER_ID_INVALID');
    const min = accessHashes.of('user_min', alice, bob);
    expect(await errorOf(peers.accessInputUser(alice, { _: 'inputUser', user_id: bob, access_hash: min }))).toBe('USER_ID_INVALID');
    expect(await errorOf(peers.accessInputUser(alice, { _: 'inputUserEmpty' }))).toBe('USER_ID_INVALID');
    expect(await errorOf(peers.accessUserPeer(alice, { _: 'inputPeerUser', user_id: bob, access_hash: 0n }))).toBe('PEER_ID_INVALID');
    expect((await peers.accessInputUser(alice, { _: 'inputUserSelf' })).user_id).toBe(alice);
    expect((await peers.accessInputUser(alice, { _: 'inputUser', user_id: alice, access_hash: 0n })).user_id).toBe(alice);
  });

  it('keeps access hashes valid after a restart', async () => {
    const before = (await see(alice, bob)).access_hash;
    await world.restart();
    expect((await see(alice, bob)).access_hash).toBe(before);
  });

  it('seeds the service users once', async () => {
    await world.restart();
    expect(await see(alice, 777000n)).toMatchObject({ verified: true, first_name: 'Aerogram' });
    expect((await world.domain.users.findByUsername('Replies'))?.user_id).toBe(1271266957n);
  });

  it('shows names, numbers and mutual marks according to the relation of the two users', async () => {
    expect(await see(alice, alice)).toMatchObject({ self: true, phone: '9996610001' });
    expect(await see(alice, bob)).toMatchObject({ first_name: 'Bob', phone: undefined, contact: undefined });
    await add(alice, bob, 'Bobby');
    expect(await see(alice, bob)).toMatchObject({ first_name: 'Bobby', contact: true, mutual_contact: undefined, phone: undefined });
    // Bob is visible to those whom he has as contacts: his number is for contacts only.
    expect(await see(bob, alice)).toMatchObject({ first_name: 'Alice', contact: undefined, phone: '9996610001' });
    await Promise.all([add(bob, alice, 'Al'), add(alice, bob, 'Bobby')]);
    expect(await see(alice, bob)).toMatchObject({ mutual_contact: true, phone: '9996620002' });
    expect(await see(bob, alice)).toMatchObject({ mutual_contact: true, first_name: 'Al' });
    await world.domain.contacts.doDeleteContacts(alice, [bob]);
    await world.domain.contacts.doDeleteContacts(alice, [bob]);
    expect(await see(bob, alice)).toMatchObject({ contact: true, mutual_contact: undefined });
    expect(await see(alice, bob)).toMatchObject({ first_name: 'Bob', contact: undefined });
  });

  it('marks both as mutual when two users add each other at the same time', async () => {
    for (let round = 0; round < 5; round++) {
      await Promise.all([world.domain.contacts.doDeleteContacts(alice, [bob]), world.domain.contacts.doDeleteContacts(bob, [alice])]);
      await Promise.all([add(alice, bob, 'B'), add(bob, alice, 'A')]);
      expect((await see(alice, bob)).mutual_contact).toBe(true);
      expect((await see(bob, alice)).mutual_contact).toBe(true);
    }
  });

  it('imports an address book, and the same one again', async () => {
    const dave = (await world.signUp('9996640004', 'Dave')).userId;
    const entries = [
      { clientId: 1n, phone: '+999 664 0004', firstName: 'David', lastName: 'D' },
      { clientId: 2n, phone: '15550009999', firstName: 'Nobody', lastName: '' },
      { clientId: 3n, phone: 'not a number', firstName: 'X', lastName: '' },
    ];
    for (let repeat = 0; repeat < 2; repeat++) {
      const result = await world.domain.contacts.doImportContacts(alice, entries);
      expect(result).toEqual({ imported: [{ userId: dave, clientId: 1n }], retry: [] });
    }
    expect(await see(alice, dave)).toMatchObject({ first_name: 'David', last_name: 'D', phone: '9996640004', contact: true });
    const found = await world.domain.contacts.searchUsers(alice, 'dav', 10);
    expect(found).toEqual({ own: [dave], others: [] });
  });

  it('gives a username to one user, and frees the old one', async () => {
    const { profile, users } = world.domain;
    expect(await errorOf(profile.doUpdateUsername(alice, 'al'))).toBe('USERNAME_INVALID');
    expect(await errorOf(profile.doUpdateUsername(alice, '_alice'))).toBe('USERNAME_INVALID');
    expect(await errorOf(profile.doUpdateUsername(alice, 'REPLIES'))).toBe('USERNAME_OCCUPIED');
    await profile.doUpdateUsername(alice, 'Alice_one');
    expect((await users.findByUsername('alice_ONE'))?.user_id).toBe(alice);
    expect(await errorOf(profile.doUpdateUsername(bob, 'ALICE_one'))).toBe('USERNAME_OCCUPIED');
    expect(await profile.isUsernameFree(bob, 'alice_one')).toBe(false);
    for (const reserved of ['telegram', 'Support', 'ad_min', 'metrics', 'apiws']) {
      expect(await profile.isUsernameFree(bob, reserved)).toBe(false);
      expect(await errorOf(profile.doUpdateUsername(bob, reserved))).toBe('USERNAME_OCCUPIED');
    }
    expect(await errorOf(profile.doUpdateUsername(alice, 'Alice_one'))).toBe('USERNAME_NOT_MODIFIED');
    await profile.doUpdateUsername(alice, 'alice_two');
    await profile.doUpdateUsername(bob, 'alice_one');
    expect((await world.domain.contacts.searchUsers(alice, '@alice_', 10)).others).toEqual([alice]);
    await profile.doUpdateUsername(bob, '');
    expect(await users.findByUsername('alice_one')).toBeUndefined();
  });

  it('takes over a username whose reservation was left by a crash', async () => {
    const { profile, users } = world.domain;
    await world.db.transact('crash', (tx) =>
      tx.q.insertInto('usernames').values({ name: 'stale_name', peer_id: 4n, reserved_date: world.clock.now() }).execute(),
    );
    expect(await errorOf(profile.doUpdateUsername(bob, 'stale_name'))).toBe('USERNAME_OCCUPIED');
    await world.clock.advance(61_000);
    await profile.doUpdateUsername(bob, 'stale_name');
    expect((await users.findByUsername('stale_name'))?.user_id).toBe(bob);
  });

  it('pushes a new name and an online status to recent viewers, within five seconds', async () => {
    await see(bob, alice);
    const seen: tl.Update[] = [];
    using _ = world.bus.subscribe(userTopic(bob), (hint) => {
      if (typeof hint === 'object' && hint !== null && 'update' in hint) seen.push(hint.update as tl.Update);
    });
    await world.domain.profile.doUpdateNames(alice, { first_name: 'Alicia', about: 'hello' });
    world.domain.users.doUpdateStatus(alice, true);
    world.domain.users.doUpdateStatus(alice, true);
    expect((await see(bob, alice)).status).toMatchObject({ _: 'userStatusOnline' });
    await world.clock.advance(5000);
    await world.domain.users.presence.flush();
    await vi.waitFor(() => expect(seen.map((update) => update._)).toEqual(['updateUser', 'updateUserName', 'updateUserStatus']));
    // Bob has Alice as "A" in his contact list, so that name stays for him.
    expect(seen[1]).toMatchObject({ first_name: 'A' });
    await world.restart();
    expect((await see(bob, alice)).status).toMatchObject({ _: 'userStatusOnline' });
    await world.clock.advance(301_000);
    expect((await see(bob, alice)).status).toMatchObject({ _: 'userStatusOffline' });
    expect((await see(bob, alice)).first_name).toBe('A');
    expect((await world.domain.users.findRow(alice))?.about).toBe('hello');
  });

  it('stores notification settings per scope', async () => {
    const { notifications } = world.domain;
    expect(await notifications.findSettings(alice, 'users')).toMatchObject({ show_previews: true, mute_until: 0 });
    const peer = { _: 'peerUser', user_id: bob } as const;
    await notifications.doUpdateSettings(alice, { peer }, { _: 'inputPeerNotifySettings', mute_until: 7 });
    await notifications.doUpdateSettings(alice, { peer }, { _: 'inputPeerNotifySettings', silent: true });
    expect((await notifications.findPeerSettings(alice, [bob, 777000n])).get(bob)).toMatchObject({ mute_until: 7, silent: true });
    expect((await notifications.findPeerSettings(alice, [777000n])).get(777000n)?.mute_until).toBeUndefined();
    const other = { _: 'inputPeerNotifySettings', sound: { _: 'notificationSoundNone' } } as const;
    await notifications.doUpdateSettings(alice, { peer: { _: 'peerUser', user_id: 777000n } }, other);
    const found = async (filter: Parameters<typeof notifications.listExceptions>[1]): Promise<bigint[]> =>
      (await notifications.listExceptions(alice, filter)).map(({ peerId }) => peerId).toSorted((a, b) => Number(b - a));
    expect(await found({ sounds: false, stories: false })).toEqual([bob]);
    expect(await found({ sounds: true, stories: false })).toEqual([bob, 777000n]);
    expect(await found({ sounds: true, stories: true, scope: { peer } })).toEqual([bob]);
    expect(await found({ sounds: true, stories: true, scope: 'chats' })).toEqual([]);
    expect((await notifications.findSettings(alice, 'chats')).other_sound).toEqual({ _: 'notificationSoundDefault' });
    const ringtone = { _: 'inputPeerNotifySettings', sound: { _: 'notificationSoundRingtone', id: 1n } } as const;
    expect(await errorOf(notifications.doUpdateSettings(alice, 'users', ringtone))).toBe('SETTINGS_INVALID');
    const mine: tl.reactionsNotifySettings = { _: 'reactionsNotifySettings', messages_notify_from: { _: 'reactionNotificationsFromContacts' }, sound: { _: 'notificationSoundNone' }, show_previews: false };
    expect(await notifications.findReactionsSettings(alice)).toMatchObject({ show_previews: true });
    await notifications.doUpdateReactionsSettings(alice, mine);
    expect(await notifications.findReactionsSettings(alice)).toMatchObject(mine);
    const before = await world.domain.updates.findState(alice);
    await notifications.doResetSettings(alice);
    expect(await notifications.listExceptions(alice)).toEqual([]);
    expect(await notifications.findReactionsSettings(alice)).toMatchObject({ show_previews: true });
    const request = { pts: before.pts, date: before.date, ptsLimit: undefined, ptsTotalLimit: undefined };
    const { difference } = await world.domain.updates.findDifference(alice, request);
    if (difference._ !== 'updates.difference') throw new Error(difference._);
    const told = difference.other_updates.flatMap((update) => (update._ === 'updateNotifySettings' ? [update.peer._] : []));
    expect(told.slice(-5)).toEqual(['notifyUsers', 'notifyChats', 'notifyBroadcasts', 'notifyPeer', 'notifyPeer']);
  });
});
