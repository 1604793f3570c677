import { PeerSet } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import type { Key } from './access-privacy-rules.ts';

/** Projects the rules of one key for their owner, with the peers that they name. */
export async function projectPrivacy(ctx: RpcContext, key: Key): Promise<tl.account.privacyRules> {
  const rules = await ctx.domain.privacy.projectRules(ctx.userId, key);
  const peers = new PeerSet();
  for (const rule of rules) peers.addObject(rule);
  return { _: 'account.privacyRules', rules, ...(await ctx.domain.projectPeers(ctx.userId, peers)) };
}
