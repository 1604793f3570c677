import { silentLogger } from '@aerogram/runtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { BotError } from '../../src/bot-error.ts';
import { Params } from '../../src/params/params.ts';
import { readAllowed } from '../../src/updates/allowed-updates.ts';
import type { OpenInboxes } from '../../src/updates/inboxes.ts';
import { type PollRequest, Receivers } from '../../src/updates/receivers.ts';
import { BOT, UpdateWorld } from './update-world.ts';

const OTHER = 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running';

describe('the pollers of a bot', () => {
  let world: UpdateWorld;
  let inboxes: OpenInboxes;
  let receivers: Receivers;
  let hasWebhook: boolean;
  let isOwner: boolean;
  /** The first bytes of hashes of tokens that cannot be used any more. */
  const ended = new Map<number, 'revoked' | 'logged-out'>();
  let changed: (botId: bigint) => void;
  const { signal } = new AbortController();
  beforeEach(() => {
    world = new UpdateWorld();
    inboxes = world.open();
    hasWebhook = false;
    isOwner = true;
    ended.clear();
    receivers = new Receivers({
      inboxes,
      tokens: { listEnded: async (tokens) => new Map([...tokens].flatMap(([botId, hash]) => (ended.has(hash[0]!) ? [[botId, ended.get(hash[0]!)!] as const] : []))) },
      clock: world.clock,
      log: silentLogger,
      owns: () => isOwner,
      hasWebhook: async () => hasWebhook,
      onBotChange(listener) {
        changed = listener;
        return { [Symbol.dispose]: () => undefined };
      },
    });
  });
  afterEach(() => inboxes[Symbol.asyncDispose]());

  const poll = (more: Partial<PollRequest> = {}, gone = signal): Promise<string> =>
    receivers.poll(BOT, { offset: 0, limit: 100, timeoutMs: 50_000, allowed: 'unchanged', tokenHash: Uint8Array.of(1), checkToken: () => Promise.resolve(), ...more }, gone).then(
      (updates) => updates.map(({ json }) => (JSON.parse(json) as { message: { text: string } }).message.text).join(),
      (error: Error) => error.message,
    );
  /** Begins to wait. @returns the poll, when its timer runs */
  async function waiting(gone = signal): Promise<{ end: Promise<string> }> {
    const timers = world.clock.pendingTimers();
    const end = poll({}, gone);
    await expect.poll(() => world.clock.pendingTimers()).toBeGreaterThan(timers);
    await inboxes.open(BOT).then((inbox) => inbox[Symbol.dispose]());
    return { end };
  }

  it('wait until their time is over, or something comes', async () => {
    const empty = poll({ timeoutMs: 5000 });
    for (let n = 0; n < 6; n++) await world.clock.advance(1000);
    expect(await empty).toBe('');
    const { end } = await waiting();
    world.write('hello');
    expect(await end).toBe('hello');
  });

  it('end when their clients are gone, and leave no timer', async () => {
    const gone = new AbortController();
    await poll({ timeoutMs: 0 });
    const timers = world.clock.pendingTimers();
    const { end } = await waiting(gone.signal);
    gone.abort();
    expect(await end).toBe('');
    expect(world.clock.pendingTimers()).toBe(timers);
  });

  it('end without an error when another process answers for their bots', async () => {
    const { end } = await waiting();
    receivers.ownersChanged();
    isOwner = false;
    receivers.ownersChanged();
    expect(await end).toBe('');
  });

  it('find their updates again when their bots come back from another process', async () => {
    await using inboxes = world.open(() => isOwner);
    (await inboxes.open(BOT))[Symbol.dispose]();
    const { ownerEpoch } = world.row;
    isOwner = false;
    inboxes.ownersChanged();
    isOwner = true;
    (await inboxes.open(BOT))[Symbol.dispose]();
    expect(world.row.ownerEpoch).toBe(ownerEpoch + 1);
  });

  it('are refused when another one comes; a second refusal takes three seconds', async () => {
    await poll({ timeoutMs: 0 });
    const first = await waiting();
    const second = poll();
    expect(await first.end).toBe(OTHER);
    await expect.poll(() => world.clock.pendingTimers()).toBe(3);
    const third = poll();
    let isRefused = false;
    void second.then(() => (isRefused = true));
    // The timers are those of the repair, of the checks of tokens, of the refusal, and of the third poller.
    await expect.poll(() => world.clock.pendingTimers()).toBe(4);
    await world.clock.advance(2900);
    expect(isRefused).toBe(false);
    await world.clock.advance(100);
    expect(await second).toBe(OTHER);
    world.write('for the last one');
    expect(await third).toBe('for the last one');
  });

  it('are refused while a webhook is set, and when one is', async () => {
    await poll({ timeoutMs: 0 });
    const { end } = await waiting();
    receivers.webhookSet(BOT);
    expect(await end).toBe('Conflict: terminated by setWebhook request');
    hasWebhook = true;
    const refused = poll();
    await expect.poll(() => world.clock.pendingTimers()).toBe(2);
    await world.clock.advance(3000);
    expect(await refused).toBe("Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first");
  });

  it('are refused when the token is revoked, and two seconds later if no hint says so', async () => {
    await poll({ timeoutMs: 0 });
    const told = await waiting();
    changed(BOT + 1n);
    ended.set(1, 'revoked');
    changed(BOT);
    expect(await told.end).toBe('Unauthorized');
    ended.clear();
    const untold = await waiting();
    ended.set(1, 'revoked');
    await world.clock.advance(2000);
    expect(await untold.end).toBe('Unauthorized');
    // Who waits with the new token goes on.
    const timers = world.clock.pendingTimers();
    const renewed = poll({ tokenHash: Uint8Array.of(2) });
    await expect.poll(() => world.clock.pendingTimers()).toBe(timers + 2);
    changed(BOT);
    await world.clock.advance(2000);
    world.write('for the new token');
    expect(await renewed).toBe('for the new token');
  });

  it('are refused when the bot logs out at another node, and two seconds later if no hint says so', async () => {
    await poll({ timeoutMs: 0 });
    const told = await waiting();
    ended.set(1, 'logged-out');
    changed(BOT);
    expect(await told.end).toBe('Logged out');
    ended.clear();
    const untold = await waiting();
    ended.set(1, 'logged-out');
    await world.clock.advance(2000);
    expect(await untold.end).toBe('Logged out');
  });

  it('are not given what came after the token was revoked, even before anybody is told of that', async () => {
    world.write('not for whoever has the old token');
    expect(await poll({ timeoutMs: 0, checkToken: () => Promise.reject(new BotError(401, 'Unauthorized')) })).toBe('Unauthorized');
    expect(await poll({ timeoutMs: 0 })).toBe('not for whoever has the old token');
  });

  it('end without updates when the bot is closed, and are refused when it logs out', async () => {
    await poll({ timeoutMs: 0 });
    const closed = await waiting();
    receivers.end(BOT);
    expect(await closed.end).toBe('');
    const loggedOut = await waiting();
    receivers.end(BOT, new BotError(400, 'Logged out'));
    expect(await loggedOut.end).toBe('Logged out');
  });

  it('end without updates when the server stops', async () => {
    await poll({ timeoutMs: 0 });
    const { end } = await waiting();
    receivers[Symbol.dispose]();
    expect(await end).toBe('');
  });
});

describe('the list of wanted updates', () => {
  it('is read as the reference says', () => {
    const read = (value: unknown): ReturnType<typeof readAllowed> => readAllowed(new Params(new Map([['allowed_updates', value]])));
    for (const value of ['', undefined, '{}', '[1]', 'no json', '"message"']) expect(read(value)).toBe('unchanged');
    for (const value of [null, 'null', '[]', [], '["no_such"]']) expect(read(value)).toBeUndefined();
    expect(readAllowed(new Params(new Map()))).toBe('unchanged');
    expect(read('["Message", "poll", "message", "no_such"]')).toEqual(['message', 'poll']);
  });
});
