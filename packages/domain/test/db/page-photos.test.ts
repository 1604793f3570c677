import { randomBytes } from 'node:crypto';
import { fileIdentity, hashBlocks } from '@aerogram/blob';
import type { HookedFile, HookVerdict } from '@aerogram/media';
import type { tl } from '@aerogram/tl';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { doDeleteBlob, doRemoveStray, saveBlobBlock } from '../../src/index.ts';
import type { FetchedPage } from '../../src/shared/page-fetcher.ts';
import { unpackMessageExtra } from '../../src/events/index.ts';
import type { PhotoMaker } from './accounts-world.ts';
import { createFileStage, type FileStage, ORIGIN } from './file-stage.ts';

const [DAY_S, WEEK_S] = [86_400, 7 * 86_400];
const URL_A = 'https://example.org/a';
const PICTURE_URL = 'https://pictures.example.org/a.jpg';

/** The accounts whose CPU time the photos have taken. */
let payers: bigint[];
/** Photos whose small size has the bytes of the picture, and whose largest has them reversed. */
const photos: PhotoMaker = {
  async make(account, _use, read) {
    payers.push(account);
    const bytes = await read();
    const reversed = Uint8Array.from(bytes).reverse();
    const sizes = [
      { type: 'y', width: 400, height: 200, bytes, prefixes: [] },
      { type: 'w', width: 2000, height: 1000, bytes: reversed, prefixes: [] },
    ];
    return { outcome: 'made', source: { width: 160, height: 160 }, photo: { sizes, stripped: Uint8Array.of(1, 20, 40) } };
  },
};

describe('pictures of link previews', () => {
  let stage: FileStage;
  let alice: bigint;
  let bob: bigint;
  let page: FetchedPage | Error;
  /** The picture at each URL, and the URLs that were asked for. */
  let pictures: Map<string, Uint8Array | Error>;
  let asked: string[];
  let hooked: HookedFile[];
  let verdict: HookVerdict;

  beforeEach(async () => {
    page = { title: 'A', pictureUrl: PICTURE_URL };
    pictures = new Map([[PICTURE_URL, randomBytes(1000)]]);
    [asked, hooked, verdict, payers] = [[], [], 'accepted', []];
    const pageFetcher = {
      fetchPage: () => (page instanceof Error ? Promise.reject(page) : Promise.resolve(page)),
      fetchFile: () => Promise.resolve(undefined),
      fetchPicture(url: string) {
        asked.push(url);
        const picture = pictures.get(url);
        return picture instanceof Error ? Promise.reject(picture) : Promise.resolve(picture);
      },
    };
    const fileHook = { ask: (file: HookedFile) => Promise.resolve((hooked.push(file), verdict)) };
    stage = await createFileStage({}, { keepsLog: true, photos, pageFetcher, fileHook });
    [alice, bob] = [await stage.signUp('Alice'), await stage.signUp('Bob')];
  });
  afterEach(() => stage[Symbol.asyncDispose]());

  /** Asks for the preview, as far as it is known, and lets the server fetch what is missing. */
  const preview = async (url = URL_A): Promise<tl.webPage | undefined> => {
    await stage.world.domain.webPages.doRequestPage(alice, url);
    await stage.world.runJobs();
    const known = await stage.world.domain.webPages.doRequestPage(alice, url);
    return known._ === 'webPage' ? known : undefined;
  };
  const photoOf = (found: tl.WebPage | undefined): tl.photo => {
    if (found?._ !== 'webPage' || found.photo?._ !== 'photo') throw new Error('no photo');
    return found.photo;
  };
  const load = async (userId: bigint, { id, access_hash, file_reference }: tl.photo): Promise<Uint8Array> => {
    const file = await stage.world.domain.files.accessLocation(userId, { _: 'inputPhotoFileLocation', id, access_hash, file_reference, thumb_size: 'y' });
    return file.read(0, 1 << 20);
  };
  const send = async (): Promise<number> => {
    const { media } = await stage.world.domain.webPages.findPreview(alice, URL_A, {});
    return (await stage.send(alice, bob, media!)).msg_id;
  };
  const count = async (): Promise<number[]> => [
    ...(await Promise.all((['documents', 'blobs'] as const).map(async (table) => (await stage.world.db.q.selectFrom(table).selectAll().execute()).length))),
    (await stage.world.files.store.list({ limit: 10 })).length,
  ];
  const sweepAfter = async (seconds: number): Promise<void> => {
    await stage.world.clock.advance(seconds * 1000);
    await stage.runJob('sweep-web-pages');
    await stage.runJob('collect-files');
  };

  it('go with the blob a week after the page has expired, if no message shows them', async () => {
    await preview();
    expect(await count()).toEqual([1, 1, 1]);
    await sweepAfter(DAY_S - 60);
    expect(await count()).toEqual([1, 1, 1]);
    await sweepAfter(120);
    expect(await stage.world.db.q.selectFrom('web_pages').selectAll().execute()).toEqual([]);
    await sweepAfter(WEEK_S - 60);
    expect(await count()).toEqual([1, 1, 1]);
    await sweepAfter(120);
    expect(await count()).toEqual([0, 0, 0]);
  });

  it('stay as long as a copy of a message shows them, and a page that is cached keeps them, too', async () => {
    await preview();
    const msgId = await send();
    await sweepAfter(3 * WEEK_S);
    await sweepAfter(3 * WEEK_S);
    expect(await count()).toEqual([1, 1, 1]);
    // Linked once more, the page is fetched again, and shows the same photo.
    const { id } = photoOf(await preview());
    expect(await count()).toEqual([1, 1, 1]);
    const { extra } = (await stage.world.db.q.selectFrom('messages').selectAll().where('owner_id', '=', alice).executeTakeFirstOrThrow());
    const { media } = unpackMessageExtra(extra);
    expect(media?._ === 'messageMediaWebPage' && photoOf(media.webpage).id).toBe(id);
    await stage.world.domain.messages.doDelete({ ownerId: alice, msgIds: [msgId], revoke: true, origin: ORIGIN });
    await sweepAfter(DAY_S - 60);
    expect(await count()).toEqual([1, 1, 1]);
    await sweepAfter(WEEK_S);
    await sweepAfter(WEEK_S + 60);
    expect(await count()).toEqual([0, 0, 0]);
  });

  it('are released when an expired page is requested again before it was swept, and shows another picture', async () => {
    const first = photoOf(await preview());
    await stage.world.clock.advance((DAY_S + 60) * 1000);
    pictures.set(PICTURE_URL, randomBytes(1000));
    const second = photoOf(await preview());
    expect(second.id).not.toBe(first.id);
    expect(await count()).toEqual([2, 2, 2]);
    await stage.runJob('collect-files');
    await stage.world.clock.advance((WEEK_S + 60) * 1000);
    await stage.runJob('collect-files');
    expect(await count()).toEqual([1, 1, 1]);
    expect((await stage.world.db.q.selectFrom('documents').select('document_id').execute())[0]!.document_id).toBe(second.id);
  });

  it('are loaded by whoever was shown the page, with a reference that ends with it, and belong to no user', async () => {
    const photo = photoOf(await preview());
    for (const userId of [alice, bob]) expect(Buffer.from(await load(userId, photo)).equals((pictures.get(PICTURE_URL) as Uint8Array))).toBe(true);
    expect(photo.sizes.map((size) => 'type' in size && size.type)).toEqual(['i', 'y']);
    expect(await stage.world.db.q.selectFrom('documents').select('uploader_id').execute()).toEqual([{ uploader_id: 0n }]);
    expect(await stage.world.db.q.selectFrom('file_releases').select('uploader_id').where('uploader_id', '!=', 0n).execute()).toEqual([]);
    await sweepAfter(DAY_S + 60);
    await expect(load(alice, photo)).rejects.toThrow('FILE_REFERENCE_EXPIRED');
  });

  it('change the hash of the page', async () => {
    const withPicture = await preview();
    page = { title: 'A' };
    const plain = await preview('https://example.org/b');
    expect(plain).toMatchObject({ title: 'A' });
    // The hash has the id of the page, so that it is compared with that of the same page without its photo.
    const [{ identity }] = (await stage.world.db.q.selectFrom('blobs').select('identity').execute()) as [{ identity: Uint8Array }];
    await stage.world.db.transact('test', (tx) => saveBlobBlock(tx, identity, stage.world.clock.now()));
    const without = await preview();
    expect(without).toMatchObject({ id: withPicture!.id, title: 'A' });
    expect(without!.hash).not.toBe(withPicture!.hash);
  });

  it('are fetched once for all who link to the page, and not when the site is asked too often', async () => {
    await Promise.all([stage.world.domain.webPages.doRequestPage(alice, URL_A), stage.world.domain.webPages.doRequestPage(bob, URL_A)]);
    await stage.world.runJobs();
    expect(asked).toEqual([PICTURE_URL]);
    expect([[alice], [bob]]).toContainEqual(payers);
    for (let n = 0; n < 125; n++) {
      await stage.world.domain.webPages.doRequestPage(1000n + BigInt(n), `https://site-${n}.example.org/`);
      await stage.world.runJobs();
    }
    expect(asked).toHaveLength(120);
    expect(await preview('https://late.example.org/')).toMatchObject({ title: 'A' });
    expect((await preview('https://late.example.org/'))!.photo).toBeUndefined();
  });

  it('that operators have deleted do not come back with the page, and messages show them no longer', async () => {
    const photo = photoOf(await preview());
    await send();
    const [{ identity }] = (await stage.world.db.q.selectFrom('blobs').select('identity').execute()) as [{ identity: Uint8Array }];
    const deletion = await doDeleteBlob(stage.world.db, identity, { nowDate: stage.world.clock.now(), blocks: false, note: () => Promise.resolve() });
    expect(deletion?.uses).toEqual({ documents: 1, messages: 2, others: 1 });
    for (const name of deletion!.names) await doRemoveStray({ db: stage.world.db, fileStorage: stage.world.files }, name);
    await stage.world.clock.advance(3000);
    await expect(load(alice, photo)).rejects.toThrow('FILE_ID_INVALID');
    expect(await preview()).toMatchObject({ title: 'A' });
    expect((await preview())!.photo).toBeUndefined();
    await stage.world.clock.advance((DAY_S + 60) * 1000);
    expect((await preview())!.photo).toBeUndefined();
    expect(asked).toHaveLength(2);
    expect(await count()).toEqual([1, 1, 0]);
  });

  it('that operators have blocked are neither kept nor shown to the hook', async () => {
    const picture = (pictures.get(PICTURE_URL) as Uint8Array);
    await stage.world.db.transact('test', (tx) => saveBlobBlock(tx, fileIdentity(picture.length, hashBlocks(picture)), stage.world.clock.now()));
    expect((await preview())!.photo).toBeUndefined();
    expect(await count()).toEqual([0, 0, 0]);
    expect(hooked).toEqual([]);
  });

  it('are shown to the hook once, and are left out if it does not accept them', async () => {
    photoOf(await preview());
    expect(hooked.map(({ account, size }) => ({ account, size }))).toEqual([{ account: 0n, size: 1000 }]);
    photoOf(await preview('https://example.org/b'));
    expect(hooked).toHaveLength(1);
    for (const [answer, name] of [['refused', 'c'], ['failed', 'd'], ['busy', 'e']] as const) {
      verdict = answer;
      pictures.set(PICTURE_URL, randomBytes(1000));
      expect((await preview(`https://example.org/${name}`))!.photo, name).toBeUndefined();
    }
    expect(hooked).toHaveLength(4);
    expect(await count()).toEqual([1, 1, 1]);
  });

  it('may be all there is of a page, but nothing is shown if they fail', async () => {
    page = { picture: randomBytes(500) };
    expect(await preview()).toMatchObject({ type: 'photo', has_large_media: true, url: URL_A });
    page = { pictureUrl: 'https://example.org/none' };
    expect(await preview('https://example.org/b')).toBeUndefined();
  });

  it('that fail, and pages that do, are told in the log by the kind of the error alone, because its message names what people link to', async () => {
    const secret = Object.assign(new Error('getaddrinfo ENOTFOUND secret.example.org 203.0.113.7'), { code: 'ENOTFOUND' });
    pictures.set(PICTURE_URL, secret);
    expect(await preview()).toMatchObject({ title: 'A' });
    page = secret;
    expect(await preview('https://secret.example.org/')).toBeUndefined();
    expect(stage.world.logged.filter(({ failure }) => failure === 'ENOTFOUND')).toHaveLength(2);
    expect(JSON.stringify(stage.world.logged)).not.toMatch(/203\.0\.113\.7|secret/);
  });
});
