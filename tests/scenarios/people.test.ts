import { Long, type tl } from '@mtcute/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { logIn, verifyUpdates, type Actor, type Device } from '@aerogram/dev-env';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

async function see(device: Device, id: number): Promise<tl.RawUser> {
  const [user] = await device.call({ _: 'users.getUsers', id: [device.inputUser(id)] });
  if (user?._ !== 'user') throw new Error(`${device.name} does not see ${id}`);
  return user;
}

async function people(): Promise<[Actor, Actor]> {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await alice.meet(bob);
  await bob.meet(alice);
  return [alice, bob];
}

/** Updates other than messages that a device missed. */
async function missed(device: Device): Promise<tl.TypeUpdate[]> {
  await device.goOnline();
  const { pts, qts, date } = device.state;
  const difference = await device.call({ _: 'updates.getDifference', pts, qts, date });
  if (difference._ !== 'updates.difference') throw new Error(`difference answers ${difference._}`);
  return difference.otherUpdates;
}

describe('privacy', () => {
  test('a rule hides data from one user that others see, and the other device learns it', async () => {
    const [alice, bob] = await people();
    const carol = await scenario.world.user('Carol');
    await carol.meet(alice);
    await alice.meet(carol);
    const tablet = await alice.device();
    await alice.meet(bob, tablet);
    expect((await see(bob.main, alice.id)).phone).toBe(alice.phone);
    await bob.main.call({ _: 'contacts.deleteContacts', id: [bob.main.inputUser(alice.id)] });

    const answer = await alice.main.call({
      _: 'account.setPrivacy',
      key: { _: 'inputPrivacyKeyPhoneNumber' },
      rules: [{ _: 'inputPrivacyValueDisallowUsers', users: [alice.main.inputUser(bob.id)] }, { _: 'inputPrivacyValueAllowContacts' }],
    });
    expect(answer.rules).toMatchObject([{ _: 'privacyValueDisallowUsers', users: [bob.id] }, { _: 'privacyValueAllowContacts' }]);
    expect(answer.users.map((user) => user.id)).toEqual([bob.id]);
    const told = await tablet.seesUpdate('updatePrivacy');
    expect(told).toMatchObject({ key: { _: 'privacyKeyPhoneNumber' }, rules: answer.rules });
    expect((await see(bob.main, alice.id)).phone).toBeUndefined();
    expect((await see(carol.main, alice.id)).phone).toBe(alice.phone);
    expect(await alice.main.call({ _: 'account.getPrivacy', key: { _: 'inputPrivacyKeyPhoneNumber' } })).toMatchObject({ rules: answer.rules });
  });

  test('rules cannot name unknown users', async () => {
    const [alice, bob] = await people();
    const stolen: tl.RawInputUser = { ...alice.main.inputUser(bob.id), accessHash: Long.fromNumber(12345) };
    const error = await alice.main.fails({ _: 'account.setPrivacy', key: { _: 'inputPrivacyKeyAbout' }, rules: [{ _: 'inputPrivacyValueAllowUsers', users: [stolen] }] });
    expect(error).toEqual({ code: 400, text: 'PRIVACY_VALUE_INVALID' });
  });

  test('a user who cannot be found by number looks the same as a missing account', async () => {
    const [alice, mallory] = [await scenario.world.user('Alice'), await scenario.world.user('Mallory')];
    await alice.main.call({ _: 'account.setPrivacy', key: { _: 'inputPrivacyKeyAddedByPhone' }, rules: [{ _: 'inputPrivacyValueAllowContacts' }] });
    const contacts = [alice.phone, '9996609999'].map((phone, at) => ({ _: 'inputPhoneContact' as const, clientId: Long.fromNumber(at), phone, firstName: 'X', lastName: '' }));
    const answer = await mallory.main.call({ _: 'contacts.importContacts', contacts });
    expect(answer).toMatchObject({ imported: [], users: [], retryContacts: [] });
    for (const phone of [alice.phone, '9996609999']) {
      expect(await mallory.main.fails({ _: 'contacts.resolvePhone', phone })).toEqual({ code: 400, text: 'PHONE_NOT_OCCUPIED' });
    }
  });
});

describe('blocking', () => {
  test('blocks messages, typing and the profile', async () => {
    const [alice, bob] = await people();
    await bob.main.call({ _: 'account.updateProfile', about: 'my bio' });
    await verifyUpdates([alice, bob], async () => {
      await alice.send(bob, 'hello');
      await bob.sees('hello');
      await bob.main.call({ _: 'contacts.block', id: bob.main.inputPeer(alice.id) });
      await alice.send(bob, 'are you there?');
    });
    expect(bob.main.find('are you there?')).toBeUndefined();
    expect(await bob.main.fails({ _: 'messages.sendMessage', peer: bob.main.inputPeer(alice.id), message: 'x', randomId: Long.ONE })).toEqual({ code: 400, text: 'YOU_BLOCKED_USER' });
    expect((await alice.main.call({ _: 'users.getFullUser', id: alice.main.inputUser(bob.id) })).fullUser.about).toBeUndefined();
    expect((await see(alice.main, bob.id)).status?._).toBe('userStatusEmpty');
    const full = await bob.main.call({ _: 'users.getFullUser', id: bob.main.inputUser(alice.id) });
    expect(full.fullUser).toMatchObject({ blocked: true, settings: { blockContact: false } });
    expect(await bob.main.call({ _: 'contacts.getBlocked', offset: 0, limit: 10 })).toMatchObject({ _: 'contacts.blocked', blocked: [{ peerId: { userId: alice.id } }] });
    await bob.main.call({ _: 'contacts.unblock', id: bob.main.inputPeer(alice.id) });
    await verifyUpdates([alice, bob], async () => {
      await alice.send(bob, 'and now?');
      await bob.sees('and now?');
    });
  });
});

describe('what a device missed', () => {
  test('names, contacts, blocked users, rules and notification settings are in the difference', async () => {
    const [alice, bob] = await people();
    const tablet = await alice.device();
    await tablet.goOffline();
    const { main } = alice;
    await main.call({ _: 'account.updateProfile', firstName: 'Alicia' });
    await main.call({ _: 'account.updateUsername', username: `alicia_${alice.id}` });
    await main.call({ _: 'contacts.addContact', id: main.inputUser(bob.id), firstName: 'Bobby', lastName: '', phone: '' });
    await main.call({ _: 'contacts.block', id: main.inputPeer(bob.id) });
    await main.call({ _: 'account.setPrivacy', key: { _: 'inputPrivacyKeyAbout' }, rules: [{ _: 'inputPrivacyValueDisallowAll' }] });
    await main.call({ _: 'account.updateNotifySettings', peer: { _: 'inputNotifyPeer', peer: main.inputPeer(bob.id) }, settings: { _: 'inputPeerNotifySettings', muteUntil: 2_000_000_000 } });
    const kinds = (await missed(tablet)).map((update) => update._);
    expect(kinds).toEqual(expect.arrayContaining(['updateUserName', 'updatePeerSettings', 'updatePeerBlocked', 'updatePrivacy', 'updateNotifySettings']));
    expect(kinds.filter((kind) => kind === 'updateUserName')).toHaveLength(2);
  });
});

describe('profile', () => {
  test('colours, birthday, usernames and status of the own account', async () => {
    const [alice, bob] = await people();
    const { main } = alice;
    const palette = await main.call({ _: 'help.getPeerColors', hash: 0 });
    if (palette._ !== 'help.peerColors') throw new Error(palette._);
    expect(palette.colors.length).toBeGreaterThan(7);
    expect(await main.call({ _: 'help.getPeerColors', hash: palette.hash })).toEqual({ _: 'help.peerColorsNotModified' });
    await main.call({ _: 'account.updateColor', color: { _: 'peerColor', color: palette.colors.at(-1)!.colorId } });
    expect(await main.fails({ _: 'account.updateColor', color: { _: 'peerColor', color: 99 } })).toEqual({ code: 400, text: 'COLOR_INVALID' });
    await main.call({ _: 'account.updateBirthday', birthday: { _: 'birthday', day: 1, month: 2 } });
    expect(await main.fails({ _: 'account.updateBirthday', birthday: { _: 'birthday', day: 31, month: 2 } })).toEqual({ code: 400, text: 'BIRTHDAY_INVALID' });
    await main.call({ _: 'account.updateEmojiStatus', emojiStatus: { _: 'emojiStatusEmpty' } });
    expect(await main.fails({ _: 'account.reorderUsernames', order: ['somebody_else'] })).toEqual({ code: 400, text: 'ORDER_INVALID' });
    expect((await see(bob.main, alice.id)).color).toMatchObject({ color: palette.colors.at(-1)!.colorId });
    expect((await bob.main.call({ _: 'users.getFullUser', id: bob.main.inputUser(alice.id) })).fullUser.birthday).toMatchObject({ day: 1, month: 2 });
    expect((await bob.main.call({ _: 'contacts.getBirthdays' })).contacts).toEqual([]);
  });

  test('name and bio changed together reach the other device, online and by the difference', async () => {
    const alice = await scenario.world.user('Alice');
    const tablet = await alice.device();
    await verifyUpdates([alice], async () => {
      await alice.main.call({ _: 'account.updateProfile', firstName: 'Alicia', lastName: 'Liddell', about: 'lives in Wonderland' });
      await tablet.seesUpdate('updateUserName', (update) => update.userId === alice.id && update.firstName === 'Alicia' && update.lastName === 'Liddell');
      await tablet.seesUpdate('updateUser', (update) => update.userId === alice.id);
    });
    const { fullUser, users } = await tablet.call({ _: 'users.getFullUser', id: { _: 'inputUserSelf' } });
    expect([fullUser.about, users]).toMatchObject(['lives in Wonderland', [{ firstName: 'Alicia', lastName: 'Liddell' }]]);
  });
});

describe('contacts', () => {
  test('the note of a new contact reaches the other device, online and by the difference', async () => {
    const [alice, bob] = await people();
    const tablet = await alice.device();
    await alice.meet(bob, tablet);
    await alice.main.call({ _: 'contacts.deleteContacts', id: [alice.main.inputUser(bob.id)] });
    const told = tablet.events.length;
    await verifyUpdates([alice], async () => {
      const note: tl.RawTextWithEntities = { _: 'textWithEntities', text: 'the cook', entities: [] };
      await alice.main.change({ _: 'contacts.addContact', id: alice.main.inputUser(bob.id), firstName: 'Bobby', lastName: '', phone: '', note });
      await tablet.waitUntil('the update', () => tablet.events.slice(told).some((event) => event._ === 'updateUser' && event.userId === bob.id));
    });
    const { fullUser, users } = await tablet.call({ _: 'users.getFullUser', id: tablet.inputUser(bob.id) });
    expect([fullUser.note?.text, users]).toMatchObject(['the cook', [{ firstName: 'Bobby', contact: true }]]);
  });

  test('close friends, changed notes and hidden action bars reach the other device', async () => {
    const [alice, bob] = await people();
    const tablet = await alice.device();
    const [id, peer] = [alice.main.inputUser(bob.id), alice.main.inputPeer(bob.id)];
    const note: tl.RawTextWithEntities = { _: 'textWithEntities', text: 'the baker', entities: [] };
    const isOfBob = (update: tl.TypeUpdate): boolean => update._ === 'updateUser' && update.userId === bob.id;
    const isBar = (update: tl.TypeUpdate): boolean => update._ === 'updatePeerSettings' && update.peer._ === 'peerUser' && update.peer.userId === bob.id;
    await verifyUpdates([alice], async () => {
      const calls: [tl.RpcMethod, (update: tl.TypeUpdate) => boolean][] = [
        [{ _: 'contacts.editCloseFriends', id: [bob.id] }, isOfBob],
        [{ _: 'contacts.updateContactNote', id, note }, isOfBob],
        [{ _: 'messages.hidePeerSettingsBar', peer }, isBar],
      ];
      for (const [request, isTold] of calls) {
        const told = tablet.events.length;
        await alice.main.call(request);
        await tablet.waitUntil(`the update of ${request._}`, () => tablet.events.slice(told).some(isTold));
      }
    });
  });

  test('users who have a number as a contact are told when it signs up', async () => {
    const alice = await scenario.world.user('Alice');
    // The next number that the test server gives out.
    const { phone, code } = scenario.world.freshPhone();
    await alice.main.call({ _: 'contacts.importContacts', contacts: [{ _: 'inputPhoneContact', clientId: Long.ONE, phone, firstName: 'Zoe', lastName: '' }] });
    const { id: takeoutId } = await alice.main.call({ _: 'account.initTakeoutSession' });
    const listSaved = async (): Promise<unknown> => await alice.main.call({ _: 'invokeWithTakeout', takeoutId, query: { _: 'contacts.getSaved' } });
    expect(await listSaved()).toMatchObject([{ phone, firstName: 'Zoe' }]);
    await verifyUpdates([alice], async () => {
      const { device, user } = await logIn(() => scenario.server.info, { name: 'Zoe', phone, code });
      await alice.main.seesUpdate('updateContactsReset');
      await alice.main.waitUntil('Zoe to join', () => [...alice.main.state.messages.values()].some((message) => message.from === user.id));
      await device.goOffline();
      expect(await see(alice.main, user.id)).toMatchObject({ contact: true, firstName: 'Zoe', phone });
    });
    expect(await listSaved()).toEqual([]);
  });

  test('links, close friends, notes, top peers, the action bar, reports', async () => {
    const [alice, bob] = await people();
    const carol = await scenario.world.user('Carol');
    const { url } = await alice.main.call({ _: 'contacts.exportContactToken' });
    const token = /token=(.+)$/.exec(url)![1]!;
    expect(await carol.main.call({ _: 'contacts.importContactToken', token })).toMatchObject({ _: 'user', id: alice.id });
    expect(await carol.main.fails({ _: 'contacts.importContactToken', token: `${token.slice(1)}x` })).toEqual({ code: 400, text: 'IMPORT_TOKEN_INVALID' });

    await alice.main.call({ _: 'contacts.editCloseFriends', id: [bob.id] });
    expect((await see(alice.main, bob.id)).closeFriend).toBe(true);
    await alice.main.call({ _: 'contacts.updateContactNote', id: alice.main.inputUser(bob.id), note: { _: 'textWithEntities', text: 'the cook', entities: [] } });
    expect((await alice.main.call({ _: 'users.getFullUser', id: alice.main.inputUser(bob.id) })).fullUser.note?.text).toBe('the cook');

    await alice.send(bob, 'one');
    await bob.sees('one');
    const asked = { _: 'contacts.getTopPeers', correspondents: true, offset: 0, limit: 10, hash: Long.ZERO } as const;
    expect(await alice.main.call(asked)).toMatchObject({ categories: [{ category: { _: 'topPeerCategoryCorrespondents' }, count: 1, peers: [{ peer: { userId: bob.id } }] }] });
    await alice.main.call({ _: 'contacts.resetTopPeerRating', category: { _: 'topPeerCategoryCorrespondents' }, peer: alice.main.inputPeer(bob.id) });
    expect(await alice.main.call(asked)).toMatchObject({ categories: [] });
    await alice.main.call({ _: 'contacts.toggleTopPeers', enabled: false });
    expect((await alice.main.call(asked))._).toBe('contacts.topPeersDisabled');
    expect(await alice.main.fails({ _: 'contacts.getTopPeers', offset: 0, limit: 10, hash: Long.ZERO })).toEqual({ code: 400, text: 'TYPES_EMPTY' });

    await carol.send(alice, 'buy this');
    const spam = await alice.sees('buy this');
    const peer = alice.main.inputPeer(carol.id);
    expect((await alice.main.call({ _: 'messages.getPeerSettings', peer })).settings).toMatchObject({ reportSpam: true, addContact: true, blockContact: true });
    const offered = await alice.main.call({ _: 'messages.report', peer, id: [spam.id], option: new Uint8Array(), message: '' });
    if (offered._ !== 'reportResultChooseOption') throw new Error(offered._);
    expect((await alice.main.call({ _: 'messages.report', peer, id: [spam.id], option: offered.options[0]!.option, message: '' }))._).toBe('reportResultReported');
    expect(await alice.main.fails({ _: 'messages.report', peer, id: [999], option: offered.options[0]!.option, message: '' })).toEqual({ code: 400, text: 'MESSAGE_ID_INVALID' });
    await alice.main.call({ _: 'messages.reportSpam', peer });
    expect((await alice.main.call({ _: 'messages.getPeerSettings', peer })).settings).toMatchObject({ reportSpam: false, addContact: false });
  });

  test('references of a stranger are refused', async () => {
    const [alice, bob] = await people();
    const mallory = await scenario.world.user('Mallory');
    const stolen = alice.main.inputUser(bob.id);
    const stolenPeer = alice.main.inputPeer(bob.id);
    expect((await mallory.main.fails({ _: 'contacts.addContact', id: stolen, firstName: 'x', lastName: '', phone: '' })).text).toBe('USER_ID_INVALID');
    expect((await mallory.main.fails({ _: 'contacts.block', id: stolenPeer })).text).toBe('PEER_ID_INVALID');
    expect((await mallory.main.fails({ _: 'contacts.setBlocked', id: [stolenPeer], limit: 10 })).text).toBe('PEER_ID_INVALID');
    expect((await mallory.main.fails({ _: 'contacts.acceptContact', id: stolen })).text).toBe('USER_ID_INVALID');
    expect((await mallory.main.fails({ _: 'contacts.updateContactNote', id: stolen, note: { _: 'textWithEntities', text: '', entities: [] } })).text).toBe('USER_ID_INVALID');
    expect((await mallory.main.fails({ _: 'users.getFullUser', id: stolen })).text).toBe('USER_ID_INVALID');
    expect((await mallory.main.fails({ _: 'account.reportPeer', peer: stolenPeer, reason: { _: 'inputReportReasonSpam' }, message: '' })).text).toBe('PEER_ID_INVALID');
    expect((await mallory.main.fails({ _: 'messages.hidePeerSettingsBar', peer: stolenPeer })).text).toBe('PEER_ID_INVALID');
    expect((await mallory.main.fails({ _: 'contacts.resetTopPeerRating', category: { _: 'topPeerCategoryCorrespondents' }, peer: stolenPeer })).text).toBe('PEER_ID_INVALID');
    expect((await mallory.main.fails({ _: 'account.updateNotifySettings', peer: { _: 'inputNotifyPeer', peer: stolenPeer }, settings: { _: 'inputPeerNotifySettings' } })).text).toBe('PEER_ID_INVALID');
  });
});
