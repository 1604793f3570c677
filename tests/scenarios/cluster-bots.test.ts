import { hasNats } from '@aerogram/bus/testing';
import { ownerOf } from '@aerogram/cluster';
import { Actor, type BotAnswer, startTestCluster, type TestCluster } from '@aerogram/dev-env';
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
    cluster = await startTestCluster(2, { AEROGRAM_MAX_CONNECTIONS_PER_ADDRESS: '2' });
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
    const polls = new AbortController();
    const ask = async (bot: PollingBot): Promise<BotAnswer> => {
      const answer = await bot.ask('getUpdates', { offset: here.offset, timeout: 20 }, polls.signal);
      if (answer.ok) throw new Error('nothing has hindered it');
      return answer;
    };
    // It is open which of the two requests arrives first. The later one ends the earlier one, which is answered with 409.
    const hindered = await Promise.any([ask(here), ask(there)]);
    polls.abort();
    expect(hindered).toMatchObject({ ok: false, error_code: 409 });
  });

  test('a client has only so many requests that another node answers, and others are not held up', async () => {
    const names = cluster.nodes.map(({ name }) => name);
    const answeredBy = (at: number): PollingBot[] => bots.map(([asked]) => asked).filter(({ made }) => ownerOf(`bot${made.id}`, names) === names[at]);
    const [own, others] = [answeredBy(0)[0], answeredBy(1)[0]!];
    const ask = (bot: PollingBot, network: string, method = 'getMe', signal?: AbortSignal): Promise<Response> => fetch(bot.url(method), { headers: { 'X-Forwarded-For': network }, ...(signal && { signal }) });
    const statusOf = async (bot: PollingBot, network: string): Promise<number> => (await ask(bot, network)).status;
    const polls = new AbortController();
    // Each ends the other as a poll, so they are two requests whose bodies do not come.
    const held = [1, 2].map(() => {
      const body = new ReadableStream({ start: (controller) => controller.enqueue(Buffer.from('{')) });
      const init = { method: 'POST', body, duplex: 'half', headers: { 'Content-Type': 'application/json', 'X-Forwarded-For': '203.0.113.5' }, signal: polls.signal };
      return fetch(others.url('sendMessage'), init as RequestInit).catch((error: Error) => error.name);
    });
    await expect.poll(() => statusOf(others, '203.0.113.5')).toBe(429);
    expect(await (await ask(others, '203.0.113.5')).json()).toEqual({ ok: false, error_code: 429, description: 'Too Many Requests: retry after 5', parameters: { retry_after: 5 } });
    expect(await statusOf(others, '203.0.113.6')).toBe(200);
    if (own) expect(await statusOf(own, '203.0.113.5')).toBe(200);
    polls.abort();
    expect(await Promise.all(held)).toEqual(['AbortError', 'AbortError']);
    await expect.poll(() => statusOf(others, '203.0.113.5')).toBe(200);
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
