import { sql } from '@aerogram/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createWorld, errorOf, type World } from './accounts-world.ts';

const APP = { apiId: 1, apiHash: 'h' };

/** Waits until so many transactions wait for locks of others. */
async function untilWaiting({ db }: World, count: number): Promise<void> {
  const countWaiting = async (): Promise<number> =>
    (await sql<{ n: number }>`SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`.execute(db.q)).rows[0]!.n;
  while ((await countWaiting()) < count);
}

describe('guesses of tokens', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  let tries = 0;
  /** Somebody at an address tries a token for a bot. */
  async function guess(botId: bigint, address: string): Promise<string> {
    const device = { ...(await world.newDevice()), address };
    return errorOf(world.domain.auth.bots.doImportBotAuthorization(device, `${botId}:${String(tries++).padStart(35, 'g')}`, APP));
  }

  it('from one address are limited, whatever the bot, and other addresses are not', async () => {
    const answers: string[] = [];
    for (let n = 0n; n < 25n; n++) answers.push(await guess(8_000_000n + n, '10.0.0.1'));
    expect(answers.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 'ACCESS_TOKEN_INVALID'));
    for (const answer of answers.slice(20)) expect(answer).toMatch(/^FLOOD_WAIT_/);
    expect(await guess(8_000_000n, '10.0.0.2')).toBe('ACCESS_TOKEN_INVALID');
  });

  it('for one bot are limited, whatever the address, and other bots are not', async () => {
    const answers: string[] = [];
    for (let n = 0; n < 25; n++) answers.push(await guess(9_000_000n, `10.1.0.${n}`));
    expect(answers.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 'ACCESS_TOKEN_INVALID'));
    for (const answer of answers.slice(20)) expect(answer).toMatch(/^FLOOD_WAIT_/);
    expect(await guess(9_000_001n, '10.1.0.1')).toBe('ACCESS_TOKEN_INVALID');
    // A minute gives one more.
    await world.clock.advance(60_000);
    expect(await guess(9_000_000n, '10.1.0.99')).toBe('ACCESS_TOKEN_INVALID');
    expect(await guess(9_000_000n, '10.1.0.98')).toMatch(/^FLOOD_WAIT_/);
  });
});

describe('a token that is not valid any more', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  /** A new bot, its owner, and a device that is logged in as the bot. */
  async function startBot(phone: string, username: string) {
    const { userId: ownerId } = await world.signUp(phone, 'Owner');
    const botId = await world.domain.ownBots.doCreate(ownerId, { name: 'Bot', username });
    const device = await world.newDevice();
    const { bots } = world.domain.auth;
    await bots.doImportBotAuthorization(device, await bots.doExportToken(ownerId, botId, false), APP);
    return { ownerId, botId, device };
  }

  it('is found among those of bots that wait, and one that was compared is trusted without another read', async () => {
    const { auth } = world.domain;
    const { ownerId, botId } = await startBot('9996610009', 'Waiting_bot');
    const { botId: changedId, ownerId: changedOwner } = await startBot('9996610010', 'Changed_bot');
    const hashOf = async (token: string): Promise<Uint8Array> => (await auth.botTokens.find(token))!.hash;
    const token = await auth.bots.doExportToken(ownerId, botId, false);
    const former = await hashOf(await auth.bots.doExportToken(changedOwner, changedId, false));
    await auth.bots.doExportToken(changedOwner, changedId, true);
    const hash = await hashOf(token);
    await world.clock.advance(1500);
    const ended = await auth.botTokens.listEnded(new Map([[botId, hash], [changedId, former], [999_999n, hash]]));
    expect(ended).toEqual(new Map([[changedId, 'revoked'], [999_999n, 'revoked']]));
    const { botId: leavingId, ownerId: leavingOwner } = await startBot('9996610011', 'Leaving_bot');
    const leaving = new Map([[leavingId, await hashOf(await auth.bots.doExportToken(leavingOwner, leavingId, false))]]);
    await auth.botTokens.doLogOut(leavingId, 600);
    expect(await auth.botTokens.listEnded(leaving)).toEqual(new Map([[leavingId, 'logged-out']]));
    await auth.botTokens.doLogOut(leavingId, 0);
    expect(await auth.botTokens.listEnded(leaving)).toEqual(new Map());
    // The row was read 3 s ago and compared 1.5 s ago; what changes without a hint is not seen yet, and is once that time is over.
    await world.clock.advance(1500);
    await world.db.q.updateTable('bots').set({ token_hash: Buffer.alloc(32) }).where('bot_id', '=', botId).execute();
    expect((await auth.botTokens.find(token))!.judgement).toBe('right');
    await world.clock.advance(600);
    expect((await auth.botTokens.find(token))!.judgement).toBe('wrong');
  });

  it('leaves no session of the bot, also none that is moved to another data centre at that moment', async () => {
    const { auth } = world.domain;
    const { ownerId, botId, device } = await startBot('9996610001', 'Moving_bot');
    const bytes = await auth.doExportAuthorization(botId, device.permAuthKeyId, 4);
    const moved = await world.newDevice();
    // Something else holds the key that is about to be logged in, so that the two run at the same time.
    const { outcomes } = await world.db.transact('hold-key', async (tx) => {
      await tx.q.selectFrom('auth_keys').select('auth_key_id').where('auth_key_id', '=', moved.permAuthKeyId).forUpdate().execute();
      const importing = auth.doImportAuthorization(moved, botId, bytes);
      await untilWaiting(world, 1);
      const revoking = auth.bots.doExportToken(ownerId, botId, true);
      await untilWaiting(world, 2);
      return { outcomes: Promise.allSettled([importing, revoking]) };
    });
    expect((await outcomes).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    expect(await world.db.q.selectFrom('authorizations').select('auth_key_id').where('user_id', '=', botId).execute()).toEqual([]);
  });

  it('opens nothing after a deletion that both began before, and is not kept where it could be read again', async () => {
    const { ownerId, botId } = await startBot('9996610002', 'Sealed_bot');
    const { auth } = world.domain;
    const token = await auth.bots.doExportToken(ownerId, botId, false);
    const device = await world.newDevice();
    const { outcomes } = await world.db.transact('hold-bot', async (tx) => {
      await tx.q.selectFrom('bots').select('bot_id').where('bot_id', '=', botId).forUpdate().execute();
      const deleting = auth.doDeleteBot(ownerId, botId);
      await untilWaiting(world, 1);
      const loggingIn = auth.bots.doImportBotAuthorization(device, token, APP);
      await untilWaiting(world, 2);
      const revoking = auth.bots.doExportToken(ownerId, botId, true);
      await untilWaiting(world, 3);
      return { outcomes: Promise.all([deleting, errorOf(loggingIn), errorOf(revoking)]) };
    });
    expect(await outcomes).toEqual([undefined, 'ACCESS_TOKEN_EXPIRED', 'BOT_INVALID']);
    expect(await world.db.q.selectFrom('authorizations').select('auth_key_id').where('user_id', '=', botId).execute()).toEqual([]);
    expect((await world.db.q.selectFrom('bots').select('sealed_token').where('bot_id', '=', botId).executeTakeFirstOrThrow()).sealed_token).toHaveLength(0);
  });
});
