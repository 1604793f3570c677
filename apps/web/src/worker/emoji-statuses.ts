import type { tl } from '@mtcute/core';
import Long from 'long';
import type { PeerId, StickerQuestions } from '../protocol/index.ts';
import type { Account } from './account.ts';
import { changeSetting } from './change-setting.ts';

const idsOf = (answer: tl.account.TypeEmojiStatuses): string[] => (answer._ === 'account.emojiStatuses' ? answer.statuses.flatMap((status) => ('documentId' in status ? status.documentId.toString() : [])) : []);

/** The ids of custom emoji that are offered as a status: of the account those that it has had, too. */
export async function listStatuses(account: Account, peer: PeerId): Promise<{ recent: string[]; others: string[] }> {
  if (peer !== account.me) return { recent: [], others: idsOf(await account.call({ _: 'account.getChannelDefaultEmojiStatuses', hash: Long.ZERO })) };
  const [recent, others] = await Promise.all([account.call({ _: 'account.getRecentEmojiStatuses', hash: Long.ZERO }), account.call({ _: 'account.getDefaultEmojiStatuses', hash: Long.ZERO })]);
  return { recent: idsOf(recent), others: idsOf(others) };
}

/** Sets the emoji beside the own name, or beside the title of a supergroup or channel, or takes it away. */
export async function changeStatus(account: Account, { peer, emoji, until }: StickerQuestions['statuses.set']['say']): Promise<void> {
  const emojiStatus: tl.TypeEmojiStatus = emoji === undefined ? { _: 'emojiStatusEmpty' } : { _: 'emojiStatus', documentId: Long.fromString(emoji), until };
  if (peer !== account.me) return await changeSetting(account, peer, { _: 'channels.updateEmojiStatus', channel: await account.inputChannel(peer), emojiStatus });
  await account.call({ _: 'account.updateEmojiStatus', emojiStatus });
  account.apply({ _: 'updateUserEmojiStatus', userId: account.me, emojiStatus });
}
