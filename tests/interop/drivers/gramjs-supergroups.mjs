import { createRequire } from 'node:module'
import { secondsUntil } from './line-driver.mjs'

const require = createRequire(import.meta.url)
const { Api } = require('telegram')
const { computeCheck } = require('telegram/Password.js')
const { RPCError } = require('telegram/errors/index.js')
const { getPeerId, parseUsername } = require('telegram/Utils.js')
const bigInt = require('big-integer')

const RIGHTS = { changeInfo: true, deleteMessages: true, banUsers: true, inviteUsers: true, pinMessages: true }
const ROLES = { ChannelParticipantCreator: 'creator', ChannelParticipantAdmin: 'admin', ChannelParticipant: 'member', ChannelParticipantSelf: 'member', ChannelParticipantLeft: 'left' }

function roleOf(participant) {
  if (!(participant instanceof Api.ChannelParticipantBanned)) return ROLES[participant.className]
  return participant.bannedRights.viewMessages ? 'banned' : 'restricted'
}

/** The hash of an invite link, by the library's parser, which knows `tg://join?invite=` but not `https://t.me/+`. */
function inviteHashOf(link) {
  return parseUsername(link.replace('https://t.me/+', 'tg://join?invite=')).username
}

/** The commands about supergroups and channels; `this` is the driver's client. GramJS has methods of its own for few of them. */
export const supergroupCommands = {
  /** Calls a method of a channel with the library's class for it. */
  async ofChannel(Method, peer, fields = {}) {
    return this.took(await this.client.invoke(new Method({ channel: await this.client.getInputEntity(bigInt(peer)), ...fields })))
  },

  async create(title, kind) {
    const { chats } = this.took(await this.client.invoke(new Api.channels.CreateChannel({ title, about: '', ...kind })))
    return { peer: -(1e12 + Number(chats[0].id)) }
  },

  async createSupergroup({ title }) {
    return this.create(title, { megagroup: true })
  },

  async createChannel({ title }) {
    return this.create(title, { broadcast: true })
  },

  async addMembers({ peer, users }) {
    await this.ofChannel(Api.channels.InviteToChannel, peer, { users: await this.own(users.map((user) => ({ $user: user }))) })
  },

  async promote({ peer, user, isAdmin }) {
    const adminRights = new Api.ChatAdminRights(isAdmin ? RIGHTS : {})
    await this.ofChannel(Api.channels.EditAdmin, peer, { userId: await this.own({ $user: user }), adminRights, rank: '' })
  },

  async hide({ peer }) {
    const adminRights = new Api.ChatAdminRights({ ...RIGHTS, addAdmins: true, anonymous: true })
    await this.ofChannel(Api.channels.EditAdmin, peer, { userId: new Api.InputUserSelf(), adminRights, rank: '' })
  },

  async restrict(peer, user, rights) {
    const bannedRights = new Api.ChatBannedRights({ ...rights, untilDate: 0 })
    await this.ofChannel(Api.channels.EditBanned, peer, { participant: await this.own({ $peer: user }), bannedRights })
  },

  async mute({ peer, user, isMuted }) {
    await this.restrict(peer, user, isMuted ? { sendMessages: true, sendPlain: true } : {})
  },

  async ban({ peer, user, isBanned }) {
    await this.restrict(peer, user, isBanned ? { viewMessages: true, sendMessages: true } : {})
  },

  async role({ peer, user }) {
    try {
      return roleOf((await this.ofChannel(Api.channels.GetParticipant, peer, { participant: await this.own({ $peer: user }) })).participant)
    } catch (error) {
      if (error instanceof RPCError && error.errorMessage === 'USER_NOT_PARTICIPANT') return 'left'
      throw error
    }
  },

  async slowMode({ peer, seconds }) {
    await this.ofChannel(Api.channels.ToggleSlowMode, peer, { seconds })
  },

  async slowModeWait({ peer }) {
    return secondsUntil((await this.ofChannel(Api.channels.GetFullChannel, peer)).fullChat.slowmodeNextSendDate)
  },

  async publicName({ peer, username }) {
    await this.ofChannel(Api.channels.UpdateUsername, peer, { username })
  },

  async joinByName({ username }) {
    const channel = await this.client.getEntity(username)
    this.took(await this.client.invoke(new Api.channels.JoinChannel({ channel })))
    return { peer: -(1e12 + Number(channel.id)) }
  },

  async lookAtInvite({ link }) {
    const answer = await this.client.invoke(new Api.messages.CheckChatInvite({ hash: inviteHashOf(link) }))
    if (answer.chat) return { peer: Number(getPeerId(answer.chat)) }
    return { title: answer.title, members: answer.participantsCount, asks: Boolean(answer.requestNeeded) }
  },

  async joinByInvite({ link }) {
    try {
      this.took(await this.client.invoke(new Api.messages.ImportChatInvite({ hash: inviteHashOf(link) })))
      return { isMember: true }
    } catch (error) {
      if (error instanceof RPCError && error.errorMessage === 'INVITE_REQUEST_SENT') return { isMember: false }
      throw error
    }
  },

  async answerRequest({ peer, user, isApproved }) {
    const [to, userId] = await this.own([{ $peer: peer }, { $user: user }])
    this.took(await this.client.invoke(new Api.messages.HideChatJoinRequest({ peer: to, userId, approved: isApproved })))
  },

  async mention({ peer, user, before, name }) {
    const message = await this.client.sendMessage(bigInt(peer), { message: `${before}<a href="tg://user?id=${user}">${name}</a>`, parseMode: 'html' })
    return { id: message.id }
  },

  async mentions({ peer }) {
    const page = { offsetId: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0 }
    const answer = await this.client.invoke(new Api.messages.GetUnreadMentions({ peer: await this.own({ $peer: peer }), ...page }))
    return answer.messages.map(({ id }) => id)
  },

  async readMentions({ peer }) {
    this.took(await this.client.invoke(new Api.messages.ReadMentions({ peer: await this.own({ $peer: peer }) })))
  },

  async pinned({ peer }) {
    return (await this.client.getMessages(bigInt(peer), { filter: new Api.InputMessagesFilterPinned(), limit: 100 })).map(({ id }) => id)
  },

  async readers({ peer, id }) {
    const rows = await this.client.invoke(new Api.messages.GetMessageReadParticipants({ peer: await this.own({ $peer: peer }), msgId: id }))
    return rows.map(({ userId }) => Number(userId))
  },

  async migrate({ peer }) {
    const { chats } = this.took(await this.client.invoke(new Api.messages.MigrateChat({ chatId: bigInt(-peer) })))
    return { peer: -(1e12 + Number(chats.find((chat) => chat instanceof Api.Channel).id)) }
  },

  async giveAway({ peer, user, password }) {
    const proof = await computeCheck(await this.client.invoke(new Api.account.GetPassword()), password)
    await this.ofChannel(Api.channels.EditCreator, peer, { userId: await this.own({ $user: user }), password: proof })
  },

  async sendAs({ peer, as, text }) {
    const [to, sendAs] = await this.own([{ $peer: peer }, { $peer: as }])
    const randomId = bigInt(String(Math.floor(Math.random() * 2 ** 52)))
    const answer = this.took(await this.client.invoke(new Api.messages.SendMessage({ peer: to, message: text, randomId, sendAs })))
    return { id: answer.updates.find((update) => update.className === 'UpdateMessageID').id }
  },

  async adminLog({ peer, words }) {
    const { events } = await this.ofChannel(Api.channels.GetAdminLog, peer, { q: words ?? '', maxId: bigInt(0), minId: bigInt(0), limit: 100 })
    return events.map(({ userId, action }) => ({ by: Number(userId), what: action.className.replace('ChannelAdminLogEventAction', '') }))
  },

  async deleteGroup({ peer }) {
    await this.ofChannel(Api.channels.DeleteChannel, peer)
  },
}
