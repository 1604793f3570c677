import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProgram } from '@aerogram/cli/program';
import type { Actor } from '@aerogram/dev-env';
import { findRepositoryRoot } from '@aerogram/dev-env/load';
import { readServerFile } from '@aerogram/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createChannel, inviteTo, losesChannel, postIn } from './channel-stage.ts';
import { people } from './group-stage.ts';
import { enter, exportInvite } from './invite-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
let dataDir: string;
beforeAll(async () => {
  scenario = await startScenario();
  dataDir = mkdtempSync(join(tmpdir(), 'aerogram-guide-'));
}, 60_000);
afterAll(async () => {
  await scenario?.[Symbol.asyncDispose]();
  rmSync(dataDir, { recursive: true, force: true });
});

/** A command of the guide, and what it prints there. */
interface Recipe {
  args: string[];
  output: string;
}

/** The commands in the blocks of a page, from top to bottom. */
function readRecipes(page: string): Recipe[] {
  const blocks = [...page.matchAll(/```console\n(.*?)```/gs)].map((block) => block[1]!);
  return blocks.flatMap((block) =>
    block.split(/^\$ aerogram /m).slice(1).map((text) => {
      const [command = '', ...output] = text.trim().split('\n');
      return { args: [...command.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word), output: output.join('\n') };
    }),
  );
}

const NUMBER = /-?\d+/g;
const withoutDates = (text: string): string => text.replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, 'DATE').replaceAll(/\d{4}-\d\d-\d\d at \d\d:\d\d UTC/g, 'DATE').replaceAll(/message \d+/g, 'message N');

async function run(args: readonly string[]): Promise<string> {
  const lines: string[] = [];
  await createProgram({ AEROGRAM_DATABASE_URL: scenario.server.databaseUrl, AEROGRAM_DATA_DIR: dataDir }, (line) => void lines.push(line)).parseAsync([...args], { from: 'user' });
  return lines.join('\n');
}

test('the guide for operators can be followed from top to bottom', { timeout: 240_000 }, async () => {
  const [alice, bob, carol, dave] = (await people(scenario, 'Alice', 'Bob', 'Carol', 'Dave')) as [Actor, Actor, Actor, Actor];
  const climbing = await createChannel(alice, 'megagroup', 'Climbing');
  await inviteTo(alice, climbing, [bob, carol]);
  await alice.main.change({ _: 'channels.updateUsername', channel: alice.main.inputChannel(climbing), username: 'climbing_club' });
  const news = await createChannel(alice, 'broadcast', 'News');
  const members = await createChannel(carol, 'megagroup', 'Members only');
  await inviteTo(carol, members, [bob]);

  // The ids on the page, and those here.
  const ids: [string, number][] = [['101', alice.id], ['102', bob.id], ['103', carol.id], ['-1000000000101', climbing], ['-1000000000201', news], ['-1000000000301', members]];
  const toHere = new Map(ids.map(([page, here]) => [page, String(here)]));
  const toPage = new Map(ids.map(([page, here]) => [String(here), page]));
  const translate = (text: string, map: Map<string, string>): string => text.replaceAll(NUMBER, (number) => map.get(number) ?? number);

  /** What happens before a command. */
  const before: Record<string, () => Promise<unknown>> = {
    'chats links @climbing_club': async () => {
      const { link } = await exportInvite(alice, climbing, { title: 'Summer course', usageLimit: 10, expireDate: Math.floor(Date.now() / 1000) + 86_400 });
      await enter(dave, link);
    },
    'chats list --ownerless': async () => {
      await carol.main.change({ _: 'channels.leaveChannel', channel: carol.main.inputChannel(members) });
    },
    'notice list': async () => {
      await expect.poll(() => run(['notice', 'list'])).toContain(', done: ');
    },
    'reports list': async () => {
      // The server follows the end of the maintenance a moment later.
      await expect.poll(async () => (await fetch(`http://127.0.0.1:${readServerFile(scenario.server.dataDir)!.http.port}/readyz`)).json(), { timeout: 5000 }).toEqual({ status: 'ready' });
      const msgId = await postIn(bob, climbing, 'buy cheap ropes');
      await carol.sees('buy cheap ropes');
      await carol.main.call({ _: 'messages.report', peer: carol.main.inputPeer(climbing), id: [msgId], option: Buffer.from('spam'), message: '' });
    },
  };
  const recipes = readRecipes(readFileSync(join(findRepositoryRoot(), 'docs/operators.md'), 'utf8'));
  expect(recipes.length).toBeGreaterThan(15);
  for (const { args, output } of recipes) {
    const command = args.join(' ');
    await before[command]?.();
    delete before[command];
    const printed = await run(args.map((arg) => translate(arg, toHere)));
    expect(`$ aerogram ${command}\n${withoutDates(translate(withoutDates(printed), toPage))}`).toBe(`$ aerogram ${command}\n${withoutDates(output)}`);
  }
  expect(before).toEqual({});
  // What the commands have done reaches those whom it concerns.
  await losesChannel(bob.main, members);
  await bob.sees('action:messageActionChangeCreator');
});
