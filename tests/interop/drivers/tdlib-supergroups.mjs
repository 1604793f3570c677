import { ID_STEP } from './tdlib-groups.mjs'

const ADMIN = {
  _: 'chatMemberStatusAdministrator',
  rights: { _: 'chatAdministratorRights', can_manage_chat: true, can_change_info: true, can_delete_messages: true, can_restrict_members: true, can_invite_users: true, can_pin_messages: true },
}
const MEMBER = { _: 'chatMemberStatusMember', member_until_date: 0 }
const MUTED = { _: 'chatMemberStatusRestricted', is_member: true, restricted_until_date: 0, permissions: { _: 'chatPermissions', can_invite_users: true } }
const BANNED = { _: 'chatMemberStatusBanned', banned_until_date: 0 }
const LEFT = { _: 'chatMemberStatusLeft' }

const ROLES = {
  chatMemberStatusCreator: 'creator', chatMemberStatusAdministrator: 'admin', chatMemberStatusMember: 'member',
  chatMemberStatusRestricted: 'restricted', chatMemberStatusBanned: 'banned', chatMemberStatusLeft: 'left',
}
/** The names that the schema has for TDLib's events. */
const EVENTS = {
  chatEventTitleChanged: 'ChangeTitle', chatEventUsernameChanged: 'ChangeUsername', chatEventSlowModeDelayChanged: 'ToggleSlowMode', chatEventMessageEdited: 'EditMessage',
  chatEventMessageDeleted: 'DeleteMessage', chatEventMemberInvited: 'ParticipantInvite', chatEventMemberPromoted: 'ParticipantToggleAdmin', chatEventMemberRestricted: 'ParticipantToggleBan',
}
const sender = (user) => ({ _: 'messageSenderUser', user_id: user })
const bare = (peer) => -peer - 1e12

/** The commands about supergroups and channels, in TDLib's own interface; `this` is the driver's client. */
export const supergroupCommands = {
  async createChannel({ title }) {
    const { id } = await this.client.invoke({ _: 'createNewSupergroupChat', title, is_forum: false, is_channel: true, description: '', message_auto_delete_time: 0, for_import: false })
    return { peer: id }
  },

  async setStatus(peer, user, status) {
    await this.client.invoke({ _: 'setChatMemberStatus', chat_id: peer, member_id: sender(user), status })
  },

  async promote({ peer, user, isAdmin }) {
    await this.setStatus(peer, user, isAdmin ? ADMIN : MEMBER)
  },

  async hide({ peer }) {
    const { id } = await this.client.invoke({ _: 'getMe' })
    await this.setStatus(peer, id, { _: 'chatMemberStatusCreator', is_anonymous: true, is_member: true })
  },

  async mute({ peer, user, isMuted }) {
    await this.setStatus(peer, user, isMuted ? MUTED : MEMBER)
  },

  async ban({ peer, user, isBanned }) {
    await this.setStatus(peer, user, isBanned ? BANNED : LEFT)
  },

  async role({ peer, user }) {
    const { status } = await this.client.invoke({ _: 'getChatMember', chat_id: peer, member_id: sender(user) })
    return ROLES[status._]
  },

  async slowMode({ peer, seconds }) {
    await this.client.invoke({ _: 'setChatSlowModeDelay', chat_id: peer, slow_mode_delay: seconds })
  },

  async slowModeWait({ peer }) {
    return (await this.client.invoke({ _: 'getSupergroupFullInfo', supergroup_id: bare(peer) })).slow_mode_delay_expires_in
  },

  async publicName({ peer, username }) {
    await this.client.invoke({ _: 'setSupergroupUsername', supergroup_id: bare(peer), username })
  },

  async joinByName({ username }) {
    const { id } = await this.client.invoke({ _: 'searchPublicChat', username })
    await this.client.invoke({ _: 'joinChat', chat_id: id })
    return { peer: id }
  },

  async lookAtInvite({ link }) {
    const info = await this.client.invoke({ _: 'checkChatInviteLink', invite_link: link })
    return info.chat_id ? { peer: info.chat_id } : { title: info.title, members: info.member_count, asks: info.creates_join_request }
  },

  async joinByInvite({ link }) {
    const result = await this.client.invoke({ _: 'joinChatByInviteLink', invite_link: link })
    return { isMember: result._ === 'chatJoinResultSuccess' }
  },

  async answerRequest({ peer, user, isApproved }) {
    await this.client.invoke({ _: 'processChatJoinRequest', chat_id: peer, user_id: user, approve: isApproved })
  },

  async mention({ peer, user, before, name }) {
    const entity = { _: 'textEntity', offset: before.length, length: name.length, type: { _: 'textEntityTypeMentionName', user_id: user } }
    const text = { _: 'formattedText', text: `${before}${name}`, entities: [entity] }
    const message = await this.client.invoke({ _: 'sendMessage', chat_id: peer, input_message_content: { _: 'inputMessageText', text } })
    return { id: await this.sent(message) }
  },

  async found(peer, filter) {
    const { messages } = await this.client.invoke({ _: 'searchChatMessages', chat_id: peer, query: '', from_message_id: 0, offset: 0, limit: 100, filter: { _: filter } })
    return messages.map(({ id }) => id / ID_STEP)
  },

  async mentions({ peer }) {
    return this.found(peer, 'searchMessagesFilterUnreadMention')
  },

  async readMentions({ peer }) {
    await this.client.invoke({ _: 'readAllChatMentions', chat_id: peer })
  },

  async pinned({ peer }) {
    return this.found(peer, 'searchMessagesFilterPinned')
  },

  async readers({ peer, id }) {
    const { viewers } = await this.client.invoke({ _: 'getMessageViewers', chat_id: peer, message_id: id * ID_STEP })
    return viewers.map(({ user_id }) => user_id)
  },

  async migrate({ peer }) {
    return { peer: (await this.client.invoke({ _: 'upgradeBasicGroupChatToSupergroupChat', chat_id: peer })).id }
  },

  async setPassword({ current, password, hint }) {
    await this.client.invoke({ _: 'setPassword', old_password: current ?? '', new_password: password ?? '', new_hint: hint, set_recovery_email_address: false })
  },

  async giveAway({ peer, user, password }) {
    await this.client.invoke({ _: 'transferChatOwnership', chat_id: peer, user_id: user, password })
  },

  async sendAs({ peer, as, text }) {
    const content = { _: 'inputMessageText', text: { _: 'formattedText', text, entities: [] } }
    await this.client.invoke({ _: 'setChatMessageSender', chat_id: peer, message_sender_id: as > 0 ? sender(as) : { _: 'messageSenderChat', chat_id: as } })
    return { id: await this.sent(await this.client.invoke({ _: 'sendMessage', chat_id: peer, input_message_content: content })) }
  },

  async adminLog({ peer, words }) {
    const { events } = await this.client.invoke({ _: 'getChatEventLog', chat_id: peer, query: words ?? '', from_event_id: '0', limit: 100, user_ids: [] })
    return events.map(({ member_id, action }) => ({ by: member_id.user_id, what: EVENTS[action._] ?? action._ }))
  },

  async deleteGroup({ peer }) {
    await this.client.invoke({ _: 'deleteChat', chat_id: peer })
  },
}
