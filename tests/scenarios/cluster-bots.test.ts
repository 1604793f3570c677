import { hasNats } from '@aerogram/bus/testing';
import { Actor, startTestCluster, type TestCluster } from '@aerogram/dev-env';
import type { RunningNode } from '@aerogram/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HookServer } from '../../packages/bot-api/test/webhook-world.ts';
import { makeBot, write } from './bot-stage.ts';
import { CheckedBot } from './checked-bot.ts';
import { type BotUpdate, PollingBot } from './polling-bot.ts';

const NAMES = ['First_bot', 'Second_bot', 'Third_bot', 'Fourth_bot', 'Fifth_bot', 'Sixth_bot'];

describe.runIf(hasNats)(`bots of two nodes${hasNats ? '' : ' (skipped: nats-server)'}`, () => {
  let cluster: TestCluster;
  let person: Actor;
  /** Each bot, as a program that asks at each of the nodes. */
  const bots: (readonly [PollingBot, PollingBot])[] = [];
  beforeAll(async () => {
    cluster = await startTestCluster(2);
    person = await Actor.signUp(cluster.nodes[0]!, { name: 'Person', phone: '9996610003', code: '11111' });
    for (const name of NAMES) {
      const made = await makeBot(cluster, name);
      await write(person, made, '/start');
      bots.push([new PollingBot(cluster.nodes[0]!, made), new PollingBot(cluster.nodes[1]!, made)]);
    }
  }, 60_000);
  afterAll(async () => {
    await person?.main.goOffline();
    await cluster?.[Symbol.asyncDispose]();
  });

  const say = (bot: PollingBot, message: string): Promise<unknown> => person.main.change({ _: 'messages.sendMessage', peer: person.main.inputPeer(bot.made.id), message, randomId: randomLong() });

  test('one node answers for a bot, whichever is asked', async () => {
    for (const [here, there] of bots) {
      expect((await here.fetch()).length).toBe(1);
      expect(await there.untilText('/start')).toEqual(['/start']);
      await say(here, 'hello');
      here.offset = there.offset;
      expect(await here.untilText('hello')).toEqual(['hello']);
      await here.call('sendMessage', { chat_id: person.id, text: `from ${here.made.username}` });
      await person.sees(`from ${here.made.username}`);
    }
  });

  test('two programs that ask for the updates of one bot at different nodes hinder each other', async () => {
    const [here, there] = bots[0]!;
    const first = here.ask('getUpdates', { offset: here.offset, timeout: 20 });
    await expect.poll(() => there.ask('getUpdates', { offset: here.offset, timeout: 0 })).toMatchObject({ ok: true });
    expect(await Promise.race([first, there.ask('getUpdates', { offset: here.offset, timeout: 1 }).then(() => first)])).toMatchObject({ ok: false, error_code: 409 });
  });

  test('when a node joins and when it ends, updates and webhooks go on', async () => {
    await using hook = await HookServer.open();
    const accepted: BotUpdate[] = [];
    hook.reply = (hit) => {
      accepted.push(hit.update as unknown as BotUpdate);
      hit.answer();
    };
    const textsFor = (name: string): (string | undefined)[] => accepted.map(({ message }) => message?.text).filter((text) => text?.startsWith(name));
    const [polled, hooked] = [bots.slice(0, 3).map(([, there]) => there), bots.slice(3).map(([here]) => here)];
    for (const bot of hooked) await new CheckedBot(cluster.nodes[1]!, bot.made.token).call('setWebhook', { url: hook.url, allowed_updates: ['message'] });
    const goOn = async (when: string): Promise<void> => {
      for (const bot of [...polled, ...hooked]) await say(bot, `${bot.made.username} ${when}`);
      for (const bot of polled) await bot.untilText(`${bot.made.username} ${when}`);
      for (const bot of hooked) await expect.poll(() => textsFor(bot.made.username).at(-1), { timeout: 10_000 }).toBe(`${bot.made.username} ${when}`);
    };
    await goOn('before');
    const third: RunningNode = await cluster.join();
    await goOn('with three');
    await third.stop();
    await goOn('with two again');
    for (const { made } of hooked) expect([...new Set(textsFor(made.username))]).toEqual(['before', 'with three', 'with two again'].map((when) => `${made.username} ${when}`));
  });
});
