import { markPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import type { PostRow } from '../events/index.ts';
import { changeChannel, type ChangeScope } from './change-channel.ts';
import type { ChannelChange } from './channel-change.ts';
import type { Acting, ChannelChangeDeps } from './channel-change-deps.ts';
import { projectPost } from './project-post.ts';

/** Names the channel on which an operation works. */
export interface ChannelIds {
  /** The plain id. */
  channelId: bigint;
  /** The marked id. */
  peerId: bigint;
}

/** The names of a channel, from its plain id. Pure. */
export function channelIdsOf(channelId: bigint): ChannelIds {
  return { channelId, peerId: markPeer({ _: 'peerChannel', channel_id: channelId }) };
}

/** What the caller of a change learns of it. */
export interface ChannelOutcome {
  updates: tl.Update[];
  /** How far the updates move the channel; undefined if they contain no event with a pts. */
  step: ChannelStep | undefined;
}

/** The pts that a channel reached by a change, and by how much. */
export interface ChannelStep {
  pts: number;
  ptsCount: number;
}

/** Runs changes of one channel, each in a transaction of its own. */
export class ChannelChanger {
  readonly #deps: ChannelChangeDeps;
  readonly #channelId: bigint;
  readonly #peerId: bigint;

  constructor(deps: ChannelChangeDeps, { channelId, peerId }: ChannelIds) {
    this.#deps = deps;
    this.#peerId = peerId;
    this.#channelId = channelId;
  }

  /** Runs a change with a result of its own. @param name of the transaction */
  open<T>(name: string, acting: Acting, scope: ChangeScope, change: (channel: ChannelChange) => Promise<T>): Promise<T> {
    return changeChannel(this.#deps, { name, channelId: this.#channelId, acting }, scope, change);
  }

  /** Runs a change that returns updates, to which those about its new messages are added. @param name of the transaction */
  change(name: string, acting: Acting, scope: ChangeScope, change: (channel: ChannelChange) => tl.Update[] | Promise<tl.Update[]>): Promise<ChannelOutcome> {
    return this.open(name, acting, scope, async (channel) => outcomeOf(channel, acting, await change(channel)));
  }

  /** Runs a change by which the actor comes into the channel, or which stores a request and returns undefined. @throws RpcError 400 INVITE_REQUEST_SENT after a request, 403 USER_RESTRICTED if the operator keeps the actor out of such groups */
  async enter(name: string, acting: Acting, scope: Pick<ChangeScope, 'named' | 'readId'>, change: (channel: ChannelChange) => Promise<tl.Update[] | undefined>): Promise<ChannelOutcome> {
    await this.#deps.sendLimits.checkPublic(acting.actorId, this.#peerId, 'USER_RESTRICTED');
    const outcome = await this.open(name, acting, { opened: [acting.actorId], ...scope }, async (channel) => {
      const updates = await change(channel);
      return updates && outcomeOf(channel, acting, updates);
    });
    // Thrown after the commit, because the request is stored.
    if (outcome === undefined) throw rpcError('INVITE_REQUEST_SENT');
    return outcome;
  }
}

function outcomeOf(channel: ChannelChange, { actorId }: Acting, updates: tl.Update[]): ChannelOutcome {
  const posts = channel.posts.map((row) => newPostUpdate(row, actorId));
  // Somebody who has just left gets the update about it last: a message after it would bring the channel back in clients.
  const isIn = channel.standing.status === 'member';
  return { updates: isIn ? [...updates, ...posts] : [...posts, ...updates], step: channel.step };
}

/** The update about a new message, for its author. Pure. */
export function newPostUpdate(row: PostRow, viewerId: bigint): tl.updateNewChannelMessage {
  return { _: 'updateNewChannelMessage', message: projectPost(row, viewerId), pts: row.pts, pts_count: 1 };
}
