import { mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashOf, useDisk } from './files-on-disk.ts';
import type { Library } from './driver-client.ts';
import { LIBRARIES, MISSING, useLibraries } from './libraries.ts';
import { closeAll, enterPair } from './people-of-libraries.ts';

const ALL: Library[] = MISSING.tdlib === undefined ? [...LIBRARIES, 'tdlib'] : LIBRARIES;
/** Each library sends to the next one. */
const NEXT = new Map(ALL.map((library, at) => [library, ALL[(at + 1) % ALL.length]!]));

let picture: Buffer;
/** Pages with one picture, on a port that is known before the server starts. */
const site = createServer((request, response) => {
  if (request.url === '/picture.png') return void response.writeHead(200, { 'content-type': 'image/png' }).end(picture);
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  return void response.end(`<meta property="og:title" content="Page ${request.url}"><meta property="og:image" content="/picture.png">`);
});
const env: Record<string, string> = { AEROGRAM_LINK_PREVIEWS: '1', AEROGRAM_LINK_PREVIEW_NETWORKS: '127.0.0.1' };
let base = '';
beforeAll(async () => {
  const drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630"><rect width="1200" height="630" fill="#26a"/><circle cx="400" cy="300" r="250" fill="#fc3"/></svg>';
  picture = await sharp(Buffer.from(drawing)).png().toBuffer();
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  const { port } = site.address() as AddressInfo;
  base = `http://127.0.0.1:${port}`;
  env['AEROGRAM_LINK_PREVIEW_PORTS'] = String(port);
});
const libraries = useLibraries(env, ALL);
const disk = useDisk();
afterAll(() => {
  site.closeAllConnections();
  site.close();
});

const SIZES = [
  { type: 's', width: 100, height: 53 },
  { type: 'm', width: 320, height: 168 },
  { type: 'x', width: 800, height: 420 },
  { type: 'y', width: 1200, height: 630 },
];

describe('the picture of a page that one library links to is seen in another', () => {
  test.each(ALL)('%s sends a link', async (acts) => {
    const other = NEXT.get(acts)!;
    const [alice, bob] = await enterPair(libraries, acts, other);
    const text = `look at ${base}/${acts}`;
    const sent = await alice.client.send({ peer: bob.id, text });
    const seen = await bob.client.seesMessage(text);
    const hashes: string[] = [];
    for (const [who, peer, id] of [[bob, alice.id, seen.id], [alice, bob.id, sent.id]] as const) {
      const directory = disk.pathOf(`${acts}-${who.client.library}-${id}`);
      await mkdir(directory);
      // The message has no photo until the page was read.
      const save = () => who.client.saveSizes({ peer, id, directory }).catch(() => []);
      await expect.poll(async () => (await save()).toSorted((a, b) => a.width - b.width), { timeout: 20_000 }).toEqual(SIZES);
      const largest = await readFile(join(directory, 'y.jpg'));
      expect(await sharp(largest).metadata()).toMatchObject({ format: 'jpeg', width: 1200, height: 630 });
      hashes.push(hashOf(largest));
    }
    expect(hashes[1]).toBe(hashes[0]);
    for (const { client } of [alice, bob]) if (client.library === 'tdlib') expect(await client.complaints()).toEqual([]);
    await closeAll(alice, bob);
  });
});
