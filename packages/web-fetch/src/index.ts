export { createAddressGuard, createNetworkTest, isPublicAddress, listOwnAddresses, listOwnNetworks, LOOPBACK, type AddressGuard, type Network } from './address-guard.ts';
export { createPageFetcher, type FoundPage, type PageFetcher, type PageFetcherOptions } from './create-page-fetcher.ts';
export { decodeHtml } from './decode-html.ts';
export { FetchRefused, type Resolve, resolveByDns } from './fetch-resource.ts';
export { failureOf, mostTelling, PostFailure } from './post-failure.ts';
export { type PostAnswer, Poster, type PosterOptions, type PostRequest } from './poster.ts';
export { addressesOf, type PostTarget, postTargetOf } from './post-target.ts';
export { readRetryAfter } from './read-retry-after.ts';
export { readPage, type PageFacts } from './read-page.ts';
