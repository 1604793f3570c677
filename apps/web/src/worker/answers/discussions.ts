import type { DiscussionGroups, GroupQuestions, Peer, PeerId } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import { readChat } from '../models/peer.ts';
import { isRefusal } from '../refusal.ts';
import type { AnswerDeps, AnswersTo } from './answers.ts';

/** The group in which posts of a channel are commented. */
export function answerDiscussions({ account }: AnswerDeps): AnswersTo<Pick<GroupQuestions, 'groups.listForDiscussion' | 'groups.setDiscussion'>> {
  return {
    'groups.listForDiscussion': async (_say, page) => {
      const { chats } = await account.call({ _: 'channels.getGroupsForDiscussion' });
      const able = chats.flatMap((chat) => readChat(chat, undefined)?.id ?? []);
      const unable = [...account.store.peers.values()].flatMap(whyUnable);
      page.introduce([...able, ...unable.map(({ peer }) => peer)]);
      return { able, unable };
    },
    'groups.setDiscussion': async ({ channel, group }) => {
      const broadcast = await account.inputChannel(channel);
      if (group === undefined) await account.call({ _: 'channels.setDiscussionGroup', broadcast, group: { _: 'inputChannelEmpty' } });
      else await link(account, broadcast, group);
      account.store.noteDetails(channel);
    },
  };
}

/** Why a group of the account cannot become a discussion group. Pure. @returns nothing for those that can, or that the account may not link */
function whyUnable({ id: peer, kind, isMember, isCreator, adminRights, isForum, isLinked }: Peer): DiscussionGroups['unable'] {
  if (kind !== 'supergroup' || !isMember || (!isCreator && !adminRights?.includes('pinMessages'))) return [];
  return isLinked ? [{ peer, reason: 'linked' }] : isForum ? [{ peer, reason: 'topics' }] : [];
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
