import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProgram } from '@aerogram/cli/program';
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
