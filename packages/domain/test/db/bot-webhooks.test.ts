import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { NewWebhook } from '../../src/index.ts';
import { createWorld, type World } from './accounts-world.ts';

const at = (botId: bigint, url = 'https://bot.example/'): NewWebhook => ({ bot_id: botId, url, secret: 's', certificate: null, ip_address: '', max_connections: 40 });

describe('the webhooks of bots', () => {
  let world: World;
  let ownerId: bigint;
  const bots: bigint[] = [];
  beforeAll(async () => {
    world = await createWorld();
    ({ userId: ownerId } = await world.signUp('9996610001', 'Owner'));
    for (const username of ['First_bot', 'Second_bot', 'Third_bot', 'Fourth_bot']) bots.push(await world.domain.ownBots.doCreate(ownerId, { name: 'Bot', username }));
    bots.sort((a, b) => (a < b ? -1 : 1));
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const hashOf = async (botId: bigint): Promise<Uint8Array> => (await world.db.q.selectFrom('bots').select('token_hash').where('bot_id', '=', botId).executeTakeFirstOrThrow()).token_hash;

  it('are read one by one, and listed in pages', async () => {
    const { botWebhooks } = world.domain;
    for (const botId of bots) expect(await botWebhooks.doSet(at(botId), await hashOf(botId))).toBe(true);
    expect(await botWebhooks.find(bots[0]!)).toEqual({ ...at(bots[0]!), last_error_date: 0, last_error_message: '', gone_since: 0 });
    const first = await botWebhooks.list(0n, 3);
    const second = await botWebhooks.list(first.at(-1)!.bot_id, 3);
    expect([...first, ...second].map((row) => row.bot_id)).toEqual(bots);
    expect([await botWebhooks.find(1n), await botWebhooks.findAll([])]).toEqual([undefined, []]);
  });

  it('keep their last failure until they are set anew, unless it was of another one', async () => {
    const { botWebhooks } = world.domain;
    const [botId] = bots as [bigint];
    await botWebhooks.doNoteTrouble(at(botId), { last_error_date: 5, last_error_message: 'Connection refused' });
    await botWebhooks.doNoteTrouble(at(botId, 'https://earlier.example/'), { last_error_message: 'Connection timed out', gone_since: 9 });
    expect(await botWebhooks.find(botId)).toMatchObject({ last_error_date: 5, last_error_message: 'Connection refused', gone_since: 0 });
    await botWebhooks.doSet(at(botId, 'https://next.example/'), await hashOf(botId));
    expect(await botWebhooks.find(botId)).toMatchObject({ url: 'https://next.example/', last_error_date: 0, last_error_message: '' });
  });

  it('are removed once, and not in place of another one', async () => {
    const { botWebhooks } = world.domain;
    const [botId] = bots as [bigint];
    expect([await botWebhooks.doRemove(botId, 'https://bot.example/'), await botWebhooks.doRemove(botId, 'https://next.example/'), await botWebhooks.doRemove(botId)]).toEqual([false, true, false]);
  });

  it('end with the token and with the bot, and whoever serves the bot is told', async () => {
    const { botWebhooks, auth } = world.domain;
    const [, revoked, deleted] = bots as [bigint, bigint, bigint];
    const before = await hashOf(revoked);
    const changed: bigint[] = [];
    using _hints = botWebhooks.onChange((botId) => changed.push(botId));
    await auth.bots.doExportToken(ownerId, revoked, false);
    expect(await botWebhooks.find(revoked)).toBeDefined();
    await auth.bots.doExportToken(ownerId, revoked, true);
    await auth.doDeleteBot(ownerId, deleted);
    expect([await botWebhooks.find(revoked), await botWebhooks.find(deleted)]).toEqual([undefined, undefined]);
    expect(changed).toEqual(expect.arrayContaining([revoked, deleted]));
    expect([await botWebhooks.doSet(at(revoked), before), await botWebhooks.doSet(at(deleted), await hashOf(deleted))]).toEqual([false, false]);
    expect(await botWebhooks.findAll([revoked, deleted])).toEqual([]);
    expect(await botWebhooks.doSet(at(revoked), await hashOf(revoked))).toBe(true);
  });
});
