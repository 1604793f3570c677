import type { RawAccount } from '@aerogram/dev-env/load';
import { systemRandom } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { runPaced } from './deliveries.ts';
import { findMembers } from './group-load.ts';
import type { Outcome } from './outcome.ts';
import { accountAt } from './send-load.ts';

/** Names of the reads of a forum. */
export type ForumReadName = 'getHistory' | 'getTopic' | 'openTopic' | 'listTopics';

/** What is read of a forum. */
export interface ForumReading {
  name: ForumReadName;
  /** Which of the forums that were made. */
  forum: number;
  /** The topic of `getTopic` and `openTopic`. */
  topicId?: number;
  /** The newest message of the topic or forum; pages begin at messages below it, or at the end if there are few. */
  newestId: number;
  /** Messages or topics in one answer. */
  limit: number;
  ms: number;
  perSecond: number;
}

interface Member {
  account: RawAccount;
  peer: tl.inputPeerChannel;
}

/** The members of each forum, the owner first. */
const forums: Member[][] = [];

/**
 * Creates a forum of all accounts that have signed up. It has one topic besides General, and one message in each of the two.
 * @param accounts how many have signed up
 */
export async function makeForum(accounts: number): Promise<Outcome> {
  const [owner, ...others] = Array.from({ length: accounts }, (_, n) => accountAt(n)) as [RawAccount, ...RawAccount[]];
  const users = await findMembers(owner, others);
  const title = `Forum ${forums.length}`;
  const peer = peerOf(await owner.call<'channels.createChannel'>({ _: 'channels.createChannel', megagroup: true, title, about: '' }));
  const channel = { ...peer, _: 'inputChannel' } as const;
  await owner.call<'channels.toggleForum'>({ _: 'channels.toggleForum', channel, enabled: true, tabs: false });
  await owner.call<'messages.createForumTopic'>({ _: 'messages.createForumTopic', peer, title: 'Ropes', random_id: systemRandom.int63() });
  await owner.call<'channels.inviteToChannel'>({ _: 'channels.inviteToChannel', channel, users });
  const members = await Promise.all(others.map(async (account) => ({ account, peer: await findForum(account, title) })));
  forums.push([{ account: owner, peer }, ...members]);
  return { operations: 1, elapsedMs: 1, ackMs: [] };
}

/** The owner of a forum writes into a topic. */
export async function writeInTopic(forum: number, topicId: number): Promise<Outcome> {
  const { account, peer } = forums[forum]![0]!;
  const reply_to = { _: 'inputReplyToMessage', reply_to_msg_id: topicId, top_msg_id: topicId } as const;
  await account.call<'messages.sendMessage'>({
    _: 'messages.sendMessage', peer, message: 'some words of an ordinary message'.padEnd(100, '.'), random_id: systemRandom.int63(), ...(topicId === 1 ? {} : { reply_to }),
  });
  return { operations: 1, elapsedMs: 1, ackMs: [] };
}

/** Lets members of a forum read it. */
export async function readForum({ name, forum, topicId = 1, newestId, limit, ms, perSecond }: ForumReading): Promise<Outcome> {
  const members = forums[forum]!;
  const ackMs: number[] = [];
  const started = performance.now();
  await runPaced(started + ms, perSecond, async (n) => {
    const { account, peer } = members[n % members.length]!;
    // Each request differs, because the server charges more and more for repeated ones.
    const place = { offset_date: 0, add_offset: 0, limit, max_id: 0, min_id: 0, hash: 0n, offset_id: newestId + 1 + n } as const;
    const at = performance.now();
    if (name === 'getHistory') await account.call<'messages.getHistory'>({ _: 'messages.getHistory', peer, ...place });
    else if (name === 'getTopic') await account.call<'messages.getReplies'>({ _: 'messages.getReplies', peer, msg_id: topicId, ...place });
    else if (name === 'openTopic') await account.call<'messages.getDiscussionMessage'>({ _: 'messages.getDiscussionMessage', peer, msg_id: topicId });
    else await account.call<'messages.getForumTopics'>({ _: 'messages.getForumTopics', peer, offset_date: 0, offset_id: newestId + 1 + n, offset_topic: newestId + 1 + n, limit });
    ackMs.push(performance.now() - at);
  });
  return { operations: ackMs.length, elapsedMs: performance.now() - started, ackMs };
}

/** The forum of this title as one of its members names it. */
async function findForum(member: RawAccount, title: string): Promise<tl.inputPeerChannel> {
  const answer = await member.call<'messages.getDialogs'>({ _: 'messages.getDialogs', offset_date: 0, offset_id: 0, offset_peer: { _: 'inputPeerEmpty' }, limit: 100, hash: 0n });
  const chat = 'chats' in answer ? answer.chats.find((one) => one._ === 'channel' && one.title === title) : undefined;
  return inputOf(chat);
}

const peerOf = (made: tl.Updates): tl.inputPeerChannel => inputOf(made._ === 'updates' ? made.chats[0] : undefined);

function inputOf(chat: tl.Chat | undefined): tl.inputPeerChannel {
  if (chat?._ !== 'channel' || chat.access_hash === undefined) throw new Error(`${chat?._} instead of a forum`);
  return { _: 'inputPeerChannel', channel_id: chat.id, access_hash: chat.access_hash };
}
