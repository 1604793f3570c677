import type { tl } from '@aerogram/tl';

import { ChatState, type SecretChatRow } from './secret-chat-store.ts';

/** The two people of a chat, in the order of the schema. Pure. */
function peopleOf({ owner_id: ownerId, peer_id: peerId, is_requester: isRequester }: SecretChatRow): { admin_id: bigint; participant_id: bigint } {
  return isRequester ? { admin_id: ownerId, participant_id: peerId } : { admin_id: peerId, participant_id: ownerId };
}

/** A side of a chat as the devices of its owner see it now. Pure. */
export function projectSecretChat(side: SecretChatRow): tl.EncryptedChat {
  const { chat_id: id, access_hash, date, state, is_requester: isRequester, g_a, g_b, fingerprint } = side;
  const known = { id, access_hash, date, ...peopleOf(side) };
  if (state === ChatState.ended) return discardedChat(id);
  if (state === ChatState.accepted) return { _: 'encryptedChat', ...known, g_a_or_b: isRequester ? g_b! : g_a, key_fingerprint: fingerprint! };
  return isRequester ? { _: 'encryptedChatWaiting', ...known } : { _: 'encryptedChatRequested', ...known, g_a };
}

/** An ended chat. Pure. */
export function discardedChat(id: number, deletesHistory = false): tl.encryptedChatDiscarded {
  return { _: 'encryptedChatDiscarded', id, history_deleted: deletesHistory || undefined };
}
