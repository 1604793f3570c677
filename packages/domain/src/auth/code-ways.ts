import type { Database } from '@aerogram/storage';

import type { CodeDelivery, CodeWay } from '../shared/index.ts';
import type { Users } from '../users/index.ts';
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

/** The ways in which a code can be sent to a phone number. */
export interface CodeWays {
  /** The account of the number; undefined for a number without one, and for codes that are not for a log-in. */
  userId: bigint | undefined;
  email: SentCode['email'];
  /** Best first. */
  ways: readonly CodeWay[];
  /** Whether the account has a second protection besides the phone number. */
  isGuarded: boolean;
}

/** Finds the ways to send a code, and the account of the number. */
export async function findWays(
  deps: { db: Database; users: Pick<Users, 'findByPhone'>; codeDelivery: CodeDelivery },
  phone: string,
  purpose: CodePurpose,
): Promise<CodeWays> {
  const { db, users, codeDelivery } = deps;
  const user = purpose === 'login' ? await users.findByPhone(phone) : undefined;
  if (!user) return { userId: undefined, email: undefined, ways: codeDelivery.ways, isGuarded: false };
  const userId = user.user_id;
  const [device, password, { login_email, login_email_reset_date }] = await Promise.all([
    db.q.selectFrom('authorizations').select('auth_key_id').where('user_id', '=', userId).limit(1).executeTakeFirst(),
    findPassword(db.q, userId),
    findSecurity(db.q, userId),
  ]);
  const other: readonly CodeWay[] = login_email === null ? codeDelivery.ways : ['email'];
  const email = login_email === null ? undefined : { address: login_email, reset_date: login_email_reset_date ?? undefined };
  const isGuarded = device !== undefined || password !== undefined || email !== undefined;
  return { userId, email, ways: device ? (['app', ...other] as const) : other, isGuarded };
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
