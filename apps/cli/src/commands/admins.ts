import { doGrantAdmin, doRevokeAdmin, listAdmins } from '@aerogram/domain';
import { systemClock } from '@aerogram/runtime';
import { withDatabase } from '../open-database.ts';
import { type CliOptions, formatDate } from '../options.ts';
import type { Output } from '../output.ts';
import { requireAccount } from './find-account.ts';

/** A server has few; more are not listed. */
const LISTED_MAX = 1000;

/** `aerogram admin grant`: lets an account use the admin page. */
export function grantAdmin(options: CliOptions, wanted: string): Promise<Output> {
  return withDatabase(options, async (db) => {
    const { user_id: id } = await requireAccount(db, wanted);
    const row = await db.q.selectFrom('users').select(['bot', 'deleted', 'phone']).where('user_id', '=', id).executeTakeFirstOrThrow();
    if (row.bot || row.deleted || row.phone === null) throw new Error(`account ${id} cannot log in with a phone number`);
    const isNew = await doGrantAdmin(db, id, systemClock.now());
    const hasPassword = (await db.q.selectFrom('passwords').select('user_id').where('user_id', '=', id).executeTakeFirst()) !== undefined;
    const lines = [`account ${id} ${isNew ? 'may use the admin page now' : 'may use the admin page already'}`];
    if (!hasPassword) lines.push('it has no two-step password yet, without which the page refuses it: its owner sets one in the privacy settings of an app');
    return { value: { id, granted: isNew, has_password: hasPassword }, lines };
  });
}

/** `aerogram admin revoke`: takes the right to use the admin page away. */
export function revokeAdmin(options: CliOptions, wanted: string): Promise<Output> {
  return withDatabase(options, async (db) => {
    const { user_id: id } = await requireAccount(db, wanted);
    if (!(await doRevokeAdmin(db, id, systemClock.now()))) throw new Error(`account ${id} may not use the admin page`);
    return { value: { id }, lines: [`account ${id} may use the admin page no longer; its sessions there have ended`] };
  });
}

/** `aerogram admin list`: the accounts that may use the admin page. */
export function showAdmins(options: CliOptions): Promise<Output> {
  return withDatabase(options, async (db) => {
    const admins = await listAdmins(db, LISTED_MAX);
    const lines = admins.map(({ user_id: id, name, granted_date: date, isBanned, hasPassword }) => {
      const obstacles = [...(isBanned ? ['banned'] : []), ...(hasPassword ? [] : ['no two-step password'])];
      return `${id}  ${name}  since ${formatDate(date)}${obstacles.length === 0 ? '' : `; cannot log in: ${obstacles.join(', ')}`}`;
    });
    return {
      value: admins.map(({ user_id: id, name, granted_date: date, isBanned, hasPassword }) => ({ id, name, granted_date: formatDate(date), banned: isBanned, has_password: hasPassword })),
      lines: lines.length === 0 ? ['nobody; "aerogram admin grant" names an account'] : lines,
    };
  });
}
