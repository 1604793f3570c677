import type { RpcMethod } from '@aerogram/rpc';

import { getSearchCounters } from '../messages/getSearchCounters.ts';
import { search } from '../messages/search.ts';
import { searchGlobal } from '../messages/searchGlobal.ts';

/** Messages by what is in them. */
export const searchMethods: readonly RpcMethod[] = [search, searchGlobal, getSearchCounters];
