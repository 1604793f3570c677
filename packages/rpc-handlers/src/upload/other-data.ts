import { unmarkPeer } from '@aerogram/cluster';
import { PRIVACY_KEYS } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';
import { toJson } from '@aerogram/tl';

import { projectPrivacy } from '../account/project-privacy.ts';

/** How many blocked people and chats the file names at most. */
const BLOCKED_MAX = 10_000;

/**
 * Makes the file of an export with what its app asks for by no other method: settings, as JSON.
 */
export async function makeOtherData(ctx: RpcContext): Promise<Uint8Array> {
  const { userId, domain } = ctx;
  const [rules, exceptions, { filters }, { peers }] = await Promise.all([
    Promise.all(PRIVACY_KEYS.map(async (key) => [key, (await projectPrivacy(ctx, key)).rules] as const)),
    domain.notifications.listExceptions(userId, { scope: undefined, sounds: true, stories: true }),
    domain.filters.list(userId),
    domain.blocks.listBlocked(userId, { storiesOnly: false, offset: 0, limit: BLOCKED_MAX }),
  ]);
  const data = {
    about: 'Settings of the account. Profile, contacts, messages and files are in the other parts of the export.',
    privacy: Object.fromEntries(rules),
    notifications: exceptions.map(({ peerId, topId, settings }) => ({ chat: unmarkPeer(peerId), topic: topId, settings })),
    folders: filters,
    blocked: peers.map(({ peerId, date }) => ({ peer: unmarkPeer(peerId), date: new Date(date * 1000).toISOString() })),
  };
  return Buffer.from(JSON.stringify(toJson(data), undefined, 2));
}
