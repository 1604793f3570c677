import type { Actor } from '@aerogram/dev-env';
import { readServerFile } from '@aerogram/runtime';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { channelStage } from './channel-stage.ts';
import { people } from './group-stage.ts';
import { aerogram } from './operator-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
}, 60_000);
afterAll(() => scenario?.[Symbol.asyncDispose]());

const FOLLOWS = { timeout: 5000, interval: 100 };

async function readiness(): Promise<unknown> {
  const { host, port } = readServerFile(scenario.server.dataDir)!.http;
  return (await fetch(`http://${host}:${port}/readyz`)).json();
}

test('in a maintenance people read and log in, what changes something is told to wait, and afterwards it works again', { timeout: 90_000 }, async () => {
  const { id, alice, bob } = await channelStage(scenario);
  await bob.meet(alice);
  const message = await bob.send(alice, 'before');
  await alice.sees('before');
  const send = { _: 'messages.sendMessage', peer: bob.main.inputPeer(alice.id), message: 'meanwhile', randomId: randomLong() } as const;
  expect(await aerogram(scenario, 'maintenance', 'start', '--text', 'new disks')).toMatch(/^maintenance starts now: new disks\n/);
  await expect.poll(async () => (await bob.main.fails({ _: 'account.updateProfile', about: 'me' })).text, FOLLOWS).toBe('FLOOD_WAIT_%d');
  expect(await readiness()).toMatchObject({ status: 'ready', maintenance: expect.stringMatching(/^read-only since .* UTC: new disks$/) });
  expect(await aerogram(scenario, 'status')).toMatch(/^read-only {2}since .* UTC: new disks$/m);

  // For a minute at most clients wait by themselves.
  expect(await bob.main.call(send).catch((error: unknown) => error)).toMatchObject({ code: 420, seconds: 30 });
  await expect(scenario.world.user('Carl')).rejects.toThrow('FLOOD_WAIT_30');
  expect((await bob.main.fails({ _: 'channels.editTitle', channel: alice.main.inputChannel(id), title: 'Other' })).text).toBe('FLOOD_WAIT_%d');
  expect((await bob.main.fails({ _: 'messages.deleteMessages', id: [message.id] })).text).toBe('FLOOD_WAIT_%d');
  // Who reads, comes back or logs in notices nothing.
  expect((await bob.main.loadHistory(alice.id)).map(({ text }) => text)).toEqual(['before']);
  await bob.main.goOffline();
  await bob.main.goOnline();
  await bob.main.catchUp();
  const device = await bob.device();
  expect((await device.loadHistory(alice.id)).map(({ text }) => text)).toEqual(['before']);

  await aerogram(scenario, 'maintenance', 'stop');
  await expect.poll(readiness, FOLLOWS).toEqual({ status: 'ready' });
  // The other device was not told to wait; the first one does not ask before its time.
  await device.call(send);
  await alice.sees('meanwhile');
  expect(await aerogram(scenario, 'chats', 'log', '--limit', '2')).toMatch(/maintenance ends\n.*maintenance starts now: new disks$/);
  await expect(aerogram(scenario, 'maintenance', 'stop')).rejects.toThrow('no maintenance is on');
});

test('an announced maintenance is told to everybody, changes nothing before its time, and can be taken back', { timeout: 60_000 }, async () => {
  const [alice] = (await people(scenario, 'Alice')) as [Actor];
  const at = new Date(Date.now() + 3_600_000).toISOString();
  expect(await aerogram(scenario, 'maintenance', 'start', '--at', at, '--text', 'See https://status.example.com/now for more.')).toMatch(/^maintenance starts on .* UTC: See [^]*\nnotice \d+ announces it to everybody\n/);
  await alice.main.waitUntil('the announcement', () => alice.main.state.box.list().some(({ text }) => text.startsWith('Maintenance from ')));
  expect(await aerogram(scenario, 'maintenance')).toMatch(/^read-only from /);
  expect(await readiness()).toEqual({ status: 'ready' });
  await alice.main.call({ _: 'account.updateProfile', about: 'still here' });
  await expect(aerogram(scenario, 'maintenance', 'start', '--at', '2020-01-31T18:00:00Z')).rejects.toThrow('must be in the future');
  expect(await aerogram(scenario, 'maintenance', 'stop')).toMatch(/^maintenance announced from .* UTC is off; .*\nnotice \d+ announces it to everybody$/);
  expect(await aerogram(scenario, 'maintenance')).toBe('no maintenance is on or announced');
  await alice.main.waitUntil('that it is off', () => alice.main.state.box.list().some(({ text }) => /^The maintenance announced from .* is off\.$/.test(text)));

  // One that starts now takes the place of the announced one, and says so.
  await aerogram(scenario, 'maintenance', 'start', '--at', at);
  expect(await aerogram(scenario, 'maintenance', 'start', '--text', 'now')).toMatch(/^maintenance starts now, instead of the one announced from .* UTC: now\nnotice \d+ announces it to everybody\n/);
  await alice.main.waitUntil('what takes its place', () => alice.main.state.box.list().some(({ text }) => text.startsWith('Maintenance now, instead of the one announced from ')));
  expect(await aerogram(scenario, 'maintenance', 'stop')).toBe('maintenance ends; all nodes follow within 5 seconds');
  await expect.poll(readiness, FOLLOWS).toEqual({ status: 'ready' });
});

test('a notice reaches one account or all, with its links, once', { timeout: 60_000 }, async () => {
  const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
  expect(await aerogram(scenario, 'notice', 'Only for you: https://example.com/a?b=1 and @nobody', '--to', `+${alice.phone}`)).toContain('goes to 1 account');
  const told = await alice.sees('Only for you: https://example.com/a?b=1 and @nobody');
  expect(told.entities.match(/messageEntity\w+/g)).toEqual(['messageEntityUrl']);
  await aerogram(scenario, 'notice', 'For all of you');
  await Promise.all([alice.sees('For all of you'), bob.sees('For all of you')]);
  expect(bob.main.find('Only for you: https://example.com/a?b=1 and @nobody')).toBeUndefined();
  await expect.poll(() => aerogram(scenario, 'notice', 'list', '--limit', '2'), FOLLOWS).toMatch(/(\d+) of \1 accounts, done: For all of you\n.*account \d+, done: Only for you/);
  await expect(aerogram(scenario, 'notice', 'x y '.repeat(1025))).rejects.toThrow('at most 4096 characters');
  await expect(aerogram(scenario, 'notice', ' \n ')).rejects.toThrow('has a text');
  await expect(aerogram(scenario, 'notice', 'x', '--to', '777000')).rejects.toThrow('has no service chat');
  await expect(aerogram(scenario, 'notice', 'stop', '1')).rejects.toThrow('is not on its way');
});
