import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

type TopCategory = Parameters<RpcContext['domain']['topPeers']['doReset']>[1];

const NAMES = {
  correspondents: 'topPeerCategoryCorrespondents',
  bots_pm: 'topPeerCategoryBotsPM',
  bots_inline: 'topPeerCategoryBotsInline',
  groups: 'topPeerCategoryGroups',
  channels: 'topPeerCategoryChannels',
  forward_users: 'topPeerCategoryForwardUsers',
  forward_chats: 'topPeerCategoryForwardChats',
  phone_calls: 'topPeerCategoryPhoneCalls',
} as const satisfies Record<TopCategory, tl.TopPeerCategory['_']>;

const KNOWN = Object.keys(NAMES) as TopCategory[];

/** The categories that a request asks for, without those that are always empty here. */
export function wantedCategories(req: tl.contacts.getTopPeers): TopCategory[] {
  const others = [req.bots_app, req.bots_guestchat];
  const wanted = KNOWN.filter((category) => req[category]);
  if (wanted.length === 0 && !others.includes(true)) throw rpcError('TYPES_EMPTY');
  return wanted;
}

/** Projects a category. Pure. */
export function projectCategory(category: TopCategory): tl.TopPeerCategory {
  return { _: NAMES[category] };
}

/** The category that a client names; undefined for one that is always empty here. */
export function findCategory(category: tl.TopPeerCategory): TopCategory | undefined {
  const found = Object.entries(NAMES).find(([, name]) => name === category._);
  return found?.[0] as TopCategory | undefined;
}
