import type { ErrorName } from '@aerogram/errors';
import { rpcError } from '@aerogram/errors';
import type { NewJob } from '@aerogram/storage';

import { type Acting, type ChannelChange, type ChannelChangeDeps, ChannelChanger, type ChannelIds } from '../channel-state/index.ts';
import { ChannelFlag, type ChannelRow, findChannelMembers, findChannelRows, findRefusal, isForum, standingIn } from '../chats/index.ts';

/** What a broadcast channel says of its link. The channel decides; the group follows. */
export interface DiscussionLink {
  /** The plain id of the broadcast channel. */
  channelId: bigint;
  /** The plain id of the discussion group. */
  groupId: bigint;
  /** The `link_number` of the channel. Of two states of a channel's link the one with the higher number is newer. */
  number: number;
}

/** A broadcast channel and a group that is, was or may become its discussion group. Plain ids. */
export type DiscussionPair = Pick<DiscussionLink, 'channelId' | 'groupId'>;

/** The jobs by which the two sides of a link reach the same state. */
export interface LinkOrders {
  /** Makes the group follow what the channel says. */
  settle(actorId: bigint, pair: DiscussionPair): NewJob;
  /** Ends a link in the channel on behalf of the group. */
  release(actorId: bigint, link: DiscussionLink): NewJob;
}

/** The dependencies of {@link ChannelLinkDoor}. */
export interface ChannelLinkDeps extends ChannelChangeDeps {
  clock: { now(): number };
  orders: LinkOrders;
}

/** The link of a channel as its row has it. */
export type LinkSide = Pick<ChannelRow, 'kind' | 'linked_chat_id' | 'link_number'>;

/**
 * One side of the link between a broadcast channel and its discussion group. Each method reads and writes only the rows of that one chat, because the other
 * one may be kept in another data centre. Repeats change nothing.
 */
export class ChannelLinkDoor {
  readonly #deps: ChannelLinkDeps;
  readonly #ids: ChannelIds;
  readonly #changer: ChannelChanger;

  constructor(deps: ChannelLinkDeps, ids: ChannelIds) {
    this.#deps = deps;
    this.#ids = ids;
    this.#changer = new ChannelChanger(deps, ids);
  }

  /** Reads this side. @throws RpcError 400 CHANNEL_INVALID */
  async find(): Promise<LinkSide> {
    const [row] = await findChannelRows(this.#deps.db, [this.#ids.channelId]);
    if (row === undefined) throw rpcError('CHANNEL_INVALID');
    return row;
  }

  /**
   * Checks whether somebody may link this side, so that most refusals come before anything has changed. {@link ChannelLinkDoor.doChoose} and
   * {@link ChannelLinkDoor.doClaim} check it again under the lock.
   * @throws RpcError 400 BROADCAST_ID_INVALID, MEGAGROUP_ID_INVALID, MEGAGROUP_PREHISTORY_HIDDEN, CHAT_DISCUSSION_UNALLOWED (it has topics), CHAT_ADMIN_REQUIRED, CHANNEL_PRIVATE, CHANNEL_INVALID
   */
  async check(actorId: bigint, side: 'channel' | 'group'): Promise<LinkSide> {
    const { channelId } = this.#ids;
    const [[row], [member]] = await Promise.all([findChannelRows(this.#deps.db, [channelId]), findChannelMembers(this.#deps.db, [{ id: channelId, userId: actorId }])]);
    if (row === undefined) throw rpcError('CHANNEL_INVALID');
    if (side === 'channel' && row.kind !== 'broadcast') throw rpcError('BROADCAST_ID_INVALID');
    const wrong = side === 'group' ? whyNoDiscussion(row) : undefined;
    const refusal = wrong === 'MEGAGROUP_ID_INVALID' ? wrong : (findRefusal(standingIn(row, member, this.#deps.clock.now()), 'link_discussion') ?? wrong);
    throwRefusal(refusal);
    return row;
  }

  /**
   * Sets the discussion group of this broadcast channel, or removes it, and orders that the groups follow.
   * @param groupId undefined to unlink
   * @returns the groups that have to follow
   * @throws RpcError 400 CHANNEL_PRIVATE, CHAT_ADMIN_REQUIRED, BROADCAST_ID_INVALID, LINK_NOT_MODIFIED
   */
  doChoose(acting: Acting, groupId: bigint | undefined): Promise<DiscussionPair[]> {
    return this.#open('choose-discussion-group', acting, async (channel) => {
      if (channel.row.kind !== 'broadcast') throw rpcError('BROADCAST_ID_INVALID');
      channel.check('link_discussion');
      if (channel.row.linked_chat_id === (groupId ?? null)) throw rpcError('LINK_NOT_MODIFIED');
      return chooseGroup(channel, acting, groupId, this.#deps.orders);
    });
  }

  /** Unlinks the discussion group of this broadcast channel if it is still linked by the same decision, and orders that the group follows. */
  doRelease(acting: Acting, link: DiscussionLink): Promise<void> {
    return this.#open('release-discussion-group', acting, async (channel) => {
      const { linked_chat_id: groupId, link_number: number } = channel.row;
      if (groupId === link.groupId && number === link.number) await chooseGroup(channel, acting, undefined, this.#deps.orders);
    });
  }

  /**
   * Links this group with the channel that has chosen it. The right of the actor is checked when the group is linked for the first time.
   * @returns the error by which the group refuses; undefined if it is linked now
   */
  doClaim(acting: Acting, link: DiscussionLink): Promise<ErrorName | undefined> {
    return this.#open('claim-discussion-group', acting, async (channel) => {
      const { row, standing } = channel;
      const isLinked = row.linked_chat_id === link.channelId;
      if (standing.closed) return 'MEGAGROUP_ID_INVALID';
      const refusal = whyNoDiscussion(row);
      if (refusal !== undefined) return refusal;
      if (isLinked) {
        if (row.link_number < link.number) channel.set({ link_number: link.number });
        return undefined;
      }
      // The link to another channel ends first; until then this group is not free.
      if (row.linked_chat_id !== null) return 'MEGAGROUP_ID_INVALID';
      const forbidden = findRefusal(standing, 'link_discussion');
      if (forbidden !== undefined) return forbidden;
      channel.set({ linked_chat_id: link.channelId, link_number: link.number });
      channel.changed();
      // If the channel has decided otherwise meanwhile, this finds out.
      await channel.tx.job(this.#deps.orders.settle(acting.actorId, link));
      // What has become of its posts since an earlier link.
      await channel.tx.job(this.#deps.comments.copyAll(link));
      return undefined;
    });
  }

  /**
   * Unlinks this group from a channel that is not linked with it any more.
   * @param number the `link_number` of the channel; a newer link stays
   */
  doForget(acting: Acting, channelId: bigint, number: number): Promise<void> {
    return this.#open('forget-linked-channel', acting, async (channel) => {
      const { linked_chat_id, link_number, username, flags } = channel.row;
      if (linked_chat_id !== channelId || link_number > number) return;
      // In a private group without a channel only members write anyway.
      channel.set({ linked_chat_id: null, flags: username === null ? flags & ~ChannelFlag.joinToSend : flags });
      channel.changed();
    });
  }

  /**
   * Checks that the actor may unlink this group, and orders that its channel ends the link.
   * @throws RpcError 400 CHANNEL_PRIVATE, CHAT_ADMIN_REQUIRED, MEGAGROUP_ID_INVALID, LINK_NOT_MODIFIED
   */
  doAskRelease(acting: Acting): Promise<DiscussionLink> {
    return this.#open('ask-release-discussion-group', acting, async (channel) => {
      if (channel.row.kind === 'broadcast') throw rpcError('MEGAGROUP_ID_INVALID');
      channel.check('link_discussion');
      const link = linkOfGroup(channel.row);
      if (link === undefined) throw rpcError('LINK_NOT_MODIFIED');
      await channel.tx.job(this.#deps.orders.release(acting.actorId, link));
      return link;
    });
  }

  #open<T>(name: string, acting: Acting, change: (channel: ChannelChange) => Promise<T>): Promise<T> {
    return this.#changer.open(name, acting, { saysNothing: true }, change);
  }
}

/** Ends the link of a channel or group that is being deleted or can have none any more, in the transaction of that change. */
export async function endLink(channel: ChannelChange, acting: Acting, orders: LinkOrders): Promise<void> {
  const { row } = channel;
  if (row.linked_chat_id === null) return;
  if (row.kind === 'broadcast') await chooseGroup(channel, acting, undefined, orders);
  else await channel.tx.job(orders.release(acting.actorId, linkOfGroup(row)!));
}

/** Throws an error that a side has returned. */
export function throwRefusal(refusal: ErrorName | undefined): void {
  // The cast is safe: no error of a link has a number in its name.
  if (refusal !== undefined) throw rpcError(refusal as 'CHAT_ADMIN_REQUIRED');
}

async function chooseGroup(channel: ChannelChange, acting: Acting, groupId: bigint | undefined, orders: LinkOrders): Promise<DiscussionPair[]> {
  const { channel_id: channelId, linked_chat_id: before, link_number } = channel.row;
  channel.set({ linked_chat_id: groupId ?? null, link_number: link_number + 1 });
  channel.changed();
  const pairs = [before ?? undefined, groupId].filter((id) => id !== undefined).map((id) => ({ channelId, groupId: id }));
  for (const pair of pairs) await channel.tx.job(orders.settle(acting.actorId, pair));
  return pairs;
}

function linkOfGroup({ channel_id: groupId, linked_chat_id: channelId, link_number: number }: ChannelRow): DiscussionLink | undefined {
  return channelId === null ? undefined : { channelId, groupId, number };
}

/** Why a chat cannot be a discussion group. All who comment must be able to read what was written before. */
function whyNoDiscussion(row: ChannelRow): 'MEGAGROUP_ID_INVALID' | 'CHAT_DISCUSSION_UNALLOWED' | 'MEGAGROUP_PREHISTORY_HIDDEN' | undefined {
  const { kind, flags } = row;
  if (kind !== 'megagroup') return 'MEGAGROUP_ID_INVALID';
  if (isForum(row)) return 'CHAT_DISCUSSION_UNALLOWED';
  return (flags & ChannelFlag.hiddenPrehistory) !== 0 ? 'MEGAGROUP_PREHISTORY_HIDDEN' : undefined;
}
