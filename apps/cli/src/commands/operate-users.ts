import { type AccountCommand, doOrderForAccount, findNormalPhone } from '@aerogram/domain';
import { systemClock } from '@aerogram/runtime';
import { withDatabase } from '../open-database.ts';
import type { CliOptions } from '../options.ts';
import type { Output } from '../output.ts';
import { requireAccount } from './find-account.ts';
import { awaitCommand } from './order-command.ts';

/** Orders something to be done to an account, and waits for it. @param commandFor makes the command, once the account is found */
function operate(options: CliOptions, wanted: string, commandFor: (peerId: bigint) => AccountCommand): Promise<Output> {
  return withDatabase(options, async (db) => {
    const { user_id: id } = await requireAccount(db, wanted);
    const { entryId, what } = await doOrderForAccount(db, commandFor(id), systemClock.now());
    const { value, lines } = await awaitCommand(db, entryId, what);
    return { value: { id, ...(value as object) }, lines };
  });
}

/** `aerogram user logout`: ends all sessions of an account, or those of one device. @param device its number, as `aerogram user show` lists it */
export function logOutUser(options: CliOptions, wanted: string, { device }: { device?: bigint }): Promise<Output> {
  return operate(options, wanted, (peerId) => ({ kind: 'log-out', peerId, device }));
}

/** `aerogram user delete`: deletes an account, as its owner can. */
export function deleteUser(options: CliOptions, wanted: string, { yes }: { yes: boolean }): Promise<Output> {
  return operate(options, wanted, (peerId) => {
    if (!yes) throw new Error(`this deletes account ${peerId} for good: add --yes`);
    return { kind: 'delete-account', peerId };
  });
}

/** `aerogram user reset-password`: takes the password of the two-step verification off. */
export function resetUserPassword(options: CliOptions, wanted: string): Promise<Output> {
  return operate(options, wanted, (peerId) => ({ kind: 'remove-password', peerId }));
}

/** `aerogram user change-phone`: gives an account another number. */
export function changeUserPhone(options: CliOptions, wanted: string, given: string): Promise<Output> {
  const phone = given.trim().startsWith('+') ? findNormalPhone(given) : undefined;
  if (phone === undefined) throw new Error(`"${given}" is no phone number; it is written with a plus, such as +15550001111`);
  return operate(options, wanted, (peerId) => ({ kind: 'move-phone', peerId, phone }));
}
