import { newPresentedId } from '@aerogram/cluster';
import type { Random } from '@aerogram/runtime';
import { defineJobKind, defineRecurringJob, jsonCodec } from '@aerogram/storage';
import type { Database, JobKind, NewJob, Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { MessageFiller } from '../documents/index.ts';
import { definePort } from '../shared/index.ts';
import { FetchLimits } from './fetch-limits.ts';
import { createPageLoader, type PageLoaderDeps } from './load-page.ts';
import type { PageReader, PendingPage } from './page-reader.ts';
import { findPage, type KnownPage, requestPage, settlePage, sweepPages } from './web-page-store.ts';

/** Seconds after which a client requests a pending page itself. */
const PENDING_S = 20;
/** Seconds after which a page that is still pending, because its jobs failed, is requested again. */
const PENDING_EXPIRES_S = 3600;

const READY_EXPIRES_S = 24 * 3600;
/** Seconds after which a page that could not be read is tried again. */
const EMPTY_EXPIRES_S = 900;

const SWEEP_EVERY_MS = 3_600_000;
/** Pause before a job is retried whose process went down, in milliseconds. */
const RETRY_MS = 2000;

/** Display options of a preview that do not come from the page. */
export type PreviewStyle = Omit<tl.messageMediaWebPage, '_' | 'webpage'>;

/** The preview of a link. Both fields are absent if there is none. */
export interface Preview {
  media?: tl.messageMediaWebPage;
  /** The page still has to be fetched: whoever stores the media enqueues the job for it in the same transaction. */
  pending?: PendingPage;
}

/** Link previews. */
export interface WebPages {
  /** Whether this server may fetch pages. */
  readonly isOn: boolean;
  /** Returns the preview of a normalised URL as far as it is cached. Empty if the quota of the reader or the site is used up. */
  findPreview(readerId: bigint, url: string, style: PreviewStyle): Promise<Preview>;
  /**
   * Returns the page at a normalised URL for a client that asks for a preview: `webPageEmpty`, the page, or `webPagePending`, which is
   * followed by `updateWebPage` to all devices of the reader.
   */
  doRequestPage(ownerId: bigint, url: string): Promise<tl.webPage | tl.webPageEmpty | tl.webPagePending>;
  /** Returns the job that fetches a page and shows it. */
  order(page: PendingPage, reader: PageReader): NewJob;
  readonly jobKinds: readonly JobKind[];
}

/**
 * Shows a fetched page, or that there is none, to everyone who waits for it.
 * @param end runs in the same transaction
 */
export type ApplyPage = (reader: PageReader, page: tl.webPage | tl.webPageEmpty, end: (tx: Tx) => Promise<void>) => Promise<void>;

/** See {@link ApplyPage}: only those who write messages can. */
export const APPLY_PAGE = definePort<ApplyPage>('web-pages.applyPage');

export interface WebPagesDeps extends PageLoaderDeps {
  db: Database;
  random: Random;
  config: { homeDcId: number };
  applyPage: ApplyPage;
  messageFiller: Pick<MessageFiller, 'fillPage'>;
}

interface FetchPayload extends PendingPage, PageReader {}

/** Creates the link previews. */
export function createWebPages(deps: WebPagesDeps): WebPages {
  const { db, clock, random, config, pageFetcher, applyPage, messageFiller } = deps;
  /** Pages that this process is fetching, so that concurrent requests for one page share the fetch. */
  const settling = new Map<bigint, Promise<tl.webPage | undefined>>();

  const limits = new FetchLimits(deps);
  const loadPage = createPageLoader(deps, limits);

  /**
   * Returns the cached state of a page, and creates a pending one if there is none. Undefined if a quota is used up; a later request may
   * succeed.
   */
  const request = async (readerId: bigint, url: string): Promise<KnownPage | undefined> => {
    const nowDate = clock.now();
    const known = await findPage(db, url, nowDate);
    if (known || !limits.take(readerId, url)) return known;
    const pageId = newPresentedId(random, config.homeDcId);
    await db.transact('request-web-page', (tx) => requestPage(tx, { url, pageId, nowDate, expiresDate: nowDate + PENDING_EXPIRES_S }));
    return (await findPage(db, url, nowDate)) ?? { state: 'pending', pageId, url, requestedDate: nowDate };
  };

  const settle = async (pending: PendingPage, readerId: bigint, signal: AbortSignal): Promise<tl.webPage | undefined> => {
    const { url, pageId } = pending;
    const known = await findPage(db, url, clock.now());
    // The page expired and may have been requested again under another id, so this request has no result.
    if (known?.pageId !== pageId || known.state === 'empty') return undefined;
    if (known.state === 'ready') return known.page;
    const page = await loadPage(pending, readerId, signal);
    const expiresDate = clock.now() + (page ? READY_EXPIRES_S : EMPTY_EXPIRES_S);
    await db.transact('settle-web-page', (tx) => settlePage(tx, { url, pageId }, page, expiresDate));
    const settled = await findPage(db, url, clock.now());
    return settled?.state === 'ready' && settled.pageId === pageId ? settled.page : undefined;
  };

  /**
   * Fetches a page unless that was done already.
   * @param readerId for whom it is fetched
   * @returns the page; undefined if there is nothing to show
   */
  const settleOnce = (pending: PendingPage, readerId: bigint, signal: AbortSignal): Promise<tl.webPage | undefined> => {
    const running = settling.get(pending.pageId) ?? settle(pending, readerId, signal).finally(() => settling.delete(pending.pageId));
    settling.set(pending.pageId, running);
    return running;
  };

  const fetchJob = defineJobKind<FetchPayload>({
    kind: 'fetch-web-page',
    codec: jsonCodec(),
    isSlow: true,
    retryMs: RETRY_MS,
    async run({ url, pageId, ...reader }, context) {
      const page = await settleOnce({ url, pageId }, reader.ownerId, context.signal);
      await applyPage(reader, page ?? { _: 'webPageEmpty', id: pageId, url }, (tx) => context.done(tx));
    },
  });

  const order: WebPages['order'] = (page, reader) => fetchJob.order(reader.ownerId, { ...page, ...reader });

  return {
    isOn: pageFetcher !== undefined,
    async findPreview(readerId, url, style) {
      if (pageFetcher === undefined) return {};
      const known = await request(readerId, url);
      if (known === undefined || known.state === 'empty') return {};
      const media = { _: 'messageMediaWebPage', ...style } as const;
      if (known.state === 'ready') return { media: { ...media, webpage: known.page } };
      return { media: { ...media, webpage: projectPending(known) }, pending: { url, pageId: known.pageId } };
    },
    async doRequestPage(ownerId, url) {
      const known = pageFetcher && (await request(ownerId, url));
      if (known === undefined) return { _: 'webPageEmpty', id: 0n, url };
      if (known.state === 'ready') return messageFiller.fillPage(known.page);
      if (known.state === 'empty') return { _: 'webPageEmpty', id: known.pageId, url };
      await db.transact('order-web-page', (tx) => tx.job(order(known, { ownerId })));
      return projectPending(known);
    },
    order,
    jobKinds: [
      fetchJob,
      defineRecurringJob({ kind: 'sweep-web-pages', everyMs: SWEEP_EVERY_MS, run: () => sweepPages(db, clock.now()) }),
    ],
  };
}

function projectPending({ pageId, url, requestedDate }: KnownPage & { state: 'pending' }): tl.webPagePending {
  return { _: 'webPagePending', id: pageId, url, date: requestedDate + PENDING_S };
}
