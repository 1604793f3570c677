import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { SavedSize } from './driver-answers.ts';
import type { DriverClient, Library } from './driver-client.ts';
import { hashOf, useDisk } from './files-on-disk.ts';
import { LIBRARIES, MISSING, useLibraries } from './libraries.ts';
import { closeAll, enterPair } from './people-of-libraries.ts';

const ALL: Library[] = MISSING.tdlib === undefined ? [...LIBRARIES, 'tdlib'] : LIBRARIES;
const libraries = useLibraries({}, ALL);
const disk = useDisk();

/** The sizes of a picture of 1600 × 1200 pixels. */
const SIZES: SavedSize[] = [
  { type: 's', width: 100, height: 75 },
  { type: 'm', width: 320, height: 240 },
  { type: 'x', width: 800, height: 600 },
  { type: 'y', width: 1280, height: 960 },
  { type: 'w', width: 1600, height: 1200 },
];
/** The largest size may differ from the picture by this much on average, of 255: it was compressed once more. */
const DIFFERENCE_MAX = 4;

/** Writes a picture with the text that it is named after, so that no two are equal. */
async function makePicture(name: string): Promise<string> {
  const text = `<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="1200"><rect width="1600" height="1200" fill="#2a6"/><circle cx="500" cy="600" r="400" fill="#d33"/><text x="700" y="500" font-size="150">${name}</text></svg>`;
  const path = disk.pathOf(`${name}.jpg`);
  await writeFile(path, await sharp(Buffer.from(text)).jpeg({ quality: 90 }).toBuffer());
  return path;
}

/** Downloads all sizes of a photo, and checks that each is the picture. @returns the hashes of the files, by type */
async function loadAll(client: DriverClient, { peer, id, picture, name }: { peer: number; id: number; picture: string; name: string }): Promise<Record<string, string>> {
  const directory = disk.pathOf(name);
  await mkdir(directory);
  const sizes = await client.saveSizes({ peer, id, directory });
  expect(sizes.toSorted((a, b) => a.width - b.width)).toEqual(SIZES);
  const hashes: Record<string, string> = {};
  for (const { type, width, height } of SIZES) {
    const path = join(directory, `${type}.jpg`);
    const { data, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width, height, channels: 3 });
    const reference = await sharp(picture).resize(width, height).raw().toBuffer();
    let sum = 0;
    for (let at = 0; at < data.length; at++) sum += Math.abs(data[at]! - reference[at]!);
    expect(sum / data.length).toBeLessThan(DIFFERENCE_MAX);
    hashes[type] = hashOf(await readFile(path));
  }
  return hashes;
}

describe('photos sent with one library are seen in another', () => {
  for (const [at, acts] of ALL.entries()) {
    const other = ALL[(at + 1) % ALL.length]!;
    test(`${acts} sends a photo, ${other} loads all its sizes and sends it on`, async () => {
      const [alice, bob] = await enterPair(libraries, acts, other);
      const picture = await makePicture(acts);
      const sent = await alice.client.sendPhoto({ peer: bob.id, path: picture, caption: 'a photo' });
      const seen = await bob.client.seesMessage('a photo');
      const loaded = await loadAll(bob.client, { peer: alice.id, id: seen.id, picture, name: `${other}-got` });
      const { ids } = await bob.client.forward({ from: alice.id, ids: [seen.id], to: bob.id });
      expect(await loadAll(bob.client, { peer: bob.id, id: ids[0]!, picture, name: `${other}-own` })).toEqual(loaded);
      // TDLib keeps the picture that it has sent, instead of loading it.
      if (acts !== 'tdlib') expect(await loadAll(alice.client, { peer: bob.id, id: sent.id, picture, name: `${acts}-sent` })).toEqual(loaded);
      for (const { client } of [alice, bob]) if (client.library === 'tdlib') expect(await client.complaints()).toEqual([]);
      await closeAll(alice, bob);
    });
  }
});

describe('albums sent with one library are albums in another', () => {
  for (const [at, acts] of ALL.entries()) {
    const other = ALL[(at + 1) % ALL.length]!;
    test(`${acts} sends three photos together, ${other} sees one album`, async () => {
      const [alice, bob] = await enterPair(libraries, acts, other);
      const paths = await Promise.all(['a', 'b', 'c'].map((name) => makePicture(`${acts}-${name}`)));
      const { ids } = await alice.client.sendAlbum({ peer: bob.id, paths, caption: 'an album' });
      expect(ids).toHaveLength(3);
      await bob.client.seesMessage('an album');
      await expect.poll(() => bob.client.listAlbums({ peer: alice.id, limit: 3 }), { timeout: 10_000 }).toHaveLength(3);
      const [album, ...more] = await bob.client.listAlbums({ peer: alice.id, limit: 3 });
      expect(album).not.toBeNull();
      expect(more).toEqual([album, album]);
      const own = await alice.client.listAlbums({ peer: bob.id, limit: 3 });
      // TDLib keeps the id that it has given to an album while it sent it.
      expect(own).toEqual(acts === 'tdlib' ? [own[0], own[0], own[0]] : [album, album, album]);
      for (const { client } of [alice, bob]) if (client.library === 'tdlib') expect(await client.complaints()).toEqual([]);
      await closeAll(alice, bob);
    });
  }
});

describe('documents with thumbnails', () => {
  for (const [at, acts] of ALL.entries()) {
    const other = ALL[(at + 1) % ALL.length]!;
    test(`${acts} sends a file with a thumbnail, ${other} loads both`, async () => {
      const [alice, bob] = await enterPair(libraries, acts, other);
      const { path, bytes } = await disk.makeFile(`${acts}-film.bin`, 50_000);
      const thumb = disk.pathOf(`${acts}-thumb.jpg`);
      await sharp({ create: { width: 320, height: 240, channels: 3, background: '#a02060' } }).jpeg().toFile(thumb);
      await alice.client.sendFile({ peer: bob.id, path, caption: 'a film', thumb });
      const { id } = await bob.client.seesMessage('a film');
      const [saved, savedThumb] = [disk.pathOf(`${other}-film-got.bin`), disk.pathOf(`${other}-thumb-got.jpg`)];
      await bob.client.saveFile({ peer: alice.id, id, path: saved });
      expect(hashOf(await readFile(saved))).toBe(hashOf(bytes));
      await bob.client.saveThumb({ peer: alice.id, id, path: savedThumb });
      const { data, info } = await sharp(savedThumb).raw().toBuffer({ resolveWithObject: true });
      expect(info).toMatchObject({ width: 320, height: 240 });
      for (const [channel, value] of [0xa0, 0x20, 0x60].entries()) expect(Math.abs(data[channel]! - value)).toBeLessThan(DIFFERENCE_MAX);
      for (const { client } of [alice, bob]) if (client.library === 'tdlib') expect(await client.complaints()).toEqual([]);
      await closeAll(alice, bob);
    });
  }
});
