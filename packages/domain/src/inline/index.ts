/** Inline mode: what people ask bots while they write, the results, and sending them. */
export { type Chosen, InlineMode } from './inline-mode.ts';
export { findInlineDocuments } from './find-set.ts';
export { INLINE_ID_BYTES, INLINE_QUERY_MAX, INLINE_RESULTS_MAX, START_PARAM_MAX } from './inline-limits.ts';
