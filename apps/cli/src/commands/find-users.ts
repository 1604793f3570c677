import type { AccountRow } from '@aerogram/domain';
import { type Database, sql } from '@aerogram/storage';
import { withDatabase } from '../open-database.ts';
import type { CliOptions } from '../options.ts';
import type { Output } from '../output.ts';
import { projectAccount } from './users.ts';

/** Number of accounts on a page. */
const PAGE = 50;

const QUERY_MAX = 64;

/** The last character there is: every text that begins with a prefix sorts before the prefix and this. */
const AFTER_ALL = '\u{10FFFF}';

/** An account, and whether its number is banned. */
type Row = AccountRow & { banned: boolean };

const COLUMNS = sql`u.user_id, u.phone, u.username, u.first_name, u.last_name, u.created_date, u.online_date, u.bot, u.deleted,
  EXISTS (SELECT FROM banned_phones b WHERE b.phone = u.phone) AS banned`;

/** The newest accounts, from behind an account on. Each page reads as many rows of the index as it shows. */
async function listNewest({ q }: Pick<Database, 'q'>, after: { date: number; id: bigint } | undefined): Promise<Row[]> {
  const { rows } = await sql<Row>`
    SELECT ${COLUMNS} FROM users u
     WHERE u.phone IS NOT NULL AND NOT u.support ${after === undefined ? sql`` : sql`AND (u.created_date, u.user_id) < (${after.date}::int4, ${after.id}::int8)`}
     ORDER BY u.created_date DESC, u.user_id DESC LIMIT ${PAGE}`.execute(q);
  return rows;
}

/** The accounts whose first name, last name or username begins with a text, or that have the number or id. Each kind reads one page of an index. */
async function search({ q }: Pick<Database, 'q'>, text: string): Promise<Row[]> {
  const words = text.replace(/^@/, '').toLowerCase();
  const digits = /^\+?[\d\s().-]+$/.test(text) ? text.replaceAll(/\D/g, '') : '';
  const isId = digits.length > 0 && digits.length <= 18 && !text.startsWith('+');
  const begins = (column: 'first_name' | 'last_name') => sql`lower(${sql.ref(column)}) COLLATE "C" >= ${words} AND lower(${sql.ref(column)}) COLLATE "C" < ${words + AFTER_ALL}`;
  const { rows } = await sql<Row>`
    WITH found AS (
      (SELECT user_id FROM phones WHERE phone = ${digits})
      UNION ALL (SELECT user_id FROM users WHERE user_id = ${isId ? BigInt(digits) : 0n}::int8)
      UNION ALL (SELECT peer_id FROM usernames WHERE name COLLATE "C" >= ${words} AND name COLLATE "C" < ${words + AFTER_ALL} AND peer_id > 0 ORDER BY name COLLATE "C" LIMIT ${PAGE})
      UNION ALL (SELECT user_id FROM users WHERE ${begins('first_name')} AND NOT deleted ORDER BY lower(first_name) COLLATE "C" LIMIT ${PAGE})
      UNION ALL (SELECT user_id FROM users WHERE ${begins('last_name')} AND NOT deleted AND last_name <> '' ORDER BY lower(last_name) COLLATE "C" LIMIT ${PAGE})
    )
    SELECT ${COLUMNS} FROM users u JOIN (SELECT DISTINCT user_id FROM found LIMIT ${PAGE}) AS f USING (user_id)
     WHERE NOT u.support AND NOT u.bot ORDER BY u.first_name, u.user_id LIMIT ${PAGE}`.execute(q);
  return rows;
}

/** Accounts by the beginning of a name, by @username, number or id; without a text the newest ones, a page at a time. @param after the `next` of the page before */
export function findUsers(options: CliOptions, query: string, after: string | undefined): Promise<Output> {
  const text = query.trim().slice(0, QUERY_MAX);
  const [, date, id] = /^(\d{1,10})-(\d{1,18})$/.exec(after ?? '') ?? [];
  return withDatabase(options, async (db) => {
    const rows = text === '' ? await listNewest(db, date === undefined ? undefined : { date: Number(date), id: BigInt(id!) }) : await search(db, text);
    const last = rows.at(-1);
    const users = rows.map((row) => ({ ...projectAccount(row), banned: row.banned }));
    const next = text === '' && rows.length === PAGE ? `${last!.created_date}-${last!.user_id}` : null;
    return { value: { users, next }, lines: users.map(({ id: userId, name }) => `${userId}  ${name}`) };
  });
}
