import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { type BotInbox, InboxTaken, type StoredUpdate } from '../../src/updates/inbox.ts';
import type { OpenInboxes } from '../../src/updates/inboxes.ts';
import { BOT, UpdateWorld } from './update-world.ts';

const textsOf = (updates: readonly StoredUpdate[]): string[] => updates.map(({ json }) => (JSON.parse(json) as { message: { text: string } }).message.text);

describe('the inbox of a bot', () => {
  let world: UpdateWorld;
  let inboxes: OpenInboxes;
  beforeEach(() => {
    world = new UpdateWorld();
    inboxes = world.open();
  });
  afterEach(() => inboxes[Symbol.asyncDispose]());

  async function sees(inbox: BotInbox, texts: string[]): Promise<void> {
    await expect.poll(async () => textsOf(await inbox.list(0, 100))).toEqual(texts);
  }

  it('has what came before it was opened, and what comes then without another read', async () => {
    world.write('one');
    using inbox = await inboxes.open(BOT);
    await sees(inbox, ['one']);
    const { reads } = world;
    world.write('two');
    world.write('three');
    await sees(inbox, ['one', 'two', 'three']);
    expect(world.reads).toBe(reads);
  });

  it('finds what no hint has told at the next repair', async () => {
    using inbox = await inboxes.open(BOT);
    world.write('lost', false);
    await world.clock.advance(2000);
    await sees(inbox, ['lost']);
    world.write('lost too', false);
    world.write('after a hole');
    await sees(inbox, ['lost', 'lost too', 'after a hole']);
  });

  it('stores nothing for what the bot itself writes, until somebody else writes', async () => {
    using inbox = await inboxes.open(BOT);
    const { saves } = world;
    for (let n = 0; n < 20; n++) world.write('own', true, BOT);
    await world.clock.advance(2000);
    expect(world.saves).toBe(saves);
    world.write('hello');
    await sees(inbox, ['hello']);
    expect(world.row.reach.pts).toBe(world.pts);
  });

  it('holds a thousand updates, and goes on when the bot has confirmed some', async () => {
    for (let n = 0; n < 1250; n++) world.write(String(n), false);
    using inbox = await inboxes.open(BOT);
    await expect.poll(() => inbox.count()).toBe(1000);
    expect(world.stored.size).toBe(1000);
    world.write('a hint does not help', true);
    await world.clock.advance(2000);
    expect(await inbox.count()).toBe(1000);
    const first = await inbox.list(0, 100);
    await inbox.confirmBefore(first.at(-1)!.id + 1);
    await expect.poll(() => inbox.count()).toBe(1000);
    expect(textsOf(await inbox.list(0, 1))).toEqual(['100']);
    await inbox.keepLast(2);
    expect(textsOf(await inbox.list(0, 100))).toEqual(['1249', 'a hint does not help']);
  });

  it('begins where the box is young enough', async () => {
    for (let n = 0; n < 1100; n++) world.write(`old ${n}`, false);
    await world.clock.advance(25 * 3_600_000);
    world.write('young', false);
    using inbox = await inboxes.open(BOT);
    await sees(inbox, ['young']);
    expect(world.reads).toBe(1);
  });

  it('drops everything, also what was not read yet', async () => {
    for (let n = 0; n < 1100; n++) world.write(String(n), false);
    using inbox = await inboxes.open(BOT);
    await inbox.drop();
    expect(await inbox.count()).toBe(0);
    expect(world.stored.size).toBe(0);
    world.write('new');
    await sees(inbox, ['new']);
  });

  it('hands out nothing that is not stored, and goes on after a failure', async () => {
    using inbox = await inboxes.open(BOT);
    world.failure = new Error('the database is away');
    world.write('kept');
    await expect.poll(() => inbox.list(0, 100).catch((error: Error) => error.message)).toBe('the database is away');
    expect(world.stored.size).toBe(0);
    world.failure = undefined;
    await world.clock.advance(2000);
    await sees(inbox, ['kept']);
  });

  it('leaves out what cannot be made, rather than stop', async () => {
    using inbox = await inboxes.open(BOT);
    world.poison = 'bad';
    for (const text of ['good', 'bad', 'better']) world.write(text, false);
    for (let n = 0; n < 4; n++) await world.clock.advance(2000);
    await sees(inbox, ['good', 'better']);
  });

  it('confirms single updates, which do not come again', async () => {
    using inbox = await inboxes.open(BOT);
    for (const text of ['a', 'b', 'c']) world.write(text);
    await sees(inbox, ['a', 'b', 'c']);
    const [, b] = await inbox.list(0, 100);
    await inbox.confirm([b!.id]);
    await sees(inbox, ['a', 'c']);
    await world.clock.advance(2000);
    await expect.poll(() => world.stored.has(b!.id)).toBe(false);
    await sees(inbox, ['a', 'c']);
  });

  it('tells live questions before older messages, once', async () => {
    for (let n = 0; n < 3; n++) world.write(String(n), false);
    world.told = [{ queryId: 9n, date: world.clock.now(), update: { _: 'updateBotCallbackQuery', query_id: 9n, user_id: 5n, peer: { _: 'peerUser', user_id: 5n }, msg_id: 1, chat_instance: 1n } }];
    using inbox = await inboxes.open(BOT);
    await expect.poll(() => inbox.count()).toBe(4);
    expect((await inbox.list(0, 10)).map(({ name }) => name)).toEqual(['callback_query', 'message', 'message', 'message']);
    await world.clock.advance(151_000);
    await expect.poll(() => inbox.count()).toBe(3);
  });

  it('writes nothing while nobody has it open, but for a moment after', async () => {
    const inbox = await inboxes.open(BOT);
    inbox[Symbol.dispose]();
    world.write('soon after');
    await expect.poll(() => world.stored.size).toBe(1);
    await world.clock.advance(32_000);
    expect(world.clock.pendingTimers()).toBe(0);
    const { saves } = world;
    world.write('much later');
    await world.clock.advance(10_000);
    expect(world.saves).toBe(saves);
    using again = await inboxes.open(BOT);
    await sees(again, ['soon after', 'much later']);
  });

  it('is lost to another process that opens it, which goes on without using an id twice', async () => {
    using inbox = await inboxes.open(BOT);
    world.write('first');
    await sees(inbox, ['first']);
    await using others = world.open();
    using other = await others.open(BOT);
    world.write('second');
    await sees(other, ['first', 'second']);
    await expect.poll(() => inbox.list(0, 10).catch((error: Error) => error)).toBeInstanceOf(InboxTaken);
    expect([...world.stored.keys()]).toEqual([500_000_000, 500_000_001]);
  });
});
