import { createHash, randomBytes } from 'node:crypto';
import pg from 'pg';
import { BOUNDS, ratioTo } from '../bounds.ts';
import { percentile, quantiles, type Row } from '../row.ts';
import { withServer } from '../server-bench.ts';
import { findDatabaseUrl } from './start.ts';

const ACCOUNTS = 100_000;
const REQUESTS = 500;
const WARM_UP = 50;
/** Beyond the ids of people. */
const ADMIN = 10n ** 15n;
const FIRST = 10n ** 15n + 1n;

/** Makes accounts, and one admin who is logged in. @returns the cookie */
async function prepare(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const token = randomBytes(32).toString('base64url');
    const [salt, verifier] = [Buffer.alloc(16, 1), Buffer.alloc(256, 1)];
    const version = createHash('sha256').update(salt).update(salt).update(verifier).digest('hex');
    await client.query(
      `INSERT INTO users (user_id, phone, first_name, last_name, created_date)
       SELECT ${FIRST} + n, '888' || lpad(n::text, 11, '0'), 'Person ' || md5(n::text), 'Family ' || n % 5000, 1700000000 + n FROM generate_series(1, ${ACCOUNTS}) AS n`,
    );
    await client.query(`INSERT INTO phones (phone, user_id, confirmed, reserved_date) SELECT phone, user_id, true, created_date FROM users WHERE user_id > ${FIRST}`);
    await client.query(`INSERT INTO users (user_id, phone, first_name, created_date) VALUES (${ADMIN}, '88899999999999', 'Admin', 1)`);
    await client.query(`INSERT INTO passwords (user_id, salt1, salt2, verifier, hint, changed_date) VALUES (${ADMIN}, $1, $1, $2, '', 1)`, [salt, verifier]);
    await client.query(`INSERT INTO admins VALUES (${ADMIN}, 1)`);
    const now = Math.floor(Date.now() / 1000);
    await client.query(`INSERT INTO admin_sessions VALUES ($1, ${ADMIN}, $2, '', $3, $3)`, [createHash('sha256').update(token).digest(), version, now]);
    await client.query('ANALYZE users');
    return `aerogram_admin=${token}`;
  } finally {
    await client.end();
  }
}

/** The list of accounts on the admin page, in turns with the page of one account. */
export function benchAdminUsers({ profileDir }: { profileDir: string | undefined }): Promise<Row[]> {
  return withServer({ profileDir }, async ({ server }) => {
    const cookie = await prepare(findDatabaseUrl(server.dataDir));
    const { host, port } = server.info.http;
    const origin = `http://${host}:${port}`;
    const time = async (command: string, args: object): Promise<number> => {
      const started = performance.now();
      const answer = await fetch(`${origin}/admin/api/command`, { method: 'POST', headers: { origin, cookie, 'content-type': 'application/json', 'x-aerogram-admin': '1' }, body: JSON.stringify({ command, args, isQuiet: true }) });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${command}: ${answer.status} ${text}`);
      return performance.now() - started;
    };
    const kinds = {
      one: (n: number) => time('user show', { who: String(FIRST + 1n + BigInt((n * 7919) % ACCOUNTS)) }),
      newest: (n: number) => time('user find', { query: '', after: `${1_700_000_000 + ((n * 7919) % ACCOUNTS)}-${FIRST + BigInt(ACCOUNTS)}` }),
      name: (n: number) => time('user find', { query: `family ${n % 50}` }),
    };
    const times: Record<keyof typeof kinds, number[]> = { one: [], newest: [], name: [] };
    for (let n = 0; n < WARM_UP + REQUESTS; n++) {
      for (const [kind, run] of Object.entries(kinds) as [keyof typeof kinds, (n: number) => Promise<number>][]) {
        const ms = await run(n);
        if (n >= WARM_UP) times[kind].push(ms);
      }
    }
    const p99 = (kind: keyof typeof kinds): number => percentile(Float64Array.from(times[kind]), 0.99);
    return [
      { name: 'admin page, one account', ...quantiles(times.one) },
      { name: `admin page, 50 of ${ACCOUNTS.toLocaleString('en-US')} accounts`, ...quantiles(times.newest), ratios: [ratioTo(BOUNDS.adminUsers, p99('newest'), p99('one'))] },
      { name: 'admin page, accounts by a name', ...quantiles(times.name), ratios: [ratioTo(BOUNDS.adminUsers, p99('name'), p99('one'))] },
    ];
  });
}
