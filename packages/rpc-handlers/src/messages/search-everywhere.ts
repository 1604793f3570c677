import type { MessageRow, PeerKind, SearchedBox, WidePlace, WideQuery } from '@aerogram/domain';
import { cutToBytes } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';

/** A search in everything that the caller may read. */
export interface EverywhereQuery extends Pick<WideQuery, 'text' | 'fromId' | 'kinds' | 'minDate' | 'maxDate' | 'limit'> {
  /** Only chats in this folder. */
  folderId?: number | undefined;
  /** Only chats of this kind; undefined for all. */
  only?: 'users' | 'groups' | 'broadcasts' | undefined;
  after?: WidePlace | undefined;
}

/** What a search in everything has found. */
export interface FoundEverywhere {
  /** Newest first. */
  rows: readonly MessageRow[];
  /** Number of all matches. */
  count: number;
  /** There are more matches than were counted. */
  inexact: true | undefined;
}

const OWN_KINDS: Record<NonNullable<EverywhereQuery['only']>, readonly PeerKind[] | undefined> = { users: ['user'], groups: ['group'], broadcasts: undefined };

/** Searches the caller's box and the channels that the caller is a member of. The rows are ordered by date, newest first. */
export async function searchAllChats(ctx: RpcContext, { folderId, only, after, ...query }: EverywhereQuery): Promise<FoundEverywhere> {
  const { channels, messages, search } = ctx.domain;
  const followed = only === 'users' ? [] : await channels.listVisible(ctx.userId, folderId);
  const wanted = followed.filter(({ row }) => only === undefined || (row.kind === 'broadcast') === (only === 'broadcasts'));
  const boxes = wanted.map(({ peerId, startId }): SearchedBox => ({ owner: peerId, startId }));
  if (only !== 'broadcasts') boxes.unshift({ owner: ctx.userId, startId: 0 });
  const peerKinds = only && OWN_KINDS[only];
  const { places, count, inexact } = await search.searchEverywhere(ctx.userId, boxes, { ...query, folderId, peerKinds, after });
  const own = places.filter(({ owner }) => owner === ctx.userId).map(({ msgId }) => msgId);
  const inChannels = places.filter(({ owner }) => owner !== ctx.userId).map(({ owner, msgId }) => ({ peerId: owner, msgId }));
  const [found, posts] = await Promise.all([messages.find(ctx.userId, own), channels.findPosts(inChannels)]);
  const byPlace = new Map([...found.values(), ...posts].map((row) => [`${row.owner_id}:${row.msg_id}`, row]));
  return { rows: cutToBytes(places.flatMap(({ owner, msgId }) => byPlace.get(`${owner}:${msgId}`) ?? []), 0), count, inexact };
}
