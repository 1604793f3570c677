import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { cryptPart, WINDOW_BYTES, windowLength } from '@aerogram/cdn-protocol';
import { type CdnNode, type PostedDocument, postInNewChannel, RawAccount, readMetrics, ServedCdnFile, type ServerInfo, type StartedCdnNodes, startCdnNodes, sumOfMetric } from '@aerogram/dev-env/load';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { useDisk } from './files-on-disk.ts';
import { LIBRARIES, MISSING, useLibraries } from './libraries.ts';
import { type Entrance, enter, type Person } from './people-of-libraries.ts';

const libraries = useLibraries({ AEROGRAM_CDN_MIN_SUBSCRIBERS: '1' }, [...LIBRARIES, 'tdlib']);
const disk = useDisk();
/** Marked ids of channels are below minus this. */
const CHANNEL_BASE = 1_000_000_000_000;
const TIMEOUT_MS = 180_000;

let nodes: StartedCdnNodes;
let owner: RawAccount;
let entrance: Entrance;
let channels = 0;
beforeAll(async () => {
  const { server, db, world } = libraries;
  nodes = await startCdnNodes({ db, dataDir: server.dataDir }, 1, { args: ['--memory', '128MB'] });
  owner = await RawAccount.signUp(server.info, { name: 'Owner', ...world.freshPhone() });
  // TDLib's way to all servers leads through a proxy, which has to know the nodes.
  const info: ServerInfo & { cdn: object[] } = { ...server.info, cdn: nodes.nodes.map((node) => node.info.client) };
  entrance = { ...libraries, server: { info } };
}, 120_000);
afterAll(() => nodes?.[Symbol.asyncDispose]());

const theNode = (): CdnNode => nodes.nodes[0]!;
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const figure = async (name: string): Promise<number> => sumOfMetric(await readMetrics(libraries.server.info), name);
const redirects = (): Promise<number> => figure('aerogram_cdn_redirects_total');
const hits = async (): Promise<number> => sumOfMetric(await theNode().get('/metrics'), 'aerogram_cdn_parts_total{outcome="hit"}');

interface Posted extends PostedDocument {
  content: Buffer;
  username: string;
}

async function post(mib: number): Promise<Posted> {
  const content = randomBytes(mib * WINDOW_BYTES + 4321);
  const username = `the_popular_${channels++}`;
  return { content, username, ...(await postInNewChannel(owner, content, { title: 'Popular', name: 'popular.bin', username })) };
}

/** Loads the file of a post with a library's own method, which must get what was posted. */
async function load({ client }: Person, posted: Posted): Promise<void> {
  const { peer } = await client.joinByName({ username: posted.username });
  expect(peer).toBe(-CHANNEL_BASE - Number(posted.channel.channel_id));
  const path = disk.pathOf(`${client.name}-${posted.username}`);
  await client.saveFile({ peer, id: posted.msgId, path });
  expect(hashOf(await readFile(path))).toBe(hashOf(posted.content));
}

/** A download that has begun through the node. */
interface Loading {
  person: Person;
  /** Parts that the node had given out before. */
  before: number;
  /** Why it failed; undefined if it did not. */
  outcome: Promise<Error | undefined>;
}

/** Lets TDLib begin a download through the node. A device to which the node was of no use, as on a busy machine, gets all from the server: then another one begins. */
async function beginLoading(posted: Posted): Promise<Loading> {
  for (let tries = 0; tries < 4; tries++) {
    const person = await enter(entrance, 'tdlib', 'Alice');
    const before = await hits();
    let isOver = false;
    const outcome = load(person, posted).then(() => undefined, (reason: unknown) => reason as Error).finally(() => (isOver = true));
    await expect.poll(async () => isOver || (await hits()) > before + 5, { timeout: 60_000, interval: 20 }).toBe(true);
    if ((await hits()) > before + 5) return { person, before, outcome };
    expect(await outcome).toBeUndefined();
    await person.client.close();
  }
  throw new Error('the node was of no use to four devices');
}

/** The redirect that the owner gets for a file. */
async function redirectOf({ location }: Posted): Promise<tl.upload.fileCdnRedirect> {
  const answer = await new ServedCdnFile(owner, location).getFile(0, 131_072, true);
  if (answer._ !== 'upload.fileCdnRedirect') throw new Error(`the file is not redirected: ${answer._}`);
  return answer;
}

/** The server does not choose a node for half a minute after it could not push to it, as happens when the node is started again. */
async function nodeIsChosen(): Promise<void> {
  const { location } = await post(0);
  const file = new ServedCdnFile(owner, location);
  await expect.poll(async () => (await file.getFile(0, 131_072, true))._, { timeout: 90_000, interval: 500 }).toBe('upload.fileCdnRedirect');
}

/** The id by which the node knows a file, from a token for it. */
const fileIdOf = ({ file_token: token }: tl.upload.fileCdnRedirect): Uint8Array => token.subarray(1, 17);

describe.runIf(MISSING.tdlib === undefined)('TDLib and a CDN node', () => {
  test('loads a popular file through the node', { timeout: TIMEOUT_MS }, async () => {
    const posted = await post(12);
    const person = await enter(entrance, 'tdlib', 'Alice');
    const before = [await redirects(), await hits()] as const;
    await load(person, posted);
    expect(await redirects()).toBeGreaterThan(before[0]);
    expect((await hits()) - before[1]).toBeGreaterThanOrEqual(12);
    expect(await person.client.complaints()).toEqual([]);
    await person.client.close();
  });

  test('refuses a file with another bit, and gets it from the server', { timeout: TIMEOUT_MS }, async () => {
    const posted = await post(3);
    const person = await enter(entrance, 'tdlib', 'Alice');
    const redirect = await redirectOf(posted);
    const { encryption_key: key, encryption_iv: iv } = redirect;
    const { content } = posted;
    for (let window = 0; window < 4; window++) {
      const from = window * WINDOW_BYTES;
      const changed = cryptPart({ key, iv }, from, content.subarray(from, from + windowLength(content.length, window)));
      changed[1000]! ^= 1;
      expect((await theNode().pushWindow(fileIdOf(redirect), window, content.length, changed)).status).toBe(200);
    }
    // TDLib gives a download up when a hash differs, and its user begins it anew. The server then notices that the node is of no use to this device.
    let refusals = 0;
    for (const tries = 4; refusals < tries; refusals++) {
      const error = await load(person, posted).then(() => undefined, (reason: unknown) => reason as Error);
      if (error === undefined) break;
      expect(error.message).toContain('File download has failed');
    }
    expect(refusals).toBe(2);
    expect(await person.client.complaints()).toEqual([]);
    await person.client.close();
  });

  test('goes on after everything was evicted, and after a restart of the node', { timeout: TIMEOUT_MS }, async () => {
    const posted = await post(40);
    const { person, before, outcome } = await beginLoading(posted);
    const other = randomBytes(WINDOW_BYTES);
    for (let window = 0; window < 120; window++) await theNode().pushWindow(randomBytes(16), 0, WINDOW_BYTES, other);
    await expect.poll(hits, { timeout: 60_000, interval: 20 }).toBeGreaterThan(before + 12);
    await theNode().restart('SIGKILL');
    expect(await outcome).toBeUndefined();
    expect(await person.client.complaints()).toEqual([]);
    await person.client.close();
  });

  test('goes on after its token was refused', { timeout: TIMEOUT_MS }, async () => {
    await nodeIsChosen();
    const posted = await post(24);
    const id = Buffer.from(fileIdOf(await redirectOf(posted))).toString('hex');
    const { person, outcome } = await beginLoading(posted);
    expect((await theNode().tell({ kind: 'forget', files: [id] })).status).toBe(200);
    expect(await outcome).toBeUndefined();
    expect(await person.client.complaints()).toEqual([]);
    await person.client.close();
  });
});

for (const library of LIBRARIES) {
  test(`${library} loads a popular file right, whether it knows CDN nodes or not`, { timeout: TIMEOUT_MS }, async () => {
    const posted = await post(3);
    const person = await enter(entrance, library, 'Alice');
    const before = await hits();
    await load(person, posted);
    // None of these libraries says that it supports CDN nodes.
    expect(await hits()).toBe(before);
    await person.client.close();
  });
}

// At the end, because the node does not come back.
test.runIf(MISSING.tdlib === undefined)('TDLib waits for a node that has died; once its user begins the download anew, it gets the file from the server', { timeout: TIMEOUT_MS }, async () => {
  await nodeIsChosen();
  const posted = await post(40);
  const { person, outcome } = await beginLoading(posted);
  await theNode().stop('SIGKILL');
  await expect.poll(() => figure('aerogram_cdn_nodes{state="away"}'), { timeout: 60_000 }).toBe(1);
  await person.client.cancelFile({ peer: -CHANNEL_BASE - Number(posted.channel.channel_id), id: posted.msgId });
  expect((await outcome)?.message).toContain('File download has failed');
  await load(person, posted);
  expect(await person.client.complaints()).toEqual([]);
  await person.client.close();
});
