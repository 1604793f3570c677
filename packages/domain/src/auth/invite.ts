import type { Random } from '@aerogram/runtime';
import type { Database, Tx } from '@aerogram/storage';

import { noteOperator } from '../operators/index.ts';
import { normalizeEmail } from './email-address.ts';
import { findInvitationOfEmail, saveInvitation, takeInvitation } from './invitation-store.ts';
import { cancelLoginCodes } from './spend-store.ts';

/** Country code of numbers that belong to no country; those that a server gives out have this many digits after it, the only count that apps accept. */
const GIVEN = { code: '888', digits: 11 } as const;
/** One in 10^11 is taken by each account. */
const TRIES = 10;

/** Whether the server has given out a number, which no phone has. Pure. */
export const isGiven = (phone: string): boolean => phone.startsWith(GIVEN.code) && phone.length === GIVEN.code.length + GIVEN.digits;

/** Whether somebody has a number, or is invited with it. */
export const isTaken = async (tx: Tx, phone: string): Promise<boolean> =>
  (await tx.q.selectFrom('phones').select('phone').where('phone', '=', phone).union(tx.q.selectFrom('invitations').select('phone').where('phone', '=', phone)).executeTakeFirst()) !== undefined;

/** Finds a number to give out that nobody has or is invited with. */
export async function findFreeNumber(tx: Tx, random: Random): Promise<string> {
  for (let tries = 0; tries < TRIES; tries++) {
    const digits = (BigInt.asUintN(64, random.int63()) % 10n ** BigInt(GIVEN.digits)).toString().padStart(GIVEN.digits, '0');
    if (!(await isTaken(tx, `${GIVEN.code}${digits}`))) return `${GIVEN.code}${digits}`;
  }
  throw new Error('no free number was found');
}

/** Who is invited. */
export interface Invitee {
  phone: string;
  email: string | null;
  /** The address was invited before, and keeps the number that it was given then. */
  wasInvited: boolean;
  /** An account that gets its log-in codes at the address already. */
  accountId: bigint | undefined;
}

export type InviteOutcome = Invitee | 'has account';

/** Finds an account whose login e-mail is an address. */
async function findAccountOfEmail({ q }: Pick<Database, 'q'>, email: string): Promise<bigint | undefined> {
  const ofEmail = q.selectFrom('account_security').select('user_id').where(({ fn }) => fn<string>('lower', ['login_email']), '=', email.toLowerCase());
  return (await ofEmail.orderBy('user_id').limit(1).executeTakeFirst())?.user_id;
}

/**
 * Invites somebody to sign up. Idempotent: an address, in capital or small letters, is given one number.
 * @param wanted `phone`: normalised; without it the server gives one out. `email`: where codes are mailed to
 * @throws RpcError 400 EMAIL_INVALID
 */
export async function doInvite(db: Database, wanted: { phone: string | undefined; email: string | undefined }, { random, nowDate }: { random: Random; nowDate: number }): Promise<InviteOutcome> {
  const email = wanted.email === undefined ? null : normalizeEmail(wanted.email);
  const accountId = email === null ? undefined : await findAccountOfEmail(db, email);
  return db.transact('invite', async (tx) => {
    const before = wanted.phone === undefined && email !== null ? await findInvitationOfEmail(tx, email) : undefined;
    if (before !== undefined) return { phone: before.phone, email: before.email, wasInvited: true, accountId };
    const phone = wanted.phone ?? (await findFreeNumber(tx, random));
    const account = await tx.q.selectFrom('users').select('user_id').where('phone', '=', phone).executeTakeFirst();
    if (account !== undefined) return 'has account';
    await saveInvitation(tx, { phone, email, created_date: nowDate, link_id: null });
    await noteOperator(tx, `invite a number${email === null ? '' : ' with an e-mail address'}`, nowDate);
    return { phone, email, wasInvited: false, accountId };
  });
}

/** Revokes an invitation; codes under way cannot be used any more. @returns false if there is none */
export function doRevokeInvitation(db: Database, phone: string, nowDate: number): Promise<boolean> {
  return db.transact('revoke-invitation', async (tx) => {
    if ((await takeInvitation(tx, phone)) === undefined) return false;
    await cancelLoginCodes(tx, [phone]);
    await noteOperator(tx, 'revoke an invitation', nowDate);
    return true;
  });
}
