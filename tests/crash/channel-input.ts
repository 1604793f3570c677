import type { RawAccount } from '@aerogram/dev-env/load';
import type { tl } from '@aerogram/tl';

/** How an account refers to another one. */
export function inputUser(from: RawAccount, of: RawAccount): tl.InputUser {
  const peer = from.inputPeer(of);
  return peer._ === 'inputPeerUser' ? { ...peer, _: 'inputUser' } : { _: 'inputUserSelf' };
}

/** The channels with this title in the first hundred chats of an account. */
export async function findChannels(account: RawAccount, title: string): Promise<tl.inputChannel[]> {
  const page = { offset_date: 0, offset_id: 0, offset_peer: { _: 'inputPeerEmpty' }, limit: 100, hash: 0n } as const;
  const answer = await account.call<'messages.getDialogs'>({ _: 'messages.getDialogs', ...page });
  if (answer._ === 'messages.dialogsNotModified') throw new Error('getDialogs answers that nothing changed');
  return answer.chats.flatMap((chat) => (chat._ === 'channel' && chat.title === title && chat.left !== true ? [inputOf(chat)] : []));
}

/** The channels in an answer. */
export function channelsIn(updates: tl.Updates): tl.inputChannel[] {
  return updates._ === 'updates' ? updates.chats.flatMap((chat) => (chat._ === 'channel' ? [inputOf(chat)] : [])) : [];
}

function inputOf({ id, access_hash }: tl.channel): tl.inputChannel {
  return { _: 'inputChannel', channel_id: id, access_hash: access_hash! };
}

/** The members of a channel, as one of them sees them: ids, and the id of the owner if there is one. */
export async function readMembers(account: RawAccount, channel: tl.inputChannel): Promise<{ ids: bigint[]; ownerId: bigint | undefined; count: number }> {
  const page = { filter: { _: 'channelParticipantsRecent' }, offset: 0, limit: 200, hash: 0n } as const;
  const answer = await account.call<'channels.getParticipants'>({ _: 'channels.getParticipants', channel, ...page });
  if (answer._ !== 'channels.channelParticipants') throw new Error(`getParticipants answers ${answer._}`);
  const owner = answer.participants.find((one) => one._ === 'channelParticipantCreator');
  const ids = answer.participants.flatMap((one) => ('user_id' in one ? [one.user_id] : []));
  return { ids, ownerId: owner?._ === 'channelParticipantCreator' ? owner.user_id : undefined, count: answer.count };
}
