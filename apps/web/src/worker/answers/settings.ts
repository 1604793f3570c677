import type { tl } from '@mtcute/core';
import Long from 'long';
import type { Device, MutedKinds, SettingsQuestions } from '../../protocol/index.ts';
import { loadAppConfig } from '../app-config.ts';
import { changeNotify } from '../change-notify.ts';
import { NOTIFY_KINDS } from '../models/mutes.ts';
import { Password } from '../password.ts';
import { isRefusal, Refused } from '../refusal.ts';
import { setOwnPicture } from '../send/upload-picture.ts';
import type { AnswerDeps, AnswersTo } from './answers.ts';

/** The type of a browser's subscription, among the tokens of push services. */
const WEB_PUSH = 10;
/** As long as the server can say. */
const FOREVER = 2 ** 31 - 1;

/** Own profile, devices, password. */
export function answerSettings({ account }: AnswerDeps): AnswersTo<SettingsQuestions> {
  const password = new Password(account);
  const mutes = (): MutedKinds => {
    const now = Date.now() / 1000;
    const { users, groups, channels } = account.store.facts.mutes;
    return { users: users > now, groups: groups > now, channels: channels > now };
  };
  return {
    'profile.save': async (names) => {
      account.takePeers({ users: [await account.call({ _: 'account.updateProfile', ...names })] });
      account.store.noteDetails(account.me);
    },
    'profile.checkUsername': ({ username }) => account.call({ _: 'account.checkUsername', username }),
    'profile.setUsername': async ({ username }) => {
      try {
        account.takePeers({ users: [await account.call({ _: 'account.updateUsername', username })] });
      } catch (error) {
        if (!isRefusal(error, 'USERNAME_NOT_MODIFIED')) throw error;
      }
    },
    'profile.setPhoto': async ({ photo }) => {
      if (photo) await setOwnPicture(account, photo);
      else await account.call({ _: 'photos.updateProfilePhoto', id: { _: 'inputPhotoEmpty' } });
    },
    'push.key': async () => (await loadAppConfig(account)).text('aerogram_push_key'),
    'push.register': async ({ subscription }) => {
      await account.call({ _: 'account.registerDevice', tokenType: WEB_PUSH, token: subscription, appSandbox: false, secret: new Uint8Array(), otherUids: [] });
    },
    'push.unregister': async ({ subscription }) => {
      await account.call({ _: 'account.unregisterDevice', tokenType: WEB_PUSH, token: subscription, otherUids: [] });
    },
    'devices.list': async () => {
      const { authorizations } = await account.call({ _: 'account.getAuthorizations' });
      return authorizations.map(readDevice);
    },
    'devices.accept': async ({ token }) => readDevice(await account.call({ _: 'auth.acceptLoginToken', token: fromBase64(token) })),
    'devices.end': async ({ id }) => {
      await account.call({ _: 'account.resetAuthorization', hash: Long.fromString(id) });
    },
    'devices.endOthers': async () => {
      await account.call({ _: 'auth.resetAuthorizations' });
    },
    'password.state': () => password.state(),
    'password.set': (change) => password.set(change),
    'password.reset': () => password.reset(),
    'password.declineReset': () => password.declineReset(),
    'password.confirmEmail': ({ code }) => password.confirmEmail(code),
    'password.resendEmail': () => password.resendEmail(),
    'password.cancelEmail': () => password.cancelEmail(),
    'previews.get': async () => {
      const settings = await Promise.all(Object.values(NOTIFY_KINDS).map((peer) => account.call({ _: 'account.getNotifySettings', peer })));
      return settings.some(({ showPreviews }) => showPreviews !== false);
    },
    'previews.set': async ({ isOn }) => {
      for (const peer of Object.values(NOTIFY_KINDS)) await changeNotify(account, peer, { showPreviews: isOn });
    },
    'mutes.get': mutes,
    'mutes.set': async ({ kind, isMuted }) => {
      const muteUntil = isMuted ? FOREVER : 0;
      await changeNotify(account, NOTIFY_KINDS[kind], { muteUntil });
      account.store.setFact('mutes', { ...account.store.facts.mutes, [kind]: muteUntil });
      return mutes();
    },
  };
}

const readDevice = (device: tl.RawAuthorization): Device => ({
  id: device.hash.toString(),
  isCurrent: device.current === true,
  isPending: device.passwordPending === true,
  // Apps that registered themselves nowhere have a number for a name.
  app: [device.appName, device.appVersion].filter((part) => part !== '' && !/^App \d+$/.test(part)).join(' '),
  model: [device.deviceModel, device.systemVersion].filter(Boolean).join(', '),
  place: [device.region, device.country].filter(Boolean).join(', '),
  ip: device.ip,
  created: device.dateCreated,
  active: device.dateActive,
});

/** Reads Base64, also that for addresses. Pure. @throws Refused if it is none */
function fromBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.codePointAt(0)!);
  } catch {
    throw new Refused({ code: 'AUTH_TOKEN_INVALIDX' });
  }
}
