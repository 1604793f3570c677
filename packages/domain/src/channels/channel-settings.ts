import { rpcError } from '@aerogram/errors';
import type { Clock } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import { ChannelFlag, type ChannelRow, type ChatAction, isForum, packDefaultRights, projectBannedRights, saveLifetimeDate } from '../chats/index.ts';
import { checkTtlPeriod } from '../dialogs/index.ts';
import { actionOfPhoto, findKnownEmoji } from '../documents/index.ts';
import { checkedGroupAbout, checkedTitle, customEmojiAllowed, packReactionSettings, sameReactions, setPhoto } from '../groups/index.ts';
import { saveRequestNeeded } from '../invites/index.ts';
import { projectTtl } from '../messages/index.ts';
import { Names } from '../names/index.ts';
import type { ColorColumns, StatusColumns } from '../peers/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import { type Acting, type ChannelChange, type ChannelChangeDeps, ChannelChanger, type ChannelIds, type ChannelOutcome, beginForum, endForum } from '../channel-state/index.ts';
import type { ChannelDeletion } from './delete-channel.ts';
import type { Discussions } from './discussions.ts';
import { checkNameOrder, checkNameToggle, reservePublicName, setPublicName } from './public-name.ts';

/** The intervals of slow mode that clients offer, in seconds; 0 turns it off. */
const SLOW_MODE_SECONDS = new Set([0, 5, 10, 30, 60, 300, 900, 3600]);
/** Groups with fewer members than this cannot hide them; clients assume the same number. */
const HIDDEN_MEMBERS_MIN = 100;

/** The dependencies of the settings of channels. */
export interface ChannelSettingsDeps extends ChannelChangeDeps, Pick<DomainDeps, 'homes'> {
  clock: Clock;
  deletion: Pick<ChannelDeletion, 'delete'>;
  discussions: Pick<Discussions, 'endIn'>;
  config: ChannelChangeDeps['config'] & { gigagroupMembersMin: number };
}

/** Whether these columns of a channel have these values already. Pure. */
function hasColumns(row: ChannelRow, wanted: Partial<ChannelRow>): boolean {
  return (Object.keys(wanted) as (keyof ChannelRow)[]).every((name) => row[name] === wanted[name]);
}

/**
 * The operations on the settings of one channel, whose rows are in this database. Each is one transaction, which checks the right of the actor under the lock of
 * the channel; besides the errors that it names, it throws 400 CHANNEL_PRIVATE and CHAT_ADMIN_REQUIRED.
 */
export class ChannelSettings {
  readonly #deps: ChannelSettingsDeps;
  readonly #ids: ChannelIds;
  readonly #changer: ChannelChanger;

  constructor(deps: ChannelSettingsDeps, ids: ChannelIds) {
    this.#deps = deps;
    this.#ids = ids;
    this.#changer = new ChannelChanger(deps, ids);
  }

  /** Changes the title, and says so in the channel. @throws RpcError 400 CHAT_TITLE_EMPTY, CHAT_NOT_MODIFIED */
  doEditTitle(acting: Acting, title: string): Promise<ChannelOutcome> {
    return this.#change('edit-channel-title', acting, async (channel) => {
      const clean = checkedTitle(title);
      channel.check('change_info');
      if (channel.row.title === clean) throw rpcError('CHAT_NOT_MODIFIED');
      channel.set({ title: clean });
      await channel.say({ _: 'messageActionChatEditTitle', title: clean });
      return [];
    });
  }

  /** Sets the photo, or removes it, and says so in the channel. @throws RpcError 400 CHAT_NOT_MODIFIED */
  doEditPhoto(acting: Acting, photo: tl.photo | undefined): Promise<ChannelOutcome> {
    return this.#change('edit-channel-photo', acting, async (channel) => {
      channel.check('change_info');
      const [before, after] = [channel.row.photo_id, photo?.id ?? null];
      if (before === after) throw rpcError('CHAT_NOT_MODIFIED');
      await setPhoto(channel, photo);
      const { msg_id: msgId } = await channel.say(actionOfPhoto(photo));
      channel.note({ kind: 'photo', before, after, msgId });
      return [];
    });
  }

  /** Changes the description. @throws RpcError 400 CHAT_ABOUT_TOO_LONG, CHAT_ABOUT_NOT_MODIFIED */
  doEditAbout(acting: Acting, about: string): Promise<ChannelOutcome> {
    return this.#change('edit-channel-about', acting, (channel) => {
      const clean = checkedGroupAbout(about);
      channel.check('change_info');
      if (channel.row.about === clean) throw rpcError('CHAT_ABOUT_NOT_MODIFIED');
      channel.set({ about: clean });
      return [channel.changed()];
    });
  }

  /**
   * Sets which reactions may be used, and how many different ones a post may have. Those that were given before stay.
   * @param limit undefined: as many as the server allows
   * @throws RpcError 400 REACTION_INVALID, LIMIT_PER_POST_INVALID, CHAT_NOT_MODIFIED
   */
  async doSetReactions(acting: Acting, reactions: tl.ChatReactions, limit: number | undefined): Promise<ChannelOutcome> {
    const known = await findKnownEmoji(this.#deps.db, customEmojiAllowed(reactions));
    return this.#change('set-channel-reactions', acting, (channel) => {
      const packed = packReactionSettings(reactions, limit, known);
      channel.check('change_info');
      if (sameReactions(channel.row, packed)) throw rpcError('CHAT_NOT_MODIFIED');
      channel.set(packed);
      return [channel.changed()];
    });
  }

  /** Sets what members of a supergroup may not do. @throws RpcError 400 BANNED_RIGHTS_INVALID, UNTIL_DATE_INVALID, CHAT_NOT_MODIFIED */
  doEditDefaultRights(acting: Acting, rights: tl.chatBannedRights): Promise<ChannelOutcome> {
    return this.#change('edit-channel-rights', acting, (channel) => {
      const default_rights = packDefaultRights(rights);
      channel.check('ban_users');
      const { row } = channel;
      if (row.kind === 'broadcast') throw rpcError('BANNED_RIGHTS_INVALID');
      if (row.default_rights === default_rights) throw rpcError('CHAT_NOT_MODIFIED');
      const version = row.version + 1;
      channel.set({ default_rights, version });
      const peer: tl.Peer = { _: 'peerChannel', channel_id: row.channel_id };
      return [channel.show({ _: 'updateChatDefaultBannedRights', peer, default_banned_rights: projectBannedRights(default_rights), version })];
    });
  }

  /** Sets how long members of a supergroup wait between two messages. @throws RpcError 400 SECONDS_INVALID, CHAT_NOT_MODIFIED */
  doSetSlowMode(acting: Acting, seconds: number): Promise<ChannelOutcome> {
    return this.#change('set-slow-mode', acting, (channel) => {
      channel.check('ban_users');
      if (channel.row.kind === 'broadcast' || !SLOW_MODE_SECONDS.has(seconds)) throw rpcError('SECONDS_INVALID');
      if (channel.row.slow_mode_seconds === seconds) throw rpcError('CHAT_NOT_MODIFIED');
      channel.set({ slow_mode_seconds: seconds });
      return [channel.changed()];
    });
  }

  /**
   * Sets the lifetime of new messages, and says so in the channel.
   * @param period seconds; 0 for no limit
   * @throws RpcError 400 TTL_PERIOD_INVALID, CHAT_NOT_MODIFIED
   */
  doSetLifetime(acting: Acting, period: number): Promise<ChannelOutcome> {
    return this.#change('set-channel-lifetime', acting, async (channel) => {
      checkTtlPeriod(period);
      channel.check('change_info');
      if ((channel.row.ttl_period ?? 0) === period) throw rpcError('CHAT_NOT_MODIFIED');
      await saveLifetimeDate(channel.tx, channel.row.channel_id, channel.date);
      channel.set({ ttl_period: period === 0 ? null : period });
      // This service message does not expire, so that it keeps explaining why others do.
      await channel.say({ _: 'messageActionSetMessagesTTL', period }, { expires: false });
      return [channel.show(projectTtl(channel.peerId, period))];
    });
  }

  /** Sets whether posts of a channel are signed, and link to their authors. @throws RpcError 400 CHANNEL_INVALID, CHAT_NOT_MODIFIED */
  doSetSignatures(acting: Acting, { shows, links }: { shows: boolean; links: boolean }): Promise<ChannelOutcome> {
    return this.#change('set-signatures', acting, (channel) => {
      channel.check('change_info');
      if (channel.row.kind !== 'broadcast') throw rpcError('CHANNEL_INVALID');
      const without = channel.row.flags & ~(ChannelFlag.signatures | ChannelFlag.signatureProfiles);
      return setFlags(channel, without | (shows ? ChannelFlag.signatures : 0) | (shows && links ? ChannelFlag.signatureProfiles : 0));
    });
  }

  /** Protects the content of a channel, so that nothing can be forwarded out of it, or ends the protection. @throws RpcError 400 CHAT_NOT_MODIFIED */
  doSetProtection(acting: Acting, enabled: boolean): Promise<ChannelOutcome> {
    return this.#change('set-protection', acting, (channel) => {
      channel.check('toggle_noforwards');
      const { kind, linked_chat_id: groupId } = channel.row;
      if (kind === 'broadcast' && groupId !== null) channel.discussed.noteAllIn(groupId);
      return setFlag(channel, ChannelFlag.noforwards, enabled);
    });
  }

  /**
   * Hides the history from those who join from now on, or shows it to all. The history of a public group or a discussion group cannot be hidden.
   * @throws RpcError 400 CHANNEL_INVALID, FORUM_ENABLED, CHAT_LINK_EXISTS, CHAT_NOT_MODIFIED
   */
  doHideHistory(acting: Acting, isHidden: boolean): Promise<ChannelOutcome> {
    return this.#change('hide-channel-history', acting, (channel) => {
      checkGroup(channel, 'hide_history');
      if (isForum(channel.row)) throw rpcError('FORUM_ENABLED');
      if (channel.row.username !== null || channel.row.linked_chat_id !== null) throw rpcError('CHAT_LINK_EXISTS');
      return setFlag(channel, ChannelFlag.hiddenPrehistory, isHidden);
    });
  }

  /**
   * Hides from ordinary members who else is in a group, or shows it. Small groups cannot hide it, as clients expect.
   * @throws RpcError 400 CHANNEL_INVALID, PARTICIPANTS_TOO_FEW, CHAT_NOT_MODIFIED
   */
  doHideMembers(acting: Acting, isHidden: boolean): Promise<ChannelOutcome> {
    return this.#change('hide-channel-members', acting, (channel) => {
      checkGroup(channel, 'ban_users');
      if (isHidden && channel.row.members < HIDDEN_MEMBERS_MIN) throw rpcError('PARTICIPANTS_TOO_FEW');
      return setFlag(channel, ChannelFlag.participantsHidden, isHidden);
    });
  }

  /** Sets whether only members of a group may write in it. @throws RpcError 400 CHANNEL_INVALID, CHAT_NOT_MODIFIED */
  doSetJoinToSend(acting: Acting, enabled: boolean): Promise<ChannelOutcome> {
    return this.#change('set-join-to-send', acting, (channel) => {
      checkGroup(channel, 'ban_users');
      return setFlag(channel, ChannelFlag.joinToSend, enabled);
    });
  }

  /**
   * Sets whether admins have to let in those who join a group or a private channel by its name, by a permanent link, by a shared folder or from its comments.
   * @param appliesToLinks the other links get this setting, too
   * @throws RpcError 400 CHANNEL_INVALID (gigagroups and public channels are open to everybody), CHAT_NOT_MODIFIED
   */
  doSetJoinRequest(acting: Acting, enabled: boolean, appliesToLinks: boolean): Promise<ChannelOutcome> {
    return this.#change('set-join-request', acting, async (channel) => {
      channel.check('ban_users');
      const { kind, username, flags } = channel.row;
      if (kind === 'gigagroup' || (kind === 'broadcast' && username !== null)) throw rpcError('CHANNEL_INVALID');
      const changed = appliesToLinks ? await saveRequestNeeded(channel.tx, channel.peerId, enabled) : 0;
      if (changed > 0 && ((flags & ChannelFlag.joinRequest) !== 0) === enabled) return [];
      return setFlag(channel, ChannelFlag.joinRequest, enabled);
    });
  }

  /**
   * Makes a gigagroup of a supergroup: a gigagroup has no limit of members, only admins write in it, and it never becomes a supergroup again. It cannot be
   * a discussion group, because members could write no comments.
   * @throws RpcError 400 CHANNEL_INVALID, FORUM_ENABLED, PARTICIPANTS_TOO_FEW (fewer than the operator's `gigagroupMembersMin`)
   */
  doMakeGigagroup(acting: Acting): Promise<ChannelOutcome> {
    return this.#change('make-gigagroup', acting, async (channel) => {
      checkGroup(channel, 'convert_to_gigagroup');
      if (isForum(channel.row)) throw rpcError('FORUM_ENABLED');
      if (channel.row.members < this.#deps.config.gigagroupMembersMin) throw rpcError('PARTICIPANTS_TOO_FEW');
      await this.#deps.discussions.endIn(channel, acting);
      channel.set({ kind: 'gigagroup', slow_mode_seconds: 0, version: channel.row.version + 1 });
      return [channel.changed()];
    });
  }

  /**
   * Divides the messages of a group into topics, or ends that. Topics stay for the next time. What was written while there were none belongs to General.
   * @param tabs clients show the topics as tabs
   * @throws RpcError 400 CHANNEL_INVALID, CHAT_DISCUSSION_UNALLOWED for a discussion group, CHAT_NOT_MODIFIED
   */
  doSetForum(acting: Acting, enabled: boolean, tabs: boolean): Promise<ChannelOutcome> {
    return this.#change('set-forum', acting, async (channel) => {
      checkGroup(channel, 'toggle_forum');
      const { row, tx } = channel;
      if (enabled && row.linked_chat_id !== null) throw rpcError('CHAT_DISCUSSION_UNALLOWED');
      const was = isForum(row);
      const without = row.flags & ~(ChannelFlag.forum | ChannelFlag.forumTabs);
      const updates = setFlags(channel, without | (enabled ? ChannelFlag.forum : 0) | (enabled && tabs ? ChannelFlag.forumTabs : 0));
      const newest = { msgId: channel.topMsgId, ordinal: channel.ordinal };
      if (enabled && !was) await beginForum(tx, row, newest);
      if (!enabled && was) await endForum(tx, row.channel_id, newest);
      return updates;
    });
  }

  /** Sets a colour with the custom emoji behind it, or the custom emoji beside the title, or takes them away. @param look what the caller has checked @throws RpcError 400 CHAT_NOT_MODIFIED */
  doSetLook(acting: Acting, look: Partial<ColorColumns & StatusColumns>): Promise<ChannelOutcome> {
    return this.#change('set-channel-look', acting, (channel) => {
      channel.check('change_info');
      if (hasColumns(channel.row, look)) throw rpcError('CHAT_NOT_MODIFIED');
      channel.set(look);
      return [channel.changed()];
    });
  }

  /** Sets the sticker set that members of a supergroup are offered, or the set of custom emoji; null: none. @param sets what the caller has checked @throws RpcError 400 CHANNEL_INVALID for channels */
  doSetStickers(acting: Acting, sets: Partial<Pick<ChannelRow, 'sticker_set_id' | 'emoji_set_id'>>): Promise<ChannelOutcome> {
    return this.#change('set-channel-stickers', acting, (channel) => {
      channel.check('change_info');
      if (channel.row.kind !== 'megagroup') throw rpcError('CHANNEL_INVALID');
      if (hasColumns(channel.row, sets)) return [];
      channel.set(sets);
      return [channel.changed()];
    });
  }

  /** Sets the tab with which the profile opens. @throws RpcError 400 CHAT_NOT_MODIFIED */
  doSetMainTab(acting: Acting, tab: tl.ProfileTab): Promise<ChannelOutcome> {
    return this.#change('set-channel-main-tab', acting, (channel) => {
      channel.check('change_info');
      if (channel.row.main_tab === tab._) throw rpcError('CHAT_NOT_MODIFIED');
      channel.set({ main_tab: tab._ });
      return [channel.changed()];
    });
  }

  /** Chooses whether the channel has advertisements, which there are none of, so that nothing changes. @throws RpcError 400 CHANNEL_INVALID for groups */
  doRestrictSponsored(acting: Acting): Promise<ChannelOutcome> {
    return this.#change('restrict-sponsored', acting, (channel) => {
      channel.check('change_info');
      if (channel.row.kind !== 'broadcast') throw rpcError('CHANNEL_INVALID');
      return [];
    });
  }

  /** Sets the username; '' makes the channel private. Throws as {@link reservePublicName} and {@link setPublicName}. */
  async doSetUsername(acting: Acting, username: string): Promise<ChannelOutcome> {
    if (username !== '') await reservePublicName(this.#deps, this.#ids, acting, username);
    return this.#changer.change('set-channel-username', acting, { opened: [acting.actorId] }, (channel) => setPublicName(channel, new Names(this.#deps), acting, username));
  }

  /** Shows or hides a username. Throws as {@link checkNameToggle}. */
  doToggleUsername(acting: Acting, username: string, active: boolean): Promise<never> {
    return this.#changer.open('toggle-username', acting, {}, (channel) => Promise.resolve(checkNameToggle(channel, username, active)));
  }

  /** Sets the order of the usernames. Throws as {@link checkNameOrder}. */
  doReorderUsernames(acting: Acting, order: readonly string[]): Promise<void> {
    return this.#changer.open('reorder-usernames', acting, {}, (channel) => Promise.resolve(checkNameOrder(channel, order)));
  }

  /** Deletes the channel. Throws as {@link ChannelDeletion.delete}. */
  doDelete(acting: Acting): Promise<ChannelOutcome> {
    return this.#change('delete-channel', acting, (channel) => this.#deps.deletion.delete(channel, acting));
  }

  /** Runs a change of the channel's row. @param name of the transaction */
  #change(name: string, acting: Acting, change: (channel: ChannelChange) => tl.Update[] | Promise<tl.Update[]>): Promise<ChannelOutcome> {
    return this.#changer.change(name, acting, {}, change);
  }
}

/** Checks a right, and that the channel is a supergroup that is no gigagroup. */
function checkGroup(channel: ChannelChange, action: ChatAction): void {
  channel.check(action);
  if (channel.row.kind !== 'megagroup') throw rpcError('CHANNEL_INVALID');
}

function setFlag(channel: ChannelChange, flag: number, isSet: boolean): tl.Update[] {
  const { flags } = channel.row;
  return setFlags(channel, isSet ? flags | flag : flags & ~flag);
}

function setFlags(channel: ChannelChange, flags: number): tl.Update[] {
  if (flags === channel.row.flags) throw rpcError('CHAT_NOT_MODIFIED');
  channel.set({ flags });
  return [channel.changed()];
}
