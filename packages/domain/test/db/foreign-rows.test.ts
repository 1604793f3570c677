import { TABLE_OWNERS } from '@aerogram/cluster/testing';
import { seededRandom } from '@aerogram/runtime';
import { sql, type Tables } from '@aerogram/storage';
import { expect, test } from 'vitest';

import type { World } from './accounts-world.ts';
import { openHomes } from './homes-stage.ts';
import { chooseAct, needsCarry, type Pair, play } from './homes-script.ts';

/** Where a home has rows of people of another one after this script; docs/data-centres.md ("What is stored for people elsewhere") names them. The last two only at the first home. */
const FOREIGN_ROWS = ['blocked_peers.owner_id', 'cards.person_id', 'contacts.owner_id', 'privacy_rules.owner_id', 'user_settings.user_id', 'phones.user_id', 'usernames.peer_id'];

/** The columns that say whose a row is: of tables of users the first one of the key; in others the names that such columns have. */
async function listOwnerColumns({ db }: World): Promise<string[]> {
  const { rows } = await sql<{ table: string; column: string; isFirst: boolean }>`
    SELECT c.relname AS "table", a.attname AS "column", coalesce(a.attnum = i.indkey[0], false) AS "isFirst"
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND a.atttypid = 'bigint'::regtype`.execute(db.q);
  const isOwner = ({ table, column, isFirst }: (typeof rows)[number]): boolean =>
    ['owner_id', 'bot_id', 'person_id', 'elsewhere_user_id'].includes(column) || (isFirst && TABLE_OWNERS[table as keyof Tables] === 'user') || (column === 'user_id' && TABLE_OWNERS[table as keyof Tables] !== 'user') || `${table}.${column}` === 'usernames.peer_id';
  return rows.filter(isOwner).map(({ table, column }) => `${table}.${column}`);
}

/** In which columns a home has people of another one. */
async function listForeign(world: World, isElsewhere: (id: bigint) => boolean): Promise<string[]> {
  const columns = await listOwnerColumns(world);
  expect(columns.length).toBeGreaterThan(80);
  const parts = columns.map((place) => {
    const [table, column] = place.split('.');
    return `SELECT '${place}' AS place, "${column}" AS id FROM "${table}" WHERE "${column}" > 0 GROUP BY "${column}"`;
  });
  const { rows } = await sql<{ place: string; id: bigint }>`${sql.raw(parts.join(' UNION ALL '))}`.execute(world.db.q);
  return [...new Set(rows.filter(({ id }) => isElsewhere(id)).map(({ place }) => place))].sort();
}

test('a home writes no rows for people of another one but those that are named', async () => {
  const random = seededRandom('foreign rows');
  await using stage = await openHomes();
  const { anna, ben, zoe, cleo, one, two } = stage;
  await one.domain.profile.doUpdateUsername(anna, 'anna_of_one');
  await two.domain.profile.doUpdateUsername(ben, 'ben_of_two');
  await one.domain.contacts.doImportContacts(anna, [{ clientId: 1n, phone: '9996621101', firstName: 'Benny', lastName: '' }]);
  await two.domain.contacts.doImportContacts(ben, [{ clientId: 1n, phone: '9996611101', firstName: 'Annie', lastName: '' }]);
  await stage.meet(zoe, cleo);
  for (const [owner, allowed] of [[anna, ben], [ben, anna]] as const) {
    await stage.homeOf(owner).domain.privacy.doSetRules(owner, 'PhoneNumber', [{ kind: 'AllowUsers', ids: [allowed] }, { kind: 'DisallowAll', ids: [] }], undefined);
  }
  for (const [owner, other] of [[zoe, cleo], [cleo, zoe]] as const) {
    await stage.send(owner, other, 'hello');
    await stage.carry();
    await stage.homeOf(owner).domain.blocks.doBlock(owner, other, { storiesOnly: false, blocked: true }, undefined);
  }
  const pair: Pair = { worlds: [one, two], ids: [anna, ben], sent: new Map() };
  for (let number = 0; number < 150; number++) {
    for (const { clock } of [one, two]) await clock.advance(2000);
    const act = await chooseAct(pair, random, number);
    if (needsCarry(act)) await stage.carry();
    await play(pair, act, number);
    if (number % 5 === 0) await stage.carry();
  }
  await stage.carry();

  const isElsewhere = (dc: 1 | 2) => (id: bigint) => stage.of(dc).dcOf(id) !== undefined;
  expect(await listForeign(one, isElsewhere(1))).toEqual([...FOREIGN_ROWS].sort());
  expect(await listForeign(two, isElsewhere(2))).toEqual(FOREIGN_ROWS.slice(0, -2).sort());
}, 120_000);
