import { dirname, join } from 'node:path';
import { readMetrics, sumOfMetric } from '@aerogram/dev-env/load';
import { PhotoLane, UNLIMITED_CPU } from '@aerogram/media';
import { createMetrics, silentLogger, systemClock } from '@aerogram/runtime';
import { BOUNDS, ratioTo } from '../bounds.ts';
import { readMemory } from '../cpu-time.ts';
import { GeneratorProcess } from '../load/generator-process.ts';
import { drawLargePhoto } from '../load/photo-load.ts';
import { type BenchOptions, measure } from '../measure.ts';
import { mergeRuns, percentile, quantiles, type Row } from '../row.ts';
import { type ServerBench, withServer } from '../server-bench.ts';
import { beside } from './file-neighbours.ts';

const MIB = 1024 * 1024;
/** Photos of each kind in one turn. */
const PHOTOS = 6;
const ALBUMS = 30;
const PER_MINUTE = 50;
/** With this number of photos in a minute, a measurement needs some seconds to meet some. */
const BESIDE_MIN_MS = 12_000;
const WRITERS = 16;
const WRITING = { perSecond: 200 };
/** A session runs up to eight calls at once. */
const BURST = { accounts: 125, each: 8 };
/** The most photos that wait in a process of the server. */
const WAITING_MAX = 1000;
/** What the server may take beside its idle memory under the burst, in MiB. */
const ROOM_MIB = 192;
const LOOK_EVERY_MS = 100;

/** Photos: how long their sizes take, what others notice of them, albums, and very many at once. */
export async function benchMedia({ profileDir, seconds, pairs }: BenchOptions): Promise<Row[]> {
  const sizes = await benchSizes(pairs);
  const others = await withServer({ profileDir }, async (bench) => {
    await using carrier = new GeneratorProcess();
    const { generator, server } = bench;
    await generator.run({ do: 'sign-up', server: server.info, accounts: 2 * WRITERS });
    await carrier.run({ do: 'prepare-photos', server: server.info, accounts: 2 });
    await write(bench, '', 1000);
    const ms = Math.max(seconds * 1000, Math.min(BESIDE_MIN_MS, 4 * seconds * 1000));
    const turns: Row[][] = [];
    for (let turn = 0; turn < pairs; turn++) turns.push([...(await messagesBesidePhotos(bench, carrier, ms)), ...(await benchAlbums(bench, carrier))]);
    await carrier.run({ do: 'prepare-photos', server: server.info, accounts: BURST.accounts });
    return [...mergeRuns(turns), ...(await benchBurst(bench, carrier, ms))];
  });
  return [...sizes, ...others];
}

/** The sizes of one picture by the server's processes and by bare sharp, in turns. */
async function benchSizes(turns: number): Promise<Row[]> {
  const bytes = await drawLargePhoto();
  const metrics = createMetrics();
  await using lane = new PhotoLane({ file: join(dirname(process.argv[1]!), 'photo-worker.js'), processes: 1, cpu: UNLIMITED_CPU, clock: systemClock, log: silentLogger, metrics });
  await using bare = new GeneratorProcess();
  const make = async (): Promise<number> => {
    const at = performance.now();
    const { outcome } = await lane.make(1n, 'message', (length = bytes.length) => Promise.resolve(bytes.subarray(0, length)));
    if (outcome !== 'made') throw new Error(`a photo is ${outcome}`);
    return performance.now() - at;
  };
  await make();
  const runs: Row[][] = [];
  for (let turn = 0; turn < turns; turn++) {
    const { ackMs } = await bare.run({ do: 'bare-sizes', photo: bytes.toString('base64'), times: PHOTOS });
    const ours: number[] = [];
    for (let n = 0; n < PHOTOS; n++) ours.push(await make());
    const row: Row = { name: '  the same by the process that makes photos', ...quantiles(ours) };
    const without: Row = { name: 'six sizes of 12 megapixels by bare sharp, in one process', ...quantiles(ackMs) };
    runs.push([without, { ...row, ratios: [ratioTo(BOUNDS.photoSizes, row.p50Ms!, without.p50Ms!)] }]);
  }
  return mergeRuns(runs);
}

async function write(bench: ServerBench, name: string, ms: number): Promise<Row> {
  const { row, outcome } = await measure(bench, name, 'sends', { do: 'send', ms, senders: WRITERS, pace: WRITING });
  return { name, unit: 'deliveries', rate: row.rate!, ...quantiles(outcome.deliveredMs ?? []), note: row.note };
}

/** Messages of others without photos and while some are processed, one right after the other, so that both meet the same other work on the machine. */
async function messagesBesidePhotos(bench: ServerBench, carrier: GeneratorProcess, ms: number): Promise<Row[]> {
  const quiet = await write(bench, `${WRITERS} → ${WRITERS} others, ${WRITING.perSecond}/s: send → delivered`, ms);
  const busy = await beside([() => carrier.run({ do: 'send-photos', ms: ms + 1000, perMinute: PER_MINUTE })], () => write(bench, `  the same while ${PER_MINUTE} photos of 12 megapixels a minute are processed`, ms));
  busy.ratios = [ratioTo(BOUNDS.messagesBesidePhotos, busy.p99Ms!, quiet.p99Ms!)];
  return [quiet, busy];
}

async function benchAlbums({ pids }: ServerBench, carrier: GeneratorProcess): Promise<Row[]> {
  const { outcome } = await measure({ generator: carrier, pids }, '', 'sends', { do: 'send-albums', times: ALBUMS });
  const { photo = [], album = [] } = outcome.byName ?? {};
  const one: Row = { name: 'one photo that was uploaded before: send → delivered', ...quantiles(photo) };
  const ten: Row = { name: '  an album of ten of them: send → all delivered', ...quantiles(album) };
  return [one, { ...ten, ratios: [ratioTo(BOUNDS.album, ten.p50Ms!, one.p50Ms!)] }];
}

/** A thousand uploads at once, and messages of others meanwhile. */
async function benchBurst(bench: ServerBench, carrier: GeneratorProcess, ms: number): Promise<Row[]> {
  const { info } = bench.server;
  const idleMib = readMemory(info.pid) / MIB;
  let [most, waiting] = [0, 0];
  const look = async (): Promise<void> => {
    most = Math.max(most, readMemory(info.pid) / MIB);
    waiting = Math.max(waiting, sumOfMetric(await readMetrics(info), 'aerogram_photos_waiting'));
  };
  const quiet = await write(bench, `${WRITERS} → ${WRITERS} others, ${WRITING.perSecond}/s, before the uploads`, ms);
  const watch = setInterval(() => void look().catch(() => {}), LOOK_EVERY_MS);
  let burst: Awaited<ReturnType<GeneratorProcess['run']>> | undefined;
  try {
    const others = await beside([async () => (burst = await carrier.run({ do: 'upload-at-once', each: BURST.each }))], () => write(bench, `  the same while ${BURST.accounts * BURST.each} uploads are processed`, ms));
    const { operations, elapsedMs, ackMs, byName } = burst!;
    const name = `${BURST.accounts} accounts upload and send ${BURST.each} photos each, all at once`;
    const figures = { 's until all were sent': elapsedMs / 1000, 's until half were sent': percentile(Float64Array.from(ackMs), 0.5) / 1000, 'waiting at most': waiting, 'to be repeated later': byName!['waits']![0]!, 'MiB at most': most };
    const ratios = [ratioTo(BOUNDS.photosWaiting, waiting, WAITING_MAX), ratioTo(BOUNDS.burstMemory, most - idleMib, ROOM_MIB), ratioTo(BOUNDS.photosLost, byName!['lost']![0]!, operations)];
    others.ratios = [ratioTo(BOUNDS.messagesBesideBurst, others.p99Ms!, quiet.p99Ms!)];
    return [quiet, others, { name, unit: 'photos', rate: (operations * 1000) / elapsedMs, figures, ratios }];
  } finally {
    clearInterval(watch);
  }
}
