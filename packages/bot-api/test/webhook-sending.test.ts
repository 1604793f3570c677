import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { SELF_SIGNED } from './self-signed.ts';
import { eventually, type FakeInbox, HookServer, WebhookWorld } from './webhook-world.ts';

const BOT = 7n;

let world: WebhookWorld;
let server: HookServer;
beforeEach(async () => {
  world = new WebhookWorld();
  server = await HookServer.open();
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

describe('the updates of a bot with a webhook', () => {
  it('are posted as JSON with the secret, over a kept connection, and deleted', async () => {
    const inbox = world.inbox(BOT);
    inbox.add(1, 1, 1);
    expect(await world.set(BOT, server.url.replace('http://', 'http://me:pass@'), { secret: 'abc-DEF_1' })).toBe('set');
    await eventually(() => inbox.updates.length === 0);
    expect(server.ids).toEqual([1, 2, 3]);
    const { method, url, headers } = server.hits[0]!;
    expect([method, url]).toEqual(['POST', '/hook?x=1']);
    expect(headers).toMatchObject({
      host: `127.0.0.1:${server.port}`, 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': 'abc-DEF_1', authorization: `Basic ${Buffer.from('me:pass').toString('base64')}`,
    });
    expect(server.connections).toBe(1);
    inbox.add(1);
    await eventually(() => inbox.updates.length === 0);
    expect([server.ids, await world.count('delivered')]).toEqual([[1, 2, 3, 4], 4]);
  });

  it('are sent in parallel, but those of a queue in order', async () => {
    const inbox = world.inbox(BOT);
    inbox.add(1, 1, 2, 3);
    server.reply = undefined;
    await world.set(BOT, server.url);
    await server.sees(3);
    expect(server.sortedIds).toEqual([1, 3, 4]);
    server.hits.find(({ id }) => id === 1)!.answer();
    await server.sees(4);
    expect(server.ids.at(-1)).toBe(2);
    for (const hit of server.hits) hit.answer();
    await eventually(() => inbox.updates.length === 0);
  });

  it('are never sent at more connections than the bot wants', async () => {
    const inbox = world.inbox(BOT);
    server.reply = undefined;
    await world.set(BOT, server.url, { max_connections: 2 });
    inbox.add(1, 2, 3, 4);
    await server.sees(2);
    for (let turn = 0; turn < 20; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
    expect(server.ids).toEqual([1, 2]);
    server.hits[0]!.answer();
    await server.sees(3);
    server.reply = (hit) => hit.answer();
    for (const hit of server.hits) hit.answer();
    await eventually(() => inbox.updates.length === 0);
    expect(server.connections).toBe(2);
  });

  it('are sent again after a failure: at once, after 2 seconds, after 4; others go on meanwhile', async () => {
    const inbox = world.inbox(BOT);
    inbox.add(1, 1, 2);
    server.reply = (hit) => hit.answer(hit.queue === 1 ? 500 : 200);
    await world.set(BOT, server.url);
    await server.sees(3);
    await eventually(() => inbox.confirmed.length === 1 && world.rows.rows.get(BOT)?.last_error_message !== '');
    expect(server.sortedIds).toEqual([1, 1, 3]);
    expect((await world.webhooks.find(BOT)).trouble).toEqual({ last_error_date: world.clock.now(), last_error_message: 'Wrong response from the webhook: 500 Internal Server Error', gone_since: 0 });
    await eventually(async () => (await world.count('refused')) === 2);
    await world.clock.advance(1999);
    expect(server.hits).toHaveLength(3);
    await world.clock.advance(1);
    await server.sees(4);
    await eventually(async () => (await world.count('refused')) === 3);
    server.reply = (hit) => hit.answer();
    await world.clock.advance(4000);
    await eventually(() => inbox.updates.length === 0);
    expect(server.ids.slice(3)).toEqual([1, 1, 2]);
  });

  it('rest as long as an overloaded webhook asks for', async () => {
    const inbox = world.inbox(BOT);
    inbox.add(1);
    server.reply = (hit) => hit.answer(429, '', { 'Retry-After': '7' });
    await world.set(BOT, server.url);
    await eventually(async () => (await world.count('refused')) === 1);
    server.reply = (hit) => hit.answer();
    inbox.add(2);
    await world.clock.advance(6999);
    expect(server.hits).toHaveLength(1);
    await world.clock.advance(1);
    await eventually(() => inbox.updates.length === 0);
    expect(server.sortedIds).toEqual([1, 1, 2]);
  });

  it('wait while nothing listens there, with one attempt for all of them', async () => {
    const inbox = world.inbox(BOT);
    const { url } = server;
    await server[Symbol.asyncDispose]();
    inbox.add(1, 2, 3, 4, 5);
    await world.set(BOT, url);
    await eventually(async () => (await world.webhooks.find(BOT)).trouble?.last_error_message === 'Connection refused');
    await eventually(async () => (await world.count('unreachable')) >= 6);
    const attempts = await world.count('unreachable');
    await world.clock.advance(1999);
    expect(await world.count('unreachable')).toBe(attempts);
    await world.clock.advance(1);
    await eventually(async () => (await world.count('unreachable')) === attempts + 1);
    expect(inbox.updates).toHaveLength(5);
  });

  it('are not sent after they have expired', async () => {
    const inbox = world.inbox(BOT);
    inbox.add(1, 1);
    inbox.updates[0]!.expires = world.clock.now();
    await world.set(BOT, server.url);
    await eventually(() => inbox.updates.length === 0);
    expect([server.ids, inbox.confirmed]).toEqual([[2], [1, 2]]);
  });
});

describe('a webhook', () => {
  it('that does not answer loses its connection after a minute, and gets the update again', async () => {
    const inbox = world.inbox(BOT);
    inbox.add(1);
    server.reply = undefined;
    await world.set(BOT, server.url);
    await server.sees(1);
    await world.clock.advance(59_999);
    expect(server.hits).toHaveLength(1);
    server.reply = (hit) => hit.answer();
    await world.clock.advance(1);
    await eventually(() => inbox.updates.length === 0);
    expect([server.ids, (await world.webhooks.find(BOT)).trouble?.last_error_message, await world.count('silent')]).toEqual([[1, 1], 'Read timeout expired', 1]);
  });

  it('that answers endlessly has the update, and is cut off', async () => {
    const inbox = world.inbox(BOT);
    inbox.add(1);
    let isCut = false;
    server.reply = ({ response }) => {
      response.on('close', () => (isCut = true));
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = (): void => {
        if (!isCut) response.write('x'.repeat(16_384), () => setImmediate(more));
      };
      more();
    };
    await world.set(BOT, server.url);
    await eventually(() => inbox.updates.length === 0 && isCut);
    expect([server.ids, world.ran]).toEqual([[1], []]);
  });

  it('that answers slowly is cut off after a minute', async () => {
    const inbox = world.inbox(BOT);
    inbox.add(1);
    server.reply = ({ response }) => void response.writeHead(200).write('{');
    await world.set(BOT, server.url);
    await server.sees(1);
    await eventually(() => server.hits[0]!.response.headersSent);
    for (let turn = 0; turn < 50; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
    await world.clock.advance(60_000);
    await eventually(() => inbox.updates.length === 0);
    expect(world.ran).toEqual([]);
  });

  it('that redirects is not followed', async () => {
    const inbox = world.inbox(BOT);
    inbox.add(1);
    await using other = await HookServer.open();
    server.reply = (hit) => hit.answer(302, '', { Location: other.url });
    await world.set(BOT, server.url);
    await eventually(async () => (await world.count('refused')) === 2);
    expect([(await world.webhooks.find(BOT)).trouble?.last_error_message, other.hits, inbox.updates.length]).toEqual(['Wrong response from the webhook: 302 Found', [], 1]);
  });

  it('that is gone for 23 hours is removed, unless it answers in between', async () => {
    const inbox = world.inbox(BOT);
    inbox.add(1);
    server.reply = (hit) => hit.answer(410);
    await world.set(BOT, server.url);
    await eventually(async () => (await world.count('refused')) === 2);
    const row = world.rows.rows.get(BOT)!;
    expect([row.gone_since, row.last_error_message]).toEqual([world.clock.now(), 'Wrong response from the webhook: 410 Gone']);
    await world[Symbol.asyncDispose]();

    world.rows.rows.set(BOT, { ...row, gone_since: row.gone_since - 23 * 3600 + 1 });
    server.reply = (hit) => hit.answer();
    world = new WebhookWorld({}, world.rows);
    world.inbox(BOT).add(1);
    await eventually(() => world.inbox(BOT).updates.length === 0);
    expect(world.rows.rows.get(BOT)?.gone_since).toBe(0);
    await world[Symbol.asyncDispose]();

    world.rows.rows.set(BOT, { ...row, gone_since: row.gone_since - 23 * 3600 });
    server.reply = (hit) => hit.answer(410);
    world = new WebhookWorld({}, world.rows);
    world.inbox(BOT).add(1);
    await eventually(() => world.rows.rows.size === 0 && world.inbox(BOT).opened === 0);
  });

  it('may answer with a method, which runs before the next update of the queue is sent', async () => {
    const inbox = world.inbox(BOT);
    await world[Symbol.asyncDispose]();
    let finish = (): void => {};
    world = new WebhookWorld({ runAnswer: () => new Promise((_resolve, reject) => (finish = () => reject(new Error('no such method')))) });
    world.inboxes.set(BOT, inbox);
    inbox.add(1, 1, 2);
    server.reply = (hit) => hit.answer(200, hit.id === 1 ? '{"method":"sendMessage"}' : '', { 'content-type': 'application/json' });
    await world.set(BOT, server.url);
    await eventually(() => inbox.confirmed.length === 2);
    expect(server.sortedIds).toEqual([1, 3]);
    finish();
    await eventually(() => inbox.updates.length === 0);
    expect(server.ids.at(-1)).toBe(2);
  });

  it('with a certificate of its own is recognised by it, whatever the name', async () => {
    await using secure = await HookServer.open(SELF_SIGNED);
    const url = `https://127.0.0.1:${secure.port}/`;
    const inbox = world.inbox(BOT);
    inbox.add(1);
    await world.set(BOT, url);
    await eventually(async () => (await world.webhooks.find(BOT)).trouble?.last_error_message === 'SSL error {error:0A000086:SSL routines::certificate verify failed}');
    expect(secure.hits).toEqual([]);
    await world.set(BOT, url, { certificate: SELF_SIGNED.cert });
    await eventually(() => inbox.updates.length === 0);
    expect(secure.ids).toEqual([1]);
  });

  it('cannot be set where the server does not send to; the one before it stays', async () => {
    await world.set(BOT, server.url);
    await expect(world.set(BOT, 'https://169.254.169.254/')).rejects.toThrow('Bad Request: bad webhook: IP address 169.254.169.254 is reserved');
    world.inbox(BOT).add(1);
    await server.sees(1);
  });

  it('that is set again in the same way is kept, and drops what waits if told so', async () => {
    server.reply = (hit) => hit.answer(500);
    expect(await world.set(BOT, server.url)).toBe('set');
    world.inbox(BOT).add(1);
    await eventually(async () => (await world.count('refused')) === 2);
    expect([await world.set(BOT, server.url), await world.webhooks.has(BOT)]).toEqual(['kept', true]);
    expect(await world.set(BOT, server.url, {}, { dropPending: true, allowed: ['message'] })).toBe('kept');
    expect(await world.webhooks.find(BOT)).toMatchObject({ pending: 0, allowed: ['message'], address: '127.0.0.1', webhook: { url: server.url } });
    expect(await world.set(BOT, server.url, { max_connections: 3 })).toBe('set');
  });

  it('that is set again in the same way, by a program in place of one that hangs, gets its updates within seconds', async () => {
    const inbox = world.inbox(BOT);
    inbox.add(1, 2);
    server.reply = undefined;
    await world.set(BOT, server.url);
    await server.sees(2);
    expect(await world.set(BOT, server.url)).toBe('kept');
    expect(await world.set(BOT, server.url)).toBe('kept');
    await world.clock.advance(4999);
    // Whoever is only slow is not disturbed.
    server.hits[0]!.answer();
    await eventually(() => inbox.updates.length === 1);
    server.reply = (hit) => hit.answer();
    await world.clock.advance(1);
    await eventually(() => inbox.updates.length === 0);
    expect([server.ids, await world.count('silent')]).toEqual([[1, 2, server.hits[1]!.id], 1]);
  });

  it('that is paused gets nothing until it is resumed or set again', async () => {
    const inbox = world.inbox(BOT);
    await world.webhooks.pause(BOT);
    expect(await world.webhooks.has(BOT)).toBe(false);
    await world.set(BOT, server.url);
    await world.webhooks.pause(BOT);
    inbox.add(1);
    // The comparison with the rows does not open it either.
    await world.clock.advance(60_000);
    for (let turn = 0; turn < 20; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
    expect([server.hits, inbox.opened, await world.webhooks.has(BOT)]).toEqual([[], 0, true]);
    await world.webhooks.resume(BOT);
    await eventually(() => inbox.updates.length === 0);
    await world.webhooks.pause(BOT);
    inbox.add(1);
    expect(await world.set(BOT, server.url)).toBe('kept');
    await server.sees(2);
    expect(server.sortedIds).toEqual([1, 2]);
  });

  it('ends when it is removed, or its row is, and nothing runs afterwards', async () => {
    const other = 8n;
    await world.set(BOT, server.url);
    await world.set(other, server.url);
    await eventually(() => world.inbox(other).opened === 1);
    expect(await world.webhooks.doRemove(BOT, { dropPending: false, allowed: 'unchanged' })).toBe(true);
    expect(await world.webhooks.doRemove(BOT, { dropPending: false, allowed: 'unchanged' })).toBe(false);
    world.rows.revoke(other);
    await eventually(() => world.inbox(other).opened === 0);
    world.inbox(BOT).add(1);
    world.inbox(other).add(1);
    for (let turn = 0; turn < 20; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
    expect([server.hits, world.inbox(BOT).opened, await world.webhooks.has(BOT)]).toEqual([[], 0, false]);
    // What is left is the comparison with the rows.
    expect(world.clock.pendingTimers()).toBe(1);
  });

  it('whose inbox cannot be opened is opened within a minute', async () => {
    let fails = true;
    const inboxes = { open: (): Promise<FakeInbox> => (fails ? Promise.reject(new Error('no database')) : Promise.resolve(later.inbox(BOT))) };
    await using later: WebhookWorld = new WebhookWorld({ inboxes });
    await expect(later.set(BOT, server.url)).rejects.toThrow('no database');
    expect(await later.webhooks.has(BOT)).toBe(true);
    fails = false;
    later.inbox(BOT).add(1);
    await later.clock.advance(60_000);
    await eventually(() => later.inbox(BOT).updates.length === 0);
  });

  it('whose row was removed without a hint ends within a minute', async () => {
    await world.set(BOT, server.url);
    world.rows.rows.delete(BOT);
    await world.clock.advance(60_000);
    await eventually(() => world.inbox(BOT).opened === 0);
  });
});

describe('a process', () => {
  it('opens the webhooks of its own bots when it starts', async () => {
    const { rows } = world;
    for (let botId = 1n; botId <= 9n; botId++) await rows.doSet({ bot_id: botId, url: server.url, secret: '', certificate: null, ip_address: '', max_connections: 40 });
    await using later = new WebhookWorld({ owns: (botId) => botId % 2n === 0n }, rows);
    await eventually(() => later.inboxes.get(8n)?.opened === 1);
    expect([...later.inboxes.keys()]).toEqual([2n, 4n, 6n, 8n]);
  });

  it('gives the webhooks of bots to another process, and takes those that it gives', async () => {
    const { rows } = world;
    for (let botId = 1n; botId <= 4n; botId++) await rows.doSet({ bot_id: botId, url: server.url, secret: '', certificate: null, ip_address: '', max_connections: 40 });
    let rest = 0n;
    await using process = new WebhookWorld({ owns: (botId) => botId % 2n === rest }, rows);
    const opened = (): bigint[] => [...process.inboxes].filter(([, inbox]) => inbox.opened > 0).map(([botId]) => botId).toSorted((one, other) => Number(one - other));
    await eventually(() => opened().join() === '2,4');
    rest = 1n;
    process.webhooks.ownersChanged();
    await eventually(() => opened().join() === '1,3');
    await expect(process.set(2n, server.url)).rejects.toThrow('Too Many Requests: retry after 1');
  });

  it('sends for one bot while the webhook of another never answers', async () => {
    await using hanging = await HookServer.open();
    hanging.reply = undefined;
    await world.set(BOT, hanging.url);
    world.inbox(BOT).add(...Array.from({ length: 200 }, (_, queue) => queue));
    await hanging.sees(10);
    await world.set(8n, server.url);
    world.inbox(8n).add(1, 1, 1, 1, 1);
    await eventually(() => world.inbox(8n).updates.length === 0);
    expect([server.ids, hanging.hits.length]).toEqual([[1, 2, 3, 4, 5], 10]);
  });
});
