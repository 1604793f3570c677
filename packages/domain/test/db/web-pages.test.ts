import { homeDcOf } from '@aerogram/cluster';
import { silentLogger, systemClock } from '@aerogram/runtime';
import { createJobRunner } from '@aerogram/storage';
import type { JobRunner } from '@aerogram/storage';
import { enterNode } from '@aerogram/storage/testing';
import type { tl } from '@aerogram/tl';
import { storedDecode } from '@aerogram/tl-compat';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { unpackMessageExtra } from '../../src/events/message-extra.ts';
import type { MessageRow } from '../../src/events/message-row.ts';
import { normalizeText } from '../../src/messages/check-text.ts';
import type { FetchedPage } from '../../src/shared/page-fetcher.ts';
import { openMessaging } from '../messaging-fixture.ts';
import type { MessagingFixture } from '../messaging-fixture.ts';
import { NO_MENTIONS } from '../no-mentions.ts';

const [ALICE, BOB, CAROL] = [10n, 18n, 26n] as const;
const URL_A = 'https://example.org/a';
const DAY_S = 86_400;

/** The requested pages, and how they are answered. */
let asked: { url: string; signal: AbortSignal; answer: (page?: FetchedPage) => void; fail: (error: Error) => void }[];
let waiting: (() => void)[];
let box: MessagingFixture;
let runner: JobRunner | undefined;
beforeEach(async () => {
  asked = [];
  waiting = [];
  box = await openMessaging({
    pageFetcher: {
      fetchPicture: () => Promise.resolve(undefined),
      fetchFile: () => Promise.resolve(undefined),
      fetchPage: (url, signal) =>
        new Promise((answer, fail) => {
          if (signal.aborted) fail(new Error('stopped'));
          signal.addEventListener('abort', () => fail(new Error('stopped')), { once: true });
          asked.push({ url, signal, answer, fail });
          for (const check of waiting) check();
        }),
    },
  });
});
afterEach(async () => {
  await rest();
  await box[Symbol.asyncDispose]();
});

/** A process runs the jobs in real time; the domain's clock is set by the test. */
async function work(): Promise<void> {
  runner = createJobRunner({ db: box.db, clock: systemClock, log: silentLogger, holder: await enterNode(box.db, 'node'), kinds: box.webPages.jobKinds });
  runner.start();
}

/** Stops the process, whatever it is doing. */
async function rest(): Promise<void> {
  await runner?.drain(AbortSignal.abort());
  await runner?.[Symbol.asyncDispose]();
  runner = undefined;
}

const pass = (seconds: number): Promise<void> => box.clock.advance(seconds * 1000);

/** Waits until this many pages were requested. */
const asks = (count: number): Promise<void> =>
  new Promise((resolve) => {
    const check = (): void => {
      if (asked.length >= count) resolve();
    };
    waiting.push(check);
    check();
  });

const jobsLeft = async (): Promise<number> => (await box.db.q.selectFrom('jobs').select('job_id').where('kind', '=', 'fetch-web-page').execute()).length;
const done = (): Promise<boolean> => vi.waitUntil(async () => (await jobsLeft()) === 0, { timeout: 20_000 });

async function send(from: bigint, to: bigint, text: string): Promise<MessageRow> {
  return box.send(from, to, '', { text: await normalizeText(text, undefined, NO_MENTIONS) });
}

const pageOf = (row: MessageRow | undefined): tl.WebPage | undefined => {
  const media = row && unpackMessageExtra(row.extra).media;
  return media?._ === 'messageMediaWebPage' ? media.webpage : undefined;
};

const logged = async (owner: bigint): Promise<tl.AnyObject[]> =>
  (await box.db.q.selectFrom('update_log').select('payload').where('owner_id', '=', owner).where('pts_count', '>', 0).orderBy('pts').execute()).map(({ payload }) => storedDecode(payload));

test('messages that wait for one page share a single fetch, and each box gets its own update', async () => {
  const first = await send(ALICE, BOB, `see ${URL_A}`);
  await send(ALICE, CAROL, URL_A);
  expect(pageOf(first)).toMatchObject({ _: 'webPagePending', url: URL_A });
  expect(homeDcOf((pageOf(first) as tl.webPagePending).id)).toBe(2);
  await work();
  await asks(1);
  asked[0]!.answer({ title: 'A' });
  await done();
  expect(asked.map(({ url }) => url)).toEqual([URL_A]);
  for (const owner of [ALICE, BOB, CAROL]) {
    for (const row of await box.box(owner)) expect(pageOf(row)).toMatchObject({ _: 'webPage', title: 'A', url: URL_A });
    const updates = await logged(owner);
    expect(updates.map(({ _ }) => _)).toEqual(owner === ALICE ? ['updateWebPage', 'updateWebPage'] : ['updateWebPage']);
  }
  const [update] = await logged(BOB);
  expect(update).toMatchObject({ webpage: { title: 'A' }, pts: 3, pts_count: 1 });
});

test('a user who deleted the message gets no update', async () => {
  const row = await send(ALICE, BOB, URL_A);
  await box.messages.doDelete({ ownerId: ALICE, msgIds: [row.msg_id], revoke: false, origin: undefined });
  const ptsBefore = (await logged(ALICE)).length;
  await work();
  await asks(1);
  asked[0]!.answer({ title: 'A' });
  await done();
  expect(await logged(ALICE)).toHaveLength(ptsBefore);
  expect(pageOf((await box.box(BOB))[0])).toMatchObject({ title: 'A' });
});

test('a page that cannot be read leaves no preview, and is tried again later under a new id', async () => {
  const first = await send(ALICE, BOB, URL_A);
  await work();
  await asks(1);
  asked[0]!.fail(new Error('no route'));
  await done();
  expect(pageOf((await box.box(BOB))[0])).toBeUndefined();
  expect((await logged(BOB))[0]).toMatchObject({ _: 'updateWebPage', webpage: { _: 'webPageEmpty' } });
  expect(pageOf(await send(ALICE, BOB, URL_A))).toBeUndefined();
  await pass(901);
  const later = await send(ALICE, BOB, URL_A);
  const [before, after] = [pageOf(first), pageOf(later)] as [tl.webPagePending, tl.webPagePending];
  expect(after._).toBe('webPagePending');
  expect(after.id).not.toBe(before.id);
});

test('an expired page is fetched again, and old messages keep their preview', async () => {
  await send(ALICE, BOB, URL_A);
  await work();
  await asks(1);
  asked[0]!.answer({ title: 'old' });
  await done();
  await pass(DAY_S + 1);
  await send(ALICE, BOB, URL_A);
  await asks(2);
  asked[1]!.answer({ title: 'new' });
  await done();
  const pages = (await box.box(BOB)).map(pageOf) as tl.webPage[];
  expect(pages.map(({ title }) => title)).toEqual(['old', 'new']);
  expect(pages[0]!.id).not.toBe(pages[1]!.id);
});

test('a process that stops leaves the page to the next one', async () => {
  await send(ALICE, BOB, URL_A);
  await work();
  await asks(1);
  await rest();
  expect(asked[0]!.signal.aborted).toBe(true);
  expect(await jobsLeft()).toBe(1);
  expect(pageOf((await box.box(BOB))[0])).toMatchObject({ _: 'webPagePending' });
  await work();
  await asks(2);
  asked[1]!.answer({ title: 'A' });
  await done();
  expect(pageOf((await box.box(BOB))[0])).toMatchObject({ title: 'A' });
});

test('an edit that keeps the link keeps the page, and another link gets another page', async () => {
  const row = await send(ALICE, BOB, URL_A);
  await work();
  await asks(1);
  asked[0]!.answer({ title: 'A' });
  await done();
  const edit = async (text: string, noWebpage = false) =>
    box.messages.doEdit(box.peer(ALICE, BOB), { ownerId: ALICE, msgId: row.msg_id, text: await normalizeText(text, undefined, NO_MENTIONS), noWebpage, invertMedia: false, origin: undefined });
  await pass(DAY_S + 1);
  await expect(edit(URL_A)).rejects.toThrow('MESSAGE_NOT_MODIFIED');
  const kept = await edit(`look: ${URL_A}`);
  expect(pageOf(kept.row)).toMatchObject({ title: 'A' });
  const moved = await edit('https://example.org/b');
  expect(pageOf(moved.row)).toMatchObject({ _: 'webPagePending', url: 'https://example.org/b' });
  await asks(2);
  asked[1]!.answer({ description: 'B' });
  await done();
  expect(pageOf((await box.box(BOB))[0])).toMatchObject({ description: 'B' });
  expect(pageOf((await edit('https://example.org/b', true)).row)).toBeUndefined();
});

test('fetches are limited per user and per site, and refused ones are not stored', async () => {
  const link = (site: string, n: number): string => `https://${site}.example.org/${n}`;
  const count = async (): Promise<number> => (await box.db.q.selectFrom('web_pages').select('url').execute()).length;
  for (let n = 0; n < 30; n++) expect(pageOf(await send(ALICE, BOB, link('a', n)))).toMatchObject({ _: 'webPagePending' });
  expect(pageOf(await send(ALICE, BOB, link('b', 0)))).toBeUndefined();
  expect(await box.webPages.doRequestPage(ALICE, link('b', 0))).toMatchObject({ _: 'webPageEmpty' });
  expect(pageOf(await send(ALICE, BOB, link('a', 0)))).toMatchObject({ _: 'webPagePending' });
  expect(await count()).toBe(30);
  await pass(5);
  expect(pageOf(await send(ALICE, BOB, link('b', 0)))).toMatchObject({ _: 'webPagePending' });
  for (let user = 100n; user < 105n; user++) for (let n = 0; n < 20; n++) await box.webPages.doRequestPage(user, link('a', 1000 * Number(user) + n));
  expect(await box.webPages.doRequestPage(200n, link('a', 1))).toMatchObject({ _: 'webPagePending' });
  expect(await box.webPages.doRequestPage(200n, link('a', 2000))).toMatchObject({ _: 'webPageEmpty' });
  expect(await box.webPages.doRequestPage(200n, link('c', 1))).toMatchObject({ _: 'webPagePending' });
});

test('nothing is fetched if previews are off', async () => {
  const quiet = await openMessaging();
  const row = await quiet.send(ALICE, BOB, '', { text: await normalizeText(URL_A, undefined, NO_MENTIONS) });
  expect(unpackMessageExtra(row.extra).media).toBeUndefined();
  expect(await quiet.webPages.doRequestPage(ALICE, URL_A)).toMatchObject({ _: 'webPageEmpty' });
  expect(await quiet.db.q.selectFrom('jobs').select('job_id').execute()).toEqual([]);
  await quiet[Symbol.asyncDispose]();
});
