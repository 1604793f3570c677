import type { PeerId } from '../protocol/index.ts';
import type { Account } from './account.ts';
import { readChat } from './models/peer.ts';

/** Channels whose subscribers are much the same as those of a channel, the most similar first. @param channel undefined: as those of all channels that the account follows */
export async function listSimilar(account: Account, channel?: PeerId): Promise<PeerId[]> {
  const { chats } = await account.call({ _: 'channels.getChannelRecommendations', ...(channel === undefined ? {} : { channel: await account.inputChannel(channel) }) });
  return chats.flatMap((chat) => readChat(chat, undefined)?.id ?? []);
}
