import { parseArgs } from 'node:util';
import { findRunningDatabase } from '@aerogram/cli/seed';
import { startServerProcess } from '@aerogram/dev-env/load';
import { serveAttacks } from './attacker.ts';
import { ATTACKS } from './attacks.ts';
import { runAttacks } from './run-attacks.ts';

// npm run attacks -- [--seconds 10] [--accounts 4] [--calm-ms 2000] [--only words,of,names] [--profile DIR]: measures how each attack
// affects other users.
// Fails when a user is not served, the server's memory grows beyond its limit, or its log contains an error.
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    accounts: { type: 'string', default: '4' },
    'calm-ms': { type: 'string', default: '2000' },
    only: { type: 'string' },
    profile: { type: 'string' },
    attacker: { type: 'boolean', default: false },
  },
});

/** The program itself uses 100 to 150 MiB. What an attack can add is bounded by the limits of sessions and connections. */
const MOST_RESIDENT = 700 * 1024 * 1024;

const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(0).padStart(7);

async function main(): Promise<void> {
  const names = Object.keys(ATTACKS).filter((name) => values.only === undefined || values.only.split(',').some((word) => name.includes(word)));
  const { profile } = values;
  await using server = await startServerProcess({ nodeArguments: profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`] });
  console.log(`${'attack'.padEnd(36)}    sent  delivered  p50 ms  p99 ms  newcomer | MiB: before   most  after`);
  const outcomes = await runAttacks({
    info: server.info,
    pid: server.info.pid,
    names,
    forMs: Number(values.seconds) * 1000,
    calmMs: Number(values['calm-ms']),
    accounts: Number(values.accounts),
    databaseUrl: findRunningDatabase(server.dataDir)!,
    attackerFile: process.argv[1]!,
    onOutcome(one) {
      const counts = `${String(one.sent).padStart(8)}  ${String(one.delivered).padStart(9)}`;
      const times = `${one.p50Ms.toFixed(1).padStart(6)}  ${one.p99Ms.toFixed(1).padStart(6)}  ${one.newcomerMs.toFixed(0).padStart(8)}`;
      console.log(`${one.name.padEnd(36)}${counts}  ${times} |    ${[one.rssBefore, one.rssMost, one.rssAfter].map(megabytes).join('')}`);
    },
  });
  for (const { name, delivered, rssMost } of outcomes) {
    if (delivered === 0) throw new Error(`${name}: nobody was served`);
    if (rssMost > MOST_RESIDENT) throw new Error(`${name}: the server grew to${megabytes(rssMost)} MiB`);
  }
  const logged = server.output.split('\n').find((line) => /"level":"(error|fatal)"/.test(line));
  if (logged !== undefined) throw new Error(`the log has errors: ${logged}\n${server.output}`);
  console.log(`${outcomes.length} attacks survived`);
}

if (values.attacker) serveAttacks();
else await main();
