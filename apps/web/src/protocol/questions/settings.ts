import type { UnixTime } from '../models.ts';

/** A device on which the account is logged in. */
export interface Device {
  id: string;
  isCurrent: boolean;
  /** It waits for the password. */
  isPending: boolean;
  app: string;
  model: string;
  place: string;
  ip: string;
  created: UnixTime;
  active: UnixTime;
}

/** What is known of the password of the account. */
export interface PasswordState {
  hasPassword: boolean;
  hasRecovery: boolean;
  hint?: string;
  /** An address whose code was not entered yet. */
  waitingEmail?: string;
  /** When a reset without the password will be done. */
  resetAt?: UnixTime;
}

/** Which chats are muted as a whole. */
export interface MutedKinds {
  users: boolean;
  groups: boolean;
  channels: boolean;
}

/** Own profile, devices, password. */
export interface SettingsQuestions {
  'profile.save': { say: { firstName: string; lastName: string; about: string }; get: void };
  'profile.checkUsername': { say: { username: string }; get: boolean };
  'profile.setUsername': { say: { username: string }; get: void };
  /** Without a photo, the one that is there is removed. */
  'profile.setPhoto': { say: { photo?: Blob }; get: void };
  'devices.list': { say: void; get: Device[] };
  /** Logs in a device that shows a code. @param token of the code, as Base64 */
  'devices.accept': { say: { token: string }; get: Device };
  'devices.end': { say: { id: string }; get: void };
  'devices.endOthers': { say: void; get: void };
  'password.state': { say: void; get: PasswordState };
  /** Sets or changes the password, with an address that can replace it; an empty one removes the password. */
  'password.set': { say: { current: string; next: string; hint: string; email: string }; get: PasswordState };
  /** Asks that a forgotten password is removed, or removes it after the wait. */
  'password.reset': { say: void; get: PasswordState };
  'password.declineReset': { say: void; get: PasswordState };
  'password.confirmEmail': { say: { code: string }; get: PasswordState };
  'password.resendEmail': { say: void; get: void };
  'password.cancelEmail': { say: void; get: PasswordState };
  /** The key with which a browser subscribes to notices of this server; undefined if it sends none. */
  'push.key': { say: void; get: string | undefined };
  /** Registers a subscription of this browser, as JSON, for the account. */
  'push.register': { say: { subscription: string }; get: void };
  'push.unregister': { say: { subscription: string }; get: void };
  /** Whether notices of all kinds of chats show texts, on all devices. */
  'previews.get': { say: void; get: boolean };
  'previews.set': { say: { isOn: boolean }; get: void };
  'mutes.get': { say: void; get: MutedKinds };
  'mutes.set': { say: { kind: keyof MutedKinds; isMuted: boolean }; get: MutedKinds };
}
