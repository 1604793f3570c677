import type { Database } from '@aerogram/storage';

import type { AccountCommand } from './operator-command.ts';

/** What does to an account what the operator wants; the auth operations implement it. */
export interface AccountHands {
  /** Logs out all devices, or the one with this number. @returns how many */
  doEndDevices(userId: bigint, number: bigint | undefined): Promise<number>;
  /** Deletes the account. @returns false if it was deleted before */
  doEndAccount(userId: bigint, why: 'by the operator'): Promise<boolean>;
  /** Takes the password off. @returns false if there is none */
  doRemovePassword(userId: bigint): Promise<boolean>;
  /**
   * Gives the account another number. @returns false if it has the number already
   * @throws RpcError 400 USER_ID_INVALID, PHONE_NUMBER_BANNED, PHONE_NUMBER_OCCUPIED
   */
  doMovePhone(userId: bigint, phone: string): Promise<boolean>;
}

/** Says why operators may not act on an account; undefined: they may. Bots have commands of their own. */
export async function findAccountRefusal({ q }: Pick<Database, 'q'>, userId: bigint): Promise<string | undefined> {
  const row = await q.selectFrom('users').select(['bot', 'support', 'deleted']).where('user_id', '=', userId).executeTakeFirst();
  if (row === undefined) return 'there is no such account';
  if (row.support) return 'it belongs to the server itself';
  if (row.bot) return 'it is a bot, which has commands of its own: "aerogram bot"';
  return row.deleted ? 'it was deleted' : undefined;
}

/** A command in words. */
export function describeCommand(command: AccountCommand): string {
  const account = `account ${command.peerId}`;
  switch (command.kind) {
    case 'log-out':
      return `log out ${command.device === undefined ? 'all devices' : `the device ${command.device}`} of ${account}`;
    case 'delete-account':
      return `delete ${account}`;
    case 'remove-password':
      return `take the password off ${account}`;
    case 'move-phone':
      return `change the number of ${account}`;
  }
}

/** Carries out a command about an account. @returns what came of it, in words */
export async function operateAccount({ db, accounts }: { db: Pick<Database, 'q'>; accounts: AccountHands }, command: AccountCommand): Promise<string> {
  const { peerId: userId } = command;
  const refusal = await findAccountRefusal(db, userId);
  if (refusal !== undefined) return `refused: ${refusal}`;
  switch (command.kind) {
    case 'log-out': {
      const count = await accounts.doEndDevices(userId, command.device);
      if (count === 0) return command.device === undefined ? 'no device was logged in' : 'refused: it has no device with this number ("aerogram user show" lists them)';
      return `logged out on ${count} ${count === 1 ? 'device' : 'devices'}`;
    }
    case 'delete-account':
      await accounts.doEndAccount(userId, 'by the operator');
      return 'deleted; what only it could see is being removed';
    case 'remove-password':
      return (await accounts.doRemovePassword(userId)) ? 'its password is taken off, and the owner is told' : 'refused: it has no password';
    case 'move-phone':
      return (await accounts.doMovePhone(userId, command.phone)) ? 'its number is changed, and the owner is told' : 'it has this number already';
  }
}
