import { randomBytes } from 'node:crypto';
import { WINDOW_BYTES } from '@aerogram/cdn-protocol';
import { CdnNode, CdnReader, PlayedCdnFile } from '@aerogram/dev-env/load';
import { expect, test } from 'vitest';
import { formsOfBytes, formsOfText, piecesOf, searchDirectory, searchProcess } from './process-secrets.ts';

/** The counter at the end of an iv is 0, which is everywhere. */
const NONCE_BYTES = 12;

test('the process and the disk of a node that serves files have neither their content nor their keys', { timeout: 120_000 }, async () => {
  await using node = await CdnNode.start('--memory', '128MB');
  await node.tell({ kind: 'alive' });
  const text = Buffer.alloc(3 * WINDOW_BYTES, Array.from({ length: 999 }, (_, line) => `Line ${line} of a public announcement.\n`).join(''));
  const files = [new PlayedCdnFile(node, randomBytes(3 * WINDOW_BYTES + 4321)), new PlayedCdnFile(node, text)];
  await using links = node.links();
  for (const file of files) expect((await new CdnReader(file, links).readAll(file.plain.length, WINDOW_BYTES)).equals(file.plain)).toBe(true);

  const secrets = files.flatMap(({ plain, key }, i) => [
    ...piecesOf(`content ${i}`, plain),
    ...formsOfBytes(`key ${i}`, key.key),
    ...formsOfBytes(`iv ${i}`, key.iv.subarray(0, NONCE_BYTES)),
  ]);
  expect([...searchProcess(node.pid, secrets), ...searchDirectory(node.dataDir, secrets)]).toEqual([]);

  // The search finds what is there: ciphertext and names of files in memory, the argument of the command line, the secret of the node on its disk.
  const present = [
    ...files.flatMap((file, i) => piecesOf(`ciphertext ${i}`, file.window(1))),
    ...files.flatMap(({ id }, i) => formsOfText(`file id ${i}`, Buffer.from(id).toString('hex')).slice(0, 1)),
    ...formsOfText('data directory', node.dataDir).slice(0, 1),
  ];
  expect(searchProcess(node.pid, present)).toEqual(new Set(present.map(({ what }) => what)));
  expect(searchDirectory(node.dataDir, formsOfText('public key', node.info.public_key.pem.split('\n')[1]!))).toEqual(new Set(['public key']));
});
