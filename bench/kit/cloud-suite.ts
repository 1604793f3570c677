import assert from 'node:assert/strict';
import type { Cloud } from '@aerogram/testing';
import { TinyBot } from './tiny-bot.ts';

/** One test of the tiny bot in a cloud: a set with a person and a bot of its own, a greeting, a reply, a press and an edit. */
export async function testInCloud(cloud: Cloud, n: number): Promise<void> {
  await using set = await cloud.set();
  const account = await set.bot();
  const ann = await set.person('Ann');
  const bot = new TinyBot({ apiRoot: cloud.apiRoot, token: account.token, fetch });
  try {
    await ann.send(account, '/start');
    const greeting = await ann.next(account, 'Hello!');
    await ann.send(account, `words ${n}`);
    assert.equal((await ann.next(account)).text, `You wrote: words ${n}`);
    const press = await ann.press(account, 'Press');
    assert.equal(press.text, 'Thank you');
    assert.equal((await ann.edited(greeting)).text, 'Pressed 1 times');
  } finally {
    await bot.stop();
  }
}
