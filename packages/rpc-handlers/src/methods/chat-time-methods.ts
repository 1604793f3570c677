import type { RpcMethod } from '@aerogram/rpc';

import { getDefaultHistoryTTL } from '../messages/getDefaultHistoryTTL.ts';
import { setDefaultHistoryTTL } from '../messages/setDefaultHistoryTTL.ts';
import { setHistoryTTL } from '../messages/setHistoryTTL.ts';

/** How long messages live. */
export const chatTimeMethods: readonly RpcMethod[] = [setHistoryTTL, setDefaultHistoryTTL, getDefaultHistoryTTL];
