import { createHash, randomBytes } from 'node:crypto';
import { WINDOW_BYTES } from '@aerogram/cdn-protocol';
import { postInNewChannel, type RawAccount, sumOfMetric } from '@aerogram/dev-env/load';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CdnStage } from './cdn-stage.ts';

const BLOCK = 131_072;
/** Clients of the test with a dying node. */
const CLIENTS = Number(process.env['CDN_CLIENTS'] ?? 40);
const MIB = 1024 * 1024;

let stage: CdnStage;
let owner: RawAccount;
beforeAll(async () => {
  stage = await CdnStage.start(3);
  owner = await stage.signUp('Owner');
}, 120_000);
afterAll(() => stage?.[Symbol.asyncDispose]());

const partsOf = async (outcome: string): Promise<number> => {
  let sum = 0;
  for (const node of stage.nodes.nodes) sum += sumOfMetric(await node.get('/metrics'), `aerogram_cdn_parts_total{outcome="${outcome}"}`);
  return sum;
};

test('a popular file is loaded through a node, with seeks; a channel without a username never leads there', { timeout: 120_000 }, async () => {
  const viewer = await stage.signUp('Viewer');
  const content = randomBytes(6 * WINDOW_BYTES + 12_345);
  const { location } = await postInNewChannel(owner, content, { title: 'News', name: 'a', username: 'news_of_the_day' });
  await using reader = await stage.reader(viewer, location);
  const [redirects, hits] = [await stage.figure('aerogram_cdn_redirects_total'), await partsOf('hit')];
  for (const offset of [5 * WINDOW_BYTES, 2 * BLOCK, 6 * WINDOW_BYTES, 3 * WINDOW_BYTES + BLOCK]) {
    expect(Buffer.compare(await reader.read(offset, BLOCK), content.subarray(offset, offset + BLOCK))).toBe(0);
  }
  expect((await reader.readAll(content.length, WINDOW_BYTES)).equals(content)).toBe(true);
  expect(reader.counts).toMatchObject({ fromNode: 11, fromOrigin: 0, redirects: 1, wrongHash: 0 });
  expect(await stage.figure('aerogram_cdn_redirects_total')).toBe(redirects + 1);
  expect(await partsOf('hit')).toBe(hits + 11);

  const closed = await postInNewChannel(owner, randomBytes(WINDOW_BYTES), { title: 'Ours', name: 'a' });
  await using own = await stage.reader(owner, closed.location);
  await own.readAll(WINDOW_BYTES, BLOCK);
  expect(own.counts).toMatchObject({ fromNode: 0, fromOrigin: 8, redirects: 0 });
});

test(`${CLIENTS} clients load a file from three nodes, one of which is killed: everybody gets the right bytes`, { timeout: 300_000 }, async () => {
  const content = randomBytes(8 * WINDOW_BYTES);
  const hash = createHash('sha256').update(content).digest('hex');
  const { location } = await postInNewChannel(owner, content, { title: 'Everybody', name: 'a', username: 'for_everybody' });
  const accounts: RawAccount[] = [];
  for (let i = 0; i < CLIENTS; i++) accounts.push(await stage.signUp(`Client ${i}`));
  const readers = await Promise.all(accounts.map((account) => stage.reader(account, location)));
  const [doomed] = stage.nodes.nodes;
  let finished = 0;
  const started = performance.now();
  let onThird: () => void = () => {};
  /** A third of all parts has arrived. */
  const third = new Promise<void>((resolve) => (onThird = resolve));
  const downloads = readers.map(async (reader) => {
    const got = createHash('sha256');
    for (let offset = 0; offset < content.length; offset += 2 * BLOCK) {
      got.update(await reader.read(offset, 2 * BLOCK));
      if (++finished === Math.floor((CLIENTS * content.length) / (2 * BLOCK) / 3)) onThird();
    }
    return got.digest('hex');
  });
  await third;
  await doomed!.stop('SIGKILL');
  const hashes = await Promise.all(downloads);
  const seconds = (performance.now() - started) / 1000;
  expect(hashes.filter((one) => one !== hash)).toEqual([]);
  const sum = (pick: (counts: (typeof readers)[0]['counts']) => number): number => readers.reduce((total, { counts }) => total + pick(counts), 0);
  const figures = { fromNode: sum((c) => c.fromNode), fromOrigin: sum((c) => c.fromOrigin), deadNodes: sum((c) => c.deadNodes), wrongHash: sum((c) => c.wrongHash) };
  console.log(`${((CLIENTS * content.length) / MIB / seconds).toFixed(1)} MiB/s`, figures);
  expect(figures.wrongHash).toBe(0);
  expect(figures.deadNodes).toBeGreaterThan(0);
  expect(figures.fromNode).toBeGreaterThan(figures.fromOrigin);
  await Promise.all(readers.map((reader) => reader[Symbol.asyncDispose]()));
});
