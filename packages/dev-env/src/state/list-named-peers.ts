import type { tl } from '@aerogram/tl';
import { markPeer } from './box-message.ts';

/** Constructors whose `user_id` names a user who must come along with the object that contains them. */
const NAMING = new Set([
  'peerUser', 'inputPeerUser', 'messageEntityMentionName', 'messageMediaContact', 'updateUser', 'updateUserName', 'updateUserPhone', 'updateUserEmojiStatus', 'updateUserStatus', 'updateUserTyping',
  'messageActionChatDeleteUser',
]);

/** Constructors whose `users` name users. */
const LISTING = new Set(['privacyValueAllowUsers', 'privacyValueDisallowUsers', 'messageActionChatCreate', 'messageActionChatAddUser']);

/** Lists all peers that an object names at any depth, by marked id. */
export function listNamedPeers(object: tl.Update | tl.Message): Set<number> {
  const named = new Set<number>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit);
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
    const { _: name = '', user_id: id, users } = value as { _?: string; user_id?: bigint; users?: unknown[] };
    if (NAMING.has(name) && id !== undefined && id !== 0n) named.add(Number(id));
    if (LISTING.has(name)) for (const one of users ?? []) named.add(Number(one));
    if (name === 'peerChat' || name === 'peerChannel') named.add(markPeer(value as tl.peerChat | tl.peerChannel));
    Object.values(value).forEach(visit);
  };
  visit(object);
  return named;
}
