import { writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { expectNoComplaints, makePicture, seesPicture } from './avatar-stage.ts';
import type { Library } from './driver-client.ts';
import { useDisk } from './files-on-disk.ts';
import { LIBRARIES, MISSING, useLibraries } from './libraries.ts';
import { closeAll, enterPair, isOld, type Person } from './people-of-libraries.ts';
import { isSameFile, wallpaperHands } from './wallpaper-hands.ts';

const ALL: Library[] = MISSING.tdlib === undefined ? [...LIBRARIES, 'tdlib'] : LIBRARIES;
/** Those whose layer has wallpapers of chats and photos of contacts. */
const NEWER = ALL.filter((library) => !isOld(library));
const libraries = useLibraries({}, ALL);
const disk = useDisk();

const NOTICE = /^action:(messageActionSetChatWallPaper|messageChatSetBackground)$/i;
const SUGGESTION = /^action:(messageActionSuggestProfilePhoto|messageSuggestProfilePhoto)$/i;

/** Two people who have written to each other, so that each has the other in the list of chats. */
async function enterTalk(acts: Library, other: Library): Promise<[Person, Person]> {
  const [alice, bob] = await enterPair(libraries, acts, other);
  // TDLib logs an error if it gets its first message before the answer to its call, as it does on a busy machine.
  const [from, to] = acts === 'tdlib' ? [bob, alice] : [alice, bob];
  await from.client.send({ peer: to.id, text: 'hello' });
  await to.client.seesMessage('hello');
  return [alice, bob];
}

/** Waits for the latest of so many messages of a kind. @returns its id */
async function seesNotice({ client }: Person, kind: RegExp, count: number): Promise<number> {
  const found = (): number[] => client.events.flatMap((event) => (event.kind === 'message' && kind.test(event.text) ? [event.id] : []));
  await client.sees(`${count} of ${kind}`, () => found().length >= count);
  return found()[count - 1]!;
}

describe('wallpapers uploaded with one library are found with another', () => {
  for (const [at, acts] of ALL.entries()) {
    const other = ALL[(at + 1) % ALL.length]!;
    test(`${acts} uploads a picture, ${other} finds it by its link and downloads it`, async () => {
      const [alice, bob] = await enterPair(libraries, acts, other);
      const [own, others] = [wallpaperHands(alice.client), wallpaperHands(bob.client)];
      const before = await own.list();
      expect(before.map(({ kind }) => kind)).toEqual(before.map(() => 'fill'));
      expect(before.some(({ colors }) => colors.length === 4)).toBe(true);
      const picture = await makePicture(disk, `wall-${acts}`, '#264');
      const slug = await own.upload(picture, 'image/jpeg');
      await expect.poll(async () => (await own.list())[0]).toEqual({ kind: 'picture', slug, colors: [] });
      const copy = disk.pathOf(`copy-${other}.jpg`);
      expect(await others.save(slug, copy)).toEqual({ kind: 'picture', slug, colors: [] });
      expect(await isSameFile(copy, picture)).toBe(true);
      await own.remove(slug);
      expect(await own.list()).toEqual(before);
      await own.reset();
      expect(await own.list()).toEqual(before);
      await expectNoComplaints(alice, bob);
      await closeAll(alice, bob);
    });
  }
});

describe('patterns uploaded with one library are found with another', () => {
  const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="144" height="296"><path d="M10 10h40v40z"/></svg>';
  for (const [at, acts] of ALL.entries()) {
    const other = ALL[(at + 1) % ALL.length]!;
    // TDLib uploads PNG files only.
    const isPng = acts === 'tdlib';
    test(`${acts} uploads ${isPng ? 'a PNG' : 'a compressed SVG'} file, ${other} finds it by its link and downloads it`, async () => {
      const [alice, bob] = await enterPair(libraries, acts, other);
      const [own, others] = [wallpaperHands(alice.client), wallpaperHands(bob.client)];
      const path = disk.pathOf(`pattern-${acts}`);
      await writeFile(path, isPng ? await sharp({ create: { width: 144, height: 296, channels: 4, background: '#00000080' } }).png().toBuffer() : gzipSync(SVG));
      const slug = await own.upload(path, isPng ? 'image/png' : 'application/x-tgwallpattern', 0x20_40_80);
      const shown = { kind: 'pattern', slug };
      await expect.poll(async () => (await own.list())[0]).toMatchObject({ ...shown, colors: [0x20_40_80] });
      const copy = disk.pathOf(`pattern-of-${acts}`);
      expect(await others.save(slug, copy)).toMatchObject(shown);
      expect(await isSameFile(copy, path)).toBe(true);
      await expectNoComplaints(alice, bob);
      await closeAll(alice, bob);
    });
  }
});

describe('wallpapers of chats set with one library are seen in another', () => {
  for (const [at, acts] of NEWER.entries()) {
    const other = NEWER[(at + 1) % NEWER.length]!;
    test(`${acts} sets a fill for itself and a picture for both, ${other} takes and reverts them`, async () => {
      const [alice, bob] = await enterTalk(acts, other);
      const [own, others] = [wallpaperHands(alice.client), wallpaperHands(bob.client)];
      const blue = { kind: 'fill', slug: null, colors: [0x20_40_80] };
      await own.setInChat(bob, { color: 0x20_40_80 }, false);
      expect(await own.shownInChat(bob)).toEqual(blue);
      expect(await others.shownInChat(alice)).toBeNull();
      await others.takeInChat(alice, await seesNotice(bob, NOTICE, 1));
      expect(await others.shownInChat(alice)).toEqual(blue);
      await seesNotice(alice, NOTICE, acts === 'tdlib' ? 2 : 1);

      const picture = await makePicture(disk, `both-${acts}`, '#462');
      const slug = await own.upload(picture, 'image/jpeg');
      await own.setInChat(bob, { slug }, true);
      const shown = { kind: 'picture', slug, colors: [] };
      await expect.poll(() => others.shownInChat(alice), { timeout: 15_000 }).toEqual(shown);
      expect(await own.shownInChat(bob)).toEqual(shown);
      const copy = disk.pathOf(`both-${other}.jpg`);
      await others.save(slug, copy);
      expect(await isSameFile(copy, picture)).toBe(true);
      await others.dropInChat(alice, true);
      await expect.poll(() => others.shownInChat(alice), { timeout: 15_000 }).toEqual(blue);
      await others.dropInChat(alice);
      await expect.poll(() => others.shownInChat(alice), { timeout: 15_000 }).toBeNull();
      expect(await own.shownInChat(bob)).toEqual(shown);
      await expectNoComplaints(alice, bob);
      await closeAll(alice, bob);
    });
  }

  test.skipIf(MISSING.telethon !== undefined)('a library whose layer has none gets a service message without content, and the messages after it', async () => {
    const [alice, bob] = await enterTalk('mtcute', 'telethon');
    await wallpaperHands(alice.client).setInChat(bob, { color: 0x20_40_80 }, true);
    await wallpaperHands(alice.client).suggestPhoto(bob, await makePicture(disk, 'for-telethon', '#264'));
    await seesNotice(bob, /^action:messageActionEmpty$/i, 2);
    await alice.client.send({ peer: bob.id, text: 'after' });
    await bob.client.seesMessage('after');
    await closeAll(alice, bob);
  });
});

describe('photos for contacts set with one library are seen in another', () => {
  for (const [at, acts] of NEWER.entries()) {
    const other = NEWER[(at + 1) % NEWER.length]!;
    test(`${acts} sets a photo for a contact and suggests another one, which ${other} takes`, async () => {
      const [alice, bob] = await enterTalk(acts, other);
      const [own, others] = [wallpaperHands(alice.client), wallpaperHands(bob.client)];
      const [plain, personal, suggested] = [await makePicture(disk, `${other}-own`, '#2a6'), await makePicture(disk, `${other}-personal`, '#62a'), await makePicture(disk, `${other}-suggested`, '#a62')];
      await bob.client.setOwnPhoto({ path: plain });
      await seesPicture(disk, alice.client, bob.id, plain);
      await own.setContactPhoto(bob, personal);
      await seesPicture(disk, alice.client, bob.id, personal);
      expect(await bob.client.countPhotos({ peer: bob.id })).toBe(1);
      await own.suggestPhoto(bob, suggested);
      await others.takeSuggestion(alice, await seesNotice(bob, SUGGESTION, 1));
      expect(await bob.client.countPhotos({ peer: bob.id })).toBe(2);
      // Alice still sees the photo that she has set.
      await seesPicture(disk, alice.client, bob.id, personal);
      await expectNoComplaints(alice, bob);
      await closeAll(alice, bob);
    });

    test(`${acts} hides its photos and sets one for everybody, which ${other} sees`, async () => {
      const [alice, bob] = await enterTalk(acts, other);
      const own = wallpaperHands(alice.client);
      const [hidden, fallback] = [await makePicture(disk, `${acts}-hidden`, '#2a6'), await makePicture(disk, `${acts}-fallback`, '#62a')];
      await alice.client.setOwnPhoto({ path: hidden });
      await seesPicture(disk, bob.client, alice.id, hidden);
      await own.setFallbackPhoto(fallback);
      // Others learn of a new rule when they get the user again, as with a message.
      for (const [whom, shown] of [['nobody', fallback], ['everybody', hidden]] as const) {
        await own.showPhotosTo(whom);
        await alice.client.send({ peer: bob.id, text: `shown to ${whom}` });
        await bob.client.seesMessage(`shown to ${whom}`);
        await seesPicture(disk, bob.client, alice.id, shown);
      }
      await expectNoComplaints(alice, bob);
      await closeAll(alice, bob);
    });
  }
});
