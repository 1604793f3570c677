import type { CdnCaller } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';

import { countryOf } from '../country-of.ts';

/** The longest file token and request token that a node or this server makes, in bytes, with some room. */
export const TOKEN_MAX = 512;

/** Who asks for a file of a CDN node. */
export function cdnCallerOf({ userId, caller }: RpcContext): CdnCaller {
  return { userId, authKeyId: caller.permAuthKeyId, region: countryOf(caller.initConnection?.systemLangCode) };
}
