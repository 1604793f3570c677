import { describe, expect, test } from 'vitest';
import type { DriverClient, Plain } from './driver-client.ts';
import { LIBRARIES, useLibraries } from './libraries.ts';
import { enter, enterHousehold, isOld, leave, NO_HASH, peerOf, textOf, TURNS, userOf } from './people-of-libraries.ts';

const libraries = useLibraries();

/** Text keys that every library knows, and a newer one. */
const PRIVACY_KEYS = ['StatusTimestamp', 'ChatInvite', 'PhoneCall', 'PhoneP2P', 'Forwards', 'ProfilePhoto', 'PhoneNumber', 'AddedByPhone'];
/** The error that a library reports for an ended device: its own or the server's. */
const LOGGED_OUT = /AUTH_KEY_UNREGISTERED|SESSION_REVOKED|USER_DEACTIVATED|AuthKeyUnregistered|SessionRevoked|UserDeactivated|401/;

const idsOf = (list: unknown): number[] => (list as { user_id: number }[]).map(({ user_id }) => user_id);

async function getUser(client: DriverClient, id: number): Promise<Plain> {
  const [user] = (await client.invoke('users.getUsers', { id: [{ $user: id }] })) as unknown as Plain[];
  return user!;
}

describe('account changes made with one library are seen by others', () => {
  for (const turn of TURNS) {
    const [acts, sees, other] = turn;

    test(`${acts} sets every kind of privacy and blocks, ${sees} sees`, async () => {
      const household = await enterHousehold(libraries, turn);
      const { alice, tablet, bob } = household;
      for (const key of PRIVACY_KEYS) {
        const rules = [{ _: 'inputPrivacyValueDisallowUsers', users: [userOf(bob)] }, { _: 'inputPrivacyValueAllowContacts' }];
        const named = { key: { _: `inputPrivacyKey${key}` } };
        const set = await alice.client.invoke('account.setPrivacy', { ...named, rules });
        const expected = [{ _: 'privacyValueDisallowUsers', users: [bob.id] }, { _: 'privacyValueAllowContacts' }];
        expect({ key, rules: set['rules'] }).toMatchObject({ key, rules: expected });
        await tablet.client.sees(`privacy of ${key}`, (event) => event.kind === 'update' && event.update._ === 'updatePrivacy' && (event.update['key'] as Plain)._ === `privacyKey${key}`);
        expect(await tablet.client.invoke('account.getPrivacy', named)).toMatchObject({ rules: expected, users: [{ id: bob.id }] });
      }
      expect(((await getUser(bob.client, alice.id))['status'] as Plain)._).toMatch(/^userStatus(Recently|Empty)$/);
      await alice.client.block({ peer: bob.id, blocked: true });
      await tablet.client.seesUpdate('updatePeerBlocked');
      expect(await tablet.client.invoke('contacts.getBlocked', { offset: 0, limit: 10 })).toMatchObject({ blocked: [{ peer_id: { user_id: bob.id } }] });
      await alice.client.block({ peer: bob.id, blocked: false });
      expect((await tablet.client.invoke('contacts.getBlocked', { offset: 0, limit: 10 }))['blocked']).toEqual([]);
      await leave(household);
    });

    test(`${acts} finds, ranks and deletes contacts, ${sees} sees`, async () => {
      const household = await enterHousehold(libraries, turn);
      const { alice, tablet, bob } = household;
      expect(idsOf((await tablet.client.invoke('contacts.getContacts', { hash: NO_HASH }))['contacts'])).toEqual([bob.id]);
      const nickname = `Robert ${bob.id}`;
      await alice.client.invoke('contacts.addContact', { id: userOf(bob), first_name: nickname, last_name: '', phone: bob.phone });
      expect(idsOf((await tablet.client.invoke('contacts.search', { q: nickname, limit: 10 }))['my_results'])).toEqual([bob.id]);
      expect((await getUser(tablet.client, bob.id))['first_name']).toBe(nickname);
      await alice.client.send({ peer: bob.id, text: 'one' });
      const top = { correspondents: true, offset: 0, limit: 10, hash: NO_HASH };
      expect(await tablet.client.invoke('contacts.getTopPeers', top)).toMatchObject({ categories: [{ peers: [{ peer: { user_id: bob.id } }] }] });
      await alice.client.invoke('contacts.resetTopPeerRating', { category: { _: 'topPeerCategoryCorrespondents' }, peer: peerOf(bob) });
      expect(await tablet.client.invoke('contacts.getTopPeers', { ...top, limit: 11 })).not.toMatchObject({ categories: [{ peers: [{ peer: { user_id: bob.id } }] }] });
      const answer = await alice.client.invoke('contacts.deleteContacts', { id: [userOf(bob)] });
      expect(answer['users']).toMatchObject([{ id: bob.id, first_name: 'Bob' }]);
      expect((await tablet.client.invoke('contacts.getContacts', { hash: NO_HASH }))['contacts']).toEqual([]);
      expect((await getUser(tablet.client, bob.id))['contact'] ?? false).toBe(false);
      await leave(household);
    });

    test(`${acts} names close friends and reads statuses, ${sees} sees; a contact token leads ${other}`, async () => {
      const household = await enterHousehold(libraries, turn);
      const { alice, tablet, bob } = household;
      if (!isOld(acts)) expect(await alice.client.invoke('contacts.editCloseFriends', { id: [{ $long: String(bob.id) }] })).toBe(true);
      if (!isOld(acts) && !isOld(sees)) expect(await getUser(tablet.client, bob.id)).toMatchObject({ close_friend: true });
      expect(idsOf(await alice.client.invoke('contacts.getStatuses'))).toEqual([bob.id]);
      if (!isOld(acts) && !isOld(other)) {
        const { url } = (await alice.client.invoke('contacts.exportContactToken')) as Plain & { url: string };
        const token = /[\w-]+$/.exec(url)![0];
        expect(await bob.client.invoke('contacts.importContactToken', { token })).toMatchObject({ id: alice.id });
      }
      await leave(household);
    });

    test(`${acts} changes name, username and number, ${sees} and ${other} see; then it ends the other device`, async () => {
      const household = await enterHousehold(libraries, turn);
      const { alice, tablet, bob } = household;
      const username = `name_${acts}_${alice.id}`;
      await alice.client.invoke('account.updateUsername', { username });
      await tablet.client.seesUpdate('updateUserName', { user_id: alice.id });
      expect(await bob.client.invoke('contacts.resolveUsername', { username: username.toUpperCase() })).toMatchObject({ peer: { user_id: alice.id }, users: [{ username }] });
      const { phone: phone_number, code: phone_code } = libraries.world.freshPhone();
      const sent = await alice.client.invoke('account.sendChangePhoneCode', { phone_number, settings: { _: 'codeSettings' } });
      const { phone_code_hash } = sent as Plain & { phone_code_hash: string };
      expect(await alice.client.invoke('account.changePhone', { phone_number, phone_code_hash, phone_code })).toMatchObject({ _: 'user', phone: phone_number });
      await tablet.client.seesUpdate('updateUserPhone', { phone: phone_number });
      expect((await getUser(bob.client, alice.id))['phone']).toBe(phone_number);

      const { authorizations } = (await alice.client.invoke('account.getAuthorizations')) as Plain & { authorizations: { hash: string | number; current?: boolean; device_model: string }[] };
      expect(authorizations).toHaveLength(2);
      const ended = authorizations.find(({ current }) => current !== true)!;
      expect(ended.device_model).not.toBe('');
      await alice.client.invoke('account.resetAuthorization', { hash: { $long: String(ended.hash) } });
      expect(await textOf(tablet.client.invoke('updates.getState'))).toMatch(LOGGED_OUT);
      await leave(household);
    });

    test(`${acts} ends its account, ${other} sees a deleted one`, async () => {
      const household = await enterHousehold(libraries, turn);
      const { alice, tablet, bob } = household;
      await alice.client.send({ peer: bob.id, text: 'farewell' });
      await bob.client.seesMessage('farewell');
      expect(await alice.client.invoke('account.deleteAccount', { reason: 'tired' })).toBe(true);
      expect(await getUser(bob.client, alice.id)).toMatchObject({ deleted: true });
      expect((await bob.client.history({ peer: alice.id, limit: 5 })).map(({ text }) => text)).toEqual(['farewell']);
      expect(await textOf(tablet.client.invoke('updates.getState'))).toMatch(LOGGED_OUT);
      const again = await enter(libraries, other, 'Another', alice);
      expect(again.id).not.toBe(alice.id);
      await again.client.close();
      await leave(household);
    });
  }
});

describe('language packs', () => {
  for (const library of LIBRARIES) {
    test(`${library} reads them`, async () => {
      const { client } = await enter(libraries, library, 'Lena');
      for (const lang_pack of ['android', 'ios', 'tdesktop', 'macos']) {
        expect(await client.invoke('langpack.getLanguages', { lang_pack })).toMatchObject([{ lang_code: 'en', native_name: 'English' }]);
        const pack = (await client.invoke('langpack.getLangPack', { lang_pack, lang_code: 'en' })) as Plain & { version: number; strings: { key: string; value?: string }[] };
        expect(pack.strings.length).toBeGreaterThan(20);
        const { key, value } = pack.strings.find((one) => one.value !== undefined)!;
        expect(await client.invoke('langpack.getStrings', { lang_pack, lang_code: 'en', keys: [key] })).toMatchObject([{ key, value }]);
        expect(await client.invoke('langpack.getDifference', { lang_pack, lang_code: 'en', from_version: pack.version })).toMatchObject({ version: pack.version, strings: [] });
      }
      await client.close();
    });
  }
});
