import type { tl } from '@aerogram/tl';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { onUserHint } from '../../src/events/index.ts';
import type { UserRow } from '../../src/peers/index.ts';
import { createWorld, errorOf, type World } from './accounts-world.ts';

const BOT = 7_000_001n;

const article = (id: string, message: string): tl.inputBotInlineResult => ({
  _: 'inputBotInlineResult', id, type: 'article', title: id, send_message: { _: 'inputBotInlineMessageText', message },
});

describe('the results of an inline bot', () => {
  let world: World;
  let asked: tl.updateBotInlineQuery[];
  let listening: Disposable;
  const bot = { user_id: BOT, bot: true, deleted: false } as UserRow;
  beforeAll(async () => {
    world = await createWorld();
    await world.db.transact('test', async (tx) => {
      await tx.q.insertInto('users').values({ user_id: BOT, phone: null, bot: true, first_name: 'Bot', last_name: '', username: null, created_date: 1, online_date: 0 }).execute();
      await tx.q.insertInto('bots').values({ bot_id: BOT, owner_id: null, created_date: 1, inline_placeholder: 'Search', token_hash: new Uint8Array(32), sealed_token: new Uint8Array() }).execute();
    });
  });
  afterAll(() => world[Symbol.asyncDispose]());
  beforeEach(() => {
    asked = [];
    listening = onUserHint(world.bus, BOT, (hint) => {
      if (hint.kind === 'transient' && hint.update._ === 'updateBotInlineQuery') asked.push(hint.update);
    });
  });
  afterEach(() => listening[Symbol.dispose]());

  const find = (userId: bigint, query: string) => world.domain.inline.doFindResults({ userId, bot, peer: undefined, geo: undefined, query, offset: '' });
  /** Asks the bot, which answers. */
  async function ask(userId: bigint, query: string, answer: { cache_time: number; private?: boolean }): Promise<tl.messages.botResults> {
    const before = asked.length;
    const found = find(userId, query);
    await expect.poll(() => asked.length).toBe(before + 1);
    await world.domain.inline.doAnswer(BOT, asked.at(-1)!.query_id, { results: [article('a', `about ${query}`)], ...answer });
    return found;
  }

  it('are given again until they are too old, and sent for an hour longer', async () => {
    const { inline } = world.domain;
    const first = await ask(1n, 'cats', { cache_time: 60 });
    expect(first.cache_time).toBe(60);
    await world.clock.advance(59_000);
    expect(await find(2n, 'cats')).toMatchObject({ query_id: first.query_id, cache_time: 1 });
    await world.clock.advance(1000);
    const second = await ask(2n, 'cats', { cache_time: 0 });
    expect(second.query_id).not.toBe(first.query_id);
    await world.clock.advance(3_599_000);
    expect(await inline.accessResult(2n, first.query_id, 'a')).toMatchObject({ botId: BOT, content: { text: { text: 'about cats' } } });
    await world.clock.advance(1000);
    expect(await errorOf(inline.accessResult(2n, first.query_id, 'a'))).toBe('INLINE_RESULT_EXPIRED');
    // What is over is removed with what comes next.
    await world.clock.advance(1000);
    await ask(2n, 'dogs', { cache_time: 0 });
    expect(await world.db.q.selectFrom('inline_sets').select('set_id').where('set_id', 'in', [first.query_id, second.query_id]).execute()).toEqual([]);
  });

  it('are not stored without end', async () => {
    const { inline } = world.domain;
    const answerAs = (botId: bigint): Promise<string> => errorOf(inline.doAnswer(botId, 1n, { results: [article('a', 'x'.repeat(1_000_000))], cache_time: 0 }));
    const errors = new Set<string>();
    for (let n = 0; n < 20; n++) errors.add(await answerAs(BOT));
    expect([...errors]).toEqual(['MESSAGE_TOO_LONG', expect.stringMatching(/^FLOOD_WAIT_/)]);
    // Another bot is not hindered.
    expect(await answerAs(BOT + 1n)).toBe('MESSAGE_TOO_LONG');
    await world.clock.advance(60_000);
  });

  it('belong to whoever asked, if the bot says so or wants to be asked each time', async () => {
    const { inline } = world.domain;
    for (const answer of [{ cache_time: 300, private: true }, { cache_time: 0 }]) {
      const own = await ask(3n, `own ${answer.cache_time}`, answer);
      expect(await errorOf(inline.accessResult(4n, own.query_id, 'a'))).toBe('INLINE_RESULT_EXPIRED');
      expect(await inline.accessResult(3n, own.query_id, 'a')).toMatchObject({ resultId: 'a' });
      expect((await ask(4n, `own ${answer.cache_time}`, answer)).query_id).not.toBe(own.query_id);
    }
  });
});
