import { createHash } from 'node:crypto';

import { sql } from '@aerogram/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { UserKey } from '../../src/index.ts';
import type { UserRow } from '../../src/peers/user-row.ts';
import { createWorld, errorOf, type World } from './accounts-world.ts';

describe('people', () => {
  let world: World;
  let alice: bigint;
  let aliceKey: UserKey;
  let bob: bigint;
  let carol: bigint;
  beforeAll(async () => {
    world = await createWorld();
    ({ userId: alice, key: aliceKey } = await world.signUp('9996610001', 'Alice'));
    bob = (await world.signUp('9996620002', 'Bob')).userId;
    carol = (await world.signUp('9996630003', 'Carol')).userId;
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const rowOf = async (id: bigint): Promise<UserRow> => (await world.domain.users.findRow(id))!;
  const add = async (owner: bigint, target: bigint): Promise<void> => {
    const row = await rowOf(target);
    await world.domain.contacts.doAddContact(owner, row, { first_name: row.first_name, last_name: '', phone: row.phone ?? '' });
  };
  let randomId = 1n;
  const send = async (from: bigint, to: bigint) => {
    const row = await rowOf(to);
    return world.domain.messages.doSendText(
      { kind: 'user', userId: to, peerId: to, isSelf: from === to, row },
      { senderId: from, randomId: randomId++, text: { text: 'x', entities: [] }, silent: false, noforwards: false, noWebpage: false, invertMedia: false, origin: undefined },
    );
  };

  describe('profiles', () => {
    it('accept only birthdays that exist', async () => {
      const { profile } = world.domain;
      for (const [day, month, year] of [[30, 2, undefined], [29, 2, 2023], [0, 1, undefined], [32, 1, undefined], [1, 13, undefined], [1, 0, undefined], [1, 1, 3000], [1, 1, 1800]] as const) {
        expect(await errorOf(profile.doUpdateBirthday(alice, { _: 'birthday', day, month, year })), `${day}.${month}.${year}`).toBe('BIRTHDAY_INVALID');
      }
      await profile.doUpdateBirthday(alice, { _: 'birthday', day: 29, month: 2, year: 2000 });
      expect((await world.domain.findFullUser(alice, await rowOf(alice))).birthday).toEqual({ _: 'birthday', day: 29, month: 2, year: 2000 });
      await profile.doUpdateBirthday(alice, undefined);
      expect((await world.domain.findFullUser(alice, await rowOf(alice))).birthday).toBeUndefined();
    });

    it('have names and a bio of up to 70 characters', async () => {
      const { profile } = world.domain;
      expect(await errorOf(profile.doUpdateNames(alice, { about: 'x'.repeat(71) }))).toBe('ABOUT_TOO_LONG');
      expect(await errorOf(profile.doUpdateNames(alice, { first_name: ' ' }))).toBe('FIRSTNAME_INVALID');
      await profile.doUpdateNames(alice, { about: 'x'.repeat(70) });
      expect((await world.domain.findFullUser(bob, await rowOf(alice))).about).toHaveLength(70);
    });

    it('have one username, which is always shown', async () => {
      const { profile } = world.domain;
      await profile.checkUsernameOrder(alice, []);
      await profile.doUpdateUsername(alice, 'Alice_name');
      await profile.checkUsernameOrder(alice, ['alice_NAME']);
      expect(await errorOf(profile.checkUsernameOrder(alice, []))).toBe('ORDER_INVALID');
      expect(await errorOf(profile.checkUsernameToggle(alice, 'alice_name', true))).toBe('USERNAME_NOT_MODIFIED');
      expect(await errorOf(profile.checkUsernameToggle(alice, 'alice_name', false))).toBe('USERNAME_INVALID');
      expect(await errorOf(profile.checkUsernameToggle(bob, 'alice_name', true))).toBe('USERNAME_INVALID');
    });

    it('have colours', async () => {
      await world.domain.profile.doUpdateColor(alice, { color: 9 });
      await world.domain.profile.doUpdateColor(alice, { profile_color: 3 });
      const [user] = await world.domain.users.projectUsers(bob, [alice]);
      expect(user).toMatchObject({ color: { color: 9 }, profile_color: { color: 3 } });
    });
  });

  describe('contacts', () => {
    it('keep numbers without an account until they are deleted', async () => {
      const { contacts } = world.domain;
      const entries = [{ clientId: 1n, phone: '+1 555 000 1234', firstName: 'Not', lastName: 'Here' }];
      await contacts.doImportContacts(bob, entries);
      await contacts.doImportContacts(bob, entries);
      expect(await contacts.listUnmatched(bob)).toMatchObject([{ phone: '15550001234', first_name: 'Not' }]);
      await add(bob, alice);
      await contacts.doDeleteByPhones(bob, ['15550001234', '9996610001', 'nonsense']);
      expect(await contacts.listUnmatched(bob)).toEqual([]);
      expect(await contacts.listContactIds(bob)).toEqual({ ids: [], mutual: [], unmatched: 0 });
      await contacts.doImportContacts(bob, entries);
      await contacts.doResetUnmatched(bob);
      expect((await contacts.listContactIds(bob)).unmatched).toBe(0);
    });

    it('are told once when somebody joins whose number they have, unless they turned that off', async () => {
      const { contacts, privacy } = world.domain;
      const entry = { clientId: 1n, phone: '9996650005', firstName: 'Davy', lastName: '' };
      for (const owner of [alice, bob]) await contacts.doImportContacts(owner, [entry]);
      await privacy.doChangeSettings(bob, { contact_sign_up_silent: true });
      const dave = (await world.signUp('9996650005', 'Dave')).userId;
      await world.runJobs('repeat');
      for (const owner of [alice, bob]) {
        const [user] = await world.domain.users.projectUsers(owner, [dave]);
        expect(user).toMatchObject({ contact: true, first_name: 'Davy', phone: '9996650005' });
        expect((await contacts.listContactIds(owner)).unmatched).toBe(0);
      }
      const told = await world.db.q.selectFrom('messages').selectAll().where('from_id', '=', dave).execute();
      expect(told.map((row) => row.owner_id)).toEqual([alice]);
      const { messages } = await world.domain.messages.project(alice, told);
      expect(messages).toMatchObject([{ _: 'messageService', action: { _: 'messageActionContactSignUp' } }]);
      for (const owner of [alice, bob]) await contacts.doDeleteContacts(owner, [dave]);
    });

    it('can be close friends and have notes', async () => {
      const { contacts, users } = world.domain;
      await add(alice, bob);
      await add(alice, carol);
      await contacts.doEditCloseFriends(alice, [bob, 12345n]);
      await contacts.doEditCloseFriends(alice, [carol, bob]);
      await contacts.doEditCloseFriends(alice, [carol]);
      const seen = await users.projectUsers(alice, [bob, carol]);
      expect(seen.map((user) => user._ === 'user' && user.close_friend)).toEqual([undefined, true]);
      await contacts.doUpdateNote(alice, carol, 'met at sea');
      expect((await world.domain.findFullUser(alice, await rowOf(carol))).note?.text).toBe('met at sea');
      expect((await world.domain.findFullUser(bob, await rowOf(carol))).note).toBeUndefined();
      expect(await errorOf(contacts.doUpdateNote(carol, alice, 'no'))).toBe('CONTACT_ID_INVALID');
    });

    it('are listed with birthdays today and the days next to it, as far as privacy allows', async () => {
      const { profile } = world.domain;
      const today = new Date(world.clock.nowMs());
      await profile.doUpdateBirthday(bob, { _: 'birthday', day: today.getUTCDate(), month: today.getUTCMonth() + 1 });
      await profile.doUpdateBirthday(carol, { _: 'birthday', day: today.getUTCDate(), month: ((today.getUTCMonth() + 6) % 12) + 1 });
      expect(await world.domain.listBirthdays(alice)).toEqual([]);
      await add(bob, alice);
      expect(await world.domain.listBirthdays(alice)).toMatchObject([{ contact_id: bob }]);
    });

    it('limit look-ups to 10,000 numbers a day, and hidden users look like missing ones', async () => {
      const { contacts, privacy } = world.domain;
      await privacy.doSetRules(bob, 'AddedByPhone', [{ kind: 'AllowContacts', ids: [] }], undefined);
      const entries = Array.from({ length: 9_999 }, (_, at) => ({ clientId: BigInt(at), phone: `1555${String(at).padStart(7, '0')}`, firstName: 'x', lastName: '' }));
      const both = [{ clientId: 0n, phone: '9996620002', firstName: 'b', lastName: '' }, { clientId: 1n, phone: '9996699999', firstName: 'n', lastName: '' }];
      expect(await contacts.doImportContacts(carol, both)).toEqual({ imported: [], retry: [] });
      expect((await contacts.listUnmatched(carol)).map((entry) => entry.phone)).toEqual(['9996620002', '9996699999']);
      expect(await contacts.findByPhone(carol, '9996620002')).toBeUndefined();
      const { retry } = await contacts.doImportContacts(carol, entries);
      expect(retry.length).toBeGreaterThan(4999);
      expect((await contacts.listContactIds(carol)).unmatched).toBe(5000);
      expect(await errorOf(contacts.findByPhone(carol, '9996610001'))).toMatch(/^FLOOD_WAIT_\d+$/);
      await world.clock.advance(24 * 3600_000 + 1000);
      expect((await contacts.findByPhone(carol, '9996610001'))?.user_id).toBe(alice);
    });

    it('are found by links for a day', async () => {
      const { contactTokens } = world.domain;
      const { token, expiresDate } = await contactTokens.doExport(aliceKey);
      expect(expiresDate).toBe(world.clock.now() + 24 * 3600);
      expect(Buffer.from(token, 'base64url')[0]).toBe(2);
      expect((await contactTokens.findUser(token)).user_id).toBe(alice);
      const older = `_${token.slice(1)}`;
      const hashOf = (text: string): Uint8Array => createHash('sha256').update(text).digest();
      await world.db.q.updateTable('contact_tokens').set({ token_hash: hashOf(older) }).where('token_hash', '=', hashOf(token)).execute();
      expect((await contactTokens.findUser(older)).user_id).toBe(alice);
      await world.db.q.updateTable('contact_tokens').set({ token_hash: hashOf(token) }).where('token_hash', '=', hashOf(older)).execute();
      expect(await errorOf(contactTokens.findUser(`${token}x`))).toBe('IMPORT_TOKEN_INVALID');
      await world.clock.advance(1000);
      for (let n = 0; n < 20; n++) await contactTokens.doExport(aliceKey);
      expect(await errorOf(contactTokens.findUser(token))).toBe('IMPORT_TOKEN_INVALID');
      const { token: later } = await contactTokens.doExport(aliceKey);
      await world.clock.advance(24 * 3600_000);
      expect(await errorOf(contactTokens.findUser(later))).toBe('IMPORT_TOKEN_INVALID');
    });
  });

  describe('search', () => {
    it('finds public users by the beginnings of words, ignoring case and accents', async () => {
      const { contacts, profile } = world.domain;
      await profile.doUpdateNames(bob, { first_name: 'Bødvar', last_name: 'Éclair-Smith' });
      expect((await contacts.searchUsers(carol, 'eclair', 10)).others).toEqual([]);
      await profile.doUpdateUsername(bob, 'bodvar_the_cook');
      for (const query of ['eclair', 'ECLA smi', 'smith', '@bodvar_the', 'bodv eclair']) {
        expect((await contacts.searchUsers(carol, query, 10)).others, query).toEqual([bob]);
      }
      for (const query of ['clair', 'ec', 'eclair nobody', '%', '_', '']) {
        expect((await contacts.searchUsers(carol, query, 10)).others, query).toEqual([]);
      }
      await profile.doUpdateNames(bob, { first_name: 'Привет', last_name: '山田太郎' });
      for (const query of ['прив', '太郎', '山', 'прив 田太', '郎 bodvar']) expect((await contacts.searchUsers(carol, query, 10)).others, query).toEqual([bob]);
      expect((await contacts.searchUsers(carol, 'прив eclair', 10)).others).toEqual([]);
      await profile.doUpdateUsername(bob, '');
      expect((await contacts.searchUsers(carol, 'прив', 10)).others).toEqual([]);
    });

    it('finds users with a rare word even if more users than it examines have the common word', async () => {
      const { contacts } = world.domain;
      await sql`INSERT INTO user_words (user_id, word, words) SELECT n, 'christopher', ' christopher' FROM generate_series(1000001, 1006001) AS n`.execute(world.db.q);
      await sql`INSERT INTO user_words (user_id, word, words) VALUES (1006001, 'lee', ' christopher lee')`.execute(world.db.q);
      await sql`UPDATE user_words SET words = ' christopher lee' WHERE user_id = 1006001`.execute(world.db.q);
      for (const query of ['christopher lee', 'lee chris', 'lee lee christopher']) {
        expect((await contacts.searchUsers(carol, query, 10)).others, query).toEqual([1006001n]);
      }
    });
  });

  describe('top peers', () => {
    it('are rated by the messages sent, which count less with age, and can be reset', async () => {
      const { topPeers } = world.domain;
      for (let n = 0; n < 3; n++) await send(alice, bob);
      await world.clock.advance(60 * 24 * 3600_000);
      await send(alice, carol);
      await send(bob, alice);
      const rated = (await topPeers.listTop(alice)).get('correspondents')!;
      expect(rated.map((peer) => peer.peerId)).toEqual([carol, bob]);
      expect(rated[0]!.rating).toBeCloseTo(1, 5);
      expect(rated[1]!.rating).toBeCloseTo(3 * Math.exp(-60 / 28), 3);
      await topPeers.doReset(alice, 'correspondents', carol);
      expect((await topPeers.listTop(alice)).get('correspondents')!.map((peer) => peer.peerId)).toEqual([bob]);
      expect((await topPeers.listTop(alice)).get('bots_pm')).toBeUndefined();
    });
  });

  describe('reports', () => {
    it('hide the action bar of a stranger’s chat', async () => {
      const { peerBars } = world.domain;
      await world.domain.contacts.doDeleteContacts(alice, [carol]);
      expect(await peerBars.findSettings(carol, await rowOf(alice))).toMatchObject({ add_contact: true });
      await peerBars.doHide(carol, await rowOf(alice), undefined);
      expect(await peerBars.findSettings(carol, await rowOf(alice))).toEqual({ _: 'peerSettings' });
    });
  });
});
