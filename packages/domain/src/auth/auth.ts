import { rpcError } from '@aerogram/errors';
import type { AuthKeyStore } from '@aerogram/mtproto';
import type { TimerHandle } from '@aerogram/runtime';
import type { JobKind, Tx } from '@aerogram/storage';

import type { SubjectDeps } from '../events/index.ts';
import { normalizePhone } from '../peers/index.ts';
import type { ServiceChat, SignUpJob } from '../service/index.ts';
import type { Users } from '../users/index.ts';
import { type AccountEnd, createAccountEnd } from './account-end.ts';
import { type Activity, createActivity } from './activity.ts';
import { authorizeKey, endAuthorizations, endWaiting } from './authorization-store.ts';
import { createNoteBanJob } from './ban-phone.ts';
import { type BindRequest, doBindTempAuthKey } from './bind-temp-key.ts';
import { type ChangePhone, createChangePhone } from './change-phone.ts';
import { type AppCredentials, checkApp } from './check-app.ts';
import { createCleanUp } from './clean-up.ts';
import { createCodeSender } from './code-sender.ts';
import { createDevices, type Devices } from './devices.ts';
import { createEmailCodeSender } from './email-code-sender.ts';
import { saveExport, useExport } from './export-store.ts';
import { createKeyStates, type KeyStates } from './key-state.ts';
import { createAuthKeyStore } from './key-store.ts';
import { createLogIn, type LoginDevice } from './log-in.ts';
import { createLoginEmail, type LoginEmail } from './login-email.ts';
import { createLoginTokens, type LoginTokens } from './login-token.ts';
import { createPasskeys, type Passkeys } from './passkeys.ts';
import { createPasswordProofs } from './password-proof.ts';
import { createPasswordRecovery, type PasswordRecovery } from './password-recovery.ts';
import { createPasswordSettings, type PasswordSettings } from './password-settings.ts';
import { purgeAccountJob } from './purge-account.ts';
import { createPushDevices, type PushDevices } from './push-devices.ts';
import { createSecondFactor, type SecondFactor } from './second-factor.ts';
import { createSignIn, type SignIn } from './sign-in.ts';
import { createTransferCheck, type TransferCheck } from './transfer-check.ts';
import { deleteTempKeys } from './auth-key-store.ts';

/** Auth keys, log-in, devices, passwords and account deletion. */
export interface Auth
  extends SignIn,
    SecondFactor,
    LoginTokens,
    Omit<Devices, 'checkSettled' | 'checkTrusted'>,
    ChangePhone,
    LoginEmail,
    Passkeys,
    PushDevices,
    PasswordSettings,
    TransferCheck,
    Omit<PasswordRecovery, 'recover'>,
    Omit<AccountEnd, 'doEndIdleAccount'>,
    Pick<KeyStates, 'findKeyState' | 'doSaveConnection'>,
    AsyncDisposable {
  readonly keyStore: AuthKeyStore;
  readonly activity: Activity;
  readonly jobKinds: readonly JobKind[];
  /** Binds a temporary key. Throws as {@link doBindTempAuthKey}. */
  doBindTempAuthKey(request: BindRequest): Promise<void>;
  /** Deletes the temporary keys bound to a permanent key, except those listed. */
  doDropTempAuthKeys(permAuthKeyId: bigint, except: readonly bigint[]): Promise<void>;
  /** Ends the device's authorisation, or its log-in that waits for the password. Does nothing for a device that is not logged in. */
  doLogOut(device: Pick<LoginDevice, 'permAuthKeyId' | 'userId' | 'pendingUserId'>): Promise<void>;
  /**
   * Returns a token that logs in a key of another data centre to the user's account, once and within 5 minutes.
   * @throws RpcError 400 DC_ID_INVALID
   */
  doExportAuthorization(userId: bigint, permAuthKeyId: bigint, dcId: number): Promise<Uint8Array>;
  /**
   * Logs in with such a token.
   * @throws RpcError 400 AUTH_BYTES_INVALID
   */
  doImportAuthorization(device: LoginDevice, userId: bigint, bytes: Uint8Array): Promise<void>;
  /**
   * Checks that the app may use this server.
   * @throws RpcError 400 API_ID_INVALID
   */
  checkApp(app: AppCredentials): void;
  /**
   * Checks that this device has requested a code that is still valid.
   * @throws RpcError 400 PHONE_NUMBER_INVALID, PHONE_CODE_HASH_EMPTY, PHONE_CODE_EXPIRED
   */
  checkCode(device: LoginDevice, phoneNumber: string, codeHash: string): Promise<void>;
  /** Deletes expired keys and codes, and ends inactive devices and accounts. Called by a timer and by tests. */
  doCleanUp(): Promise<void>;
}

const CLEAN_UP_EVERY_MS = 3600_000;
const SWEEP_EVERY_MS = 24 * 3600_000;
const EXPORT_BYTES = 128;

/** The parts of the domain on which the auth operations stand. */
export interface AuthParts {
  users: Users;
  signUpJob: SignUpJob;
  serviceChat: ServiceChat;
  /** Keeps all scheduled messages of a user from being sent. */
  stopScheduled(userId: bigint): Promise<void>;
  /** Orders, in the transaction that ends an account, that it leaves its groups and channels. */
  orderLeaving(tx: Tx, userId: bigint): Promise<void>;
  /** Orders, in the transaction that creates an account, that it joins the channels of newcomers. */
  orderNewcomer(tx: Tx, userId: bigint): Promise<void>;
}

/** Creates the auth operations. */
export function createAuth(deps: SubjectDeps, parts: AuthParts): Auth {
  const { db, clock, random, config, log, doubt = () => undefined } = deps;
  const states = createKeyStates(deps);
  const activity = createActivity(deps);
  const logIn = createLogIn(deps, { ...parts, states });
  const codes = createCodeSender(deps, parts);
  const devices = createDevices({ ...deps, states });
  const proofs = createPasswordProofs(deps);
  const emailCodes = createEmailCodeSender(deps);
  const recovery = createPasswordRecovery(deps, { ...parts, emailCodes, states });
  let cleaning: Promise<void> = Promise.resolve();

  const old = createCleanUp({ db, clock, log, states, config });
  const accountEnd = createAccountEnd(deps, { ...parts, states, proofs, devices });
  /** Measured with `monotonicMs`, so that setting the clock back delays nothing. */
  let sweptMs = Number.NEGATIVE_INFINITY;

  const cleanUp = async (): Promise<void> => {
    await old.doDropExpired();
    const reason = doubt('proven');
    if (reason !== undefined) {
      // With a clock that is ahead, every device and account would seem inactive.
      log.warn({ reason }, 'idle devices and accounts are not looked for: the clock is not believed');
      return;
    }
    sweptMs = clock.monotonicMs();
    await old.doDropGuestKeys();
    await old.doEndIdleDevices();
    for (const userId of await old.listIdleAccounts()) await accountEnd.doEndIdleAccount(userId);
  };
  /** The sweep over all users runs once a day; the timer's other runs only delete what has expired. */
  const cleanUpWhenDue = async (): Promise<void> => {
    if (clock.monotonicMs() - sweptMs < SWEEP_EVERY_MS) return old.doDropExpired();
    return cleanUp();
  };
  const endSessions = async (userId: bigint): Promise<void> => {
    await devices.doEndDevices(userId);
    await parts.stopScheduled(userId);
  };
  /** Runs clean-ups one after the other. */
  const inTurn = (run: () => Promise<void>): Promise<void> => {
    const done = cleaning.then(run);
    cleaning = done.catch((error: unknown) => log.warn({ err: error }, 'old keys were not cleaned up'));
    return done;
  };
  // What goes wrong is in the log.
  const timer: TimerHandle = clock.setInterval(() => void inTurn(cleanUpWhenDue).catch(() => undefined), CLEAN_UP_EVERY_MS);

  return {
    ...createSignIn(deps, { ...parts, logIn, codes }),
    ...createSecondFactor(deps, { logIn, proofs, recovery, states }),
    ...createPasswordSettings(deps, { proofs, emailCodes, devices, states }),
    ...createTransferCheck({ db, clock, proofs }),
    doRequestRecovery: recovery.doRequestRecovery,
    doCheckRecoveryCode: recovery.doCheckRecoveryCode,
    doResetPassword: recovery.doResetPassword,
    doDeclineReset: recovery.doDeclineReset,
    doDeleteAccount: accountEnd.doDeleteAccount,
    findAccountTtl: accountEnd.findAccountTtl,
    doSetAccountTtl: accountEnd.doSetAccountTtl,
    ...createLoginTokens(deps, logIn),
    ...devices,
    ...createPushDevices({ db, clock }),
    ...createPasskeys(deps, { ...parts, logIn, devices }),
    ...createLoginEmail(deps, { ...parts, codes, emailCodes, devices, states }),
    ...createChangePhone(deps, { ...parts, codes, devices, states }),
    findKeyState: states.findKeyState,
    doSaveConnection: states.doSaveConnection,
    keyStore: createAuthKeyStore({ db, clock, states }),
    activity,
    jobKinds: [purgeAccountJob, createNoteBanJob({ log, endSessions })],
    doBindTempAuthKey: (request) => doBindTempAuthKey({ db, states, nowDate: clock.now() }, request),
    async doDropTempAuthKeys(permAuthKeyId, except) {
      const gone = await db.transact('drop-temp-keys', (tx) => deleteTempKeys(tx, permAuthKeyId, except));
      states.keysChanged(gone, 'ended');
    },
    async doLogOut({ permAuthKeyId, userId, pendingUserId }) {
      if (userId === undefined && pendingUserId === undefined) return;
      const gone = await db.transact('log-out', async (tx) => {
        const device = await tx.q.selectFrom('authorizations').select('hash').where('auth_key_id', '=', permAuthKeyId).where('user_id', '=', userId ?? 0n).executeTakeFirst();
        tx.afterCommit(() => log.info({ userId: userId ?? pendingUserId, authorization: device?.hash }, 'a device logged out'));
        if (pendingUserId !== undefined) await endWaiting(tx, pendingUserId, { authKeyId: permAuthKeyId });
        return userId === undefined ? [] : endAuthorizations(tx, userId, [permAuthKeyId], undefined);
      });
      states.keysChanged(gone.filter((id) => id !== permAuthKeyId), 'ended');
      states.keysChanged([permAuthKeyId], 'changed');
    },
    async doExportAuthorization(userId, permAuthKeyId, dcId) {
      if (!config.dcIds.includes(dcId)) throw rpcError('DC_ID_INVALID');
      const bytes = random.bytes(EXPORT_BYTES);
      await db.transact('export-authorization', (tx) =>
        saveExport(tx, { userId, authKeyId: permAuthKeyId, dcId, bytes, nowDate: clock.now() }),
      );
      return bytes;
    },
    async doImportAuthorization(device, userId, bytes) {
      const opened = await db.transact('import-authorization', async (tx) => {
        const nowDate = clock.now();
        const main = await useExport(tx, { userId, bytes, authKeyId: device.permAuthKeyId, nowDate });
        if (main === undefined) return undefined;
        return authorizeKey(tx, {
          userId,
          authKeyId: device.permAuthKeyId,
          hash: random.int63(),
          address: device.address,
          nowDate,
          ...(main === device.permAuthKeyId ? {} : { main }),
        });
      });
      if (!opened) throw rpcError('AUTH_BYTES_INVALID');
      states.keysChanged(opened.ended, 'ended');
      states.keysChanged([device.permAuthKeyId], 'changed');
    },
    checkApp: (app) => checkApp(config.allowedApps, app),
    async checkCode(device, phoneNumber, codeHash) {
      await codes.describe(device, normalizePhone(phoneNumber), codeHash);
    },
    doCleanUp: () => inTurn(cleanUp),
    async [Symbol.asyncDispose]() {
      timer.cancel();
      await cleaning;
      states[Symbol.dispose]();
      await activity[Symbol.asyncDispose]();
    },
  };
}
