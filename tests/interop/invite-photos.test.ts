import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { expectNoComplaints, makePicture } from './avatar-stage.ts';
import type { Library } from './driver-client.ts';
import { useDisk } from './files-on-disk.ts';
import { makeLink } from './invite-story.ts';
import { LIBRARIES, MISSING, useLibraries } from './libraries.ts';
import { closeAll, enterPair } from './people-of-libraries.ts';

const ALL: Library[] = MISSING.tdlib === undefined ? [...LIBRARIES, 'tdlib'] : LIBRARIES;
const libraries = useLibraries({}, ALL);
const disk = useDisk();

describe('the photo in the preview of an invite link made with one library is shown in another', () => {
  for (const [at, acts] of ALL.entries()) {
    const other = ALL[(at + 1) % ALL.length]!;
    test(`${acts} sets photos, ${other} downloads them without being a member`, async () => {
      const [alice, bob] = await enterPair(libraries, acts, other);
      const { peer } = await alice.client.createSupergroup({ title: `supergroup of ${acts}` });
      const path = disk.pathOf(`${acts}-preview.jpg`);
      expect(await bob.client.saveInvitePhoto({ link: await makeLink(alice, peer, { title: '', places: 0 }), path })).toBe(false);
      await alice.client.setChatPhoto({ peer, path: await makePicture(disk, acts, '#26a') });
      // TDLib remembers for a while what a link has shown, so this is another one.
      expect(await bob.client.saveInvitePhoto({ link: await makeLink(alice, peer, { title: '', places: 0 }), path })).toBe(true);
      expect(await sharp(path).metadata()).toMatchObject({ format: 'jpeg', width: 640, height: 640 });
      await expectNoComplaints(alice, bob);
      await closeAll(alice, bob);
    });
  }
});
