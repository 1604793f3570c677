import type { Database } from '@aerogram/storage';

import type { CodeDelivery, CodeWay, DomainDeps } from '../shared/index.ts';
import type { Users } from '../users/index.ts';
import { findCompanyAccount } from './company-account-store.ts';
import { findInvitation } from './invitation-store.ts';
import type { CodePurpose, LoginCodeRow } from './login-code-store.ts';
import { findPassword } from './password-store.ts';
import { findSecurity } from './security-store.ts';

/** How and where a code was sent. */
export interface SentCode {
  codeHash: string;
  via: LoginCodeRow['way'];
  /** The way that auth.resendCode would use next. */
  next: CodeWay | undefined;
  /** For codes sent by e-mail: the address, and if a reset was requested, when codes go to the phone again (unix seconds). */
  email: { address: string; reset_date: number | undefined } | undefined;
}

interface WaysDeps {
  db: Database;
  codeDelivery: CodeDelivery;
  config: Pick<DomainDeps['config'], 'signUp'>;
}

/** The ways in which a code can be sent to a phone number. */
export interface CodeWays {
  /** The account of the number; undefined for a number without one, and for codes that are not for a log-in. */
  userId: bigint | undefined;
  email: SentCode['email'];
  /** Best first. */
  ways: readonly CodeWay[];
  /** Whether the account has a second protection besides the phone number. */
  isGuarded: boolean;
  /** The number has no account and may not make one: it is answered as others are, but sent no code. */
  isRefused: boolean;
  /** The company of the person does not let them in any more. */
  isEnded?: boolean;
}

/** The ways of a log-in to a number without an account. */
async function findWaysToSignUp({ db, codeDelivery, config }: WaysDeps, phone: string): Promise<CodeWays> {
  const invitation = config.signUp === 'closed' ? undefined : await findInvitation(db.q, phone);
  const isRefused = config.signUp !== 'open' && invitation === undefined;
  const base = { userId: undefined, isRefused };
  if (invitation === undefined || invitation.email === null) return { ...base, email: undefined, ways: codeDelivery.ways, isGuarded: false };
  return { ...base, email: { address: invitation.email, reset_date: undefined }, ways: ['email'], isGuarded: true };
}

/** Whether a person of the company has a number. */
async function isOfCompany({ db, users }: Pick<WaysDeps, 'db'> & { users: Pick<Users, 'findByPhone'> }, phone: string): Promise<boolean> {
  const user = await users.findByPhone(phone);
  return user !== undefined && (await findCompanyAccount(db, user.user_id)) !== undefined;
}

/** Finds the ways to send a code, and the account of the number. */
export async function findWays(
  deps: WaysDeps & { users: Pick<Users, 'findByPhone'> },
  phone: string,
  purpose: CodePurpose,
): Promise<CodeWays> {
  const { db, users, codeDelivery } = deps;
  const isConfirmed = purpose === 'confirm_phone' && (await isOfCompany(deps, phone));
  if (isConfirmed) return { userId: undefined, email: undefined, ways: ['enter'], isGuarded: false, isRefused: false };
  if (purpose !== 'login') return { userId: undefined, email: undefined, ways: codeDelivery.ways, isGuarded: false, isRefused: false };
  const user = await users.findByPhone(phone);
  if (!user) return findWaysToSignUp(deps, phone);
  const userId = user.user_id;
  const [device, password, { login_email, login_email_reset_date }, company] = await Promise.all([
    db.q.selectFrom('authorizations').select('auth_key_id').where('user_id', '=', userId).limit(1).executeTakeFirst(),
    findPassword(db.q, userId),
    findSecurity(db.q, userId),
    findCompanyAccount(db, userId),
  ]);
  const email = login_email === null ? undefined : { address: login_email, reset_date: login_email_reset_date ?? undefined };
  // A code for a person of the company costs no SMS, and goes nowhere else while it is unsure whether the company lets the person in.
  if (company !== undefined) {
    const isMailed = email !== undefined && codeDelivery.sendsEmail === true && company.state === 'in';
    const ways = [...(device && company.state === 'in' ? (['app'] as const) : []), ...(isMailed ? (['email'] as const) : []), 'enter' as const];
    return { userId, email, ways, isGuarded: true, isRefused: false, isEnded: company.state === 'ended' };
  }
  const other: readonly CodeWay[] = login_email === null ? codeDelivery.ways : ['email'];
  const isGuarded = device !== undefined || password !== undefined || email !== undefined;
  return { userId, email, ways: device ? (['app', ...other] as const) : other, isGuarded, isRefused: false };
}

/** Describes a code that was sent. Pure. */
export function describeSent(row: LoginCodeRow, via: LoginCodeRow['way'], { ways, email }: CodeWays): SentCode {
  return {
    codeHash: row.code_hash,
    via,
    next: via === 'email_setup' ? undefined : ways[ways.indexOf(via) + 1],
    email: via === 'email' ? email : undefined,
  };
}

/** The state that a log-in code is valid for: a code sent by e-mail is valid only while the account has that address. Pure. */
export function boundToOf(way: LoginCodeRow['way'], { email }: { email: SentCode['email'] }): string {
  return way === 'email' ? (email?.address ?? '') : '';
}
