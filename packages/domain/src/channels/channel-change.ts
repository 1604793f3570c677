import type { Bus } from '@aerogram/bus';
import { markPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { Database, Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import {
  type ChannelMemberRow,
  type ChannelRow,
  type ChannelView,
  type ChatAction,
  type Chats,
  checkRight,
  countMembers,
  findChannelMembers,
  findChannelRows,
  findChannelViews,
  saveChannelMember,
  saveGaps,
  type Standing,
  standingIn,
  updateChannel,
} from '../chats/index.ts';
import type { FollowStart } from '../dialogs/index.ts';
import { type Boxes, type BoxWriter, MessageFlag, type OpenBoxes, type Origin, packMessageExtra, type PostRow, publishChannelTransient, type UnnumberedPost } from '../events/index.ts';
import { insertPosts, removePosts, touchChannelHead, updatePost } from './post-store.ts';

/** The dependencies of changes of channels. */
export interface ChannelChangeDeps extends Pick<BoxWriter, 'withBoxes'> {
  db: Database;
  bus: Bus;
  chats: Pick<Chats, 'chatChanged'>;
}

/** Who changes a channel. */
export interface Acting {
  actorId: bigint;
  /** The session of the call, if its answer contains the events; otherwise that session gets them pushed, too. */
  origin: Origin | undefined;
}

/** Which rows and boxes a change needs. */
export interface ChangeScope {
  /** Users whose own boxes are written as well, for instance because they join. */
  opened?: readonly bigint[];
  /** Further users whose rows as members the change reads. */
  named?: readonly bigint[];
}

/**
 * Runs a transaction that changes a channel or adds messages to it. The channel's counter is locked, so all changes and messages of the channel are
 * in line, and the rows of channel, actor and named users are read under that lock.
 * @param channelId the plain id of the channel
 * @throws RpcError 400 CHANNEL_INVALID for a channel that does not exist
 */
export function changeChannel<T>(
  deps: ChannelChangeDeps,
  { name, channelId, acting }: { name: string; channelId: bigint; acting: Acting },
  { opened = [], named = [] }: ChangeScope,
  change: (channel: ChannelChange) => Promise<T>,
): Promise<T> {
  const peerId = markPeer({ _: 'peerChannel', channel_id: channelId });
  const userIds = [...new Set([acting.actorId, ...opened, ...named])];
  return deps.db.transact(name, (tx) => {
    const read = (): Promise<[ChannelRow[], ChannelMemberRow[], Map<bigint, ChannelView>]> =>
      Promise.all([
        findChannelRows(tx, [channelId]),
        findChannelMembers(tx, userIds.map((userId) => ({ id: channelId, userId }))),
        findChannelViews(tx.q, acting.actorId, [peerId]),
      ]);
    return deps.withBoxes(
      tx,
      [peerId, ...opened],
      async (boxes, date, [[row], members, views]) => {
        const view = views.get(peerId);
        if (row === undefined || view === undefined) throw rpcError('CHANNEL_INVALID');
        const channel = new ChannelChange(deps, { tx, boxes, date }, acting, { row, view, members: new Map(members.map((member) => [member.user_id, member])) });
        const result = await change(channel);
        await channel.save();
        return result;
      },
      read,
    );
  });
}

/** The rows of a channel, read under the lock of its counter. */
interface FoundChannel {
  row: ChannelRow;
  view: ChannelView;
  members: Map<bigint, ChannelMemberRow>;
}

/** A message to add to a channel, without what the channel determines. */
export type PostContent = Pick<UnnumberedPost, 'text' | 'extra' | 'flags' | 'reply_to_msg_id'> & Partial<Pick<UnnumberedPost, 'from_id' | 'signature'>>;

/** One change of a channel while its counter is locked. Rows are written by {@link ChannelChange.save}. */
export class ChannelChange implements OpenBoxes {
  readonly tx: Tx;
  readonly boxes: Boxes;
  readonly date: number;
  readonly peerId: bigint;
  readonly view: ChannelView;
  /** When slow mode lets the actor write again. */
  slowModeUntil = 0;
  readonly #deps: ChannelChangeDeps;
  readonly #acting: Acting;
  readonly #row: ChannelRow;
  readonly #members: Map<bigint, ChannelMemberRow>;
  readonly #changes: Partial<Omit<ChannelRow, 'channel_id' | 'members'>> = {};
  readonly #saved = new Map<bigint, ChannelMemberRow>();
  readonly #posts: PostRow[] = [];
  readonly #sent: { randomId: bigint; row: PostRow }[] = [];
  readonly #shown: tl.Update[] = [];
  #memberChange = 0;
  /** The channel had an event other than a new message. */
  #isTouched = false;

  constructor(deps: ChannelChangeDeps, { tx, boxes, date }: OpenBoxes, acting: Acting, { row, view, members }: FoundChannel) {
    this.tx = tx;
    this.boxes = boxes;
    this.date = date;
    this.peerId = view.peer_id;
    this.view = view;
    this.#deps = deps;
    this.#acting = acting;
    this.#row = row;
    this.#members = members;
  }

  /** The channel, with the changes so far. */
  get row(): ChannelRow {
    return { ...this.#row, ...this.#changes, members: this.#row.members + this.#memberChange };
  }

  /** The row of the actor or of a named user; undefined if that user was never a member. */
  memberOf(userId: bigint): ChannelMemberRow | undefined {
    return this.#saved.get(userId) ?? this.#members.get(userId);
  }

  /** The actor's standing, which decides what the actor may do. */
  get standing(): Standing {
    return standingIn(this.row, this.memberOf(this.#acting.actorId), this.date);
  }

  /** Checks a right of the actor. Throws as {@link checkRight}. */
  check(action: ChatAction): void {
    checkRight(this.standing, action);
  }

  /** The messages that this change adds. */
  get posts(): readonly PostRow[] {
    return this.#posts;
  }

  /** Where those begin who join by this change: before the message that says so. */
  get start(): FollowStart {
    return { peerId: this.peerId, date: this.date, pts: this.view.pts };
  }

  /** How many messages the channel has had, those of this change included. */
  get ordinal(): number {
    return this.#posts.at(-1)?.ordinal ?? this.view.ordinal;
  }

  /** The id of the channel's newest message, those of this change included. */
  get topMsgId(): number {
    return this.#posts.at(-1)?.msg_id ?? this.view.top_msg_id;
  }

  /** How many messages of the channel a member has written, those of this change included. */
  ownPostsOf(userId: bigint): number {
    const posted = this.#posts.filter((row) => row.poster_id === userId).length;
    return (this.memberOf(userId)?.own_posts ?? 0) + posted;
  }

  /** Changes columns of the channel. */
  set(changes: Partial<Omit<ChannelRow, 'channel_id' | 'members'>>): void {
    Object.assign(this.#changes, changes);
  }

  /** Adds or changes a member. */
  setMember(member: ChannelMemberRow): void {
    const was = this.memberOf(member.user_id)?.status === 'member' ? 1 : 0;
    const is = member.status === 'member' ? 1 : 0;
    this.#memberChange += is - was;
    this.#saved.set(member.user_id, member);
  }

  /**
   * Adds a message of the actor.
   * @param randomId of the send; undefined for a message that no client can send again
   */
  post({ from_id = this.#acting.actorId, signature = null, ...content }: PostContent, randomId?: bigint): PostRow {
    const { actorId, origin } = this.#acting;
    const post: UnnumberedPost = {
      ...content,
      flags: this.row.kind === 'broadcast' ? content.flags | MessageFlag.post : content.flags,
      from_id,
      signature,
      poster_id: actorId,
      ordinal: this.ordinal + 1,
      date: this.date,
      edit_date: null,
      ttl_period: this.row.ttl_period,
    };
    const row = this.boxes.addPost(this.peerId, post, origin);
    this.#posts.push(row);
    if (randomId !== undefined) this.#sent.push({ randomId, row });
    return row;
  }

  /** Adds a service message about what the actor did. In broadcast channels the channel is its author. */
  say(action: tl.MessageAction): PostRow {
    const from_id = this.row.kind === 'broadcast' ? this.peerId : this.#acting.actorId;
    return this.post({ text: '', extra: packMessageExtra({ action }), flags: MessageFlag.service, reply_to_msg_id: null, from_id });
  }

  /** Writes a message that the actor has edited. @returns the pts of the event */
  async edit(row: PostRow): Promise<number> {
    await updatePost(this.tx, this.#row.channel_id, row);
    this.#isTouched = true;
    return this.boxes.addEdit(this.peerId, row, this.date, this.#acting.origin);
  }

  /** Deletes messages. @returns those that existed, and the pts of the event */
  async remove(msgIds: readonly number[]): Promise<{ removed: PostRow[]; pts: number }> {
    const { channel_id } = this.#row;
    const removed = await removePosts(this.tx, channel_id, msgIds);
    if (removed.length === 0) return { removed, pts: this.boxes.pts(this.peerId) };
    await saveGaps(this.tx, channel_id, removed);
    this.#isTouched = true;
    const messages = removed.map((row) => row.msg_id).sort((a, b) => a - b);
    const place = { ptsCount: removed.length, date: this.date, origin: this.#acting.origin };
    const pts = this.boxes.addUpdate(this.peerId, place, (at) => ({ _: 'updateDeleteChannelMessages', channel_id, messages, pts: at, pts_count: removed.length }));
    return { removed, pts };
  }

  /** Shows an update without pts to those members' devices that are online, after the commit. @returns the update */
  show<U extends tl.Update>(update: U): U {
    this.#shown.push(update);
    return update;
  }

  /** Tells the devices that are online that the full info of the channel has changed. @returns the update */
  changed(): tl.updateChannel {
    return this.show({ _: 'updateChannel', channel_id: this.#row.channel_id });
  }

  /** Tells all devices of these users, whose boxes are open, that their view of the channel changed. @returns the update */
  tellChannelChanged(userIds: readonly bigint[]): tl.updateChannel {
    const { actorId, origin } = this.#acting;
    const update: tl.updateChannel = { _: 'updateChannel', channel_id: this.#row.channel_id };
    for (const userId of userIds) this.boxes.addLoose(userId, this.date, userId === actorId ? origin : undefined, [update]);
    return update;
  }

  /** Writes the rows, and invalidates the caches after the commit. */
  async save(): Promise<void> {
    const { channel_id: channelId } = this.#row;
    const hasChanges = Object.keys(this.#changes).length > 0;
    if (hasChanges || this.#saved.size > 0) {
      // Registered before the hints are published, because the channel is projected along with the events.
      this.tx.afterCommit(() => this.#deps.chats.chatChanged(this.peerId, [...this.#saved.keys()]));
    }
    if (this.#shown.length > 0) {
      this.tx.afterCommit(() => {
        for (const update of this.#shown) publishChannelTransient(this.#deps.bus, this.peerId, update);
      });
    }
    if (hasChanges) await updateChannel(this.tx, channelId, this.#changes);
    await Promise.all([...this.#saved.values()].map((member) => saveChannelMember(this.tx, member)));
    if (this.#memberChange !== 0) await countMembers(this.tx, channelId, this.#memberChange);
    if (this.#isTouched) await touchChannelHead(this.tx, channelId, this.date);
    if (this.#posts.length > 0) insertPosts(this.tx, { channelId, rows: this.#posts, sent: this.#sent, slowModeUntil: this.slowModeUntil });
  }
}
