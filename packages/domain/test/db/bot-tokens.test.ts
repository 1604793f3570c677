import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createWorld, errorOf, type World } from './accounts-world.ts';

const APP = { apiId: 1, apiHash: 'h' };

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
