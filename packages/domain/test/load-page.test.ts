import { createFakeClock, silentLogger } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { beforeEach, expect, test } from 'vitest';

import type { FetchedPage, PageFetcher } from '../src/shared/index.ts';
import { FetchLimits } from '../src/web-pages/fetch-limits.ts';
import { createPageLoader, type LoadPage } from '../src/web-pages/load-page.ts';

const URL_A = 'https://example.org/a';
const [ALICE, BOB] = [10n, 18n];
const PICTURE_URL = 'https://pictures.example.org/a.jpg';
const PHOTO: tl.photo = { _: 'photo', id: 1n, access_hash: 0n, file_reference: new Uint8Array(), date: 0, sizes: [], dc_id: 2 };

let clock: ReturnType<typeof createFakeClock>;
let limits: FetchLimits;
let load: LoadPage;
let fetchPage: PageFetcher['fetchPage'];
let fetchPicture: PageFetcher['fetchPicture'];
let makePhoto: () => Promise<tl.photo | undefined>;
let made: number;
/** Whose CPU time photos have taken. */
const readers = new Set<bigint>();
beforeEach(() => {
  clock = createFakeClock();
  limits = new FetchLimits({ clock });
  made = 0;
  fetchPage = () => Promise.resolve({ title: 'A', pictureUrl: PICTURE_URL });
  fetchPicture = () => Promise.resolve(new Uint8Array(1));
  makePhoto = () => Promise.resolve(PHOTO);
  const pageFetcher: PageFetcher = { fetchPage: (...args) => fetchPage(...args), fetchPicture: (...args) => fetchPicture(...args), fetchFile: () => Promise.resolve(undefined) };
  const pagePhotos = { doCreate: (_picture: Uint8Array, readerId: bigint) => (made++, readers.add(readerId), makePhoto()), doCreateOfPerson: () => Promise.resolve(undefined) };
  load = createPageLoader({ clock, log: silentLogger, pageFetcher, pagePhotos }, limits);
});

/** Answers after a time, unless the signal aborts before. */
const after = <T>(ms: number, answer: T, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const timer = clock.setTimeout(() => resolve(answer), ms);
    signal.addEventListener('abort', () => {
      timer.cancel();
      reject(signal.reason as Error);
    });
  });

/** Loads the page. @returns what is shown, and after how many milliseconds */
async function measure(signal = new AbortController().signal): Promise<{ page: tl.webPage | undefined; ms: number }> {
  const fromMs = clock.monotonicMs();
  let found: { page: tl.webPage | undefined; ms: number } | undefined;
  const loading = load({ url: URL_A, pageId: 5n }, ALICE, signal).then((page) => void (found = { page, ms: clock.monotonicMs() - fromMs }));
  for (let n = 0; n < 70 && found === undefined; n++) await clock.advance(500);
  await Promise.race([loading, Promise.reject(new Error('it takes longer than 35 seconds'))]);
  return found!;
}

test('a page and its picture have eight seconds together to be fetched', async () => {
  fetchPage = (_url, signal) => after<FetchedPage>(5000, { title: 'A', pictureUrl: PICTURE_URL }, signal);
  fetchPicture = (_url, signal) => after(2500, new Uint8Array(1), signal);
  const quick = await measure();
  expect(quick).toMatchObject({ page: { title: 'A', photo: PHOTO }, ms: 7500 });
  expect([...readers]).toEqual([ALICE]);
  fetchPicture = (_url, signal) => after(7000, new Uint8Array(1), signal);
  const slow = await measure();
  expect(slow).toMatchObject({ page: { title: 'A' }, ms: 8000 });
  expect(slow.page?.photo).toBeUndefined();
  fetchPage = (_url, signal) => after(9000, { title: 'A' }, signal);
  expect(await measure()).toEqual({ page: undefined, ms: 8000 });
  expect(clock.pendingTimers()).toBe(0);
});

test('a page is shown without its picture after twelve seconds, whatever the photo waits for', async () => {
  fetchPage = (_url, signal) => after<FetchedPage>(5000, { title: 'A', pictureUrl: PICTURE_URL }, signal);
  makePhoto = () => after(30_000, PHOTO, new AbortController().signal);
  const { page, ms } = await measure();
  expect(page).toMatchObject({ title: 'A' });
  expect(page?.photo).toBeUndefined();
  expect(ms).toBe(12_000);
});

test('eight photos are made at once, those that no page waits for any longer among them', async () => {
  const ends: (() => void)[] = [];
  makePhoto = () => new Promise((resolve) => void ends.push(() => resolve(PHOTO)));
  const waiting = Array.from({ length: 8 }, () => load({ url: URL_A, pageId: 5n }, ALICE, new AbortController().signal));
  await clock.advance(12_000);
  for (const page of await Promise.all(waiting)) expect(page?.photo).toBeUndefined();
  expect((await load({ url: URL_A, pageId: 5n }, ALICE, new AbortController().signal))?.photo).toBeUndefined();
  expect(made).toBe(8);
  ends[0]!();
  await clock.advance(0);
  makePhoto = () => Promise.resolve(PHOTO);
  expect((await load({ url: URL_A, pageId: 5n }, ALICE, new AbortController().signal))?.photo).toEqual(PHOTO);
});

test('redirects of pages and of pictures are counted for the host that they lead to', async () => {
  const hosts = ['a.example.org', 'b.example.org'];
  fetchPage = (_url, _signal, mayFollow) => (mayFollow(`https://${hosts[0]}/`) ? Promise.resolve({ title: 'A', pictureUrl: PICTURE_URL }) : Promise.reject(new Error('refused')));
  fetchPicture = (_url, _signal, mayFollow) => (mayFollow(`https://${hosts[1]}/`) ? Promise.resolve(new Uint8Array(1)) : Promise.reject(new Error('refused')));
  let reader = 100n;
  const next = () => load({ url: URL_A, pageId: 5n }, ++reader, new AbortController().signal);
  for (let n = 0; n < 100; n++) expect((await next())?.photo).toEqual(PHOTO);
  for (let n = 0; n < 20; n++) expect(limits.takeOfSite(`https://${hosts[1]}/other`)).toBe(true);
  expect(await next()).toMatchObject({ title: 'A' });
  expect((await next())?.photo).toBeUndefined();
  for (let n = 0; n < 18; n++) limits.takeOfSite(`https://${hosts[0]}/other`);
  expect(await next()).toBeUndefined();
});

test('one user has a hundred pictures fetched or kept, and then one in two minutes, while pages are shown without', async () => {
  let fetched = 0;
  fetchPicture = () => Promise.resolve((fetched++, new Uint8Array(1)));
  // Each host has a quota, too.
  fetchPage = () => Promise.resolve({ title: 'A', pictureUrl: `https://p${made}.example.org/` });
  const photoFor = async (readerId: bigint): Promise<unknown> => {
    const page = await load({ url: URL_A, pageId: 5n }, readerId, new AbortController().signal);
    return page?.photo;
  };
  for (let n = 0; n < 99; n++) expect(await photoFor(ALICE)).toEqual(PHOTO);
  // The link leads to a picture.
  fetchPage = () => Promise.resolve({ picture: new Uint8Array(1) });
  expect(await photoFor(ALICE)).toEqual(PHOTO);
  expect(await photoFor(ALICE)).toBeUndefined();
  fetchPage = () => Promise.resolve({ title: 'A', pictureUrl: PICTURE_URL });
  expect(await load({ url: URL_A, pageId: 5n }, ALICE, new AbortController().signal)).toMatchObject({ title: 'A' });
  expect([fetched, made]).toEqual([99, 100]);
  expect(await photoFor(BOB)).toEqual(PHOTO);
  await clock.advance(120_000);
  expect(await photoFor(ALICE)).toEqual(PHOTO);
  expect(await photoFor(ALICE)).toBeUndefined();
});

test('a page is given up when the process stops, also while its photo is made', async () => {
  const stopping = new AbortController();
  makePhoto = () => new Promise(() => {});
  const loading = load({ url: URL_A, pageId: 5n }, ALICE, stopping.signal);
  await clock.advance(100);
  stopping.abort(new Error('stopping'));
  await expect(loading).rejects.toThrow('stopping');
  expect(clock.pendingTimers()).toBe(0);
});
