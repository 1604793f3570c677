/** Code that every part of the domain may use: dependency types, caches, batches and text checks. */
export { onAccountHint, publishAccountHint } from './account-hints.ts';
export { findAssets } from './assets.ts';
export { decomposeText } from './decompose-text.ts';
export type { CodeDelivery, CodeWay, DomainConfig, DomainDeps, FileStorage, OutgoingCode, OutgoingEmail, WebTokenDevice, WebTokens } from './deps.ts';
export { flagOf } from './flag-of.ts';
export { groupBy } from './group-by.ts';
export { tryEach } from './try-each.ts';
export { inBatches } from './in-batches.ts';
export { createKeyedMac } from './keyed-mac.ts';
export { LoadingCache } from './loading-cache.ts';
export { nameFailure } from './name-failure.ts';
export { normalizeUrl } from './normalize-url.ts';
export type { FetchedFile, FetchedPage, PageFetcher } from './page-fetcher.ts';
export { FileCpu, type HasLimits, type PeriodQuota, QUOTA_CHANNEL, QuotaBuckets, type QuotaDeps, type QuotaName, QUOTAS, type RefillQuota, useQuota } from './quotas.ts';
export { ME_URL_PREFIX } from './me-url-prefix.ts';
export type { UserKey } from './user-key.ts';
export { isVisibleText } from './visible-text.ts';
export { WriteBehindBuffer } from './write-behind-buffer.ts';
