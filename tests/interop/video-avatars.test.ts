import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findRepositoryRoot } from '@aerogram/dev-env/load';
import { findFfmpeg, loadMediabunny } from '@aerogram/media';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { expectNoComplaints } from './avatar-stage.ts';
import type { DriverClient, Library } from './driver-client.ts';
import { useDisk } from './files-on-disk.ts';
import { LIBRARIES, MISSING, useLibraries } from './libraries.ts';
import { closeAll, enterPair } from './people-of-libraries.ts';

const HAS_FFMPEG = (await findFfmpeg()).isThere;
const loaded = await loadMediabunny();
const ALL: Library[] = MISSING.tdlib === undefined ? [...LIBRARIES, 'tdlib'] : LIBRARIES;
const libraries = useLibraries({}, ALL);
const disk = useDisk();
/** 240 × 240 pixels, 2 s, 30 pictures, with sound. */
const VIDEO = join(findRepositoryRoot(), 'packages/media/test/samples/avatar.mp4');

/** Leaves supplemental information (units of type 6, each after its length in four bytes) out of an H.264 picture, as the server does with it. */
function withoutInformation(picture: Buffer): Buffer {
  const kept: Buffer[] = [];
  for (let at = 0; at < picture.length; ) {
    const end = at + 4 + picture.readUInt32BE(at);
    if ((picture[at + 4]! & 0x1f) !== 6) kept.push(picture.subarray(at, end));
    at = end;
  }
  return Buffer.concat(kept);
}

/** Downloads the video in a photo, and looks into it: it must be that of the sample. */
async function showsVideo(client: DriverClient, peer: number, startS: number): Promise<void> {
  const path = disk.pathOf(`${client.name}-${peer}.mp4`);
  expect(await client.saveVideo({ peer, path })).toEqual({ width: 240, height: 240, startS });
  if (!loaded.isThere) throw new Error(loaded.reason);
  const { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } = loaded.mediabunny;
  const listPictures = async (file: string): Promise<string[]> => {
    using input = new Input({ formats: ALL_FORMATS, source: new BufferSource(await readFile(file)) });
    const pictures: string[] = [];
    for await (const packet of new EncodedPacketSink((await input.getPrimaryVideoTrack())!).packets()) pictures.push(withoutInformation(Buffer.from(packet.data)).toString('base64'));
    return pictures;
  };
  const sent = await listPictures(VIDEO);
  expect(sent).toHaveLength(30);
  expect(await listPictures(path)).toEqual(sent);
}

/** Waits until a client shows the video of the sample. */
async function seesVideo(client: DriverClient, peer: number, startS: number): Promise<void> {
  await expect.poll(() => showsVideo(client, peer, startS).then(() => true, () => false), { timeout: 15_000, interval: 300 }).toBe(true).catch(() => showsVideo(client, peer, startS));
}

describe.skipIf(!HAS_FFMPEG)('videos of people and chats set with one library play in another', () => {
  for (const [at, acts] of ALL.entries()) {
    const other = ALL[(at + 1) % ALL.length]!;
    test(`${acts} sets videos without still pictures, ${other} downloads them and shows a frame of them in the list of chats`, async () => {
      const [alice, bob] = await enterPair(libraries, acts, other);
      const [from, to] = acts === 'tdlib' ? [bob, alice] : [alice, bob];
      await from.client.send({ peer: to.id, text: 'hello' });
      await to.client.seesMessage('hello');
      const path = disk.pathOf(`${acts}.mp4`);
      await copyFile(VIDEO, path);
      const group = await alice.client.createGroup({ users: [bob.id], title: `group of ${acts}` });
      const supergroup = await alice.client.createSupergroup({ title: `supergroup of ${acts}` });
      await alice.client.addMembers({ peer: supergroup.peer, users: [bob.id] });
      for (const [seen, peer, startS] of [[alice.id, undefined, 0.5], [group.peer, group.peer, 1], [supergroup.peer, supergroup.peer, 1.5]] as const) {
        if (peer !== undefined) {
          await alice.client.send({ peer, text: `hello ${peer}` });
          await bob.client.seesMessage(`hello ${peer}`);
        }
        await alice.client.setVideo({ peer, path, startS });
        await seesVideo(bob.client, seen, startS);
        const still = disk.pathOf(`${acts}${seen}.jpg`);
        expect(await bob.client.saveAvatar({ peer: seen, big: true, path: still })).toBe(true);
        expect(await sharp(still).metadata()).toMatchObject({ format: 'jpeg', width: 240, height: 240 });
      }
      await expectNoComplaints(alice, bob);
      await closeAll(alice, bob);
    });
  }
});
