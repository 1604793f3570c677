import { describe, expect, test } from 'vitest';
import { expectNoComplaints, makePicture, seesNoPicture, seesPicture } from './avatar-stage.ts';
import type { Library } from './driver-client.ts';
import { useDisk } from './files-on-disk.ts';
import { LIBRARIES, MISSING, useLibraries } from './libraries.ts';
import { closeAll, enterPair } from './people-of-libraries.ts';

const ALL: Library[] = MISSING.tdlib === undefined ? [...LIBRARIES, 'tdlib'] : LIBRARIES;
const libraries = useLibraries({}, ALL);
const disk = useDisk();

describe('profile photos set with one library are seen in another', () => {
  for (const [at, acts] of ALL.entries()) {
    const other = ALL[(at + 1) % ALL.length]!;
    test(`${acts} sets two photos and deletes one, ${other} sees each in the list of chats`, async () => {
      const [alice, bob] = await enterPair(libraries, acts, other);
      // TDLib logs an error if it gets its first message before the answer to its call, as it does on a busy machine.
      const [from, to] = acts === 'tdlib' ? [bob, alice] : [alice, bob];
      await from.client.send({ peer: to.id, text: 'hello' });
      await to.client.seesMessage('hello');
      const [first, second] = [await makePicture(disk, `${acts}-first`, '#2a6'), await makePicture(disk, `${acts}-second`, '#62a')];
      expect(await bob.client.saveAvatar({ peer: alice.id, big: false, path: disk.pathOf('none.jpg') })).toBe(false);
      await alice.client.setOwnPhoto({ path: first });
      await seesPicture(disk, bob.client, alice.id, first);
      await alice.client.setOwnPhoto({ path: second });
      await seesPicture(disk, bob.client, alice.id, second);
      expect(await bob.client.countPhotos({ peer: alice.id })).toBe(2);
      await alice.client.deleteOwnPhoto();
      await seesPicture(disk, bob.client, alice.id, first);
      await alice.client.deleteOwnPhoto();
      await seesNoPicture(disk, bob.client, alice.id);
      await expectNoComplaints(alice, bob);
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
        const picture = await makePicture(disk, `${acts}${peer}`, '#26a');
        await alice.client.setChatPhoto({ peer, path: picture });
        await seesPicture(disk, bob.client, peer, picture);
        await alice.client.setChatPhoto({ peer });
        await seesNoPicture(disk, bob.client, peer);
      }
      await expectNoComplaints(alice, bob);
      await closeAll(alice, bob);
    });
  }
});
