import { rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';

import { Names } from '../names/index.ts';
import { checkedNames, normalizePhone } from '../peers/index.ts';
import type { SignUpJob } from '../service/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import type { Users } from '../users/index.ts';
import { type AppCredentials, checkApp } from './check-app.ts';
import type { CodeClient, CodeSender } from './code-sender.ts';
import type { SentCode } from './code-ways.ts';
import type { LogIn, LoginDevice } from './log-in.ts';
import { countCode, tellLogInFailure } from './log-in-events.ts';
import { findInvitation, takeInvitation } from './invitation-store.ts';
import { guessCode, updateCode } from './login-code-store.ts';
import { findSecurity, saveSecurity } from './security-store.ts';
import { reserveAccount, writeAccount } from './sign-up-store.ts';

/** Number of random user ids that a sign-up tries. Even with a billion accounts only about one id in a hundred is taken. */
const ID_TRIES = 10;

/** Log-in by phone number and code. Each method may be repeated with the same code hash and gives the same result. */
export interface SignIn {
  /**
   * Sends a log-in code.
   * @throws RpcError 303 PHONE_MIGRATE_%d (its account is at another data centre), 400 API_ID_INVALID, PHONE_NUMBER_INVALID, PHONE_NUMBER_BANNED, PHONE_NUMBER_FLOOD, 420 FLOOD_WAIT,
   * 500 (nobody has it here, and the data centre that knows about all is away)
   */
  doSendCode(device: LoginDevice, phoneNumber: string, app: AppCredentials, client?: CodeClient): Promise<SentCode>;
  /**
   * Sends the code again in another way.
   * @throws RpcError 400 PHONE_NUMBER_INVALID, PHONE_CODE_HASH_EMPTY, PHONE_CODE_EXPIRED, 406 SEND_CODE_UNAVAILABLE
   */
  doResendCode(device: LoginDevice, phoneNumber: string, codeHash: string): Promise<SentCode>;
  /**
   * Logs a client's report that the code did not arrive.
   * @throws RpcError 400 PHONE_NUMBER_INVALID, PHONE_CODE_HASH_EMPTY, PHONE_CODE_EXPIRED
   */
  doReportMissingCode(device: LoginDevice, phoneNumber: string, codeHash: string): Promise<void>;
  /**
   * Cancels a code.
   * @throws RpcError 400 PHONE_NUMBER_INVALID, PHONE_CODE_HASH_EMPTY, PHONE_CODE_EXPIRED
   */
  doCancelCode(device: LoginDevice, phoneNumber: string, codeHash: string): Promise<void>;
  /**
   * Logs in with a code.
   * @returns the user id, or undefined if the phone number has no account and may sign up
   * @throws RpcError 400 PHONE_CODE_EMPTY, PHONE_CODE_INVALID, PHONE_CODE_EXPIRED, PHONE_CODE_HASH_EMPTY, 401 SESSION_PASSWORD_NEEDED (the
   * code was right)
   */
  doSignIn(device: LoginDevice, phoneNumber: string, codeHash: string, code: string): Promise<bigint | undefined>;
  /**
   * Creates an account and logs in.
   * @returns the user id
   * @throws RpcError 400 FIRSTNAME_INVALID, LASTNAME_INVALID, PHONE_CODE_INVALID, PHONE_CODE_EXPIRED, PHONE_NUMBER_OCCUPIED, 406 UPDATE_APP_TO_LOGIN (an address is required, and
   * the app asked for none), 500 (the data centre that decides about numbers is away)
   */
  doSignUp(
    device: LoginDevice,
    phoneNumber: string,
    codeHash: string,
    names: { firstName: string; lastName: string },
  ): Promise<bigint>;
}

/** Creates the log-in operations. */
export function createSignIn(
  deps: DomainDeps,
  parts: { users: Users; signUpJob: SignUpJob; orderNewcomer(tx: Tx, userId: bigint): Promise<void>; logIn: LogIn; codes: CodeSender },
): SignIn {
  const { db, clock, random, config, homeOfPhone = () => config.homeDcId } = deps;
  const { users, signUpJob, logIn, codes } = parts;
  const names = new Names(deps);

  /** Reserves a number for a new account, here and in the whole cluster. @returns the id of the account */
  const reserve = async (phone: string): Promise<bigint> => {
    const name = { type: 'phone', name: phone } as const;
    const wanted = { phone, dcId: homeOfPhone(phone), random, nowDate: clock.now() };
    let userId = await reserveAccount(db, wanted);
    if (names.dcOf(userId) !== undefined && (await names.dropAbandoned(name))) userId = await reserveAccount(db, wanted);
    if (names.dcOf(userId) !== undefined) throw rpcError('PHONE_NUMBER_OCCUPIED');
    if (!(await names.claim(name, userId))) throw rpcError('PHONE_NUMBER_OCCUPIED');
    return userId;
  };

  return {
    async doSendCode(device, phoneNumber, app, client) {
      checkApp(config.allowedApps, app);
      const phone = normalizePhone(phoneNumber);
      await codes.checkAsking(device, phone);
      const ownerId = deps.homes && (await names.findOne({ type: 'phone', name: phone }));
      const dc = ownerId === undefined ? undefined : names.dcOf(ownerId);
      // `others` leaves out data centres that were removed: an account of one of them can log in nowhere.
      if (dc !== undefined) throw deps.homes?.others.includes(dc) === true ? rpcError('PHONE_MIGRATE_%d', dc) : rpcError('PHONE_NUMBER_INVALID');
      return codes.doSend(device, phone, { purpose: 'login', client });
    },

    doReportMissingCode: async (device, phoneNumber, codeHash) => codes.doReportMissing(device, normalizePhone(phoneNumber), codeHash),

    doResendCode: async (device, phoneNumber, codeHash) => codes.doResend(device, normalizePhone(phoneNumber), codeHash),

    async doCancelCode(device, phoneNumber, codeHash) {
      const phone = normalizePhone(phoneNumber);
      await db.transact('cancel-code', async (tx) => {
        const row = await codes.accessCode(tx, device, { phone, codeHash }, undefined);
        await updateCode(tx, row, { cancelled: true });
      });
    },

    async doSignIn(device, phoneNumber, codeHash, code) {
      const phone = normalizePhone(phoneNumber);
      if (code === '') throw rpcError('PHONE_CODE_EMPTY');
      const account = await users.findByPhone(phone);
      const outcome = await db.transact('sign-in', async (tx) => {
        const row = await codes.accessCode(tx, device, { phone, codeHash }, 'login');
        // The code has not been sent yet, so nobody can know it.
        if (row.way === 'email_setup') throw rpcError('PHONE_CODE_INVALID');
        // Returned rather than thrown, because the count of wrong guesses must be committed.
        const guess = await guessCode(tx, row, code, clock.now());
        if (guess !== 'right') {
          tx.afterCommit(() => tellLogInFailure(deps, { reason: 'code', userId: account?.user_id, guess, address: device.address }));
          return { guess };
        }
        // The code was used for a log-in that has ended since. Each code can log in only once.
        const known = row.user_id === null || row.user_id === device.userId || row.user_id === device.pendingUserId;
        if (!known) return { guess: 'expired' as const };
        const security = account && (await findSecurity(tx.q, account.user_id));
        // The code was sent to an address that is no longer the account's login e-mail, or that of the invitation.
        const address = account ? security?.login_email : (await findInvitation(tx.q, phone))?.email;
        if (row.way === 'email' && row.bound_to !== address) return { guess: 'expired' as const };
        const { way } = row;
        if (row.accepted_date === null) tx.afterCommit(() => countCode(deps, way, 'used'));
        await updateCode(tx, row, { accepted_date: row.accepted_date ?? clock.now(), user_id: account?.user_id ?? null });
        // The user can read the login e-mail, so a pending reset to the phone is cancelled.
        if (account && row.way === 'email') await saveSecurity(tx, account.user_id, { login_email_reset_date: null });
        const entry = account && (await logIn.enter(tx, device, account.user_id, { how: row.way === 'email' ? 'email_code' : 'code' }));
        // The address verified before this code becomes the login e-mail, unless the account has got one, or a password, meanwhile.
        const isSetUp = row.setup_email !== null && entry?.fresh === true && security?.login_email === null;
        if (account && isSetUp) await saveSecurity(tx, account.user_id, { login_email: row.setup_email });
        return { guess, entry };
      });
      if (outcome.guess === 'wrong') throw rpcError('PHONE_CODE_INVALID');
      if (outcome.guess === 'expired') throw rpcError('PHONE_CODE_EXPIRED');
      const { entry } = outcome;
      if (account && entry) await logIn.announce(device, account.user_id, entry);
      if (entry?.passwordNeeded) throw rpcError('SESSION_PASSWORD_NEEDED');
      return account?.user_id;
    },

    async doSignUp(device, phoneNumber, codeHash, { firstName, lastName }) {
      const phone = normalizePhone(phoneNumber);
      const written = checkedNames(firstName, lastName);
      // Checked before the phone number is reserved, so that nobody can hold a number without having proved the code.
      await db.transact('check-code', async (tx) => {
        const row = await codes.accessCode(tx, device, { phone, codeHash }, 'login');
        if (row.accepted_date === null) throw rpcError('PHONE_CODE_INVALID');
      });
      for (let tries = 0; tries < ID_TRIES; tries++) {
        const userId = await reserve(phone);
        const change = await db.transact('sign-up', async (tx) => {
          const row = await codes.accessCode(tx, device, { phone, codeHash }, 'login');
          const outcome = await writeAccount(tx, { userId, phone, ...written, nowDate: clock.now() });
          if (outcome === 'id_taken') return outcome;
          // A repeat of the sign-up that created the account, from the same device.
          if (outcome === 'exists' && row.user_id === userId && device.userId === userId) return undefined;
          if (outcome !== 'written') throw rpcError('PHONE_NUMBER_OCCUPIED');
          names.confirm(names.told(tx, clock.now()), { type: 'phone', name: phone }, userId);
          const invitation = await takeInvitation(tx, phone);
          // No code was sent to the number, the invitation was revoked since, or its address came after the code had gone to the phone.
          const isAdmitted = config.signUp === 'open' || (config.signUp === 'invited' && invitation !== undefined);
          if (!isAdmitted || (typeof invitation?.email === 'string' && row.way !== 'email')) throw rpcError('PHONE_CODE_EXPIRED');
          await updateCode(tx, row, { user_id: userId });
          const email = row.setup_email ?? invitation?.email ?? null;
          // A client that cannot ask for an address would get around the domains.
          if (email === null && config.loginEmailRequired && config.mailDomains.length > 0 && codes.testCode(phone) === undefined) throw rpcError('UPDATE_APP_TO_LOGIN');
          if (email !== null) await saveSecurity(tx, userId, { login_email: email });
          await tx.job(signUpJob.order(userId, null));
          await parts.orderNewcomer(tx, userId);
          return logIn.authorize(tx, device, userId, { how: 'sign_up' });
        });
        if (change === 'id_taken') continue;
        await users.userChanged(userId);
        if (change) await logIn.announce(device, userId, change);
        return userId;
      }
      throw new Error('no free user id was found');
    },
  };
}
