import { createAddressGuard, listOwnAddresses } from './address-guard.ts';
import type { Network } from './address-guard.ts';
import { decodeHtml } from './decode-html.ts';
import { ANY_TYPE, fetchResource, FetchRefused, resolveByDns } from './fetch-resource.ts';
import type { MayFollow, Resolve, Resource, ResourceKind } from './fetch-resource.ts';
import { readPage } from './read-page.ts';
import type { PageFacts } from './read-page.ts';

const TIMEOUT_MS = 8000;
const PAGES: ResourceKind = { types: ['text/html', 'application/xhtml+xml'], maxBytes: 524_288, isWhole: false };
/** Pictures of which photos can be made. `image/jpg` is wrong, but some sites say so. */
const PICTURES: ResourceKind = { types: ['image/jpeg', 'image/png', 'image/webp', 'image/jpg'], maxBytes: 5 * 1024 * 1024, isWhole: true };

const FILES: ResourceKind = { types: [ANY_TYPE], maxBytes: 5 * 1024 * 1024, isWhole: true };
const MAX_REDIRECTS = 5;
const USER_AGENT = 'Mozilla/5.0 (compatible; Aerogram; link preview; like TwitterBot)';

export interface PageFetcherOptions {
  /** Allowed ports. */
  ports: readonly number[];
  /** Networks that are allowed even if they are not public. */
  allowed: readonly Network[];
  /** Whether URLs may name a loopback address or `localhost`, with any port: for servers that only programs of the same machine reach. Other names and pages never lead there. */
  allowsLoopback?: boolean;
  /** Resolves host names; by default with the machine's DNS servers. */
  resolve?: Resolve;
  /** Overall time limit for fetching one page or picture, from the DNS lookup to the last byte, in milliseconds. */
  timeoutMs?: number;
}

/** What was found at a URL: a page, or the bytes of a picture. */
export type FoundPage = PageFacts | { picture: Uint8Array };

/** Fetches pages, pictures and files. */
export interface PageFetcher {
  /** Fetches what is at a URL. @param mayFollow by default every redirect @returns undefined if it has no preview @throws if it cannot be read */
  fetchPage(url: string, signal: AbortSignal, mayFollow?: MayFollow): Promise<FoundPage | undefined>;
  /** Fetches the picture of a page, of at most 5 MiB. Only its header says so far that it is one. @param mayFollow by default every redirect @returns undefined if it is something else @throws if it cannot be read */
  fetchPicture(url: string, signal: AbortSignal, mayFollow?: MayFollow): Promise<Uint8Array | undefined>;
  /**
   * Fetches a file of any type.
   * @param bounds.maxBytes its greatest length; 5 MiB by default
   * @param bounds.mayFollow by default every redirect
   * @throws if it cannot be read, also if it is longer
   */
  fetchFile(url: string, signal: AbortSignal, bounds?: { maxBytes?: number; mayFollow?: MayFollow }): Promise<Pick<Resource, 'bytes' | 'contentType'> | undefined>;
}

/** Creates a fetcher for link previews that can only reach the public internet. */
export function createPageFetcher(options: PageFetcherOptions): PageFetcher {
  const { ports, allowed, allowsLoopback = false, resolve = resolveByDns, timeoutMs = TIMEOUT_MS } = options;
  const limits = {
    guard: createAddressGuard({ allowed, own: listOwnAddresses }),
    ports: new Set(ports),
    allowsLoopback,
    resolve,
    userAgent: USER_AGENT,
    maxRedirects: MAX_REDIRECTS,
  };
  const fetchInTime = async (url: string, kinds: readonly ResourceKind[], signal: AbortSignal, mayFollow: MayFollow = () => true): Promise<Resource | undefined> => {
    const ending = new AbortController();
    const end = (): void => ending.abort(signal.reason);
    const timer = setTimeout(() => ending.abort(new FetchRefused('it takes too long')), timeoutMs);
    signal.addEventListener('abort', end, { once: true });
    try {
      signal.throwIfAborted();
      return await fetchResource(url, { ...limits, mayFollow }, kinds, ending.signal);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
    }
  };
  return {
    async fetchPage(url, signal, mayFollow) {
      const found = await fetchInTime(url, [PAGES, PICTURES], signal, mayFollow);
      if (found?.kind === PICTURES) return { picture: found.bytes };
      return found && readPage(decodeHtml(found.bytes, found.contentType), new URL(url).hostname, found.url);
    },
    fetchPicture: async (url, signal, mayFollow) => (await fetchInTime(url, [PICTURES], signal, mayFollow))?.bytes,
    fetchFile: (url, signal, { maxBytes = FILES.maxBytes, mayFollow } = {}) => fetchInTime(url, [{ ...FILES, maxBytes }], signal, mayFollow),
  };
}
