import { CHANNEL_OFFSET } from '@aerogram/cluster';
import { RpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { BotError } from './bot-error.ts';
import type { Invoke } from './bot-call.ts';

/** What the server answers for a basic group that has become a supergroup. It answers the same for others. */
const GONE: ReadonlySet<string> = new Set(['CHAT_ID_INVALID', 'PEER_ID_INVALID', 'CHAT_WRITE_FORBIDDEN', 'CHAT_FORBIDDEN']);

/** Wraps what calls methods, so that a call for a basic group that has become a supergroup says which one: bots then repeat it with that. */
export function explainUpgrades(invoke: Invoke): Invoke {
  return async (request) => {
    try {
      return await invoke(request);
    } catch (error) {
      const supergroupId = error instanceof RpcError && GONE.has(error.entry) ? await findUpgrade(invoke, request) : undefined;
      if (supergroupId === undefined) throw error;
      throw new BotError(400, 'Bad Request: group chat was upgraded to a supergroup chat', { migrate_to_chat_id: Number(-CHANNEL_OFFSET - supergroupId) });
    }
  };
}

/** The supergroup that a basic group of the request has become; undefined if there is none, or the bot does not know it. */
async function findUpgrade(invoke: Invoke, request: tl.AnyMethod): Promise<bigint | undefined> {
  const id = basicGroupsOf(request);
  if (id.length === 0) return undefined;
  try {
    const { chats } = await invoke({ _: 'messages.getChats', id });
    for (const chat of chats) if (chat._ === 'chat' && chat.migrated_to?._ === 'inputChannel') return chat.migrated_to.channel_id;
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
  }
  return undefined;
}

/** The basic groups that a request names. */
function basicGroupsOf(request: tl.AnyMethod): bigint[] {
  const { peer, to_peer: to, from_peer: from, chat_id: chatId } = request as { peer?: tl.InputPeer; to_peer?: tl.InputPeer; from_peer?: tl.InputPeer; chat_id?: unknown };
  const peers = [peer, to, from].flatMap((one) => (one?._ === 'inputPeerChat' ? [one.chat_id] : []));
  return typeof chatId === 'bigint' ? [...peers, chatId] : peers;
}
