import { Long, type tl } from '@mtcute/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMtcuteClient, verifyUpdates, type Actor } from '@aerogram/dev-env';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
let alice: Actor;
let bob: Actor;
beforeAll(async () => {
  scenario = await startScenario();
  alice = await scenario.world.user('Alice');
  bob = await scenario.world.user('Bob');
  await alice.meet(bob);
  await bob.meet(alice);
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

describe('settings that apps store in the account', () => {
  test('auto-save: in general and for one chat; the other device gets it, online and by the difference', async () => {
    const tablet = await alice.device();
    const { main } = alice;
    const settings: tl.RawAutoSaveSettings = { _: 'autoSaveSettings', photos: true, videoMaxSize: Long.fromNumber(5_000_000) };
    await main.call({ _: 'account.saveAutoSaveSettings', users: true, settings });
    await tablet.seesUpdate('updateAutoSaveSettings');
    await tablet.goOffline();
    await main.call({ _: 'account.saveAutoSaveSettings', peer: main.inputPeer(bob.id), settings: { _: 'autoSaveSettings', videos: true } });
    await tablet.goOnline();
    const { pts, qts, date } = tablet.state;
    const difference = await tablet.call({ _: 'updates.getDifference', pts, qts, date });
    if (difference._ !== 'updates.difference') throw new Error(difference._);
    expect(difference.otherUpdates.map((update) => update._)).toContain('updateAutoSaveSettings');
    const saved = await tablet.call({ _: 'account.getAutoSaveSettings' });
    expect(saved).toMatchObject({
      usersSettings: settings,
      chatsSettings: { photos: false, videos: false },
      exceptions: [{ peer: { userId: bob.id }, settings: { videos: true, photos: false } }],
      users: [{ id: bob.id }],
    });
    const told = tablet.events.length;
    await main.call({ _: 'account.deleteAutoSaveExceptions' });
    await tablet.waitUntil('the update', () => tablet.events.slice(told).some((update) => update._ === 'updateAutoSaveSettings'));
    expect((await main.call({ _: 'account.getAutoSaveSettings' })).exceptions).toEqual([]);
    expect(await main.fails({ _: 'account.saveAutoSaveSettings', settings })).toEqual({ code: 400, text: 'PEER_ID_INVALID' });
    expect(await main.fails({ _: 'account.saveAutoSaveSettings', users: true, settings: { ...settings, videoMaxSize: Long.NEG_ONE } })).toEqual({ code: 400, text: 'SETTINGS_INVALID' });
  });

  test('auto-download: each of the three separately', async () => {
    const { main } = alice;
    const before = await main.call({ _: 'account.getAutoDownloadSettings' });
    await main.call({ _: 'account.saveAutoDownloadSettings', low: true, settings: { ...before.low, photoSizeMax: 12_345 } });
    await main.call({ _: 'account.saveAutoDownloadSettings', settings: { ...before.medium, disabled: true } });
    const after = await main.call({ _: 'account.getAutoDownloadSettings' });
    expect(after).toEqual({ ...before, low: { ...before.low, photoSizeMax: 12_345 }, medium: { ...before.medium, disabled: true } });
  });

  test('web browser: in general and for single sites; the other device gets it, online and by the difference', async () => {
    const tablet = await alice.device();
    const { main } = alice;
    const untouched = await main.call({ _: 'account.getWebBrowserSettings', hash: Long.ZERO });
    if (untouched._ !== 'account.webBrowserSettings') throw new Error(untouched._);
    expect(untouched).toMatchObject({ openExternalBrowser: false, displayCloseButton: false, externalExceptions: [], inappExceptions: [] });

    const changed = await main.call({ _: 'account.updateWebBrowserSettings', openExternalBrowser: true, displayCloseButton: true });
    expect(changed).toMatchObject({ openExternalBrowser: true, displayCloseButton: true });
    expect(await tablet.seesUpdate('updateWebBrowserSettings')).toMatchObject({ openExternalBrowser: true, displayCloseButton: true });

    const site = { domain: 'example.org', url: 'https://www.example.org/', title: 'example.org' };
    const set = (url: string, openExternalBrowser?: boolean): Promise<tl.TypeUpdates> =>
      main.change({ _: 'account.toggleWebBrowserSettingsException', url, ...(openExternalBrowser === undefined ? {} : { openExternalBrowser }) });
    // Without a value it is the opposite of the general setting.
    expect(await set('https://www.EXAMPLE.org/some/page?x#y')).toMatchObject({ updates: [{ openExternalBrowser: false, delete: false, exception: site }] });
    expect(await tablet.seesUpdate('updateWebBrowserException')).toMatchObject({ openExternalBrowser: false, exception: site });
    await tablet.goOffline();
    await set('example.org', true);
    await set('example.net', false);
    await tablet.goOnline();
    const { pts, qts, date } = tablet.state;
    const difference = await tablet.call({ _: 'updates.getDifference', pts, qts, date });
    if (difference._ !== 'updates.difference') throw new Error(difference._);
    expect(difference.otherUpdates).toContainEqual(expect.objectContaining({ _: 'updateWebBrowserException', openExternalBrowser: false, exception: expect.objectContaining({ domain: 'example.net' }) as unknown }));

    const settings = await tablet.call({ _: 'account.getWebBrowserSettings', hash: untouched.hash });
    if (settings._ !== 'account.webBrowserSettings') throw new Error(settings._);
    expect(settings).toMatchObject({ externalExceptions: [{ domain: 'example.org' }], inappExceptions: [{ domain: 'example.net' }] });
    expect(await main.call({ _: 'account.getWebBrowserSettings', hash: settings.hash })).toEqual({ _: 'account.webBrowserSettingsNotModified' });
    // A repeat changes nothing and sends no update.
    const told = tablet.events.length;
    await set('example.org', true);
    await main.change({ _: 'account.toggleWebBrowserSettingsException', url: 'example.net', delete: true });
    await tablet.waitUntil('the next update', () => tablet.events.length > told);
    expect(tablet.events.slice(told)).toMatchObject([{ _: 'updateWebBrowserException', delete: true, exception: { domain: 'example.net' } }]);

    expect(await main.call({ _: 'account.deleteWebBrowserSettingsExceptions' })).toMatchObject({ openExternalBrowser: true, externalExceptions: [], inappExceptions: [] });
    expect(await tablet.seesUpdate('updateWebBrowserException', (update) => update.delete === true && update.exception.domain === 'example.org')).toBeDefined();
    for (const url of ['', 'localhost', 'ftp://example.org/', 'https://someone:secret@example.org/', `https://${'a.'.repeat(1200)}org/`]) {
      expect(await main.fails({ _: 'account.toggleWebBrowserSettingsException', url }), url).toEqual({ code: 400, text: 'URL_INVALID' });
    }
    const sites = Array.from({ length: 100 }, (_, n) => main.call({ _: 'account.toggleWebBrowserSettingsException', url: `site${n}.example.org` }));
    expect(await Promise.all(sites)).toHaveLength(100);
    expect(await main.fails({ _: 'account.toggleWebBrowserSettingsException', url: 'example.com' })).toEqual({ code: 400, text: 'LIMIT_INVALID' });
  });

  test('others see which tab a profile opens with', async () => {
    await alice.main.call({ _: 'account.setMainProfileTab', tab: { _: 'profileTabMusic' } });
    const { fullUser } = await bob.main.call({ _: 'users.getFullUser', id: bob.main.inputUser(alice.id) });
    expect(fullUser.mainTab).toEqual({ _: 'profileTabMusic' });
  });

  test('what somebody thinks of gifts is kept, and no profile takes or offers any, as there are none', async () => {
    const { main } = alice;
    const settings: tl.RawGlobalPrivacySettings = { _: 'globalPrivacySettings', displayGiftsButton: true, disallowedGifts: { _: 'disallowedGiftsSettings', disallowPremiumGifts: true } };
    await verifyUpdates([alice], () => main.call({ _: 'account.setGlobalPrivacySettings', settings }));
    expect(await main.call({ _: 'account.getGlobalPrivacySettings' })).toMatchObject(settings);
    const { fullUser } = await bob.main.call({ _: 'users.getFullUser', id: bob.main.inputUser(alice.id) });
    expect(fullUser.displayGiftsButton).toBeFalsy();
    expect(Object.values(fullUser.disallowedGifts!).filter((value) => value === true)).toHaveLength(5);
  });
});

describe('a birthday', () => {
  test('can be suggested by a message, once a day, to a user who shows none', async () => {
    const birthday: tl.RawBirthday = { _: 'birthday', day: 3, month: 4 };
    await verifyUpdates([alice, bob], async () => {
      await alice.main.call({ _: 'users.suggestBirthday', id: alice.main.inputUser(bob.id), birthday });
      await bob.main.waitUntil('the proposal', () => [...bob.main.state.messages.values()].some((message) => message.peer === alice.id));
    });
    const history = await bob.main.call({
      _: 'messages.getHistory', peer: bob.main.inputPeer(alice.id), offsetId: 0, offsetDate: 0, addOffset: 0, limit: 1, maxId: 0, minId: 0, hash: Long.ZERO,
    });
    if (history._ === 'messages.messagesNotModified') throw new Error(history._);
    expect(history.messages).toMatchObject([{ _: 'messageService', action: { _: 'messageActionSuggestBirthday', birthday } }]);
    await alice.main.call({ _: 'users.suggestBirthday', id: alice.main.inputUser(bob.id), birthday });
    expect(await bob.main.loadHistory(alice.id)).toHaveLength(1);
    const ask = (id: tl.TypeInputUser, asked = birthday) => alice.main.fails({ _: 'users.suggestBirthday', id, birthday: asked });
    expect(await ask(alice.main.inputUser(bob.id), { ...birthday, month: 13 })).toEqual({ code: 400, text: 'BIRTHDAY_INVALID' });
    expect(await ask({ _: 'inputUserSelf' })).toEqual({ code: 400, text: 'USER_ID_INVALID' });
    await bob.main.call({ _: 'account.updateBirthday', birthday });
    expect(await ask(alice.main.inputUser(bob.id))).toEqual({ code: 400, text: 'BIRTHDAY_ALREADY' });
  });
});

describe('calls that only some apps make', () => {
  test('get a correct answer', async () => {
    const { main } = alice;
    expect(await main.call({ _: 'help.getDeepLinkInfo', path: 'settings' })).toEqual({ _: 'help.deepLinkInfoEmpty' });
    expect(await main.call({ _: 'help.getRecentMeUrls', referer: '' })).toMatchObject({ urls: [] });
    const report = { _: 'account.reportProfilePhoto' as const, peer: main.inputPeer(bob.id), photoId: { _: 'inputPhotoEmpty' as const }, reason: { _: 'inputReportReasonFake' as const }, message: '' };
    expect(await main.call(report)).toBe(true);
    expect(await main.fails({ ...report, peer: { _: 'inputPeerSelf' } })).toEqual({ code: 400, text: 'PEER_ID_INVALID' });
    const guest = await createMtcuteClient(scenario.server.info);
    try {
      await guest.connect();
      const phoneNumber = '9996690909';
      const api = { apiId: 1, apiHash: '0123456789abcdef0123456789abcdef' };
      const sent = await guest.call({ _: 'auth.sendCode', phoneNumber, ...api, settings: { _: 'codeSettings' } });
      if (sent._ !== 'auth.sentCode') throw new Error(sent._);
      expect(await guest.call({ _: 'auth.requestFirebaseSms', phoneNumber, phoneCodeHash: sent.phoneCodeHash })).toBe(false);
      await expect(guest.call({ _: 'auth.requestFirebaseSms', phoneNumber, phoneCodeHash: 'x' })).rejects.toMatchObject({ code: 400, text: 'PHONE_CODE_EXPIRED' });
      await expect(guest.call({ _: 'auth.importWebTokenAuthorization', ...api, webAuthToken: 'abc' })).rejects.toMatchObject({ code: 400, text: 'TOKEN_INVALID' });
    } finally {
      await guest.destroy();
    }
  });
});
