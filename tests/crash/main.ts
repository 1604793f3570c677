import { parseArgs } from 'node:util';
import { existsSync } from 'node:fs';
import { runCrashes } from './crash-run.ts';
import { runBotCrashes } from './bot-crashes.ts';
import { runClusterCrashes } from './cluster-crashes.ts';
import { runHomeCrashes } from './home-crashes.ts';
import { runHomeNodeCrashes } from './home-node-crashes.ts';
import { runLongCut } from './long-cut.ts';
import { runFileCrashes } from './file-crashes.ts';
import { runMediaCrashes } from './media-crashes.ts';
import type { Engine } from './power-cut.ts';

// npm run crash -- [--kills 100] [--seed N] [--engine embedded|18|15] [--workers 1] [--only messages|files|media|bots|cluster|dcs|dc-nodes] [--cut SECONDS]: both engines by default, 50 kills each,
// and these under messages of all kinds, under files, under media, and under what bots do.
// `cluster` runs only when it is named: several nodes (Debian's packages of `npm run cluster`), of which parts are killed, frozen and cut off in turn.
// `dcs` runs only when it is named, too: two data centres whose people write to each other; each is killed, and the link between them cut.
// With `--cut 150` it cuts the link once instead, for so many seconds, and the others are written to all the time.
// `dc-nodes` is like it, but the first data centre has two nodes, which are killed and frozen.
// Each run starts with a new server, so a hundred kills may also be ten runs of ten with different seeds.
const { values } = parseArgs({
  options: { kills: { type: 'string', default: '100' }, seed: { type: 'string' }, engine: { type: 'string' }, workers: { type: 'string', default: '1' }, only: { type: 'string' }, cut: { type: 'string' } },
});
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
const workers = Number(values.workers);
const wanted = values.engine === '18' ? 'embedded' : values.engine;
const engines = (['embedded', '15'] as const).filter((engine) => (wanted ?? engine) === engine && (engine === 'embedded' || existsSync(`/usr/lib/postgresql/${engine}/bin/postgres`)));
if (engines.length === 0) throw new Error(`no engine "${values.engine}" here`);

/** What a run does, and what its last line says. */
const loads = {
  async messages(engine: Engine, kills: number): Promise<string> {
    const { sent, openKept, votes } = await runCrashes({ engine, kills, seed, workers, log: (line) => console.log(`${engine}: ${line}`) });
    return `${sent} messages, all exactly once in the boxes of everybody; ${openKept} were kept without having been acknowledged; ${votes} votes, whose totals equal a recount`;
  },
  async files(engine: Engine, kills: number): Promise<string> {
    const { sent, duringCollection } = await runFileCrashes({ engine, kills, seed, workers, log: (line) => console.log(`${engine}: ${line}`) });
    return `${sent} files, all exactly once and whole, and nothing left of the others; ${duringCollection} kills during a collection`;
  },
  async media(engine: Engine, kills: number): Promise<string> {
    const { sent, set, burst, waiting } = await runMediaCrashes({ engine, kills, seed, workers, log: (line) => console.log(`${engine}: ${line}`) });
    return `${sent} messages with media and ${set} photos and wallpapers, all exactly once and in all sizes; ${burst} uploads at once, of which ${waiting} waited when the kill came`;
  },
  async bots(engine: Engine, kills: number): Promise<string> {
    const { sent, presses, changes, made, tokens, fetched, hooked } = await runBotCrashes({ engine, kills, seed, workers, log: (line) => console.log(`${engine}: ${line}`) });
    return `${sent} messages by bots, ${presses} answered presses, ${changes} changes of which bots were told once, ${made} bots made, ${tokens} tokens revoked, ${fetched} updates fetched over HTTP and ${hooked} sent to a webhook`;
  },
};

const { only } = values;
if (only !== undefined && only !== 'cluster' && only !== 'dcs' && only !== 'dc-nodes' && !(only in loads)) throw new Error(`--only takes ${Object.keys(loads).join(', ')}, cluster, dcs, dc-nodes, not "${only}"`);
console.log(`seed ${seed}, ${workers} worker${workers === 1 ? '' : 's'}`);
for (const load of ['messages', 'files', 'media', 'bots'] as const) {
  if (only !== undefined && only !== load) continue;
  for (const engine of engines) {
    const kills = Math.ceil(Number(values.kills) / engines.length);
    const started = performance.now();
    const result = await loads[load](engine, kills);
    console.log(`${engine}: ${kills} kills survived in ${((performance.now() - started) / 1000).toFixed(0)} s; ${result}`);
  }
}
if (only === 'cluster') {
  const { sent, openKept } = await runClusterCrashes({ kills: Number(values.kills), seed, log: (line) => console.log(line) });
  console.log(`${values.kills} blows survived; ${sent} messages, all exactly once in the boxes of everybody; ${openKept} were kept without having been acknowledged`);
}
if (only === 'dcs' && values.cut !== undefined) {
  const { sent, atRest, lastMs } = await runLongCut({ cutS: Number(values.cut), seed, log: (line) => console.log(line) });
  console.log(`a cut of ${values.cut} s survived; ${sent} messages, none lost, none twice, all in order; at most ${atRest} waited, all applied ${(lastMs / 1000).toFixed(1)} s after the end of the cut`);
} else if (only === 'dcs') {
  const { sent, openKept } = await runHomeCrashes({ kills: Number(values.kills), seed, log: (line) => console.log(line) });
  console.log(`${values.kills} blows survived; ${sent} messages, all exactly once and in order in the boxes of both; ${openKept} were kept without having been acknowledged`);
}
if (only === 'dc-nodes') {
  const { sent, openKept } = await runHomeNodeCrashes({ kills: Number(values.kills), seed, log: (line) => console.log(line) });
  console.log(`${values.kills} blows survived; ${sent} messages, all exactly once and in order in the boxes of both; ${openKept} were kept without having been acknowledged`);
}
