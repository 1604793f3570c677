// People, bots and sets of the kit: what tests of bot makers do, over a server in this process.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { Stage } from './kit-stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage[Symbol.asyncDispose]());

describe('a person and a bot', () => {
  it('write to each other', async () => {
    const set = stage.set();
    const [bot, ann] = [await set.bot(), await set.person('Ann')];
    await ann.send(bot, '/start');
    expect(await bot.update()).toMatchObject({ message: { text: '/start', from: { first_name: 'Ann' }, entities: [{ type: 'bot_command' }] } });
    await bot.call('sendMessage', { chat_id: ann.id, text: 'Welcome' });
    expect(await ann.next(bot)).toMatchObject({ text: 'Welcome', from: { id: bot.id, username: bot.username }, out: false });
  });
});
