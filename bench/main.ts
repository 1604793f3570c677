import { writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { parseArgs } from 'node:util';
import { benchCodec, benchCrypto } from './codec.ts';
import { benchFloor } from './floor.ts';
import { runFloorServer } from './floor-server.ts';
import { runGenerator } from './generator.ts';
import type { BenchOptions } from './measure.ts';
import { printRows, type Row } from './row.ts';
import { benchSearch } from './search.ts';
import { benchHandshake, benchSend } from './server-benches.ts';

/** Name → what it measures; `--only` picks from these. */
const BENCHES: Record<string, (options: BenchOptions) => Row[] | Promise<Row[]>> = {
  codec: benchCodec,
  crypto: benchCrypto,
  handshake: benchHandshake,
  floor: benchFloor,
  send: benchSend,
  search: benchSearch,
};

/** Runs the chosen benches one after the other, prints a table of each and writes all as JSON. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { only: { type: 'string' }, json: { type: 'string' }, seconds: { type: 'string', default: '5' }, profile: { type: 'string' }, generator: { type: 'boolean' }, 'floor-server': { type: 'string' } },
  });
  if (values.generator) {
    runGenerator();
    return;
  }
  if (values['floor-server'] !== undefined) {
    runFloorServer(Number(values['floor-server']));
    return;
  }
  const chosen = values.only?.split(',') ?? Object.keys(BENCHES);
  const unknown = chosen.filter((name) => !(name in BENCHES));
  if (unknown.length > 0) throw new Error(`no bench is called ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}`);
  const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, kernel: release() };
  console.log(`Node ${machine.node}, ${machine.cores} × ${machine.cpu}, Linux ${machine.kernel}`);
  const results: Record<string, Row[]> = {};
  for (const name of chosen) {
    console.log(`\n── ${name} ──`);
    const rows = await BENCHES[name]!({ seconds: Number(values.seconds), profileDir: values.profile });
    printRows(rows);
    results[name] = rows;
  }
  if (values.json !== undefined) {
    writeFileSync(values.json, `${JSON.stringify({ machine, date: Math.floor(Date.now() / 1000), results }, undefined, 2)}\n`);
  }
}

await main();
