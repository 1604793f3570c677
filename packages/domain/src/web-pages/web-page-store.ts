import { createHash } from 'node:crypto';

import { defineStatement } from '@aerogram/storage';
import type { Database, Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import { storedDecode, storedEncode } from '@aerogram/tl-compat';

import { NOTE_RELEASES } from '../documents/index.ts';
import { withPhoto } from './project-page.ts';

/** Values of `web_pages.state`. They are stored, so they must never change meaning. */
const State = { pending: 0, ready: 1, empty: 2 } as const;

/** The cached state of a page. The content under one page id is written once and never changes, because messages refer to it. */
export type KnownPage =
  | { state: 'pending'; pageId: bigint; url: string; requestedDate: number }
  | { state: 'empty'; pageId: bigint; url: string }
  | { state: 'ready'; pageId: bigint; url: string; page: tl.webPage };

interface PageRow {
  page_id: bigint;
  url: string;
  state: number;
  page: Uint8Array | null;
  requested_date: number;
  /** False if an operator has deleted or blocked the photo. */
  shows_photo: boolean;
}

const findRow = defineStatement<PageRow>(
  'find_web_page',
  `SELECT page_id, url, state, page, requested_date,
          photo_id IS NULL OR EXISTS (SELECT FROM documents d JOIN blobs b USING (identity) WHERE d.document_id = photo_id AND b.deleted_date IS NULL
             AND NOT EXISTS (SELECT FROM blocked_blobs x WHERE x.identity = b.identity)) AS shows_photo
     FROM web_pages WHERE url_hash = $1 AND expires_date > $2`,
);

const findPhotoRow = defineStatement<{ photo_id: bigint }>('find_photo_of_page', 'SELECT photo_id FROM web_pages WHERE page_id = $1 AND photo_id IS NOT NULL');

/** SQL that deletes pages and notes that nothing of theirs refers to their photos any longer. */
const removing = (condition: string): string =>
  `WITH removed AS (DELETE FROM web_pages WHERE ${condition} RETURNING photo_id), gone AS (SELECT photo_id AS document_id FROM removed WHERE photo_id IS NOT NULL) ${NOTE_RELEASES}`;

const removeExpired = defineStatement('remove_expired_web_page', removing('url_hash = $1 AND expires_date <= $2'));

// The first request for a URL assigns the page id. After the row expires, the next request assigns a new one.
const requestRow = defineStatement(
  'request_web_page',
  'INSERT INTO web_pages (url_hash, page_id, url, state, page, requested_date, expires_date) VALUES ($1, $2, $3, 0, NULL, $4, $5) ON CONFLICT (url_hash) DO NOTHING',
);

const settleRow = defineStatement(
  'settle_web_page',
  `UPDATE web_pages SET state = $3, page = $4, expires_date = $5, photo_id = $6 WHERE url_hash = $1 AND page_id = $2 AND state = 0`,
);

const sweepRows = defineStatement('sweep_web_pages', removing('expires_date <= $1'));

const keyOf = (url: string): Uint8Array => createHash('sha256').update(url).digest();

/** Finds the cached state of the page at a normalised URL; undefined if there is none. */
export async function findPage(db: Pick<Database, 'run'>, url: string, nowDate: number): Promise<KnownPage | undefined> {
  const { rows } = await db.run(findRow, [keyOf(url), nowDate]);
  return rows[0] && openRow(rows[0]);
}

/** Records that a page is to be fetched. Does nothing if it is cached already. */
export async function requestPage(tx: Tx, page: { url: string; pageId: bigint; nowDate: number; expiresDate: number }): Promise<void> {
  await tx.run(removeExpired, [keyOf(page.url), page.nowDate]);
  await tx.run(requestRow, [keyOf(page.url), page.pageId, page.url, page.nowDate, page.expiresDate]);
}

/** Stores the result for a page that is still pending; `page` undefined means that there is nothing to show. */
export async function settlePage(tx: Tx, { url, pageId }: { url: string; pageId: bigint }, page: tl.webPage | undefined, expiresDate: number): Promise<void> {
  await tx.run(settleRow, [keyOf(url), pageId, page ? State.ready : State.empty, page ? storedEncode(page) : null, expiresDate, page?.photo?._ === 'photo' ? page.photo.id : null]);
}

/** Finds the photo of a page that is cached. */
export async function findPagePhoto(db: Pick<Database, 'run'>, pageId: bigint): Promise<bigint | undefined> {
  return (await db.run(findPhotoRow, [pageId])).rows[0]?.photo_id;
}

/** Deletes expired pages. Photos that only they referred to are collected later. */
export async function sweepPages(db: Pick<Database, 'transact'>, nowDate: number): Promise<void> {
  await db.transact('sweep-web-pages', (tx) => tx.run(sweepRows, [nowDate]));
}

function openRow({ page_id: pageId, url, state, page: body, requested_date: requestedDate, shows_photo: showsPhoto }: PageRow): KnownPage {
  if (state === State.pending) return { state: 'pending', pageId, url, requestedDate };
  // The cast is safe: settlePage stores only webPage.
  const stored = body === null ? undefined : (storedDecode(body) as tl.webPage);
  const page = showsPhoto ? stored : stored && withPhoto(stored, undefined);
  return page === undefined ? { state: 'empty', pageId, url } : { state: 'ready', pageId, url, page };
}
