import { parseArgs } from 'node:util';
import { existsSync } from 'node:fs';
import { runCrashes } from './crash-run.ts';

// npm run crash -- [--kills 100] [--seed N] [--engine embedded|15]: both engines by default, 50 kills each.
const { values } = parseArgs({
  options: { kills: { type: 'string', default: '100' }, seed: { type: 'string' }, engine: { type: 'string' } },
});
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
const engines = (['embedded', '15'] as const).filter((engine) => (values.engine ?? engine) === engine && (engine === 'embedded' || existsSync(`/usr/lib/postgresql/${engine}/bin/postgres`)));
if (engines.length === 0) throw new Error(`no engine "${values.engine}" here`);
console.log(`seed ${seed}`);
for (const engine of engines) {
  const kills = Math.ceil(Number(values.kills) / engines.length);
  const started = performance.now();
  const report = await runCrashes({ engine, kills, seed, log: (line) => console.log(`${engine}: ${line}`) });
  console.log(
    `${engine}: ${report.kills} kills survived in ${((performance.now() - started) / 1000).toFixed(0)} s; ${report.sent} messages, all exactly once on both sides; ` +
    `${report.openKept} were kept without having been acknowledged`,
  );
}
