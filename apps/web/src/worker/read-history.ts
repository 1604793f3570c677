import type { MessageId, PeerId } from '../protocol/index.ts';
import type { Account } from './account.ts';
import { isStranger } from './is-stranger.ts';
import type { ThreadLoader } from './load-threads.ts';
import { isChannel } from './models/ids.ts';
import { noteThreadRead, noteTopicRead, readAllTopics } from './reduce/index.ts';

/** Marks the replies of a thread, or the messages of a topic, as read up to one. Who is not in the group has such a mark only for comments. */
export async function readThreadUpTo({ account, threads }: { account: Account; threads: ThreadLoader }, { peer, thread, upTo }: { peer: PeerId; thread: MessageId; upTo: MessageId }): Promise<void> {
  const { store } = account;
  const topic = store.topics.get(peer, thread);
  const comments = store.threads.get(peer, thread);
  const known = topic ?? comments;
  if ((isStranger(store, peer) && !comments?.post) || (known && upTo <= known.readInboxId)) return;
  await account.call({ _: 'messages.readDiscussion', peer: await account.inputPeer(peer), msgId: thread, readMaxId: upTo });
  noteThreadRead(store, { peer, top: thread }, upTo);
  if (topic) {
    noteTopicRead(account.context, peer, thread, upTo);
    return;
  }
  // How many are left only the server knows.
  if (known && upTo < (store.threads.get(peer, thread)?.topId ?? 0)) await threads.open(peer, thread);
}

/** Marks the messages of a chat as read up to one. */
export async function readUpTo(account: Account, peer: PeerId, upTo: MessageId): Promise<void> {
  const chat = account.store.chats.get(peer);
  if (chat && upTo <= chat.readInboxId && chat.unread === 0) return;
  if (isChannel(peer)) await account.change({ _: 'channels.readHistory', channel: await account.inputChannel(peer), maxId: upTo });
  else {
    const { pts, ptsCount } = await account.call({ _: 'messages.readHistory', peer: await account.inputPeer(peer), maxId: upTo });
    account.stepBox(pts, ptsCount);
  }
  account.store.changeChat(peer, ({ readInboxId, topId, unread }) => ({ readInboxId: Math.max(readInboxId, upTo), unread: upTo >= topId ? 0 : unread }));
  readAllTopics(account.context, peer, upTo);
  // How many are left only the server knows. A row that is still being loaded may count what was just read.
  if (upTo < (account.store.chats.get(peer)?.topId ?? Infinity)) account.refresh.refreshChats([peer]);
}
