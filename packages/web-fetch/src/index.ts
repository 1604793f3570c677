export { createAddressGuard, isPublicAddress, type AddressGuard, type Network } from './address-guard.ts';
export { createPageFetcher, type PageFetcherOptions } from './create-page-fetcher.ts';
export { decodeHtml } from './decode-html.ts';
export { FetchRefused, type Resolve } from './fetch-html.ts';
export { readPage, type PageFacts } from './read-page.ts';
