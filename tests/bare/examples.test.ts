// The package for tests as others get it: from its tarball, in a folder without this repository, under an ordinary account. npm needs its registry or its cache.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findRepositoryRoot } from '@aerogram/dev-env/load';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findPythonWith } from '../interop/driver-process.ts';
import { BareFolder, IS_ROOT, listExamples, makeTarball } from './bare-folder.ts';

const hasPython = findPythonWith('telegram.ext') !== undefined;

let folder: BareFolder;

beforeAll(async () => {
  folder = await BareFolder.create();
});
afterAll(() => folder[Symbol.dispose]());

for (const name of listExamples(join(findRepositoryRoot(), 'examples/testing'))) {
  test.skipIf(name.startsWith('python') && !hasPython)(`the example ${name} passes under an ordinary account`, async () => {
    const { status, output } = await folder.run('ordinary', `examples/${name}`, ['npm', 'test']);
    expect(status, output).toBe(0);
  });
}

// PostgreSQL refuses root, so the server runs it as somebody else, who must be able to reach programs in a folder that is closed to all but its owner.
test.runIf(IS_ROOT)('an example passes under root, in the folder of somebody else', async () => {
  const { status, output } = await folder.run('root', 'examples/fetch-webhook', ['npm', 'test']);
  expect(status, output).toBe(0);
});

test('the same sources make the same tarball', async () => {
  const hash = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
  const first = hash(join(folder.path, folder.tarball));
  expect(hash(await makeTarball())).toBe(first);
});

test('the types are complete, and need no others than those of Node', async () => {
  const source = "import { startCloud } from '@aerogram/testing';\nconst cloud = await startCloud();\nconst ann = await cloud.person('Ann');\nexport const text: string = (await ann.next('me')).text;\n// @ts-expect-error a message has no such field\nexport const wrong: string = (await ann.next('me')).nothing;\n";
  writeFileSync(join(folder.path, 'types.mts'), source);
  const tsc = [join(findRepositoryRoot(), 'node_modules/typescript/bin/tsc'), '--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--lib', 'es2023,esnext.disposable', '--types', 'node'];
  const { status, output } = await folder.run(IS_ROOT ? 'root' : 'ordinary', '.', [process.execPath, ...tsc, '--typeRoots', join(findRepositoryRoot(), 'node_modules/@types'), 'types.mts']);
  expect(status, output).toBe(0);
});
