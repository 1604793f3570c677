import { rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';

import type { DomainDeps } from '../deps.ts';
import { codeNotice, type ServiceChat } from '../service/notices.ts';
import { checkedNames } from '../users/check-name.ts';
import type { Users } from '../users/users.ts';
import { type AppCredentials, checkApp } from './check-app.ts';
import type { LogIn, LoginDevice } from './log-in.ts';
import { findCode, guessCode, issueCode, type LoginCodeRow, updateCode } from './login-code-store.ts';
import { normalizePhone, testCodeOf } from './phone-number.ts';
import { reserveAccount, writeAccount } from './sign-up-store.ts';

/** Where a code went. */
export interface SentCode {
  codeHash: string;
  via: 'app' | 'sms';
}

export const CODE_LENGTH = 5;
const CODE_HASH_BYTES = 12;
const CODE_HASH = /^[0-9a-f]{24}$/;

/** Log-in by phone number and code. Every method may be repeated with the same code hash: the result is the same. */
export interface SignIn {
  /** @throws RpcError 400 API_ID_INVALID, PHONE_NUMBER_INVALID, 420 FLOOD_WAIT */
  doSendCode(device: LoginDevice, phoneNumber: string, app: AppCredentials): Promise<SentCode>;
  /** @throws RpcError 400 PHONE_NUMBER_INVALID, PHONE_CODE_HASH_EMPTY, PHONE_CODE_EXPIRED, 406 SEND_CODE_UNAVAILABLE */
  doResendCode(device: LoginDevice, phoneNumber: string, codeHash: string): Promise<SentCode>;
  /** @throws RpcError 400 PHONE_NUMBER_INVALID, PHONE_CODE_HASH_EMPTY, PHONE_CODE_EXPIRED */
  doCancelCode(device: LoginDevice, phoneNumber: string, codeHash: string): Promise<void>;
  /**
   * @returns the user, or undefined when the number has no account yet and may sign up
   * @throws RpcError 400 PHONE_CODE_EMPTY, PHONE_CODE_INVALID, PHONE_CODE_EXPIRED, PHONE_CODE_HASH_EMPTY,
   * 401 SESSION_PASSWORD_NEEDED (the code was right)
   */
  doSignIn(device: LoginDevice, phoneNumber: string, codeHash: string, code: string): Promise<bigint | undefined>;
  /** @throws RpcError 400 FIRSTNAME_INVALID, LASTNAME_INVALID, PHONE_CODE_INVALID, PHONE_CODE_EXPIRED, PHONE_NUMBER_OCCUPIED */
  doSignUp(
    device: LoginDevice,
    phoneNumber: string,
    codeHash: string,
    names: { firstName: string; lastName: string },
  ): Promise<bigint>;
}

/** Makes log-in over the users of this DC. */
export function createSignIn(
  deps: DomainDeps,
  parts: { users: Users; logIn: LogIn; serviceChat: ServiceChat },
): SignIn {
  const { db, clock, random, config } = deps;
  const { users, logIn, serviceChat } = parts;

  const testCode = (phone: string): string | undefined => (config.testMode ? testCodeOf(phone) : undefined);
  const randomCode = (): string => String(random.uint31() % 100_000).padStart(CODE_LENGTH, '0');

  /** Test numbers are silent: automated clients see only what they caused themselves. */
  const deliver = async (row: LoginCodeRow, toDevices: bigint | undefined): Promise<void> => {
    if (testCode(row.phone) !== undefined) return;
    await deps.codeDelivery.deliver({ phone: row.phone, code: row.code });
    if (toDevices !== undefined) await serviceChat.send(toDevices, codeNotice(row.code));
  };

  /** The account of the number, if it is logged in somewhere that can read the code. */
  const findReader = async (phone: string): Promise<bigint | undefined> => {
    const user = await users.findByPhone(phone);
    if (!user) return undefined;
    const device = await db.q.selectFrom('authorizations').select('auth_key_id').where('user_id', '=', user.user_id).limit(1).executeTakeFirst();
    return device && user.user_id;
  };

  const accessCode = async (tx: Tx, device: LoginDevice, phone: string, codeHash: string): Promise<LoginCodeRow> => {
    if (codeHash === '') throw rpcError('PHONE_CODE_HASH_EMPTY');
    if (!CODE_HASH.test(codeHash)) throw rpcError('PHONE_CODE_EXPIRED');
    const row = await findCode(tx, phone, codeHash, device.permAuthKeyId);
    if (!row || row.cancelled || row.expires_date <= clock.now()) throw rpcError('PHONE_CODE_EXPIRED');
    return row;
  };

  return {
    async doSendCode(device, phoneNumber, app) {
      checkApp(config.allowedApps, app);
      const phone = normalizePhone(phoneNumber);
      const fixed = testCode(phone);
      const code = fixed ?? randomCode();
      const codeHash = Buffer.from(random.bytes(CODE_HASH_BYTES)).toString('hex');
      const nowDate = clock.now();
      const outcome = await db.transact('issue-code', (tx) =>
        issueCode(tx, {
          phone,
          authKeyId: device.permAuthKeyId,
          code,
          codeHash,
          nowDate,
          lifeS: Math.ceil(config.loginCodeTtlMs / 1000),
          limited: fixed === undefined,
        }),
      );
      if (outcome.kind === 'too_many') throw rpcError('FLOOD_WAIT_%d', outcome.waitS);
      const reader = await findReader(phone);
      // A repeat may come because the first answer was lost before the code went out.
      await deliver(outcome.row, outcome.fresh ? reader : undefined);
      return { codeHash: outcome.row.code_hash, via: reader === undefined ? 'sms' : 'app' };
    },

    async doResendCode(device, phoneNumber, codeHash) {
      const phone = normalizePhone(phoneNumber);
      const row = await db.transact('read-code', (tx) => accessCode(tx, device, phone, codeHash));
      // Only a code that went to the devices has another way to go.
      if ((await findReader(phone)) === undefined) throw rpcError('SEND_CODE_UNAVAILABLE');
      await deliver(row, undefined);
      return { codeHash, via: 'sms' };
    },

    async doCancelCode(device, phoneNumber, codeHash) {
      const phone = normalizePhone(phoneNumber);
      await db.transact('cancel-code', async (tx) => {
        const row = await accessCode(tx, device, phone, codeHash);
        await updateCode(tx, row, { cancelled: true });
      });
    },

    async doSignIn(device, phoneNumber, codeHash, code) {
      const phone = normalizePhone(phoneNumber);
      if (code === '') throw rpcError('PHONE_CODE_EMPTY');
      const account = await users.findByPhone(phone);
      const outcome = await db.transact('sign-in', async (tx) => {
        const row = await accessCode(tx, device, phone, codeHash);
        // Returned, not thrown: the count of wrong guesses must be committed.
        const guess = await guessCode(tx, row, code, clock.now());
        if (guess !== 'right') return { guess };
        // Spent on a log-in that has ended since: a code opens an account once.
        const known = row.user_id === null || row.user_id === device.userId || row.user_id === device.pendingUserId;
        if (!known) return { guess: 'expired' as const };
        await updateCode(tx, row, { accepted_date: row.accepted_date ?? clock.now(), user_id: account?.user_id ?? null });
        return { guess, entry: account && (await logIn.enter(tx, device, account.user_id)) };
      });
      if (outcome.guess === 'wrong') throw rpcError('PHONE_CODE_INVALID');
      if (outcome.guess === 'expired') throw rpcError('PHONE_CODE_EXPIRED');
      const { entry } = outcome;
      if (entry?.passwordNeeded) {
        logIn.announceQuietly(device, entry);
        throw rpcError('SESSION_PASSWORD_NEEDED');
      }
      if (account && entry) await logIn.announce(device, account.user_id, entry);
      return account?.user_id;
    },

    async doSignUp(device, phoneNumber, codeHash, { firstName, lastName }) {
      const phone = normalizePhone(phoneNumber);
      const names = checkedNames(firstName, lastName);
      // Before anything is reserved: who has not shown the code may not hold the number.
      await db.transact('check-code', async (tx) => {
        const row = await accessCode(tx, device, phone, codeHash);
        if (row.accepted_date === null) throw rpcError('PHONE_CODE_INVALID');
      });
      const userId = await reserveAccount(db, phone, config.homeDcId, clock.now());
      const change = await db.transact('sign-up', async (tx) => {
        const row = await accessCode(tx, device, phone, codeHash);
        const written = await writeAccount(tx, { userId, phone, ...names, nowDate: clock.now() });
        if (!written) {
          // A repeat of the sign-up that made the account, by the device it made it for.
          if (row.user_id === userId && device.userId === userId) return undefined;
          throw rpcError('PHONE_NUMBER_OCCUPIED');
        }
        await updateCode(tx, row, { user_id: userId });
        return logIn.authorize(tx, device, userId);
      });
      users.userChanged(userId);
      if (change) logIn.announceQuietly(device, change);
      return userId;
    },
  };
}
