import { networkInterfaces } from 'node:os';

import { createAddressGuard } from './address-guard.ts';
import type { Network } from './address-guard.ts';
import { decodeHtml } from './decode-html.ts';
import { fetchHtml, FetchRefused, resolveByDns } from './fetch-html.ts';
import type { Resolve } from './fetch-html.ts';
import { readPage } from './read-page.ts';
import type { PageFacts } from './read-page.ts';

const TIMEOUT_MS = 8000;
const MAX_BYTES = 524_288;
const MAX_REDIRECTS = 5;
const USER_AGENT = 'Mozilla/5.0 (compatible; Aerogram; link preview; like TwitterBot)';

export interface PageFetcherOptions {
  /** Allowed ports. */
  ports: readonly number[];
  /** Networks that are allowed even if they are not public. */
  allowed: readonly Network[];
  /** Resolves host names; by default with the machine's DNS servers. */
  resolve?: Resolve;
  /** Overall time limit for fetching one page, from the DNS lookup to the last byte, in milliseconds. */
  timeoutMs?: number;
}

/**
 * Creates a fetcher of link previews that can only reach the public internet. `fetchPage` throws if a page cannot be read, and returns
 * undefined if it has no preview.
 */
export function createPageFetcher(options: PageFetcherOptions): { fetchPage(url: string, signal: AbortSignal): Promise<PageFacts | undefined> } {
  const { ports, allowed, resolve = resolveByDns, timeoutMs = TIMEOUT_MS } = options;
  const limits = {
    guard: createAddressGuard({ allowed, own: listOwnAddresses }),
    ports: new Set(ports),
    resolve,
    userAgent: USER_AGENT,
    maxRedirects: MAX_REDIRECTS,
    maxBytes: MAX_BYTES,
  };
  return {
    async fetchPage(url, signal) {
      const ending = new AbortController();
      const end = (): void => ending.abort(signal.reason);
      const timer = setTimeout(() => ending.abort(new FetchRefused('it takes too long')), timeoutMs);
      signal.addEventListener('abort', end, { once: true });
      try {
        signal.throwIfAborted();
        const page = await fetchHtml(url, limits, ending.signal);
        return page && readPage(decodeHtml(page.bytes, page.contentType), new URL(url).hostname);
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
      }
    },
  };
}

function listOwnAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address));
}
