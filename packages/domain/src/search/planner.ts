import { defineStatement } from '@aerogram/storage';

// With a LIMIT, PostgreSQL may prefer to read a table in its order, one row after the other, to reading the index of terms: it cannot know how
// rare a word is. These statements hold for one transaction.

/** Lets PostgreSQL use any index, but not read whole tables. */
export const useIndexes = defineStatement('use_indexes', "SELECT set_config('enable_indexscan', 'on', true), set_config('enable_seqscan', 'off', true)");

/** Lets PostgreSQL read only what an index of terms finds. */
export const useTermIndex = defineStatement('use_term_index', "SELECT set_config('enable_indexscan', 'off', true), set_config('enable_seqscan', 'off', true)");
