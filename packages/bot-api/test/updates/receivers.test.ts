import { afterEach, beforeEach, describe, expect, it } from 'vitest';

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
  const { signal } = new AbortController();
  beforeEach(() => {
    world = new UpdateWorld();
    inboxes = world.open();
    hasWebhook = false;
    receivers = new Receivers({ inboxes, clock: world.clock, hasWebhook: async () => hasWebhook });
  });
  afterEach(() => inboxes[Symbol.asyncDispose]());

  const poll = (more: Partial<PollRequest> = {}, gone = signal): Promise<string> =>
    receivers.poll(BOT, { offset: 0, limit: 100, timeoutMs: 50_000, allowed: '', ...more }, gone).then(
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

  it('are refused when another one comes; a second refusal takes three seconds', async () => {
    await poll({ timeoutMs: 0 });
    const first = await waiting();
    const second = poll();
    expect(await first.end).toBe(OTHER);
    await expect.poll(() => world.clock.pendingTimers()).toBe(2);
    const third = poll();
    let isRefused = false;
    void second.then(() => (isRefused = true));
    // The timers are those of the repair, of the refusal, and of the third poller.
    await expect.poll(() => world.clock.pendingTimers()).toBe(3);
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

  it('end without updates when the server stops', async () => {
    await poll({ timeoutMs: 0 });
    const { end } = await waiting();
    receivers[Symbol.dispose]();
    expect(await end).toBe('');
  });
});

describe('the list of wanted updates', () => {
  it('is read as the reference says', () => {
    expect(readAllowed('')).toBe('unchanged');
    expect(readAllowed('[]')).toBeUndefined();
    expect(readAllowed('null')).toBeUndefined();
    expect(readAllowed('["Message", "poll", "message", "no_such"]')).toEqual(['message', 'poll']);
    expect(readAllowed('["no_such"]')).toBeUndefined();
    for (const text of ['{}', '[1]', 'no json', '"message"']) expect(readAllowed(text)).toBe('unchanged');
  });
});
