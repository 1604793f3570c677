import type { AuthKeyStore } from '@aerogram/mtproto';
import type { JobKind, Tx } from '@aerogram/storage';

import type { SubjectDeps } from '../events/index.ts';
import { normalizePhone } from '../peers/index.ts';
import type { ServiceChat, SignUpJob } from '../service/index.ts';
import { allDecided } from '../shared/index.ts';
import type { Users } from '../users/index.ts';
import { type AccountEnd, createAccountEnd } from './account-end.ts';
import { type Activity, createActivity } from './activity.ts';
import { BotLogIn } from './bot-log-in.ts';
import { BotTokens } from './bot-tokens.ts';
import { createNoteBanJob } from './ban-phone.ts';
import { type BindRequest, doBindTempAuthKey } from './bind-temp-key.ts';
import { type ChangePhone, createChangePhone } from './change-phone.ts';
import { AdminDoor } from './admins.ts';
import { type AppCredentials, checkApp } from './check-app.ts';
import { CleanUpRounds } from './clean-up-rounds.ts';
import { createCleanUp } from './clean-up.ts';
import { CodeSender } from './code-sender.ts';
import { Devices } from './devices.ts';
import { createEmailCodeSender } from './email-code-sender.ts';
import { CompanyAccounts } from './company-accounts.ts';
import { CompanyChecks, createCompanyEndJob } from './company-checks.ts';
import { CompanySessions } from './company-sessions.ts';
import { InvitationLinks } from './invitation-links.ts';
import { createKeyStates, type KeyStates } from './key-state.ts';
import { createAuthKeyStore } from './key-store.ts';
import { createLogIn, type LoginDevice } from './log-in.ts';
import { doDropTempAuthKeys, doLogOut } from './log-out.ts';
import { createLoginEmail, type LoginEmail } from './login-email.ts';
import { createLoginTokens, type LoginTokens } from './login-token.ts';
import { Passkeys } from './passkeys.ts';
import { createNoteBotJob } from './operate-bots.ts';
import { createPasswordProofs } from './password-proof.ts';
import { createPasswordRecovery, type PasswordRecovery } from './password-recovery.ts';
import { PasswordSettings } from './password-settings.ts';
import { purgeAccountJob } from './purge-account.ts';
import { createPushDevices, type PushDevices } from './push-devices.ts';
import { createSecondFactor, type SecondFactor } from './second-factor.ts';
import { createSignIn, type SignIn } from './sign-in.ts';
import { answerExports, doExportAuthorization, doImportAuthorization } from './transfer-authorization.ts';
import { createTransferCheck, type TransferCheck } from './transfer-check.ts';
import { Takeouts } from './takeouts.ts';
import { WebTokenLogIn } from './web-token-log-in.ts';

/** Auth keys, log-in, devices, passwords and account deletion. */
export interface Auth
  extends SignIn,
    SecondFactor,
    LoginTokens,
    ChangePhone,
    LoginEmail,
    PushDevices,
    TransferCheck,
    Omit<PasswordRecovery, 'recover'>,
    AccountEnd,
    Pick<KeyStates, 'findKeyState' | 'doSaveConnection'>,
    AsyncDisposable {
  readonly devices: Devices;
  readonly bots: BotLogIn;
  readonly botTokens: BotTokens;
  readonly webTokenLogIn: WebTokenLogIn;
  readonly companyAccounts: CompanyAccounts;
  readonly companySessions: CompanySessions;
  readonly companyChecks: CompanyChecks;
  readonly passkeys: Passkeys;
  readonly passwords: PasswordSettings;
  readonly takeouts: Takeouts;
  readonly adminDoor: AdminDoor;
  readonly invitationLinks: InvitationLinks;
  readonly keyStore: AuthKeyStore;
  readonly activity: Activity;
  readonly jobKinds: readonly JobKind[];
  /** Binds a temporary key. Throws as {@link doBindTempAuthKey}. */
  doBindTempAuthKey(request: BindRequest): Promise<void>;
  /** As {@link doDropTempAuthKeys}. */
  doDropTempAuthKeys(permAuthKeyId: bigint, except: readonly bigint[]): Promise<void>;
  /** As {@link doLogOut}. */
  doLogOut(device: Pick<LoginDevice, 'permAuthKeyId' | 'userId' | 'pendingUserId'>): Promise<void>;
  /** As {@link doExportAuthorization}. */
  doExportAuthorization(userId: bigint, permAuthKeyId: bigint, dcId: number): Promise<Uint8Array>;
  /** As {@link doImportAuthorization}. */
  doImportAuthorization(device: LoginDevice, userId: bigint, bytes: Uint8Array): Promise<boolean>;
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

/** The parts of the domain on which the auth operations stand. */
export interface AuthParts {
  users: Users;
  signUpJob: SignUpJob;
  serviceChat: ServiceChat;
  /** Keeps all scheduled messages of a user from being sent. */
  stopScheduled(userId: bigint): Promise<void>;
  /** Called in the transaction that ends an account, before anything of it is gone. */
  noteEnding(tx: Tx, userId: bigint): Promise<void>;
  /** Orders, in the transaction that ends an account, that it leaves its groups and channels. */
  orderLeaving(tx: Tx, userId: bigint): Promise<void>;
  /** Orders, in the transaction that creates an account, what happens to newcomers. */
  orderNewcomer(tx: Tx, userId: bigint): Promise<void>;
}

/** Creates the auth operations. */
export function createAuth(deps: SubjectDeps, parts: AuthParts): Auth {
  const { db, clock, sessionClock = clock, config, log } = deps;
  const states = createKeyStates({ ...deps, clock: sessionClock });
  const activity = createActivity(deps);
  const logIn = createLogIn(deps, { ...parts, states });
  const codes = new CodeSender(deps, parts);
  const devices = new Devices({ ...deps, states });
  const proofs = createPasswordProofs(deps);
  const emailCodes = createEmailCodeSender(deps);
  const recovery = createPasswordRecovery(deps, { ...parts, emailCodes, states });
  const accountEnd = createAccountEnd(deps, { ...parts, states, proofs, devices });
  const cleanUp = new CleanUpRounds(deps, { cleanUp: createCleanUp({ ...deps, sessionClock, states }), accountEnd });
  const authorized = { ...deps, states };
  const endSessions = async (userId: bigint, why = 'by the operator'): Promise<void> => {
    await devices.doEndDevices(userId, why);
    await parts.stopScheduled(userId);
  };

  answerExports(deps);

  const companyAccounts = new CompanyAccounts(deps, parts);
  const companySessions = new CompanySessions(deps, companyAccounts);
  const botTokens = new BotTokens(deps);
  const botChanged = (botId: bigint, endedKeys: readonly bigint[]): Promise<void> => allDecided([parts.users.userChanged(botId), states.keysDecided(endedKeys, 'ended')]);

  return {
    ...createSignIn(deps, { ...parts, logIn, codes }),
    ...createSecondFactor(deps, { logIn, proofs, recovery, states }),
    ...createTransferCheck({ db, clock, proofs }),
    doRequestRecovery: recovery.doRequestRecovery,
    doCheckRecoveryCode: recovery.doCheckRecoveryCode,
    doResetPassword: recovery.doResetPassword,
    doDeclineReset: recovery.doDeclineReset,
    doRemovePassword: recovery.doRemovePassword,
    doDeleteAccount: accountEnd.doDeleteAccount,
    doDeleteBot: accountEnd.doDeleteBot,
    doEndAccount: accountEnd.doEndAccount,
    doFreeNames: accountEnd.doFreeNames,
    findAccountTtl: accountEnd.findAccountTtl,
    doSetAccountTtl: accountEnd.doSetAccountTtl,
    ...createLoginTokens(deps, logIn),
    ...createPushDevices(deps),
    ...createLoginEmail(deps, { ...parts, codes, emailCodes, devices, states }),
    ...createChangePhone(deps, { ...parts, codes, devices, states }),
    findKeyState: states.findKeyState,
    doSaveConnection: states.doSaveConnection,
    devices,
    bots: new BotLogIn({ ...deps, states }),
    botTokens,
    webTokenLogIn: new WebTokenLogIn(deps, { ...parts, logIn, companySessions }),
    companyAccounts,
    companySessions,
    companyChecks: new CompanyChecks(deps, parts.serviceChat),
    passkeys: new Passkeys(deps, { ...parts, logIn, devices }),
    adminDoor: new AdminDoor(deps, { codes, proofs }),
    invitationLinks: new InvitationLinks(deps),
    takeouts: new Takeouts(deps, { ...parts, devices }),
    passwords: new PasswordSettings(deps, { proofs, emailCodes, devices, states }),
    keyStore: createAuthKeyStore({ db, clock: sessionClock, states }),
    activity,
    jobKinds: [purgeAccountJob, createNoteBanJob({ log, endSessions }), createCompanyEndJob((userId) => endSessions(userId, 'because the company does not let the person in')), createNoteBotJob({ botChanged, showBot: (botId) => parts.users.showChange(botId, { _: 'updateUser', user_id: botId }), doDeleteBot: (botId) => accountEnd.doDeleteBot(undefined, botId) })],
    doBindTempAuthKey: (request) => doBindTempAuthKey({ db, states, nowDate: sessionClock.now() }, request),
    doDropTempAuthKeys: (permAuthKeyId, except) => doDropTempAuthKeys(authorized, permAuthKeyId, except),
    doLogOut: (device) => doLogOut(authorized, device),
    doExportAuthorization: (userId, permAuthKeyId, dcId) => doExportAuthorization(authorized, { userId, permAuthKeyId, dcId }),
    doImportAuthorization: (device, userId, bytes) => doImportAuthorization(authorized, device, { userId, bytes }),
    checkApp: (app) => checkApp(config.allowedApps, app),
    async checkCode(device, phoneNumber, codeHash) {
      await codes.describe(device, normalizePhone(phoneNumber), codeHash);
    },
    doCleanUp: () => cleanUp.doCleanUp(),
    async [Symbol.asyncDispose]() {
      await cleanUp[Symbol.asyncDispose]();
      states[Symbol.dispose]();
      botTokens[Symbol.dispose]();
      await activity[Symbol.asyncDispose]();
    },
  };
}
