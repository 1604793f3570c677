import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OperatorError } from '@aerogram/runtime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readNodeDirectory } from '../src/index.ts';

const FILE = { pid: 1, id: '0'.repeat(16), client: { host: '127.0.0.1', port: 1 }, push: { host: '127.0.0.1', port: 2 }, public_key: { pem: 'key', fingerprint: '1' } };
const SECRET = '11'.repeat(32);

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aerogram-cdn-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function read(file: string, secret: string): Promise<unknown> {
  await writeFile(join(directory, 'cdn.json'), file);
  await writeFile(join(directory, 'push.secret'), secret);
  return readNodeDirectory(directory);
}

test('what a node has written is read', async () => {
  expect(await read(JSON.stringify(FILE), `${SECRET}\n`)).toEqual({ file: FILE, secret: Buffer.from(SECRET, 'hex') });
});

test('a copy that is broken is refused in words for the operator', async () => {
  const { client: _, ...withoutClient } = FILE;
  for (const file of ['', '{', 'null', '[]', '{}', JSON.stringify(withoutClient), JSON.stringify({ ...FILE, push: { host: 5 } })]) {
    await expect(read(file, SECRET)).rejects.toThrow(OperatorError);
  }
  for (const secret of ['', SECRET.slice(2), `${SECRET}zz`, `${SECRET} ${SECRET}`]) await expect(read(JSON.stringify(FILE), secret)).rejects.toThrow(OperatorError);
});
