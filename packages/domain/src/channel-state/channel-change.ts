import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import {
  type ChannelMemberRow,
  type ChannelRow,
  type ChannelView,
  type ChatAction,
  checkRight,
  addCounts,
  countMembers,
  countsOf,
  isAdmin,
  NO_COUNTS,
  saveChannelMember,
  saveGaps,
  type Standing,
  standingIn,
  updateChannel,
  withComments,
} from '../chats/index.ts';
import type { FollowStart } from '../dialogs/index.ts';
import { type Boxes, MessageFlag, type OpenBoxes, packMessageExtra, type PostRow, publishChannelTransient, type UnnumberedPost } from '../events/index.ts';
import { changeMessageFiles } from '../documents/index.ts';
import { announceRequests, type InviteScope, projectInvite, revokeInvitesOf } from '../invites/index.ts';
import { addUnreadMentionsLast, dropReactions, dropUnread } from '../messages/index.ts';
import type { ChargeNotice } from '../moderation/index.ts';
import { refuseWait, type Wait } from '../shared/index.ts';
import { findAuthor, type Sender, type Speech } from './author.ts';
import { logEntriesOf, type NotedEntry } from './change-log.ts';
import type { Acting, ChannelChangeDeps, FoundChannel } from './channel-change-deps.ts';
import { pollPlacesOf } from './unseen-posts.ts';
import { DiscussedPosts } from './discussed-posts.ts';
import { isLiveLocation } from './log-entries.ts';
import type { LogEntry } from './log-entry.ts';
import { insertLog } from './log-store.ts';
import { mentionedIn, mentionsOf } from './mentions.ts';
import { saveCheckOrdinal } from './place-check-store.ts';
import type { PostContent, Saying } from './channel-speech.ts';
import { savePublicIndex } from './public-index-store.ts';
import { slowModeEnd } from './slow-mode.ts';
import { settleMembers } from './settle-members.ts';
import { tellBotsOfMembers } from './tell-bots-of-channel-members.ts';
import { placeInTopic } from './topic-place.ts';
import { OpenThreads, tellComments } from './open-threads.ts';
import { shrinkThreads } from './thread-store.ts';
import { insertPosts, removePosts, touchChannelHead, updatePost } from './post-store.ts';

/** Maximum number of links that one change logs as revoked, the newest ones. A ban of somebody with hundreds of links must not push all else out of the log. */
const LOGGED_LINKS_MAX = 20;

/** One change of a channel while its counter is locked. Rows are written by {@link ChannelChange.save}. */
export class ChannelChange implements OpenBoxes {
  readonly tx: Tx;
  readonly boxes: Boxes;
  readonly date: number;
  readonly peerId: bigint;
  readonly view: ChannelView;
  /** The threads to which this change adds messages. */
  readonly threads: OpenThreads;
  /** The posts that can be commented on and that this change adds, edits or deletes. */
  readonly discussed = new DiscussedPosts();
  /** When slow mode lets the actor write again, in unix seconds; 0 if there is no such limit. */
  slowModeUntil = 0;
  readonly #deps: ChannelChangeDeps;
  readonly #acting: Acting;
  readonly #chargeNotice: ChargeNotice | undefined;
  readonly #readId: bigint | undefined;
  readonly #row: ChannelRow;
  readonly #members: Map<bigint, ChannelMemberRow>;
  readonly #changes: Partial<Omit<ChannelRow, 'channel_id' | 'members' | 'bots'>> = {};
  readonly #saved = new Map<bigint, ChannelMemberRow>();
  readonly #posts: PostRow[] = [];
  readonly #sent: { randomId: bigint; row: PostRow }[] = [];
  readonly #shown: tl.Update[] = [];
  readonly #noted: NotedEntry[] = [];
  #countChange = NO_COUNTS;
  #checkOrdinal: number | undefined;
  /** How far the events of this change other than new messages move the channel's pts. */
  #moved = 0;

  constructor(deps: ChannelChangeDeps, { tx, boxes, date }: OpenBoxes, acting: Acting, { row, view, members, chargeNotice, readId }: FoundChannel) {
    this.tx = tx;
    this.boxes = boxes;
    this.date = date;
    this.peerId = view.peer_id;
    this.view = view;
    this.threads = new OpenThreads(tx, row.channel_id);
    this.#deps = deps;
    this.#acting = acting;
    this.#chargeNotice = chargeNotice;
    this.#readId = readId;
    this.#row = row;
    this.#members = members;
  }

  /** The channel, with the changes so far. */
  get row(): ChannelRow {
    return { ...this.#row, ...this.#changes, members: this.#row.members + this.#countChange.members, bots: this.#row.bots + this.#countChange.bots };
  }

  /** The row of the actor or of a named user; undefined if that user was never a member. */
  memberOf(userId: bigint): ChannelMemberRow | undefined {
    return this.#saved.get(userId) ?? this.#members.get(userId);
  }

  /** The actor's standing, which decides what the actor may do. */
  get standing(): Standing {
    return this.standingOf(this.#acting.actorId);
  }

  /** The standing of the actor or of a named user. */
  standingOf(userId: bigint): Standing {
    const standing = standingIn(this.row, this.memberOf(userId), this.date);
    return userId === this.#acting.actorId ? withComments(standing, this.row, this.#readId) : standing;
  }

  /** Somebody who does something in the channel, as the functions of the author need it. @param userId the actor, or a named user */
  sender(userId = this.#acting.actorId): Sender {
    return { userId, standing: this.standingOf(userId), row: this.row, peerId: this.peerId, nowDate: this.date };
  }

  /** The input of functions that change invite links of this channel for the actor. */
  get inviteScope(): InviteScope {
    const { tx, date, peerId, standing } = this;
    return { tx, date, peerId, standing, actorId: this.#acting.actorId };
  }

  /** After the commit, tells the admins who may approve join requests how many are pending. */
  announceRequests(): void {
    announceRequests(this.tx, this.#deps.requestNotices, this.peerId);
  }

  /** Checks a right of the actor. Throws as {@link checkRight}. */
  check(action: ChatAction): void {
    checkRight(this.standing, action);
  }

  /** The messages that this change adds. */
  get posts(): readonly PostRow[] {
    return this.#posts;
  }

  /** Where users who join by this change begin in the channel's event sequence: before the service message that says that they joined. */
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
  set(changes: Partial<Omit<ChannelRow, 'channel_id' | 'members' | 'bots'>>): void {
    Object.assign(this.#changes, changes);
  }

  /** Adds or changes a member. */
  setMember(changed: ChannelMemberRow): void {
    const was = this.memberOf(changed.user_id);
    this.#countChange = addCounts(addCounts(this.#countChange, was ? countsOf(was) : NO_COUNTS, -1), countsOf(changed));
    this.#saved.set(changed.user_id, changed);
  }

  /**
   * Adds a message of the actor. The thread to which it belongs must have been opened.
   * @param randomId of the send; undefined for a message that no client can send again
   */
  post({ from_id = this.#acting.actorId, poster_id = this.#acting.actorId, signature = null, ttl_period = this.row.ttl_period, top_id = null, ...content }: PostContent, randomId?: bigint): PostRow {
    const { origin } = this.#acting;
    const post: UnnumberedPost = {
      ...content,
      extra: this.discussed.packIn(this.row, content),
      ...this.threads.placeIn(top_id),
      flags: this.row.kind === 'broadcast' ? content.flags | MessageFlag.post : content.flags,
      from_id,
      signature,
      poster_id,
      ordinal: this.ordinal + 1,
      date: this.date,
      edit_date: null,
      ttl_period,
    };
    const row = this.boxes.addPost(this.peerId, post, origin);
    this.#posts.push(row);
    this.threads.add(row);
    this.discussed.note([row]);
    if (randomId !== undefined) this.#sent.push({ randomId, row });
    return row;
  }

  /**
   * Adds a service message, which counts for the quota of whoever did what it says. {@link findAuthor} says whom it shows as its author.
   * @throws RpcError 403 MESSAGE_AUTHOR_REQUIRED, 420 FLOOD_WAIT_%d, SLOWMODE_WAIT_%d
   */
  async say(action: tl.MessageAction, saying: Saying = {}): Promise<PostRow> {
    const { authorId = this.#acting.actorId, causedBy, isFree = false, isSlow = causedBy !== undefined } = saying;
    if (isSlow) this.slowModeUntil = slowModeEnd(this.row, this.memberOf(authorId), this.date);
    if (!isFree) await this.charge(authorId);
    return this.#postNotice(action, saying);
  }

  /** Same as {@link say}, for what must not fail because of a quota: if the quota is used up, no message is added. */
  async sayIfRoom(action: tl.MessageAction, saying: Omit<Saying, 'isFree' | 'isSlow' | 'causedBy'> = {}): Promise<void> {
    if ((await this.#findWait(saying.authorId)) === 0) await this.#postNotice(action, saying);
  }

  /** Counts something that adds no service message as if it added one. @throws RpcError 420 FLOOD_WAIT_%d */
  async charge(userId = this.#acting.actorId): Promise<void> {
    await refuseWait(this.#findWait(userId));
  }

  #findWait(userId = this.#acting.actorId): Wait {
    if (this.#chargeNotice === undefined) throw new Error('this change was declared to add no service message');
    return this.#chargeNotice(userId, this.peerId);
  }

  async #postNotice(action: tl.MessageAction, { replyTo = null, topicId, silent = false, expires = true, authorId: poster_id = this.#acting.actorId, causedBy, changes }: Saying): Promise<PostRow> {
    const of = causedBy ?? changes;
    const speech: Speech = of === undefined ? { kind: 'act' } : { kind: 'sequel', of };
    const from_id = await findAuthor(this.tx, this.sender(poster_id), speech);
    const flags = MessageFlag.service | (silent ? MessageFlag.silent : 0);
    const place = await placeInTopic(this, topicId);
    return this.post({ text: '', extra: packMessageExtra({ action }), ...place, flags: flags | place.flags, reply_to_msg_id: replyTo, from_id, poster_id, ttl_period: expires ? this.row.ttl_period : null });
  }

  /** Has the places that are not accepted looked at once so many messages more have been posted than there are now. See {@link PlaceChecks}. */
  checkPlacesAfter(posts: number): void {
    this.#checkOrdinal = this.ordinal + posts;
  }

  /** How far this change moves the channel; undefined if it contains no event with a pts. */
  get step(): { pts: number; ptsCount: number } | undefined {
    const ptsCount = this.#posts.length + this.#moved;
    return ptsCount === 0 ? undefined : { pts: this.boxes.pts(this.peerId), ptsCount };
  }

  /**
   * Adds an event other than a new message, and returns its update.
   * @param make returns the update for the pts of the event
   */
  add<U extends tl.Update>(ptsCount: number, make: (pts: number) => U): U {
    this.#moved += ptsCount;
    const place = { ptsCount, date: this.date, origin: this.#acting.origin };
    let update: U | undefined;
    this.boxes.addUpdate(this.peerId, place, (at) => (update = make(at)));
    return update!;
  }

  /**
   * Writes a message that the actor has edited.
   * @param before the message before the edit, if the edit may remove mentions
   * @param isLogged whether admins read of it in the log; they never do of moves of live locations
   * @returns the pts of the event
   */
  async edit(row: PostRow, before = row, isLogged = true): Promise<number> {
    await updatePost(this.tx, this.#row.channel_id, row);
    await changeMessageFiles(this, [{ before, after: row }]);
    this.discussed.note([row]);
    this.#moved++;
    if (isLogged && !isLiveLocation(row)) this.note({ kind: 'edit', before, after: row });
    const kept = new Set(mentionedIn(row));
    await dropUnread(this.tx, 'unread_mentions', mentionsOf([before]).filter((place) => !kept.has(place.owner_id)));
    return this.boxes.addEdit(this.peerId, row, this.date, this.#acting.origin);
  }

  /**
   * Deletes messages.
   * @param isLogged false: another event of the admin log says that they are gone
   * @returns those that existed, and the pts of the event
   */
  async remove(msgIds: readonly number[], isLogged = true): Promise<{ removed: PostRow[]; pts: number }> {
    const { channel_id } = this.#row;
    const removed = await removePosts(this.tx, channel_id, msgIds);
    if (removed.length === 0) return { removed, pts: this.boxes.pts(this.peerId) };
    if (isLogged) for (const post of removed) this.note({ kind: 'delete', post });
    await saveGaps(this.tx, channel_id, removed);
    await Promise.all([dropUnread(this.tx, 'unread_mentions', mentionsOf(removed)), dropUnread(this.tx, 'unread_poll_votes', pollPlacesOf(removed))]);
    const hadReactions = await dropReactions(this.tx, this.peerId, removed.map((post) => BigInt(post.msg_id)));
    if (hadReactions) await dropUnread(this.tx, 'unread_reactions', removed.map(({ poster_id: owner_id, peer_id, msg_id }) => ({ owner_id, peer_id, msg_id })));
    const messages = removed.map((row) => row.msg_id).sort((a, b) => a - b);
    const pts_count = removed.length;
    const { pts } = this.add(pts_count, (at) => ({ _: 'updateDeleteChannelMessages', channel_id, messages, pts: at, pts_count }));
    this.discussed.note(removed);
    await tellComments(this.tx, this.#deps.comments, await shrinkThreads(this.tx, channel_id, removed, pts), this.date);
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

  /**
   * Adds an event to the log that admins read. Changes of the rows of the channel and its members, edits and deletions are added automatically.
   * @param userId who did it
   */
  note(entry: LogEntry, userId = this.#acting.actorId): void {
    this.#noted.push({ entry, userId });
  }

  /** The admin log events of this change, by user. Changes of deleted channels are not logged. */
  #logEntries(): Map<bigint, LogEntry[]> {
    // Most changes only add posts, which are not logged.
    const isEmpty = this.#noted.length === 0 && this.#saved.size === 0 && Object.keys(this.#changes).length === 0;
    if (isEmpty || this.standing.closed) return new Map();
    const members = [...this.#saved.values()].map((after) => ({ before: this.#members.get(after.user_id), after }));
    return logEntriesOf({ actorId: this.#acting.actorId, peerId: this.peerId, before: this.#row, after: this.row, members, noted: this.#noted });
  }

  /** Revokes all links that these users have made. They are banned or have no account any more, so their links must not let anybody in. */
  async revokeLinksOf(userIds: readonly bigint[]): Promise<void> {
    const revoked = await revokeInvitesOf(this.tx, this.peerId, userIds);
    for (const invite of revoked.slice(0, LOGGED_LINKS_MAX)) this.note({ kind: 'link_revoke', link: projectInvite(invite) });
  }

  /** Orders a look at the places that are not accepted, if it is time for it. Nothing is written for the members when a message is posted. */
  async #settleCheck(): Promise<void> {
    const { channel_id: channelId } = this.#row;
    const { check_ordinal: due } = this.view;
    const isDue = due !== null && this.#posts.length > 0 && this.ordinal >= due;
    if (isDue) await this.tx.job(this.#deps.placeChecks.order(channelId));
    if (isDue || this.#checkOrdinal !== undefined) saveCheckOrdinal(this.tx, channelId, { isOrdered: isDue, next: this.#checkOrdinal ?? null });
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
    if (hasChanges) {
      await updateChannel(this.tx, channelId, this.#changes);
      await savePublicIndex({ tx: this.tx, bus: this.#deps.bus, date: this.date }, this.#row, this.row);
    }
    await Promise.all([...[...this.#saved.values()].map((member) => saveChannelMember(this.tx, member)), settleMembers(this, this.#members, [...this.#saved.values()])]);
    const { tx, date, row, standing } = this;
    await tellBotsOfMembers({ tx, date, row, standing, noted: this.#noted }, this.#acting.actorId, this.#members, [...this.#saved.values()]);
    if (Object.values(this.#countChange).some((change) => change !== 0)) await countMembers(this.tx, channelId, this.#countChange);
    // Moves the date of the channel, so that the difference of members who are away names it also if only its settings have changed.
    if (this.#moved > 0 || (hasChanges && this.#posts.length === 0)) await touchChannelHead(this.tx, channelId, this.date);
    addUnreadMentionsLast(this.tx, mentionsOf(this.#posts));
    for (const [userId, entries] of this.#logEntries()) {
      const isAdminBefore = isAdmin(standingIn(this.#row, this.#members.get(userId), this.date));
      insertLog(this.tx, { channelId, userId, isAdmin: isAdminBefore, date: this.date, entries }, this.#deps.config);
    }
    await this.#settleCheck();
    await this.discussed.order(this.tx, this.#deps.comments, channelId);
    await this.threads.saveLast(this.#deps.comments, this.date);
    if (this.#posts.length > 0) insertPosts(this.tx, { channelId, rows: this.#posts, sent: this.#sent, slowModeUntil: this.slowModeUntil });
  }
}
