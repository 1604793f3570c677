import { allocateUserId } from '@aerogram/cluster';
import { insertHome, NO_ADDRESSES, sql } from '@aerogram/storage';
import { writable } from '@aerogram/storage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { countCards, readServerFigures } from '../../src/operators/index.ts';
import { createWorld, type World } from './accounts-world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const read = () => readServerFigures(world.db, world.clock.now());

describe('the figures of a server', () => {
  it('are exact where tables are small', async () => {
    expect(await read()).toMatchObject({ accounts: 0, online: 0, bots: 0, webhooks: 0, failingWebhooks: 0, deadJobs: 0, files: 0, fileBytes: 0, archive: undefined, cards: [] });
    const { userId } = await world.signUp('9996622001', 'Ann');
    await world.signUp('9996622002', 'Bob');
    world.domain.users.doUpdateStatus(userId, true);
    await world.clock.advance(5000);
    const { q } = writable(world.db);
    const now = world.clock.now();
    const webhook = { url: 'https://example.org', secret: '', certificate: null, ip_address: '', max_connections: 1, last_error_message: '', gone_since: 0 };
    await q.insertInto('bot_webhooks').values([{ bot_id: 1n, last_error_date: now - 10, ...webhook }, { bot_id: 2n, last_error_date: now - 7200, ...webhook }]).execute();
    await q.insertInto('dead_jobs').values({ job_id: 1n, owner_id: 1n, kind: 'none', payload: new Uint8Array(), attempts: 1, created_date: now, dead_date: now, error: '' }).execute();
    const figures = await read();
    expect(figures).toMatchObject({ accounts: 2, online: 1, webhooks: 2, failingWebhooks: 1, deadJobs: 1 });
    expect(figures.databaseBytes).toBeGreaterThan(1_000_000);
  });

  it('count the cards of each other data centre, but not those of deleted people', async () => {
    await world.db.transact('homes', async (tx) => {
      for (const dc of [1, 2, 3, 4]) await insertHome(tx, { dc, is_own: dc === 1, of_names: dc === 1, state: dc === 3 ? 'removed' : 'joined', ...NO_ADDRESSES });
    });
    const card = (sequence: bigint, dc: number, is_deleted = false) => ({ person_id: allocateUserId(sequence, dc), version: 1n, first_name: 'Ann', last_name: '', is_bot: false, is_deleted });
    await writable(world.db).q.insertInto('cards').values([card(1n, 2), card(2n, 2), card(3n, 2, true), card(4n, 3), card(5n, 4, true)]).execute();
    const counts = [{ dc: 2, cards: 2 }, { dc: 3, cards: 1 }, { dc: 4, cards: 0 }];
    expect(await countCards(world.db)).toEqual(counts);
    expect((await read()).cards).toEqual(counts);
  });

  it('are estimates where tables are large, and cost no more', async () => {
    const rows = 1_000_000;
    const { q } = writable(world.db);
    for (let from = 0; from < rows; from += 100_000) {
      await sql`INSERT INTO users (user_id, phone, first_name, created_date, online_date)
        SELECT 1000000000000 + n, n, 'A first name of some length', 0, CASE WHEN n % 2 = 0 THEN 2000000000 ELSE 0 END FROM generate_series(${from}::integer + 1, ${from}::integer + 100000) AS n`.execute(q);
    }
    const figures = await read();
    expect(figures.accounts).not.toBe(rows + 2);
    expect(figures.accounts / rows).toBeGreaterThan(0.95);
    expect(figures.accounts / rows).toBeLessThan(1.05);
    expect(figures.online / rows).toBeGreaterThan(0.45);
    expect(figures.online / rows).toBeLessThan(0.55);
  });
});
