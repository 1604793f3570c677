import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

type Rule = Awaited<ReturnType<RpcContext['domain']['privacy']['findRules']>>[number];
export type Key = Parameters<RpcContext['domain']['privacy']['findRules']>[1];

/** A request with more users is refused before any of them is looked up. */
const NAMED_MAX = 1000;

/** Returns the privacy key that the rules belong to. */
export function accessPrivacyKey(input: tl.InputPrivacyKey): Key {
  // In the schema each key is called `inputPrivacyKey` followed by its name in the domain.
  return input._.slice('inputPrivacyKey'.length) as Key;
}

/**
 * Converts rules to their stored form. Rules without any users are dropped; if no rule is left, nobody is allowed.
 * @throws RpcError 400 PRIVACY_VALUE_INVALID (users whom the caller may not name), PRIVACY_TOO_LONG
 */
export async function accessPrivacyRules(ctx: RpcContext, input: readonly tl.InputPrivacyRule[]): Promise<Rule[]> {
  const named = input.reduce((sum, rule) => sum + ('users' in rule ? rule.users.length : 0), 0);
  if (named > NAMED_MAX) throw rpcError('PRIVACY_TOO_LONG');
  const rules = await Promise.all(input.map((rule) => accessRule(ctx, rule)));
  const kept = rules.flatMap((rule) => rule ?? []);
  return kept.length === 0 ? [{ kind: 'DisallowAll', ids: [] }] : kept;
}

async function accessRule(ctx: RpcContext, rule: tl.InputPrivacyRule): Promise<Rule | undefined> {
  switch (rule._) {
    case 'inputPrivacyValueAllowUsers':
    case 'inputPrivacyValueDisallowUsers': {
      const ids = await accessUsers(ctx, rule.users);
      const kind = rule._ === 'inputPrivacyValueAllowUsers' ? 'AllowUsers' : 'DisallowUsers';
      return ids.length === 0 ? undefined : { kind, ids };
    }
    // Only chats of which the owner is a member count, and this server has no group chats, so the rule applies to nobody.
    case 'inputPrivacyValueAllowChatParticipants':
    case 'inputPrivacyValueDisallowChatParticipants':
      return undefined;
    default:
      return { kind: rule._.slice('inputPrivacyValue'.length) as Rule['kind'], ids: [] };
  }
}

async function accessUsers(ctx: RpcContext, users: readonly tl.InputUser[]): Promise<bigint[]> {
  const { peers } = ctx.domain;
  try {
    const rows = await Promise.all(users.map((user) => peers.accessInputUser(ctx.userId, user)));
    return [...new Set(rows.map((row) => row.user_id))].filter((id) => id !== ctx.userId);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 400) throw rpcError('PRIVACY_VALUE_INVALID');
    throw error;
  }
}
