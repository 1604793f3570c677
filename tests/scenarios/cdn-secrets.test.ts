import { randomBytes } from 'node:crypto';
import { cryptPart, WINDOW_BYTES } from '@aerogram/cdn-protocol';
import { CdnNode, CdnReader, PlayedCdnFile, postInNewChannel } from '@aerogram/dev-env/load';
import { expect, test } from 'vitest';
import { CdnStage } from './cdn-stage.ts';
import { formsOfBytes, formsOfText, type Needle, piecesOf, searchDirectory, searchProcess } from './process-secrets.ts';

/** The counter at the end of an iv is 0, which is everywhere. */
const NONCE_BYTES = 12;

test('the process and the disk of a node that serves files have neither their content nor their keys', { timeout: 120_000 }, async () => {
  await using node = await CdnNode.start('--memory', '128MB');
  await node.tellAlive();
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

const TITLE = 'The announcements of Aldebaran';
const USERNAME = 'aldebaran_announces';
const FILE_NAME = 'timetable-of-aldebaran.bin';
const OWNER = 'Philippa Featherstonehaugh';

/** An id as text, and in the byte order of TL. */
function formsOfId(what: string, id: bigint): Needle[] {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(id);
  return [...formsOfText(what, String(id)), { what: `${what}, in TL`, bytes }];
}

test('a node that a server has filled knows neither the content nor its keys, names, channel or people', { timeout: 180_000 }, async () => {
  await using stage = await CdnStage.start(1);
  const [node] = stage.nodes.nodes as [CdnNode];
  const owner = await stage.signUp(OWNER);
  const viewer = await stage.signUp('Reader of Aldebaran');
  const content = randomBytes(4 * WINDOW_BYTES + 777);
  const { channel, location } = await postInNewChannel(owner, content, { title: TITLE, name: FILE_NAME, username: USERNAME });
  await using reader = await stage.reader(viewer, location);
  expect((await reader.readAll(content.length, WINDOW_BYTES)).equals(content)).toBe(true);
  expect(reader.counts).toMatchObject({ fromNode: 5, fromOrigin: 0, wrongHash: 0 });

  const { encryption_key: key, encryption_iv: iv, file_token: token } = reader.redirect!;
  const secrets = [
    ...piecesOf('content', content),
    ...formsOfBytes('key', key),
    ...formsOfBytes('iv', iv.subarray(0, NONCE_BYTES)),
    ...[TITLE, USERNAME, FILE_NAME, OWNER, owner.phone, viewer.name].flatMap((text) => formsOfText(text, text)),
    ...formsOfId('channel', channel.channel_id),
    ...formsOfId('document', location.id),
    ...formsOfId('owner', owner.userId),
    ...formsOfId('viewer', viewer.userId),
    ...formsOfBytes('authorization key at the server', viewer.key.key.bytes),
  ];
  expect([...searchProcess(node.pid, secrets), ...searchDirectory(node.dataDir, secrets)]).toEqual([]);

  const ciphertext = cryptPart({ key, iv }, WINDOW_BYTES, content.subarray(WINDOW_BYTES, 2 * WINDOW_BYTES));
  const present = [...piecesOf('ciphertext', ciphertext), { what: 'file id', bytes: Buffer.from(Buffer.from(token).toString('hex', 1, 17)) }];
  expect(searchProcess(node.pid, present)).toEqual(new Set(present.map(({ what }) => what)));
});
