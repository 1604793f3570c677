import { describe, expect, test } from 'vitest';
import type { DriverClient, Plain } from './driver-client.ts';
import { useLibraries } from './libraries.ts';
import { dialogOf, enterHousehold, isOld, leave, NO_HASH, peerOf, textOf, TURNS, userOf, type Person } from './people-of-libraries.ts';

const libraries = useLibraries();

/** Whether a user sees the exact last seen time of another, not just an approximate one. */
async function seesWhen(viewer: DriverClient, { id }: Person): Promise<boolean> {
  const [user] = (await viewer.invoke('users.getUsers', { id: [{ $user: id }] })) as unknown as Plain[];
  return /^userStatusO(n|ff)line$/.test((user!['status'] as Plain)._);
}

describe('settings made with one library apply in all', () => {
  for (const turn of TURNS) {
    const [acts, sees, other] = turn;

    test(`${acts} makes every kind of rule, ${other} sees what it may`, async () => {
      const household = await enterHousehold(libraries, turn);
      const { alice, tablet, bob } = household;
      await alice.client.invoke('account.updateStatus', { offline: false });
      const named = { _: 'inputPrivacyValueAllowUsers', users: [userOf(bob)] };
      const cases: [rules: object[], shown: boolean][] = [
        [[{ _: 'inputPrivacyValueAllowAll' }], true],
        [[{ _: 'inputPrivacyValueDisallowAll' }], false],
        [[{ _: 'inputPrivacyValueAllowContacts' }], true],
        [[{ _: 'inputPrivacyValueDisallowContacts' }, { _: 'inputPrivacyValueAllowAll' }], false],
        [[named, { _: 'inputPrivacyValueDisallowAll' }], true],
        [[{ _: 'inputPrivacyValueDisallowUsers', users: [userOf(bob)] }, { _: 'inputPrivacyValueAllowAll' }], false],
        ...(isOld(acts) ? [] : ([[[{ _: 'inputPrivacyValueAllowCloseFriends' }, { _: 'inputPrivacyValueDisallowAll' }], false]] as [object[], boolean][])),
      ];
      for (const [rules, shown] of cases) {
        await alice.client.invoke('account.setPrivacy', { key: { _: 'inputPrivacyKeyStatusTimestamp' }, rules });
        expect({ rules, shown: await seesWhen(bob.client, alice) }).toEqual({ rules, shown });
      }
      const settings = { _: 'globalPrivacySettings' };
      expect(await textOf(alice.client.invoke('account.setGlobalPrivacySettings', { settings: { ...settings, archive_and_mute_new_noncontact_peers: true } }))).toMatch(/AUTOARCHIVE_NOT_AVAILABLE|AutoarchiveNotAvailable/);
      if (!isOld(acts)) {
        await alice.client.invoke('account.setGlobalPrivacySettings', { settings: { ...settings, hide_read_marks: true } });
        expect(await tablet.client.invoke('account.getGlobalPrivacySettings')).toMatchObject(isOld(sees) ? settings : { hide_read_marks: true });
      }
      await leave(household);
    });

    test(`${acts} limits the sessions, ${sees} is one of them, until all others end`, async () => {
      const household = await enterHousehold(libraries, turn);
      const { alice, tablet } = household;
      type Listed = Plain & { authorizations: { hash: string | number; current?: boolean; call_requests_disabled?: boolean }[] };
      await alice.client.invoke('account.setAuthorizationTTL', { authorization_ttl_days: 30 });
      await alice.client.invoke('account.setAccountTTL', { ttl: { _: 'accountDaysTTL', days: 365 } });
      expect(await tablet.client.invoke('account.getAccountTTL')).toMatchObject({ days: 365 });
      const { authorizations } = (await alice.client.invoke('account.getAuthorizations')) as Listed;
      const { hash } = authorizations.find(({ current }) => current !== true)!;
      await alice.client.invoke('account.changeAuthorizationSettings', { hash: { $long: String(hash) }, call_requests_disabled: true });
      const listed = (await tablet.client.invoke('account.getAuthorizations')) as Listed;
      expect(listed['authorization_ttl_days']).toBe(30);
      expect(listed.authorizations.find(({ current }) => current === true)).toMatchObject({ call_requests_disabled: true });
      expect(await alice.client.invoke('account.getWebAuthorizations')).toMatchObject({ authorizations: [] });
      expect(await alice.client.invoke('account.setContactSignUpNotification', { silent: true })).toBe(true);
      expect(await tablet.client.invoke('account.getContactSignUpNotification')).toBe(true);
      await alice.client.invoke('auth.resetAuthorizations');
      expect(await textOf(tablet.client.invoke('updates.getState'))).not.toBe('no error');
      expect(((await alice.client.invoke('account.getAuthorizations')) as Listed).authorizations).toHaveLength(1);
      await leave(household);
    });

    test(`${acts} keeps contacts by number, ${sees} sees them`, async () => {
      const household = await enterHousehold(libraries, turn);
      const { alice, tablet, bob } = household;
      // Not getContactIDs: its ids have 32 bits, ours more.
      expect(await tablet.client.invoke('contacts.getContacts', { hash: NO_HASH })).toMatchObject({ contacts: [{ user_id: bob.id }] });
      expect(await alice.client.invoke('contacts.resolvePhone', { phone: bob.phone })).toMatchObject({ peer: { user_id: bob.id }, users: [{ id: bob.id }] });
      expect(await alice.client.invoke('contacts.toggleTopPeers', { enabled: false })).toBe(true);
      expect(await tablet.client.invoke('contacts.getTopPeers', { correspondents: true, offset: 0, limit: 10, hash: NO_HASH })).toMatchObject({ _: 'topPeersDisabled' });
      expect(await alice.client.invoke('contacts.deleteByPhones', { phones: [bob.phone] })).toBe(true);
      expect(await tablet.client.invoke('contacts.getContacts', { hash: NO_HASH })).toMatchObject({ contacts: [] });
      expect((await tablet.client.invoke('messages.getPeerSettings', { peer: peerOf(bob) }))['settings']).toMatchObject({ _: 'peerSettings' });
      await leave(household);
    });

    test(`${acts} sets what all chats do, ${sees} sees`, async () => {
      const household = await enterHousehold(libraries, turn);
      const { alice, tablet, bob } = household;
      const peer = { _: 'inputNotifyUsers' };
      await alice.client.invoke('account.updateNotifySettings', { peer, settings: { _: 'inputPeerNotifySettings', show_previews: false } });
      expect(await tablet.client.seesUpdate('updateNotifySettings')).toMatchObject({ peer: { _: 'notifyUsers' }, notify_settings: { show_previews: false } });
      expect(await tablet.client.invoke('account.getNotifySettings', { peer })).toMatchObject({ show_previews: false });

      const { id } = await alice.client.send({ peer: bob.id, text: 'first of the chat' });
      expect(await alice.client.invoke('messages.getMessageEditData', { peer: peerOf(bob), id })).toMatchObject({ _: 'messageEditData' });
      expect(await tablet.client.invoke('messages.getPeerDialogs', { peers: [dialogOf(bob)] })).toMatchObject({ dialogs: [{ top_message: id, peer: { user_id: bob.id } }], messages: [{ id }] });
      await alice.client.invoke('messages.saveDraft', { peer: peerOf(bob), message: 'half' });
      await tablet.client.seesUpdate('updateDraftMessage');
      await alice.client.invoke('messages.clearAllDrafts');
      expect((await tablet.client.invoke('messages.getAllDrafts'))['updates']).toEqual([]);
      expect(await tablet.client.invoke('messages.getSuggestedDialogFilters')).toMatchObject(expect.any(Array));
      if (!isOld(acts) && !isOld(sees)) {
        await alice.client.invoke('messages.setDefaultHistoryTTL', { period: 86_400 });
        expect(await tablet.client.invoke('messages.getDefaultHistoryTTL')).toMatchObject({ period: 86_400 });
        await alice.client.invoke('account.updateBirthday', { birthday: { _: 'birthday', day: 1, month: 2 } });
        expect((await bob.client.invoke('users.getFullUser', { id: userOf(alice) }))['full_user']).toMatchObject(isOld(other) ? {} : { birthday: { day: 1, month: 2 } });
      }
      await leave(household);
    });
  }
});
