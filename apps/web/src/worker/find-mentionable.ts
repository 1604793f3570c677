import Long from 'long';
import type { Peer, PeerId } from '../protocol/index.ts';
import type { Account } from './account.ts';
import { listedChats } from './store/listed-chats.ts';
import { userPeer } from './models/ids.ts';

/** People who are offered at once. */
const OFFERED_MAX = 20;

/** Whether a name of a peer, or a word of it, begins with a text. Pure. @param text in lower case */
export function isNamedLike({ name, usernames }: Peer, text: string): boolean {
  return text === '' || [name, ...name.split(/\s+/), ...usernames].some((word) => word.toLowerCase().startsWith(text));
}

/** Finds people who can be mentioned in a chat: members of groups, elsewhere people of own chats. */
export async function findMentionable(account: Account, peer: PeerId, query: string): Promise<PeerId[]> {
  const text = query.toLowerCase();
  const ids = await listPeople(account, peer, query);
  const people = ids.flatMap((id) => account.store.peers.get(id) ?? []);
  return people.filter((each) => each.kind === 'user' && !each.isSelf && !each.isDeleted && isNamedLike(each, text)).map(({ id }) => id).slice(0, OFFERED_MAX);
}

async function listPeople(account: Account, peer: PeerId, query: string): Promise<PeerId[]> {
  const { store } = account;
  switch (store.peers.get(peer)?.kind) {
    case 'group': {
      const { fullChat } = await account.call({ _: 'messages.getFullChat', chatId: -peer });
      const found = fullChat._ === 'chatFull' && fullChat.participants._ === 'chatParticipants' ? fullChat.participants.participants : [];
      return found.map(({ userId }) => userPeer(userId));
    }
    case 'supergroup': {
      const found = await account.call({
        _: 'channels.getParticipants',
        channel: await account.inputChannel(peer),
        filter: { _: 'channelParticipantsMentions', q: query },
        offset: 0,
        limit: OFFERED_MAX * 2,
        hash: Long.ZERO,
      });
      return found._ === 'channels.channelParticipants' ? found.participants.flatMap((each) => ('userId' in each ? [userPeer(each.userId)] : [])) : [];
    }
    default:
      return listedChats(store).map(({ peer }) => peer);
  }
}
