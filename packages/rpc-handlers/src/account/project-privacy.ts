import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import type { Key } from './access-privacy-rules.ts';

/** The rules of one key as their owner gets them, with the users that they name. */
export async function projectPrivacy(ctx: RpcContext, key: Key): Promise<tl.account.privacyRules> {
  const { privacy, users } = ctx.domain;
  const { rules, userIds } = await privacy.projectRules(ctx.userId, key);
  return { _: 'account.privacyRules', rules, chats: [], users: await users.projectUsers(ctx.userId, userIds) };
}
