import type { Clock, Logger } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import type { PagePhotos } from '../uploads/index.ts';
import { type FetchedPage, nameFailure, type PageFetcher } from '../shared/index.ts';
import type { FetchLimits } from './fetch-limits.ts';
import type { PendingPage } from './page-reader.ts';
import { projectPage } from './project-page.ts';

/** Time for reading a page and its picture from their sites, both together, in milliseconds. */
const NETWORK_MS = 8000;
/** Time after which a page is shown without its picture, whatever that waits for, in milliseconds. */
const WHOLE_MS = 12_000;
/** Photos that a process makes at once, those that no page waits for any longer among them. Each holds a picture of at most 5 MiB in memory. */
const MAKING_MAX = 8;

export interface PageLoaderDeps {
  clock: Clock;
  log: Logger;
  /** Absent if this server does not make previews. */
  pageFetcher?: PageFetcher | undefined;
  pagePhotos: Pick<PagePhotos, 'doCreate'>;
}

/**
 * Reads a page, and makes a photo of its picture, within 12 seconds.
 * @param readerId whose quotas of pictures and CPU time are used
 * @returns undefined if there is nothing to show
 * @throws only when the signal aborts
 */
export type LoadPage = (page: PendingPage, readerId: bigint, signal: AbortSignal) => Promise<tl.webPage | undefined>;

/** Creates the reader of pages. */
export function createPageLoader({ clock, log, pageFetcher, pagePhotos }: PageLoaderDeps, limits: FetchLimits): LoadPage {
  let making = 0;
  const mayFollow = (url: string): boolean => limits.takeOfSite(url);

  const makePhoto = async (picture: Uint8Array, readerId: bigint): Promise<tl.photo | undefined> => {
    if (making >= MAKING_MAX) return undefined;
    making++;
    try {
      return await pagePhotos.doCreate(picture, readerId);
    } finally {
      making--;
    }
  };

  const findPicture = async ({ picture, pictureUrl }: FetchedPage, readerId: bigint, signal: AbortSignal): Promise<Uint8Array | undefined> => {
    if ((picture ?? pictureUrl) === undefined || !limits.takePicture(readerId)) return undefined;
    if (pictureUrl === undefined || !limits.takeOfSite(pictureUrl)) return picture;
    return pageFetcher?.fetchPicture(pictureUrl, signal, mayFollow);
  };

  /** Makes a photo of the picture of a page. Whatever fails, the page is shown without it. */
  const findPhoto = async (fetched: FetchedPage, readerId: bigint, signal: AbortSignal): Promise<tl.photo | undefined> => {
    try {
      const picture = await findPicture(fetched, readerId, signal);
      return picture && (await makePhoto(picture, readerId));
    } catch (error) {
      log.info({ failure: nameFailure(error) }, 'a page is previewed without its picture');
      return undefined;
    }
  };

  return async ({ url, pageId }, readerId, signal) => {
    const whole = limitTime(clock, WHOLE_MS, signal);
    const network = limitTime(clock, NETWORK_MS, whole.signal);
    try {
      const fetched = await pageFetcher?.fetchPage(url, network.signal, mayFollow);
      // When the time for the whole page is over, the work on the photo goes on unobserved. The hook and the photo lane end it by their own time limits.
      const photo = fetched && (await Promise.race([findPhoto(fetched, readerId, network.signal), whole.ended]));
      signal.throwIfAborted();
      return fetched && projectPage(pageId, url, fetched, photo);
    } catch (error) {
      // Aborted because the process is stopping: another process will fetch the page.
      signal.throwIfAborted();
      log.info({ failure: nameFailure(error) }, 'a page could not be read for its preview');
      return undefined;
    } finally {
      network.cancel();
      whole.cancel();
    }
  };
}

interface TimeLimit {
  /** Aborts after the time, or with the outer signal. */
  signal: AbortSignal;
  /** Resolves when the signal aborts. */
  ended: Promise<undefined>;
  cancel(): void;
}

function limitTime(clock: Clock, ms: number, outer: AbortSignal): TimeLimit {
  const ending = new AbortController();
  const { signal } = ending;
  const ended = new Promise<undefined>((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }));
  const end = (): void => ending.abort(outer.reason);
  const timer = clock.setTimeout(() => ending.abort(new DOMException('it takes too long', 'TimeoutError')), ms);
  outer.addEventListener('abort', end, { once: true });
  if (outer.aborted) end();
  return {
    signal,
    ended,
    cancel() {
      timer.cancel();
      outer.removeEventListener('abort', end);
    },
  };
}
