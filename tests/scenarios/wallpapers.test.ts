import { gzipSync } from 'node:zlib';
import type { Actor } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { download, hashOf, makeFile, upload } from './file-stage.ts';
import { makePicture } from './photo-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
let alice: Actor;
let bob: Actor;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario[Symbol.asyncDispose]());
beforeEach(async () => {
  alice = await scenario.world.user('Alice');
  bob = await scenario.world.user('Bob');
});

/** A pattern as clients draw it: one shape on nothing. */
const PATTERN = '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="160"><path d="M10 10h30v30z"/></svg>';
const PLAIN: tl.RawWallPaperSettings = { _: 'wallPaperSettings' };

async function uploadWallpaper(actor: Actor, bytes: Buffer, mimeType = 'image/jpeg', settings = PLAIN): Promise<tl.RawWallPaper> {
  const file = await upload(actor.main, { bytes, name: 'wall.jpg' });
  const wallpaper = await actor.main.call({ _: 'account.uploadWallPaper', file, mimeType, settings });
  if (wallpaper._ !== 'wallPaper') throw new Error('no wallpaper with a file');
  return wallpaper;
}

const inputOf = ({ id, accessHash }: tl.RawWallPaper): tl.RawInputWallPaper => ({ _: 'inputWallPaper', id, accessHash });

async function listOf(actor: Actor): Promise<tl.TypeWallPaper[]> {
  const answer = await actor.main.call({ _: 'account.getWallPapers', hash: 0 as never });
  return answer._ === 'account.wallPapers' ? answer.wallpapers : [];
}
const idsOf = async (actor: Actor): Promise<string[]> => (await listOf(actor)).map(({ id }) => id.toString());

describe('wallpapers', () => {
  it('everybody begins with fills of one to four colours, for day and night', async () => {
    const list = await listOf(alice);
    expect(list.every((wallpaper) => wallpaper._ === 'wallPaperNoFile' && wallpaper.default === true && wallpaper.settings?.backgroundColor !== undefined)).toBe(true);
    expect(new Set(list.map(({ dark }) => dark === true))).toEqual(new Set([true, false]));
    expect(list.some(({ settings }) => settings?.fourthBackgroundColor !== undefined)).toBe(true);
    // TDLib leaves out those with smaller numbers.
    expect(list.every(({ id }) => id.greaterThan(2 ** 31))).toBe(true);
    const { hash } = (await alice.main.call({ _: 'account.getWallPapers', hash: 0 as never })) as tl.account.RawWallPapers;
    expect(await alice.main.call({ _: 'account.getWallPapers', hash })).toEqual({ _: 'account.wallPapersNotModified' });
  });

  it('a picture becomes a wallpaper, as it is, with a thumbnail; whoever has its link loads it', async () => {
    const bytes = await makePicture(900, 1600);
    const wallpaper = await uploadWallpaper(alice, bytes, 'image/jpeg', { _: 'wallPaperSettings', blur: true, motion: true, intensity: 40 });
    expect(wallpaper).toMatchObject({ creator: true, settings: { blur: true, motion: true, intensity: 40 } });
    expect(wallpaper.pattern).toBeFalsy();
    expect(wallpaper.document).toMatchObject({ mimeType: 'image/jpeg', size: bytes.length, attributes: [{ _: 'documentAttributeImageSize', w: 900, h: 1600 }] });
    expect((wallpaper.document as tl.RawDocument).thumbs!.map(({ _ }) => _)).toContain('photoSize');
    // The call is repeated after its answer was lost.
    expect((await uploadWallpaper(alice, bytes)).id.toString()).toBe(wallpaper.id.toString());
    const seen = (await bob.main.call({ _: 'account.getWallPaper', wallpaper: { _: 'inputWallPaperSlug', slug: wallpaper.slug } })) as tl.RawWallPaper;
    expect(seen.creator).toBeFalsy();
    expect(hashOf(await download(bob.main, seen.document as tl.RawDocument))).toBe(hashOf(bytes));
  });

  it.each(['image/png', 'application/x-tgwallpattern'])('a pattern (%s) is kept as it is, without a thumbnail, with the colours that its owner and others choose', async (mimeType) => {
    const bytes = mimeType === 'image/png' ? await makePicture(100, 160, 'png') : gzipSync(PATTERN);
    const settings: tl.RawWallPaperSettings = { _: 'wallPaperSettings', motion: true, backgroundColor: 0x10_20_30, secondBackgroundColor: 0x40_50_60, thirdBackgroundColor: 0x70_80_90, fourthBackgroundColor: 0xa0_b0_c0, intensity: -40, rotation: 90 };
    const wallpaper = await uploadWallpaper(alice, bytes, mimeType, settings);
    expect(wallpaper).toMatchObject({ pattern: true, settings, document: { mimeType, size: bytes.length, attributes: [{ _: 'documentAttributeImageSize', w: 100, h: 160 }] } });
    expect((wallpaper.document as tl.RawDocument).thumbs).toBeUndefined();
    const own: tl.RawWallPaperSettings = { _: 'wallPaperSettings', backgroundColor: 0x01_02_03, intensity: 60 };
    await bob.main.call({ _: 'account.saveWallPaper', wallpaper: { _: 'inputWallPaperSlug', slug: wallpaper.slug }, unsave: false, settings: own });
    const saved = (await listOf(bob))[0] as tl.RawWallPaper;
    expect(saved).toMatchObject({ pattern: true, slug: wallpaper.slug, settings: own });
    expect(hashOf(await download(bob.main, saved.document as tl.RawDocument))).toBe(hashOf(bytes));
  });

  it('are saved in a list with settings of their own, removed, and reset', async () => {
    const before = await idsOf(alice);
    const [first, second] = [await uploadWallpaper(alice, await makePicture(300, 500)), await uploadWallpaper(bob, await makePicture(301, 500))];
    expect(await idsOf(alice)).toEqual(before);
    const save = (wallpaper: tl.TypeInputWallPaper, settings = PLAIN, unsave = false) => alice.main.call({ _: 'account.saveWallPaper', wallpaper, unsave, settings });
    await save(inputOf(first));
    const settings: tl.RawWallPaperSettings = { _: 'wallPaperSettings', backgroundColor: 0x10_20_30, secondBackgroundColor: 0xff_ff_ff, rotation: 45, intensity: -50, emoticon: '🏔' };
    await save({ _: 'inputWallPaperSlug', slug: second.slug }, settings);
    await save({ _: 'inputWallPaperSlug', slug: second.slug }, settings);
    expect(await idsOf(alice)).toEqual([second.id.toString(), first.id.toString(), ...before]);
    const { emoticon: _emoticon, ...kept } = settings;
    expect((await listOf(alice))[0]!.settings).toMatchObject(kept);
    expect((await listOf(alice))[0]!.settings!.emoticon).toBeUndefined();
    // What somebody has installed comes first, also a fill.
    await alice.main.call({ _: 'account.installWallPaper', wallpaper: { _: 'inputWallPaperNoFile', id: (await listOf(alice)).at(-1)!.id }, settings: PLAIN });
    expect((await idsOf(alice))[0]).toBe(before.at(-1));
    await save(inputOf(first), PLAIN, true);
    await save({ _: 'inputWallPaperNoFile', id: (await listOf(alice))[0]!.id }, PLAIN, true);
    expect(await idsOf(alice)).toEqual([second.id.toString(), ...before.slice(0, -1)]);
    await alice.main.call({ _: 'account.resetWallPapers' });
    expect(await idsOf(alice)).toEqual(before);
    expect(await scenario.server.db.q.selectFrom('kept_documents').selectAll().where('owner_id', '=', BigInt(alice.id)).execute()).toEqual([]);
    expect(await idsOf(bob)).toEqual(before);
  });

  it('fills keep their colours when somebody chooses other settings for them, but no colours', async () => {
    const { id, settings: own } = (await listOf(bob)).at(-1)!;
    const save = async (settings: tl.RawWallPaperSettings) => {
      await bob.main.call({ _: 'account.saveWallPaper', wallpaper: { _: 'inputWallPaperNoFile', id }, unsave: false, settings });
      return (await listOf(bob))[0]!;
    };
    expect(own!.secondBackgroundColor).toBeDefined();
    expect(await save({ ...PLAIN, motion: true, intensity: 20 })).toMatchObject({ id, settings: { ...own, motion: true, intensity: 20 } });
    const other = (await save({ ...PLAIN, backgroundColor: 7 })).settings!;
    expect([other.backgroundColor, other.secondBackgroundColor]).toEqual([7, undefined]);
  });

  it('several are found at once, in the order in which they were named', async () => {
    const wallpaper = await uploadWallpaper(alice, await makePicture(302, 500));
    const [fill] = (await listOf(alice)).slice(-1);
    const found = await bob.main.call({ _: 'account.getMultiWallPapers', wallpapers: [{ _: 'inputWallPaperNoFile', id: fill!.id }, { _: 'inputWallPaperSlug', slug: wallpaper.slug }] });
    expect(found.map(({ id }) => id.toString())).toEqual([fill!.id.toString(), wallpaper.id.toString()]);
  });

  it('mistakes are named', async () => {
    const upload_ = async (bytes: Buffer, mimeType: string, settings = PLAIN): Promise<string> =>
      (await alice.main.fails({ _: 'account.uploadWallPaper', file: await upload(alice.main, { bytes, name: 'w' }), mimeType, settings })).text;
    const picture = await makePicture(303, 500);
    expect(await upload_(picture, 'image/gif')).toBe('WALLPAPER_MIME_INVALID');
    expect(await upload_(picture, 'image/png')).toBe('WALLPAPER_FILE_INVALID');
    expect(await upload_(makeFile(5000).bytes, 'image/jpeg')).toBe('WALLPAPER_FILE_INVALID');
    expect(await upload_(picture.subarray(0, 500), 'image/jpeg')).toBe('WALLPAPER_FILE_INVALID');
    expect(await upload_(Buffer.concat([picture, Buffer.alloc(11 * 1024 * 1024)]), 'image/jpeg')).toBe('WALLPAPER_FILE_INVALID');
    expect(await upload_(Buffer.from(PATTERN), 'application/x-tgwallpattern')).toBe('WALLPAPER_FILE_INVALID');
    expect(await upload_(gzipSync(PATTERN.replace('<path', '<script>1</script><path')), 'application/x-tgwallpattern')).toBe('WALLPAPER_FILE_INVALID');
    expect(await upload_(gzipSync(PATTERN), 'image/png')).toBe('WALLPAPER_FILE_INVALID');
    expect(await upload_(gzipSync(Buffer.alloc(30 * 1024 * 1024, 32)), 'application/x-tgwallpattern')).toBe('WALLPAPER_FILE_INVALID');
    const wrong: Partial<tl.RawWallPaperSettings>[] = [
      { backgroundColor: 0x1_00_00_00 }, { backgroundColor: -1 }, { secondBackgroundColor: 1, rotation: 0 }, { backgroundColor: 1, thirdBackgroundColor: 1 },
      { backgroundColor: 1, secondBackgroundColor: 1, rotation: 44 }, { backgroundColor: 1, secondBackgroundColor: 1, rotation: 360 }, { intensity: 101 }, { intensity: -101 },
    ];
    const { id } = (await listOf(alice))[0]!;
    const wallpaper: tl.RawInputWallPaperNoFile = { _: 'inputWallPaperNoFile', id };
    for (const settings of wrong) {
      expect((await alice.main.fails({ _: 'account.saveWallPaper', wallpaper, unsave: false, settings: { ...PLAIN, ...settings } })).text).toBe('WALLPAPER_INVALID');
    }
    const known = await uploadWallpaper(alice, picture);
    const unknown: tl.TypeInputWallPaper[] = [
      { _: 'inputWallPaperSlug', slug: 'nothing' }, { _: 'inputWallPaperSlug', slug: '' }, { _: 'inputWallPaperNoFile', id: 4711 as never },
      { _: 'inputWallPaper', id: known.id, accessHash: known.accessHash.add(1) },
    ];
    for (const input of unknown) {
      expect((await bob.main.fails({ _: 'account.getWallPaper', wallpaper: input })).text).toBe('WALLPAPER_INVALID');
      expect((await bob.main.fails({ _: 'account.getMultiWallPapers', wallpapers: [input] })).text).toBe('WALLPAPER_INVALID');
      expect((await bob.main.fails({ _: 'account.saveWallPaper', wallpaper: input, unsave: false, settings: PLAIN })).text).toBe('WALLPAPER_INVALID');
      expect((await bob.main.fails({ _: 'account.installWallPaper', wallpaper: input, settings: PLAIN })).text).toBe('WALLPAPER_INVALID');
    }
  });
});
