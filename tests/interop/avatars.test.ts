import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { DriverClient, Library } from './driver-client.ts';
import { useDisk } from './files-on-disk.ts';
import { LIBRARIES, MISSING, useLibraries } from './libraries.ts';
import { closeAll, enterPair } from './people-of-libraries.ts';

const ALL: Library[] = MISSING.tdlib === undefined ? [...LIBRARIES, 'tdlib'] : LIBRARIES;
const libraries = useLibraries({}, ALL);
const disk = useDisk();

/** Each size may differ from the picture by this much on average, of 255: it was compressed once more. */
const DIFFERENCE_MAX = 4;

/** Writes a square picture in which a name stands. */
async function makePicture(name: string, colour: string): Promise<string> {
  const text = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="640"><rect width="640" height="640" fill="${colour}"/><circle cx="200" cy="300" r="150" fill="#d33"/><text x="100" y="560" font-size="90">${name}</text></svg>`;
  const path = disk.pathOf(`${name}.jpg`);
  await writeFile(path, await sharp(Buffer.from(text)).jpeg({ quality: 90 }).toBuffer());
  return path;
}

/** Downloads what stands beside a name, and compares it with a picture. */
async function showsPicture(client: DriverClient, peer: number, picture: string): Promise<void> {
  for (const [big, side] of [[false, 160], [true, 640]] as const) {
    const path = disk.pathOf(`${client.name}-${side}.jpg`);
    expect(await client.saveAvatar({ peer, big, path })).toBe(true);
    const { data, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: side, height: side, channels: 3 });
    const reference = await sharp(picture).resize(side, side).raw().toBuffer();
    let sum = 0;
    for (let at = 0; at < data.length; at++) sum += Math.abs(data[at]! - reference[at]!);
    expect(sum / data.length).toBeLessThan(DIFFERENCE_MAX);
  }
}

/** Waits until a client shows a picture beside a name. */
async function seesPicture(client: DriverClient, peer: number, picture: string): Promise<void> {
  await expect.poll(() => showsPicture(client, peer, picture).then(() => true, () => false), { timeout: 15_000, interval: 300 }).toBe(true).catch(() => showsPicture(client, peer, picture));
}

describe('profile photos set with one library are seen in another', () => {
  for (const [at, acts] of ALL.entries()) {
    const other = ALL[(at + 1) % ALL.length]!;
    test(`${acts} sets two photos and deletes one, ${other} sees each in the list of chats`, async () => {
      const [alice, bob] = await enterPair(libraries, acts, other);
      // TDLib logs an error if it gets its first message before the answer to its call, as it does on a busy machine.
      const [from, to] = acts === 'tdlib' ? [bob, alice] : [alice, bob];
      await from.client.send({ peer: to.id, text: 'hello' });
      await to.client.seesMessage('hello');
      const [first, second] = [await makePicture(`${acts}-first`, '#2a6'), await makePicture(`${acts}-second`, '#62a')];
      expect(await bob.client.saveAvatar({ peer: alice.id, big: false, path: disk.pathOf('none.jpg') })).toBe(false);
      await alice.client.setOwnPhoto({ path: first });
      await seesPicture(bob.client, alice.id, first);
      await alice.client.setOwnPhoto({ path: second });
      await seesPicture(bob.client, alice.id, second);
      expect(await bob.client.countPhotos({ peer: alice.id })).toBe(2);
      await alice.client.deleteOwnPhoto();
      await seesPicture(bob.client, alice.id, first);
      await alice.client.deleteOwnPhoto();
      await expect.poll(() => bob.client.saveAvatar({ peer: alice.id, big: false, path: disk.pathOf('none.jpg') }), { timeout: 15_000 }).toBe(false);
      for (const { client } of [alice, bob]) if (client.library === 'tdlib') expect(await client.complaints()).toEqual([]);
      await closeAll(alice, bob);
    });
  }
});

describe('photos of groups and channels set with one library are seen in another', () => {
  for (const [at, acts] of ALL.entries()) {
    const other = ALL[(at + 1) % ALL.length]!;
    test(`${acts} sets and removes photos, ${other} sees them in the list of chats`, async () => {
      const [alice, bob] = await enterPair(libraries, acts, other);
      const group = await alice.client.createGroup({ users: [bob.id], title: `group of ${acts}` });
      const supergroup = await alice.client.createSupergroup({ title: `supergroup of ${acts}` });
      await alice.client.addMembers({ peer: supergroup.peer, users: [bob.id] });
      for (const { peer } of [group, supergroup]) {
        await alice.client.send({ peer, text: `hello ${peer}` });
        await bob.client.seesMessage(`hello ${peer}`);
        const picture = await makePicture(`${acts}${peer}`, '#26a');
        await alice.client.setChatPhoto({ peer, path: picture });
        await seesPicture(bob.client, peer, picture);
        await alice.client.setChatPhoto({ peer });
        await expect.poll(() => bob.client.saveAvatar({ peer, big: false, path: disk.pathOf('none.jpg') }), { timeout: 15_000 }).toBe(false);
      }
      for (const { client } of [alice, bob]) if (client.library === 'tdlib') expect(await client.complaints()).toEqual([]);
      await closeAll(alice, bob);
    });
  }
});
