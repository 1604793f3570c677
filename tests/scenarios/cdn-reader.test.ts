import { randomBytes } from 'node:crypto';
import { WINDOW_BYTES } from '@aerogram/cdn-protocol';
import { CdnNode, CdnReader, PlayedCdnFile } from '@aerogram/dev-env/load';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

let node: CdnNode;
beforeAll(async () => {
  node = await CdnNode.start('--memory', '64MB');
});
beforeEach(() => node.tellAlive());
afterAll(() => node?.[Symbol.asyncDispose]());

const BLOCK = 131_072;

function expectPart(file: PlayedCdnFile, offset: number, limit: number, part: Uint8Array): void {
  expect(Buffer.compare(part, file.plain.subarray(offset, offset + limit))).toBe(0);
}

test('a client seeks in a file: only the windows that it asks for are pushed, and each block is checked', async () => {
  const file = new PlayedCdnFile(node, 5 * WINDOW_BYTES + 99_999);
  await using links = node.links();
  const reader = new CdnReader(file, links);
  for (const offset of [4 * WINDOW_BYTES + 3 * BLOCK, 0, 5 * WINDOW_BYTES, 4 * WINDOW_BYTES]) expectPart(file, offset, BLOCK, await reader.read(offset, BLOCK));
  expect(reader.counts).toEqual({ fromNode: 4, fromOrigin: 0, redirects: 1, reuploads: 3, wrongHash: 0, refusedTokens: 0, deadNodes: 0 });
});

test('a client refuses a part with one other bit, and gets it from the origin', async () => {
  const file = new PlayedCdnFile(node, 2 * WINDOW_BYTES);
  const changed = Uint8Array.from(file.window(0));
  changed[5 * BLOCK + 17]! ^= 1;
  expect(await node.pushWindow(file.id, 0, file.plain.length, changed)).toMatchObject({ status: 200 });
  await using links = node.links();
  const reader = new CdnReader(file, links);
  expect(Buffer.compare(await reader.readAll(file.plain.length, BLOCK), file.plain)).toBe(0);
  expect(reader.counts).toMatchObject({ fromNode: 15, fromOrigin: 1, wrongHash: 1 });
});

test('a client goes on after its token has ended, after an eviction, and after a restart of the node', async () => {
  const file = new PlayedCdnFile(node, WINDOW_BYTES);
  await using links = node.links();
  const reader = new CdnReader(file, links);
  expectPart(file, 0, BLOCK, await reader.read(0, BLOCK));
  reader.redirect!.file_token = file.token(0);
  expectPart(file, BLOCK, BLOCK, await reader.read(BLOCK, BLOCK));
  expect(reader.counts).toMatchObject({ refusedTokens: 1, redirects: 2, reuploads: 1 });

  // More than the node has memory for.
  const other = new PlayedCdnFile(node, randomBytes(WINDOW_BYTES));
  for (let window = 0; window < 64; window++) expect((await node.pushWindow(other.id, window, 64 * WINDOW_BYTES, other.window(0))).status).toBe(200);
  expectPart(file, 2 * BLOCK, BLOCK, await reader.read(2 * BLOCK, BLOCK));
  expect(reader.counts).toMatchObject({ reuploads: 2, fromNode: 3 });

  await node.restart('SIGKILL');
  await node.tellAlive();
  // The connection ended with the node: this part is the origin's, and the next one is asked of the node with a new key.
  expectPart(file, 3 * BLOCK, BLOCK, await reader.read(3 * BLOCK, BLOCK));
  expectPart(file, 4 * BLOCK, BLOCK, await reader.read(4 * BLOCK, BLOCK));
  expect(reader.counts).toEqual({ fromNode: 4, fromOrigin: 1, redirects: 3, reuploads: 3, wrongHash: 0, refusedTokens: 1, deadNodes: 1 });
});

test('a client gets everything from the origin while the node is away', async () => {
  await using other = await CdnNode.start('--memory', '64MB');
  await other.tellAlive();
  const file = new PlayedCdnFile(other, WINDOW_BYTES);
  await using links = other.links();
  const reader = new CdnReader(file, links);
  expectPart(file, 0, BLOCK, await reader.read(0, BLOCK));
  await other.stop('SIGKILL');
  for (const offset of [BLOCK, 2 * BLOCK]) expectPart(file, offset, BLOCK, await reader.read(offset, BLOCK));
  expect(reader.counts).toMatchObject({ fromNode: 1, fromOrigin: 2, deadNodes: 2 });
});
