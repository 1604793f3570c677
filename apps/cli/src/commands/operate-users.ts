import { type doOrderCommand, findAccountRefusal, findNormalPhone } from '@aerogram/domain';
import type { Database } from '@aerogram/storage';
import { withDatabase } from '../open-database.ts';
import type { CliOptions } from '../options.ts';
import type { Output } from '../output.ts';
import { requireAccount } from './find-account.ts';
import { orderCommand } from './order-command.ts';

/** Finds the account of a person. @throws Error if there is none, or it is a bot, a service account or deleted */
async function requirePerson(db: Database, wanted: string): Promise<bigint> {
  const { user_id: userId } = await requireAccount(db, wanted);
  const refusal = await findAccountRefusal(db, userId);
  if (refusal !== undefined) throw new Error(`account ${userId}: ${refusal}`);
  return userId;
}

/** Orders something to be done to an account, and waits for it. @param command what, once the account is found, and in words for the operators' log, without numbers */
function operate(options: CliOptions, wanted: string, command: (userId: bigint) => { command: Parameters<typeof doOrderCommand>[1]; what: string }): Promise<Output> {
  return withDatabase(options, async (db) => {
    const userId = await requirePerson(db, wanted);
    const { command: ordered, what } = command(userId);
    const { value, lines } = await orderCommand(db, ordered, what);
    return { value: { id: userId, ...(value as object) }, lines };
  });
}

/** `aerogram user logout`: ends all sessions of an account, or those of one device. @param device its number, as `aerogram user show` lists it */
export function logOutUser(options: CliOptions, wanted: string, { device }: { device?: bigint }): Promise<Output> {
  return operate(options, wanted, (userId) => ({
    command: { kind: 'log-out', peerId: userId, device },
    what: `log out ${device === undefined ? 'all devices' : `the device ${device}`} of account ${userId}`,
  }));
}

/** `aerogram user delete`: deletes an account, as its owner can. */
export function deleteUser(options: CliOptions, wanted: string, { yes }: { yes: boolean }): Promise<Output> {
  return operate(options, wanted, (userId) => {
    if (!yes) throw new Error(`this deletes account ${userId} for good: add --yes`);
    return { command: { kind: 'delete-account', peerId: userId }, what: `delete account ${userId}` };
  });
}

/** `aerogram user reset-password`: takes the password of the two-step verification off. */
export function resetUserPassword(options: CliOptions, wanted: string): Promise<Output> {
  return operate(options, wanted, (userId) => ({ command: { kind: 'remove-password', peerId: userId }, what: `take the password off account ${userId}` }));
}

/** `aerogram user change-phone`: gives an account another number. */
export function changeUserPhone(options: CliOptions, wanted: string, given: string): Promise<Output> {
  const phone = given.trim().startsWith('+') ? findNormalPhone(given) : undefined;
  if (phone === undefined) throw new Error(`"${given}" is no phone number; it is written with a plus, such as +15550001111`);
  return operate(options, wanted, (userId) => ({ command: { kind: 'move-phone', peerId: userId, phone }, what: `change the number of account ${userId}` }));
}
