import { isChannelId, markPeer } from '@aerogram/cluster';
import { kindOf, livingGroup } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

type Rule = Awaited<ReturnType<RpcContext['domain']['privacy']['findRules']>>[number];
export type Key = Parameters<RpcContext['domain']['privacy']['findRules']>[1];

/** A request with more users and groups is refused before any of them is looked up. */
const NAMED_MAX = 1000;

/** Returns the privacy key that the rules belong to. */
export function accessPrivacyKey(input: tl.InputPrivacyKey): Key {
  // In the schema each key is called `inputPrivacyKey` followed by its name in the domain.
  return input._.slice('inputPrivacyKey'.length) as Key;
}

/**
 * Converts rules to their stored form. Rules without any users or groups are dropped; if no rule is left, nobody is allowed.
 * @throws RpcError 400 PRIVACY_VALUE_INVALID (users or groups that the caller may not name), PRIVACY_TOO_LONG
 */
export async function accessPrivacyRules(ctx: RpcContext, input: readonly tl.InputPrivacyRule[]): Promise<Rule[]> {
  const named = input.reduce((sum, rule) => sum + ('users' in rule ? rule.users.length : 'chats' in rule ? rule.chats.length : 0), 0);
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
    case 'inputPrivacyValueAllowChatParticipants':
    case 'inputPrivacyValueDisallowChatParticipants': {
      const ids = await accessGroups(ctx, rule.chats);
      const kind = rule._ === 'inputPrivacyValueAllowChatParticipants' ? 'AllowChatParticipants' : 'DisallowChatParticipants';
      return ids.length === 0 ? undefined : { kind, ids };
    }
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

/**
 * Returns the marked ids of groups that the caller is in, or that a rule of the caller names already: apps send all groups of a key again, also those that the
 * caller has left since. In place of a group that became a supergroup stands the supergroup.
 */
async function accessGroups(ctx: RpcContext, ids: readonly bigint[]): Promise<bigint[]> {
  const { chats, privacy } = ctx.domain;
  const wanted = [...new Set(ids)].map((id) => markPeer(isChannelId(id) ? { _: 'peerChannel', channel_id: id } : { _: 'peerChat', chat_id: id }));
  const [rows, memberships, owners] = await Promise.all([chats.findRows(wanted), chats.findMemberships([ctx.userId], wanted), privacy.findOwners([ctx.userId])]);
  const mine = memberships.get(ctx.userId);
  const named = owners.get(ctx.userId)?.groups ?? [];
  const groups = wanted.map((markedId) => {
    const row = rows.get(markedId);
    if (row === undefined || kindOf(row) === 'broadcast') throw rpcError('PRIVACY_VALUE_INVALID');
    const living = livingGroup(row) ?? markedId;
    if (mine?.has(markedId) !== true && !named.includes(markedId) && !named.includes(living)) throw rpcError('PRIVACY_VALUE_INVALID');
    return living;
  });
  return [...new Set(groups)];
}
