import type { GroupQuestions, PeerId } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import { channelPeer, isChannel } from '../models/ids.ts';
import { readChat } from '../models/peer.ts';
import { isRefusal, Refused } from '../refusal.ts';
import type { AnswerDeps, AnswersTo } from './answers.ts';

/** The group in which posts of a channel are commented. */
export function answerDiscussions({ account }: AnswerDeps): AnswersTo<Pick<GroupQuestions, 'groups.listForDiscussion' | 'groups.setDiscussion'>> {
  return {
    'groups.listForDiscussion': async (_say, page) => {
      const { chats } = await account.call({ _: 'channels.getGroupsForDiscussion' });
      const groups = chats.flatMap((chat) => readChat(chat, undefined)?.id ?? []);
      page.introduce(groups);
      return groups;
    },
    'groups.setDiscussion': async ({ channel, group }) => {
      const broadcast = await account.inputChannel(channel);
      if (group === undefined) await account.call({ _: 'channels.setDiscussionGroup', broadcast, group: { _: 'inputChannelEmpty' } });
      else await link(account, broadcast, await makeSupergroup(account, group));
      account.store.noteDetails(channel);
    },
  };
}

/** Only a supergroup has threads. */
async function makeSupergroup(account: Account, group: PeerId): Promise<PeerId> {
  if (isChannel(group)) return group;
  const updates = await account.change({ _: 'messages.migrateChat', chatId: -group });
  const made = 'chats' in updates ? updates.chats.find((chat) => chat._ === 'channel') : undefined;
  if (made?._ !== 'channel') throw new Refused({ code: 'INTERNAL' });
  return channelPeer(made.id);
}

/** Who comments a post has to see the comments that others wrote before. */
async function link(account: Account, broadcast: Awaited<ReturnType<Account['inputChannel']>>, peer: PeerId): Promise<void> {
  const group = await account.inputChannel(peer);
  const set = async (): Promise<unknown> => await account.call({ _: 'channels.setDiscussionGroup', broadcast, group });
  try {
    await set();
  } catch (error) {
    if (!isRefusal(error, 'MEGAGROUP_PREHISTORY_HIDDEN')) throw error;
    await account.change({ _: 'channels.togglePreHistoryHidden', channel: group, enabled: false });
    await set();
  }
  account.store.noteDetails(peer);
}
