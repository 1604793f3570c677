/** The commands about groups, with mtcute's own methods; `this` is the driver's client. */
export const groupCommands = {
  async createGroup({ users, title }) {
    const { chat } = await this.client.createGroup({ users, title })
    return { peer: chat.id }
  },

  async createSupergroup({ title }) {
    return { peer: (await this.client.createSupergroup({ title })).id }
  },

  async addMembers({ peer, users }) {
    await this.client.addChatMembers(peer, users, {})
  },

  async addMember({ peer, user }) {
    await this.client.addChatMembers(peer, user, {})
  },

  async removeMember({ peer, user }) {
    await this.client.kickChatMember({ chatId: peer, userId: user })
  },

  async leaveGroup({ peer }) {
    await this.client.leaveChat(peer)
  },

  async setTitle({ peer, title }) {
    await this.client.setChatTitle(peer, title)
  },

  async pin({ peer, id }) {
    await this.client.pinMessage({ chatId: peer, message: id, bothSides: true })
  },

  async react({ peer, id, emoji }) {
    await this.client.sendReaction({ chatId: peer, message: id, emoji })
  },

  async group({ peer }) {
    const { title, isMember } = await this.client.getChat(peer)
    return { title, isMember, members: isMember ? (await this.client.getChatMembers(peer)).map(({ user }) => user.id) : [] }
  },
}
