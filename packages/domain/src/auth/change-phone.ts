import { type RpcError, rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';

import type { Told } from '../effects/index.ts';
import type { Origin, SubjectDeps } from '../events/index.ts';
import { findBannedPhone, holdPhone, Names, takePhone } from '../names/index.ts';
import { normalizePhone } from '../peers/index.ts';
import { phoneChangedNotice, type ServiceChat } from '../service/index.ts';
import { saveUserPhone, type Users } from '../users/index.ts';
import { checkAuthorized, endWaiting } from './authorization-store.ts';
import type { CodeSender } from './code-sender.ts';
import type { SentCode } from './code-ways.ts';
import type { Devices } from './devices.ts';
import { findCompanyAccount } from './company-account-store.ts';
import { takeInvitation } from './invitation-store.ts';
import type { KeyStates } from './key-state.ts';
import type { LoginDevice } from './log-in.ts';
import { cancelListedCodes, type CodePurpose, guessCode, type LoginCodeRow, updateCode } from './login-code-store.ts';
import { findSecurity, saveSecurity } from './security-store.ts';
import { spendOfNumber } from './spend-store.ts';
import { transactOrRefuse } from './transact-or-refuse.ts';

/** Changing the account's phone number, and proving that the user still has it. */
export interface ChangePhone {
  /**
   * Sends a code to the new phone number.
   * @throws RpcError 400 PHONE_NUMBER_INVALID, PHONE_NUMBER_OCCUPIED, 406 FRESH_CHANGE_PHONE_FORBIDDEN, 420 FLOOD_WAIT
   */
  doSendChangePhoneCode(device: LoginDevice, phoneNumber: string): Promise<SentCode>;
  /**
   * Changes the account's phone number.
   * @throws RpcError 400 PHONE_NUMBER_INVALID, PHONE_NUMBER_BANNED, PHONE_NUMBER_OCCUPIED, PHONE_CODE_INVALID, PHONE_CODE_EXPIRED, PHONE_CODE_EMPTY,
   * PHONE_CODE_HASH_EMPTY
   */
  doChangePhone(device: LoginDevice, phoneNumber: string, given: { codeHash: string; code: string }, origin: Origin | undefined): Promise<bigint>;
  /**
   * Changes the account's phone number for the operator, without a code. The owner is told as of a change of one's own.
   * @param phone normalised
   * @returns false if the account has the number already
   * @throws RpcError 400 USER_ID_INVALID (it has no number), PHONE_NUMBER_BANNED (the new number or the old one), PHONE_NUMBER_OCCUPIED
   */
  doMovePhone(userId: bigint, phone: string): Promise<boolean>;
  /**
   * Sends a code to the account's phone number, for cancelling the account deletion that the hash identifies.
   * @throws RpcError 400 HASH_INVALID, 420 FLOOD_WAIT
   */
  doSendConfirmPhoneCode(device: LoginDevice, hash: string): Promise<SentCode>;
  /**
   * Cancels the account deletion.
   * @throws RpcError 400 PHONE_CODE_INVALID, PHONE_CODE_EXPIRED, PHONE_CODE_EMPTY, PHONE_CODE_HASH_EMPTY
   */
  doConfirmPhone(device: LoginDevice, codeHash: string, code: string): Promise<void>;
  /** Cancels log-in codes for the user's phone number that the user has shown to somebody by mistake. */
  doInvalidateCodes(userId: bigint, codes: readonly string[]): Promise<void>;
}

const DELETION_HASH = /^[0-9a-f]{32}$/;

/** Creates the operations on the account's phone number. */
export function createChangePhone(
  deps: SubjectDeps,
  parts: { users: Users; serviceChat: ServiceChat; codes: CodeSender; devices: Devices; states: KeyStates },
): ChangePhone {
  const { db, clock, log } = deps;
  const { users, serviceChat, codes, devices, states } = parts;
  const names = new Names(deps);

  const accessOwn = async ({ userId }: LoginDevice): Promise<{ userId: bigint; phone: string }> => {
    const row = userId === undefined ? undefined : await users.findRow(userId);
    if (!row || row.phone === null) throw rpcError('AUTH_KEY_UNREGISTERED');
    return { userId: row.user_id, phone: row.phone };
  };

  /** Returns the row of the code if the guess is right, otherwise the error to answer. */
  const tryCode = async (tx: Tx, device: LoginDevice, purpose: CodePurpose, given: { phone: string; codeHash: string; code: string }) => {
    const row = await codes.accessCode(tx, device, given, purpose);
    const guess = await guessCode(tx, row, given.code, clock.now());
    if (guess === 'right') return { row };
    tx.afterCommit(() => log.info({ userId: device.userId, purpose, guess }, 'a wrong code was given'));
    return rpcError(guess === 'wrong' ? 'PHONE_CODE_INVALID' : 'PHONE_CODE_EXPIRED');
  };

  const accept = (tx: Tx, row: LoginCodeRow, userId: bigint): Promise<void> =>
    updateCode(tx, row, { accepted_date: row.accepted_date ?? clock.now(), user_id: userId });

  /**
   * Has a number reserved for an account in the whole cluster before the account gets it.
   * @throws RpcError 400 PHONE_NUMBER_OCCUPIED, 500 (the data centre that decides about numbers is away)
   */
  const claim = async (userId: bigint, phone: string): Promise<void> => {
    const name = { type: 'phone', name: phone } as const;
    // At the first home, the transaction of the change reserves it; before it, only what came to nothing elsewhere is put away.
    if (!names.areElsewhere) return void (await names.dropAbandoned(name));
    const isHeld = await db.transact('hold-phone', (tx) => holdPhone(tx, phone, userId, clock.now()));
    if (!isHeld || !(await names.claim(name, userId))) throw rpcError('PHONE_NUMBER_OCCUPIED');
  };

  /** Gives an account another number. The caller ends the log-ins that wait for the password, which have proved the old number only. @returns the error to answer */
  const move = async ({ tx, told }: { tx: Tx; told: Told }, { userId, oldPhone, phone }: { userId: bigint; oldPhone: string; phone: string }, exceptCodeHash?: string): Promise<RpcError | undefined> => {
    // Neither does a ban of the old number end by leaving it.
    if ((await findBannedPhone(tx, [oldPhone, phone])) !== undefined) return rpcError('PHONE_NUMBER_BANNED');
    if (!(await takePhone(tx, { phone, userId, nowDate: clock.now() }))) return rpcError('PHONE_NUMBER_OCCUPIED');
    await saveUserPhone(tx, userId, phone);
    names.confirm(told, { type: 'phone', name: phone }, userId);
    names.free(told, { type: 'phone', name: oldPhone }, userId);
    await takeInvitation(tx, phone);
    await spendOfNumber(tx, userId, [oldPhone, phone], exceptCodeHash);
    if (codes.testCode(phone) === undefined) await serviceChat.order(tx, userId, phoneChangedNotice({ phone, oldPhone, date: clock.now() }));
    return undefined;
  };

  /** Publishes the change after the commit. Viewers who may see the phone number fetch the user again. @param ended keys whose log-in ended */
  const announce = async (userId: bigint, ended: readonly bigint[], what: string): Promise<void> => {
    await states.keysDecided(ended, 'ended');
    log.info({ userId }, what);
    const isSettled = users.userChanged(userId);
    users.showChange(userId, { _: 'updateUser', user_id: userId });
    await isSettled;
  };

  return {
    async doSendChangePhoneCode(device, phoneNumber) {
      const phone = normalizePhone(phoneNumber);
      const { userId, phone: oldPhone } = await accessOwn(device);
      await devices.checkSettled(userId, device.permAuthKeyId, 'FRESH_CHANGE_PHONE_FORBIDDEN');
      // A person of the company would cost an SMS, and log in by it without the company.
      if (await findCompanyAccount(db, userId)) throw rpcError('PHONE_NUMBER_INVALID');
      await codes.checkAsking(device, phone);
      if ((await names.findOne({ type: 'phone', name: phone })) !== undefined) throw rpcError('PHONE_NUMBER_OCCUPIED');
      return codes.doSend(device, phone, { purpose: 'change_phone', boundTo: oldPhone });
    },

    async doChangePhone(device, phoneNumber, { codeHash, code }, origin) {
      const phone = normalizePhone(phoneNumber);
      if (code === '') throw rpcError('PHONE_CODE_EMPTY');
      const { userId, phone: ownPhone } = await accessOwn(device);
      if (deps.homes !== undefined && phone !== ownPhone) {
        // Only who has proved a number has it reserved.
        await transactOrRefuse(db, 'check-change-phone', async (tx) => {
          const tried = await tryCode(tx, device, 'change_phone', { phone, codeHash, code });
          return 'row' in tried ? undefined : tried;
        });
        await claim(userId, phone);
      }
      const ended = await transactOrRefuse<bigint[] | undefined>(db, 'change-phone', (tx) => deps.withBoxes(tx, [userId], async (boxes, date) => {
        await checkAuthorized(tx, { userId, authKeyId: device.permAuthKeyId });
        // Read again here, because another device may have changed the phone number meanwhile.
        const own = await tx.q.selectFrom('users').select('phone').where('user_id', '=', userId).executeTakeFirst();
        const oldPhone = own?.phone;
        if (oldPhone === null || oldPhone === undefined) return rpcError('AUTH_KEY_UNREGISTERED');
        const tried = await tryCode(tx, device, 'change_phone', { phone, codeHash, code });
        if (!('row' in tried)) return tried;
        // A repeat of the successful call succeeds again. Otherwise the code was used already and is rejected.
        if (tried.row.user_id !== null) return phone === oldPhone && tried.row.user_id === userId ? undefined : rpcError('PHONE_CODE_EXPIRED');
        if (tried.row.bound_to !== oldPhone) return rpcError('PHONE_CODE_EXPIRED');
        const refusal = await move({ tx, told: boxes }, { userId, oldPhone, phone }, tried.row.code_hash);
        if (refusal) return refusal;
        await deps.cardTeller?.tell(tx, [userId], boxes);
        await accept(tx, tried.row, userId);
        boxes.addLoose(userId, date, origin, [{ _: 'updateUserPhone', user_id: userId, phone }]);
        return endWaiting(tx, userId);
      }));
      if (ended !== undefined) await announce(userId, ended, 'a number was changed');
      return userId;
    },

    async doMovePhone(userId, phone) {
      const before = deps.homes && (await users.findRow(userId));
      if (before && before.phone !== null && before.phone !== phone) await claim(userId, phone);
      const ended = await db.transact('move-phone', (tx) => deps.withBoxes(tx, [userId], async (boxes, date) => {
        const own = await tx.q.selectFrom('users').select('phone').where('user_id', '=', userId).where('deleted', '=', false).executeTakeFirst();
        const oldPhone = own?.phone;
        if (oldPhone === null || oldPhone === undefined) throw rpcError('USER_ID_INVALID');
        if (oldPhone === phone) return undefined;
        const refusal = await move({ tx, told: boxes }, { userId, oldPhone, phone });
        if (refusal) throw refusal;
        await deps.cardTeller?.tell(tx, [userId], boxes);
        boxes.addLoose(userId, date, undefined, [{ _: 'updateUserPhone', user_id: userId, phone }]);
        return endWaiting(tx, userId);
      }));
      if (ended !== undefined) await announce(userId, ended, 'a number was changed by the operator');
      return ended !== undefined;
    },

    async doSendConfirmPhoneCode(device, hash) {
      if (!DELETION_HASH.test(hash)) throw rpcError('HASH_INVALID');
      const { userId, phone } = await accessOwn(device);
      const request = await db.q.selectFrom('account_security').select('user_id').where('deletion_hash', '=', hash).executeTakeFirst();
      if (request?.user_id !== userId) throw rpcError('HASH_INVALID');
      return codes.doSend(device, phone, { purpose: 'confirm_phone', boundTo: hash });
    },

    async doConfirmPhone(device, codeHash, code) {
      if (code === '') throw rpcError('PHONE_CODE_EMPTY');
      const { userId, phone } = await accessOwn(device);
      await transactOrRefuse(db, 'confirm-phone', async (tx) => {
        const tried = await tryCode(tx, device, 'confirm_phone', { phone, codeHash, code });
        if (!('row' in tried)) return tried;
        // A repeat of the successful call succeeds again.
        if (tried.row.user_id === userId) return undefined;
        const { deletion_hash } = await findSecurity(tx.q, userId);
        if (tried.row.bound_to !== deletion_hash) return rpcError('PHONE_CODE_EXPIRED');
        await saveSecurity(tx, userId, { deletion_date: null, deletion_hash: null, deletion_auth_key_id: null });
        tx.afterCommit(() => log.info({ userId }, 'the deletion of an account was stopped'));
        await accept(tx, tried.row, userId);
        return undefined;
      });
    },

    async doInvalidateCodes(userId, given) {
      const phone = (await users.findRow(userId))?.phone;
      const digits = given.filter((code) => /^\d{1,10}$/.test(code));
      if (!phone || digits.length === 0) return;
      await db.transact('invalidate-codes', (tx) => cancelListedCodes(tx, phone, digits));
    },
  };
}
