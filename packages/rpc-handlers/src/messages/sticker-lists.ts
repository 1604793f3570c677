import type { SetHead, SetKind } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { hashOf } from '../hash-of.ts';

/** How many sets are offered as featured; the others are older ones. */
export const FEATURED_MAX = 40;

/** Answers with the sets that the caller has of a kind. Clients compute the hash from those of the sets. */
export async function answerInstalled(ctx: RpcContext, kind: SetKind, known: bigint): Promise<tl.messages.AllStickers> {
  const installed = (await ctx.domain.stickerSets.installed.list(ctx.userId, kind)).filter(({ isArchived }) => !isArchived);
  const hash = hashOf(installed.map(({ set }) => BigInt(set.hash)));
  if (hash === known && known !== 0n) return { _: 'messages.allStickersNotModified' };
  return { _: 'messages.allStickers', hash, sets: installed.map(({ set, date }) => ctx.domain.files.bundled.projectSet(set, { installedDate: date, viewerId: ctx.userId })) };
}

/** Answers with sets that the caller is offered. None is ever marked as unread. */
export async function answerFeatured(ctx: RpcContext, sets: readonly SetHead[], { known, count }: { known: bigint; count: number }): Promise<tl.messages.FeaturedStickers> {
  const hash = hashOf(sets.map(({ id }) => id));
  if (hash === known && known !== 0n) return { _: 'messages.featuredStickersNotModified', count };
  return { _: 'messages.featuredStickers', hash, count, sets: await ctx.domain.stickerSets.projectCovered(ctx.userId, sets), unread: [] };
}

/** Answers with sets that the caller has searched for. */
export async function answerFoundSets(ctx: RpcContext, kind: SetKind, { q, hash: known }: { q: string; hash: bigint }): Promise<tl.messages.FoundStickerSets> {
  const { stickerSets } = ctx.domain;
  const sets = await stickerSets.findSets(ctx.userId, kind, q);
  const hash = hashOf(sets.map(({ id }) => id));
  if (hash === known && known !== 0n) return { _: 'messages.foundStickerSetsNotModified' };
  return { _: 'messages.foundStickerSets', hash, sets: await stickerSets.projectCovered(ctx.userId, sets) };
}

/** Answers with the groups of emoji in which there is something of a kind. */
export async function answerGroups(ctx: RpcContext, kind: SetKind, known: number): Promise<tl.messages.EmojiGroups> {
  const groups = await ctx.domain.stickerSets.listGroups(kind);
  const hash = Number(BigInt.asUintN(31, hashOf(groups.flatMap(({ iconId, emoji }) => [iconId, BigInt(emoji.length)]))));
  if (hash === known) return { _: 'messages.emojiGroupsNotModified' };
  return { _: 'messages.emojiGroups', hash, groups: groups.map(({ title, iconId, emoji }) => ({ _: 'emojiGroup', title, icon_emoji_id: iconId, emoticons: [...emoji] })) };
}

/** Answers with ids of custom emoji. */
export function answerEmojiList(ids: readonly bigint[], known: bigint): tl.EmojiList {
  const hash = hashOf(ids);
  return hash === known && known !== 0n ? { _: 'emojiListNotModified' } : { _: 'emojiList', hash, document_id: [...ids] };
}
