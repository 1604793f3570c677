import type { ErrorName } from '@aerogram/errors';
import { rpcError } from '@aerogram/errors';
import { defineJobKind, type JobKind, jsonCodec } from '@aerogram/storage';

import { type Acting, type ChannelChange, channelIdsOf } from '../channel-state/index.ts';
import { ChannelLinkDoor, type ChannelLinkDeps, type DiscussionLink, type DiscussionPair, endLink, type LinkOrders, throwRefusal } from './channel-link-door.ts';

/** How often a job of a link is tried: the two sides must agree in the end. */
const ATTEMPTS = 100;

/**
 * The links between broadcast channels and their discussion groups. A link is a column in the row of each side. The channel decides and numbers its decisions;
 * the group follows. Each side changes in a transaction of its own, which orders the job that changes the other one; the caller waits until that is done, and
 * after a crash the job does it.
 */
export interface Discussions {
  /**
   * Makes a group the discussion group of a channel. A link that one of them had ends.
   * @throws RpcError 400 BROADCAST_ID_INVALID, MEGAGROUP_ID_INVALID (no supergroup, or another channel links it at the same time), MEGAGROUP_PREHISTORY_HIDDEN, CHAT_DISCUSSION_UNALLOWED (it has topics),
   * LINK_NOT_MODIFIED, CHAT_ADMIN_REQUIRED, CHANNEL_PRIVATE, CHANNEL_INVALID
   */
  doLink(acting: Acting, pair: DiscussionPair): Promise<void>;
  /** Removes the discussion group of a channel. @throws RpcError 400 BROADCAST_ID_INVALID, LINK_NOT_MODIFIED, CHAT_ADMIN_REQUIRED, CHANNEL_PRIVATE */
  doUnlinkChannel(acting: Acting, channelId: bigint): Promise<void>;
  /** Ends that a group is a discussion group. @throws RpcError 400 MEGAGROUP_ID_INVALID, LINK_NOT_MODIFIED, CHAT_ADMIN_REQUIRED, CHANNEL_PRIVATE */
  doUnlinkGroup(acting: Acting, groupId: bigint): Promise<void>;
  /** Ends the link of a chat that is deleted, or cannot have one any more, in the transaction of that change. */
  endIn(channel: ChannelChange, acting: Acting): Promise<void>;
  readonly jobKinds: readonly JobKind[];
}

/** Creates the links. */
export function createDiscussions(given: Omit<ChannelLinkDeps, 'orders'>): Discussions {
  const settling = defineJobKind<DiscussionPair>({
    kind: 'settle-discussion',
    codec: jsonCodec(),
    maxAttempts: ATTEMPTS,
    run: async ({ channelId, groupId }, { ownerId }) => void (await settle(by(ownerId), { channelId, groupId })),
  });
  const releasing = defineJobKind<DiscussionLink>({
    kind: 'release-discussion',
    codec: jsonCodec(),
    maxAttempts: ATTEMPTS,
    run: ({ channelId, groupId, number }, { ownerId }) => release(by(ownerId), { channelId, groupId, number }),
  });
  const orders: LinkOrders = {
    settle: (actorId, { channelId, groupId }) => settling.order(actorId, { channelId, groupId }),
    release: (actorId, link) => releasing.order(actorId, link),
  };
  const deps: ChannelLinkDeps = { ...given, orders };
  const at = (channelId: bigint): ChannelLinkDoor => new ChannelLinkDoor(deps, channelIdsOf(channelId));

  /** Makes a group follow what a channel says of it. @returns the error by which the group refuses, after which the channel does not say it any more */
  async function settle(acting: Acting, { channelId, groupId }: DiscussionPair): Promise<ErrorName | undefined> {
    const { linked_chat_id: chosenId, link_number: number } = await at(channelId).find();
    if (chosenId !== groupId) {
      await at(groupId).doForget(acting, channelId, number);
      return undefined;
    }
    const link = { channelId, groupId, number };
    const refusal = await at(groupId).doClaim(acting, link);
    if (refusal !== undefined) await release(acting, link);
    return refusal;
  }

  /** Ends a link in the channel, and then in the group. */
  async function release(acting: Acting, link: DiscussionLink): Promise<void> {
    await at(link.channelId).doRelease(acting, link);
    const { linked_chat_id: chosenId, link_number: number } = await at(link.channelId).find();
    if (chosenId !== link.groupId) await at(link.groupId).doForget(acting, link.channelId, number);
  }

  const choose = async (acting: Acting, channelId: bigint, groupId: bigint | undefined): Promise<void> => {
    const pairs = await at(channelId).doChoose(acting, groupId);
    for (const pair of pairs) throwRefusal(await settle(acting, pair));
  };

  const doUnlinkGroup = async (acting: Acting, groupId: bigint): Promise<void> => release(acting, await at(groupId).doAskRelease(acting));

  return {
    async doLink(acting, { channelId, groupId }) {
      const channel = await at(channelId).check(acting.actorId, 'channel');
      const group = await at(groupId).check(acting.actorId, 'group');
      if (channel.linked_chat_id === groupId) throw rpcError('LINK_NOT_MODIFIED');
      if (group.linked_chat_id !== null && group.linked_chat_id !== channelId) await doUnlinkGroup(acting, groupId);
      await choose(acting, channelId, groupId);
    },
    doUnlinkChannel: (acting, channelId) => choose(acting, channelId, undefined),
    doUnlinkGroup,
    endIn: (channel, acting) => endLink(channel, acting, orders),
    jobKinds: [settling, releasing],
  };
}

/** The actor of a job: no session waits for its answer. */
function by(actorId: bigint): Acting {
  return { actorId, origin: undefined };
}
