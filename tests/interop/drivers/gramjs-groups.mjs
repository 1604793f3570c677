import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const { Api } = require('telegram')
const bigInt = require('big-integer')

export const isChannel = (peer) => peer < -1e12

/** The commands about groups; `this` is the driver's client. GramJS has methods of its own for few of them. */
export const groupCommands = {
  async createGroup({ users, title }) {
    const inputs = await this.own(users.map((user) => ({ $user: user })))
    const answer = await this.client.invoke(new Api.messages.CreateChat({ users: inputs, title }))
    this.took(answer.updates)
    return { peer: -Number(answer.updates.chats[0].id) }
  },

  async addMember({ peer, user }) {
    const answer = await this.client.invoke(new Api.messages.AddChatUser({ chatId: bigInt(-peer), userId: await this.own({ $user: user }), fwdLimit: 100 }))
    this.took(answer.updates)
  },

  // The library's own `kickParticipant` asks a group of this kind with a number in place of the user.
  async removeMember({ peer, user }) {
    this.took(await this.client.invoke(new Api.messages.DeleteChatUser({ chatId: bigInt(-peer), userId: await this.own({ $user: user }) })))
  },

  async leaveGroup({ peer }) {
    if (isChannel(peer)) await this.ofChannel(Api.channels.LeaveChannel, peer)
    else this.took(await this.client.invoke(new Api.messages.DeleteChatUser({ chatId: bigInt(-peer), userId: new Api.InputUserSelf() })))
  },

  async setTitle({ peer, title }) {
    if (isChannel(peer)) await this.ofChannel(Api.channels.EditTitle, peer, { title })
    else this.took(await this.client.invoke(new Api.messages.EditChatTitle({ chatId: bigInt(-peer), title })))
  },

  async pin({ peer, id }) {
    await this.client.pinMessage(bigInt(peer), id, { notify: true })
  },

  async react({ peer, id, emoji }) {
    const input = await this.client.getInputEntity(bigInt(peer))
    this.took(await this.client.invoke(new Api.messages.SendReaction({ peer: input, msgId: id, reaction: [new Api.ReactionEmoji({ emoticon: emoji })] })))
  },

  async group({ peer }) {
    const chat = await this.client.getEntity(bigInt(peer))
    const isMember = (chat.className === 'Chat' || chat.className === 'Channel') && !chat.left
    return { title: chat.title, isMember, members: isMember ? (await this.client.getParticipants(bigInt(peer))).map(({ id }) => Number(id)) : [] }
  },
}
