import { parseArgs } from 'node:util';
import { existsSync } from 'node:fs';
import { runCrashes } from './crash-run.ts';

// npm run crash -- [--kills 100] [--seed N] [--engine embedded|18|15] [--workers 1]: both engines by default, 50 kills each.
// Each run starts with a new server, so a hundred kills may also be ten runs of ten with different seeds.
const { values } = parseArgs({
  options: { kills: { type: 'string', default: '100' }, seed: { type: 'string' }, engine: { type: 'string' }, workers: { type: 'string', default: '1' } },
});
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
const workers = Number(values.workers);
const wanted = values.engine === '18' ? 'embedded' : values.engine;
const engines = (['embedded', '15'] as const).filter((engine) => (wanted ?? engine) === engine && (engine === 'embedded' || existsSync(`/usr/lib/postgresql/${engine}/bin/postgres`)));
if (engines.length === 0) throw new Error(`no engine "${values.engine}" here`);
console.log(`seed ${seed}, ${workers} worker${workers === 1 ? '' : 's'}`);
for (const engine of engines) {
  const kills = Math.ceil(Number(values.kills) / engines.length);
  const started = performance.now();
  const report = await runCrashes({ engine, kills, seed, workers, log: (line) => console.log(`${engine}: ${line}`) });
  console.log(
    `${engine}: ${report.kills} kills survived in ${((performance.now() - started) / 1000).toFixed(0)} s; ${report.sent} messages, all exactly once in the boxes of everybody; ` +
    `${report.openKept} were kept without having been acknowledged`,
  );
}
