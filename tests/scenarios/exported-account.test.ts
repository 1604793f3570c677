import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomLong } from '@mtcute/node/utils.js';
import { createProgram } from '@aerogram/cli/program';
import type { Actor } from '@aerogram/dev-env';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { channelStage, postIn } from './channel-stage.ts';
import { hashOf, makeFile, sendFile } from './file-stage.ts';
import { createGroup, write } from './group-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
let exports: string;
beforeAll(async () => {
  scenario = await startScenario();
  exports = mkdtempSync(join(tmpdir(), 'aerogram-exports-'));
}, 60_000);
afterAll(async () => {
  await scenario?.[Symbol.asyncDispose]();
  rmSync(exports, { recursive: true, force: true });
});

/** Runs a command beside the running server. */
async function aerogram(...args: string[]): Promise<string> {
  const lines: string[] = [];
  const env = { AEROGRAM_DATABASE_URL: scenario.server.databaseUrl, AEROGRAM_DATA_DIR: scenario.server.dataDir };
  vi.stubEnv('TMPDIR', exports);
  try {
    await createProgram(env, (line) => void lines.push(line)).parseAsync(args, { from: 'user' });
  } finally {
    vi.unstubAllEnvs();
  }
  // What the command opens it closes, or its process would not end.
  expect(readdirSync(exports).filter((name) => name.startsWith('aerogram-'))).toEqual([]);
  return lines.join('\n');
}

test('the operator exports an account: all of its private chats and groups, and of channels its own messages', async () => {
  const { id, alice, bob, carol } = await channelStage(scenario);
  await bob.meet(alice);
  const hostile = '<script>document.title = "broken"</script> & "more"';
  for (const text of ['first of Alice', hostile]) await alice.send(bob, text);
  await bob.send(alice, 'answer of Bob');
  const group = await createGroup(alice, [bob]);
  await write(bob, group, 'Bob in the group');
  await postIn(alice, id, 'Alice in the channel');
  await postIn(carol, id, 'Carol in the channel');
  const file = makeFile(300_000, '../../plan <1>.html');
  await sendFile(alice, bob, file, 'a plan');

  const dir = join(exports, 'alice');
  expect(await aerogram('user', 'export', String(alice.id), dir)).toMatch(/^\d chats, \d+ messages, 1 files; /);
  const read = (name: string): string => readFileSync(join(dir, name), 'utf8');
  expect(JSON.parse(read('account.json'))).toMatchObject({ profile: { full_user: { id: String(alice.id) } }, contacts: expect.any(Array), devices: expect.any(Array) });
  const textsIn = (name: string): string[] => (JSON.parse(read(`chats/${name}.json`)) as { message?: string }[]).flatMap(({ message }) => message || []);
  expect(textsIn(`user${bob.id}`)).toEqual(['a plan', 'answer of Bob', hostile, 'first of Alice']);
  expect(textsIn(`group${group.id}`)).toEqual(['Bob in the group']);
  expect(textsIn(`channel${-id - 1_000_000_000_000}`)).toEqual(['Alice in the channel']);
  expect(readdirSync(join(dir, 'chats')).map((name) => read(`chats/${name}`)).join('')).not.toContain('Carol in the channel');

  const [saved] = readdirSync(join(dir, 'files'));
  expect(saved).toMatch(/^\d+-[^/]*plan_1_\.html$/);
  expect(hashOf(readFileSync(join(dir, 'files', saved!)))).toBe(hashOf(file.bytes));
  const page = read(`chats/user${bob.id}-1.html`);
  expect(page).toContain('&lt;script&gt;document.title = &quot;broken&quot;&lt;/script&gt; &amp; &quot;more&quot;');
  expect(page).not.toContain('<script');
  expect(page).toContain(`href="../files/${saved}"`);
  expect(read('index.html')).toContain(`<a href="chats/user${bob.id}-1.html">`);

  await expect(aerogram('user', 'export', String(alice.id), dir)).rejects.toThrow('is not empty');
  const told = /^Your data was exported\.\n\nThe operator of this server has exported the data of your account on \d{4}-\d\d-\d\d at \d\d:\d\d UTC: /;
  const notices = () => [...alice.main.state.messages.values()].filter(({ from, text }) => from === 777000 && told.test(text));
  // The export that was refused is none.
  await alice.main.waitUntil('the notice', () => notices().length === 1);
  expect(await aerogram('user', 'export', String(bob.id), join(exports, 'bob'), '--no-files')).toMatch(/, 0 files; /);
  expect((await aerogram('chats', 'log')).split(`export the data of account ${alice.id}`)).toHaveLength(2);
  expect(notices()).toHaveLength(1);
}, 60_000);

test('an export is whole: long lists, drafts, and what is to be sent later, also where nothing was sent yet', async () => {
  const [ann, ben, cay] = [await scenario.world.user('Ann'), await scenario.world.user('Ben'), await scenario.world.user('Cay')];
  await ann.meet(ben);
  await ann.meet(cay);
  await ann.send(ben, 'sent');
  const date = Math.floor(Date.now() / 1000) + 86_400;
  const schedule = (to: Actor, message: string) => ann.main.change({ _: 'messages.sendMessage', peer: ann.main.inputPeer(to.id), message, randomId: randomLong(), scheduleDate: date });
  await schedule(ben, 'to Ben <later>');
  await schedule(cay, 'to Cay later');
  await ann.main.call({ _: 'messages.saveDraft', peer: ann.main.inputPeer(ben.id), message: 'not sent yet' });
  const BLOCKED = 230;
  const blocked = Array.from({ length: BLOCKED }, (_, n) => ({ owner_id: BigInt(ann.id), peer_id: BigInt(5_000_000 + n), stories_only: false, created_date: 1000 + n }));
  await scenario.server.db.transact('block', (tx) => tx.q.insertInto('blocked_peers').values(blocked).execute());

  const dir = join(exports, 'ann');
  await aerogram('user', 'export', String(ann.id), dir, '--no-files');
  const read = (name: string): string => readFileSync(join(dir, name), 'utf8');
  const account = JSON.parse(read('account.json')) as { blocked: unknown[]; drafts: { draft: { message: string } }[] };
  expect(new Set(account.blocked.map((one) => JSON.stringify(one))).size).toBe(BLOCKED);
  expect(account.drafts.map(({ draft }) => draft.message)).toEqual(['not sent yet']);
  const scheduled = JSON.parse(read('chats/scheduled.json')) as { message: string; date: number }[];
  expect(new Map(scheduled.map(({ message, date: at }) => [message, at]))).toEqual(new Map([['to Ben <later>', date], ['to Cay later', date]]));
  expect(read('chats/scheduled-1.html')).toContain('to Ben &lt;later&gt;');
  expect(read('index.html')).toContain('<a href="chats/scheduled-1.html">Scheduled messages</a> (2)');
});

test('a deleted account is not exported', async () => {
  const dan = await scenario.world.user('Dan');
  await dan.main.call({ _: 'account.deleteAccount', reason: '' });
  await expect(aerogram('user', 'export', String(dan.id), join(exports, 'dan'))).rejects.toThrow(`account ${dan.id} was deleted: nothing is left of it`);
  expect(readdirSync(exports)).not.toContain('dan');
  expect(await aerogram('chats', 'log')).not.toContain(`export the data of account ${dan.id}`);
});
