/** An id of the server is this many of TDLib's. */
export const ID_STEP = 2 ** 20

/** The commands about groups, in TDLib's own interface; `this` is the driver's client. */
export const groupCommands = {
  async createGroup({ users, title }) {
    const { chat_id } = await this.client.invoke({ _: 'createNewBasicGroupChat', user_ids: users, title, message_auto_delete_time: 0 })
    return { peer: chat_id }
  },

  async createSupergroup({ title }) {
    const { id } = await this.client.invoke({ _: 'createNewSupergroupChat', title, is_forum: false, is_channel: false, description: '', message_auto_delete_time: 0, for_import: false })
    return { peer: id }
  },

  async addMembers({ peer, users }) {
    await this.client.invoke({ _: 'addChatMembers', chat_id: peer, user_ids: users })
  },

  async addMember({ peer, user }) {
    await this.client.invoke({ _: 'addChatMember', chat_id: peer, user_id: user, forward_limit: 100 })
  },

  async removeMember({ peer, user }) {
    const member_id = { _: 'messageSenderUser', user_id: user }
    await this.client.invoke({ _: 'setChatMemberStatus', chat_id: peer, member_id, status: { _: 'chatMemberStatusLeft' } })
  },

  async leaveGroup({ peer }) {
    await this.client.invoke({ _: 'leaveChat', chat_id: peer })
  },

  async setTitle({ peer, title }) {
    await this.client.invoke({ _: 'setChatTitle', chat_id: peer, title })
  },

  async pin({ peer, id }) {
    await this.client.invoke({ _: 'pinChatMessage', chat_id: peer, message_id: id * ID_STEP, disable_notification: false, only_for_self: false })
  },

  async react({ peer, id, emoji }) {
    const reaction_type = { _: 'reactionTypeEmoji', emoji }
    await this.client.invoke({ _: 'addMessageReaction', chat_id: peer, message_id: id * ID_STEP, reaction_type, is_big: false, update_recent_reactions: false })
  },

  async group({ peer }) {
    const { title, type: { basic_group_id, supergroup_id } } = await this.client.invoke({ _: 'getChat', chat_id: peer })
    if (supergroup_id !== undefined) {
      const { status } = await this.client.invoke({ _: 'getSupergroup', supergroup_id })
      const isMember = !/Left|Banned/.test(status._) && status.is_member !== false
      const { members } = isMember ? await this.client.invoke({ _: 'getSupergroupMembers', supergroup_id, offset: 0, limit: 200 }) : { members: [] }
      return { title, isMember, members: members.map(({ member_id }) => member_id.user_id) }
    }
    const { status } = await this.client.invoke({ _: 'getBasicGroup', basic_group_id })
    const isMember = !/Left|Banned/.test(status._) && status.is_member !== false
    const { members } = isMember ? await this.client.invoke({ _: 'getBasicGroupFullInfo', basic_group_id }) : { members: [] }
    return { title, isMember, members: members.map(({ member_id }) => member_id.user_id) }
  },
}
