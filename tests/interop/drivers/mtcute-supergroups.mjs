import { MtPeerNotFoundError, html } from '@mtcute/node'
import { secondsUntil } from './line-driver.mjs'

const RIGHTS = { changeInfo: true, deleteMessages: true, banUsers: true, inviteUsers: true, pinMessages: true }

/** The commands about supergroups and channels, with mtcute's own methods; `this` is the driver's client. */
export const supergroupCommands = {
  async createChannel({ title }) {
    return { peer: (await this.client.createChannel({ title })).id }
  },

  async promote({ peer, user, isAdmin }) {
    await this.client.editAdminRights({ chatId: peer, userId: user, rights: isAdmin ? RIGHTS : {} })
  },

  async hide({ peer }) {
    await this.client.editAdminRights({ chatId: peer, userId: 'self', rights: { ...RIGHTS, addAdmins: true, anonymous: true } })
  },

  async mute({ peer, user, isMuted }) {
    await this.client.restrictChatMember({ chatId: peer, userId: user, restrictions: isMuted ? { sendMessages: true, sendPlain: true } : {} })
  },

  async ban({ peer, user, isBanned }) {
    if (isBanned) await this.client.banChatMember({ chatId: peer, participantId: user })
    else await this.client.unbanChatMember({ chatId: peer, participantId: user })
  },

  async role({ peer, user }) {
    return (await this.client.getChatMember({ chatId: peer, userId: user }))?.status ?? 'left'
  },

  async slowMode({ peer, seconds }) {
    await this.client.setSlowMode(peer, seconds)
  },

  async slowModeWait({ peer }) {
    const { fullChat } = await this.client.call({ _: 'channels.getFullChannel', channel: await this.client.resolveChannel(peer) })
    return secondsUntil(fullChat.slowmodeNextSendDate)
  },

  async publicName({ peer, username }) {
    await this.client.setChatUsername(peer, username)
  },

  async joinByName({ username }) {
    return { peer: (await this.client.joinChat(username)).chat.id }
  },

  async lookAtInvite({ link }) {
    try {
      const { title, memberCount, withApproval } = await this.client.getChatPreview(link)
      return { title, members: memberCount, asks: withApproval }
    } catch (error) {
      // The library has no preview for members.
      if (!(error instanceof MtPeerNotFoundError)) throw error
      return { peer: (await this.client.getChat(link)).id }
    }
  },

  async joinByInvite({ link }) {
    return { isMember: (await this.client.joinChat(link)).status === 'ok' }
  },

  async answerRequest({ peer, user, isApproved }) {
    await this.client.hideJoinRequest({ chatId: peer, user, action: isApproved ? 'approve' : 'decline' })
  },

  async mention({ peer, user, before, name }) {
    return { id: (await this.client.sendText(peer, html`${before}<a href="tg://user?id=${user}">${name}</a>`)).id }
  },

  async mentions({ peer }) {
    const answer = await this.client.call({ _: 'messages.getUnreadMentions', peer: await this.client.resolvePeer(peer), offsetId: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0 })
    return answer.messages.map(({ id }) => id)
  },

  async readMentions({ peer }) {
    await this.client.call({ _: 'messages.readMentions', peer: await this.client.resolvePeer(peer) })
  },

  async pinned({ peer }) {
    return (await this.client.searchMessages({ chatId: peer, filter: { _: 'inputMessagesFilterPinned' } })).map(({ id }) => id)
  },

  async readers({ peer, id }) {
    return (await this.client.call({ _: 'messages.getMessageReadParticipants', peer: await this.client.resolvePeer(peer), msgId: id })).map(({ userId }) => userId)
  },

  async migrate({ peer }) {
    const { chats } = await this.client.call({ _: 'messages.migrateChat', chatId: -peer })
    return { peer: -(1e12 + chats.find(({ _ }) => _ === 'channel').id) }
  },

  async giveAway({ peer, user, password }) {
    await this.client.transferChatOwnership({ chatId: peer, userId: user, password })
  },

  async sendAs({ peer, as, text }) {
    return { id: (await this.client.sendText(peer, text, { sendAs: as })).id }
  },

  async adminLog({ peer, words }) {
    const events = await this.client.getChatEventLog(peer, { query: words })
    // The library's own names differ from those of the schema, so they are read from what it was made of.
    return events.map((event) => ({ by: event.actor.id, what: event.raw.action._.replace('channelAdminLogEventAction', '') }))
  },

  async deleteGroup({ peer }) {
    await this.client.deleteChannel(peer)
  },
}
