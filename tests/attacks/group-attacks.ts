import type { RawAccount } from '@aerogram/dev-env/load';
import { RawClientError } from '@aerogram/mtproto/client';
import { systemRandom } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { type Attack, aborted, type Target } from './attack.ts';

/** Unanswered calls of an attacker at a time. */
const WINDOW = 64;

/** What one attacker does again and again in a group. It may be refused. */
export type Step = (account: RawAccount, channel: tl.inputChannel, n: number) => Promise<unknown>;

/** Makes a public supergroup of connected accounts. @returns how each of them names it */
export async function createGroup(accounts: readonly RawAccount[]): Promise<Target['group']> {
  const [owner] = accounts as [RawAccount];
  const created = await owner.call<'channels.createChannel'>({ _: 'channels.createChannel', megagroup: true, title: 'Busy', about: '' });
  const channel = inputOf(created);
  const username = 'busy_group';
  await owner.call<'channels.updateUsername'>({ _: 'channels.updateUsername', channel, username });
  const group = new Map([[owner, channel]]);
  for (const account of accounts.slice(1)) {
    const input = inputOf(await account.call<'contacts.resolveUsername'>({ _: 'contacts.resolveUsername', username }));
    await account.call<'channels.joinChannel'>({ _: 'channels.joinChannel', channel: input });
    group.set(account, input);
  }
  return group;
}

/** The channel that an answer shows. */
export function inputOf(answer: tl.Updates | tl.contacts.resolvedPeer): tl.inputChannel {
  const [channel] = 'chats' in answer ? answer.chats : [];
  if (channel?._ !== 'channel') throw new Error(`${answer._} shows no channel`);
  return { _: 'inputChannel', channel_id: channel.id, access_hash: channel.access_hash! };
}

/** Every attacker takes a step again and again, {@link WINDOW} at a time, whatever the server answers. */
export function inGroup(step: Step): Attack {
  return async (target) => {
    let made = 0;
    /** An attacker whose connection the server has closed connects again, once for all calls that wait. */
    const returning = new Map<RawAccount, Promise<void>>();
    const comeBack = async (account: RawAccount): Promise<void> => {
      if (!returning.has(account)) returning.set(account, account.connect(target.info).catch(() => {}).finally(() => returning.delete(account)));
      await returning.get(account);
    };
    await Promise.all(target.accounts.map(comeBack));
    const lanes = target.accounts.flatMap((account) =>
      Array.from({ length: WINDOW }, async () => {
        while (!target.signal.aborted) {
          made += 1;
          await step(account, target.group.get(account)!, made).catch(async (error: unknown) => {
            // Any other error says that the connection was closed.
            if (!(error instanceof RawClientError) && !target.signal.aborted) await comeBack(account);
          });
        }
      }),
    );
    await aborted(target.signal);
    for (const account of target.accounts) account.disconnect();
    await Promise.all(lanes);
    return made;
  };
}

export const peerOf = (input: tl.inputChannel): tl.inputPeerChannel => ({ ...input, _: 'inputPeerChannel' });

/** Reads of a group; each names other parts, because the server makes repeated calls more and more expensive. */
const READS: readonly Step[] = [
  (account, channel, n) => {
    const filter: tl.channelParticipantsSearch = { _: 'channelParticipantsSearch', q: `M${n % 10}` };
    return account.call<'channels.getParticipants'>({ _: 'channels.getParticipants', channel, filter, offset: 0, limit: 200, hash: systemRandom.int63() });
  },
  (account, channel, n) => {
    const page = { offset_id: n, add_offset: -50, limit: 100, max_id: 0, min_id: 0, hash: systemRandom.int63() };
    return account.call<'messages.search'>({ _: 'messages.search', peer: peerOf(channel), q: 'x', filter: { _: 'inputMessagesFilterEmpty' }, min_date: 0, max_date: 0, ...page });
  },
  (account, channel) => account.call<'channels.getFullChannel'>({ _: 'channels.getFullChannel', channel }),
  (account, channel, n) => {
    const filter: tl.channelMessagesFilterEmpty = { _: 'channelMessagesFilterEmpty' };
    return account.call<'updates.getChannelDifference'>({ _: 'updates.getChannelDifference', channel, filter, pts: 1 + (n % 20), limit: 1000 });
  },
];

/** What fills the admin log of a group, and what searches in it. Members other than the owner are refused, which costs something, too. */
const LOG_STEPS: readonly Step[] = [
  (account, channel, n) => account.call<'messages.editChatAbout'>({ _: 'messages.editChatAbout', peer: peerOf(channel), about: `about ${n} `.padEnd(255, 'x') }),
  (account, channel, n) => account.call<'channels.getAdminLog'>({ _: 'channels.getAdminLog', channel, q: `about ${n % 100}`, max_id: 0n, min_id: 0n, limit: 100 }),
];

/** Searches that are not about one group; each is another one. */
const SEARCHES: readonly Step[] = [
  (account, _channel, n) => account.call<'contacts.search'>({ _: 'contacts.search', q: `busy ${n}`, limit: 100 }),
  (account, _channel, n) => account.call<'channels.searchPosts'>({ _: 'channels.searchPosts', hashtag: `x${n}`, offset_rate: 0, offset_peer: { _: 'inputPeerEmpty' }, offset_id: 0, limit: 100 }),
  (account, _channel, n) => account.call<'channels.searchPosts'>({ _: 'channels.searchPosts', query: `x ${n}`, offset_rate: 0, offset_peer: { _: 'inputPeerEmpty' }, offset_id: 0, limit: 100 }),
  (account, _channel, n) => {
    const page = { offset_rate: n, offset_peer: { _: 'inputPeerEmpty' }, offset_id: 0, limit: 100 } as const;
    return account.call<'messages.searchGlobal'>({ _: 'messages.searchGlobal', q: 'x', filter: { _: 'inputMessagesFilterEmpty' }, min_date: n, max_date: 0, ...page });
  },
  (account, channel) => account.call<'channels.getChannelRecommendations'>({ _: 'channels.getChannelRecommendations', channel }),
];

/** Attacks of people who are in a supergroup. */
export const GROUP_ATTACKS: Record<string, Attack> = {
  'posts to a supergroup': inGroup((account, channel, n) => account.sendTo(peerOf(channel), `x ${n} `.padEnd(4_000, 'x'), systemRandom.int63())),
  'joins and leaves of a public group': inGroup((account, channel, n) =>
    n % 2 === 0 ? account.call<'channels.leaveChannel'>({ _: 'channels.leaveChannel', channel }) : account.call<'channels.joinChannel'>({ _: 'channels.joinChannel', channel })),
  'changes of the title of a group': inGroup((account, channel, n) => account.call<'channels.editTitle'>({ _: 'channels.editTitle', channel, title: `Title ${n}` })),
  'giant admin logs': inGroup((account, channel, n) => LOG_STEPS[n % LOG_STEPS.length]!(account, channel, n)),
  'reports of messages of a group': inGroup((account, channel, n) => {
    const [first, option] = [1 + (n % 1_000), Buffer.from('other')];
    return account.call<'messages.report'>({ _: 'messages.report', peer: peerOf(channel), id: [first], option, message: `report ${n} `.padEnd(512, 'x') });
  }),
  'reads of members, posts and events of a group': inGroup((account, channel, n) => READS[n % READS.length]!(account, channel, n)),
  'searches for chats, posts and similar channels': inGroup((account, channel, n) => SEARCHES[n % SEARCHES.length]!(account, channel, n)),
};
