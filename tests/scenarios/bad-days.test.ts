import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProgram } from '@aerogram/cli/program';
import type { Actor } from '@aerogram/dev-env';
import { findRepositoryRoot } from '@aerogram/dev-env/load';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createChannel, inviteTo } from './channel-stage.ts';
import { documentOf, makeFile, sendFile } from './file-stage.ts';
import { people } from './group-stage.ts';
import { asGuest, type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
let exports: string;
beforeAll(async () => {
  scenario = await startScenario();
  exports = mkdtempSync(join(tmpdir(), 'aerogram-bad-days-'));
}, 60_000);
afterAll(async () => {
  await scenario?.[Symbol.asyncDispose]();
  rmSync(exports, { recursive: true, force: true });
});

/** Runs a command beside the running server. */
async function aerogram(...args: string[]): Promise<string> {
  const lines: string[] = [];
  const env = { AEROGRAM_DATABASE_URL: scenario.server.databaseUrl, AEROGRAM_DATA_DIR: scenario.server.dataDir };
  await createProgram(env, (line) => void lines.push(line)).parseAsync(args, { from: 'user' });
  return lines.join('\n');
}

/** What the commands of the page print here. What is not for a running server, or one with an external database, is refused. */
const PRINTED: Readonly<Record<string, RegExp>> = {
  'aerogram user ban 102': /gets no log-in codes any more/,
  'aerogram admin revoke 102': /may use the admin page no longer/,
  'aerogram chats list': /"Climbing" @climbing_club .*, owner 102,/,
  'aerogram chats transfer @climbing_club 101': /account 101 is its owner/,
  'aerogram bot list': /@climbing_bot/,
  'aerogram bot revoke climbing_bot': /\d+:\S{35}/,
  'aerogram user delete 102 --yes': /deleted/,
  'aerogram code +15550001111': /^\d{5} {2}valid for /,
  'aerogram user reset-password 101': /has no password|done/,
  'aerogram user show 101': /^device +7: /m,
  'aerogram user logout 101 --device 7': /^log out the device 7 of account 101\nlogged out on 1 device$/,
  'aerogram user change-phone 101 +15550002222': /its number is changed/,
  'aerogram status': /^server +process \d+, ready$/m,
  'aerogram blobs stats': /^blobs +1,/m,
  'aerogram new-epoch': /a server uses the database/,
  'aerogram dc list': /is alone/,
  'aerogram dc plan': /this server is alone/,
  'aerogram backup /var/backups/aerogram/by-hand': /AEROGRAM_DATABASE_URL/,
  'aerogram backup --verify /var/backups/aerogram/by-hand': /no finished backup/,
  'aerogram user search Ann': /^101 .* Ann /m,
  'aerogram user export 101 /srv/exports/101': /messages, \d+ files/,
  'aerogram reports list --all': /no reports/,
  'aerogram blobs delete 5368324170671202286 --block --yes': /blocked/,
  'aerogram chats log': /export the data of account 101/,
};

test('the commands for bad days can be run from top to bottom', { timeout: 120_000 }, async () => {
  const [ann, bob] = (await people(scenario, 'Ann', 'Bob')) as [Actor, Actor];
  const climbing = await createChannel(bob, 'megagroup', 'Climbing');
  await inviteTo(bob, climbing, [ann]);
  await bob.main.change({ _: 'channels.updateUsername', channel: bob.main.inputChannel(climbing), username: 'climbing_club' });
  const file = await documentOf(ann.main, await sendFile(ann, bob, makeFile(1000)));
  await aerogram('bot', 'create', '--name', 'Climbing', '--username', 'climbing_bot', '--owner', String(bob.id));
  await aerogram('admin', 'grant', String(bob.id));
  await asGuest(scenario, (guest) => guest.call({ _: 'auth.sendCode', phoneNumber: '15550001111', apiId: 1, apiHash: 'x', settings: { _: 'codeSettings' } }));

  const device = /^device +(\d+)/m.exec(await aerogram('user', 'show', String(ann.id)))![1]!;
  const here: Record<string, string> = { '101': String(ann.id), '102': String(bob.id), '7': device, '5368324170671202286': String(file.id), '/srv/exports/101': join(exports, 'ann') };
  const toPage = (text: string): string =>
    text.replaceAll(/\b\d+\b/g, (number) => (number === here['101'] ? '101' : number === here['102'] ? '102' : number)).replaceAll(new RegExp(String.raw`(?<=device +)${device}\b`, 'g'), '7');
  const page = readFileSync(join(findRepositoryRoot(), 'docs/bad-days.md'), 'utf8');
  const commands = [...page.matchAll(/^```sh\n([^]*?)^```/gm)].flatMap(([, block]) => block!.match(/^aerogram [^#\n]*[^#\n ]/gm) ?? []);
  expect(new Set(commands)).toEqual(new Set(Object.keys(PRINTED)));
  for (const command of commands) {
    const args = command.split(' ').slice(1).map((word) => here[word] ?? word);
    const printed = await aerogram(...args).catch((error: unknown) => (error as Error).message);
    expect.soft(toPage(printed), command).toMatch(PRINTED[command]!);
  }
});
