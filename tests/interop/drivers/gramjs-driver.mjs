// GramJS (npm `telegram`): its high-level client; it has no catch-up of its own, so the driver keeps pts itself.
import { createRequire } from 'node:module'
import { createPublicKey } from 'node:crypto'
import { catchingUp, markedChannel } from './gramjs-catching-up.mjs'
import { botCommands } from './gramjs-bots.mjs'
import { fileCommands } from './gramjs-files.mjs'
import { mediaCommands } from './gramjs-media.mjs'
import { groupCommands, isChannel } from './gramjs-groups.mjs'
import { supergroupCommands } from './gramjs-supergroups.mjs'
import { camelCase, plainInteger, plainName, serveLines, snakeCase } from './line-driver.mjs'

const require = createRequire(import.meta.url)
const { Api, TelegramClient } = require('telegram')
const { MemorySession } = require('telegram/sessions/Memory.js')
const { AuthKey } = require('telegram/crypto/AuthKey.js')
const { _serverKeys } = require('telegram/crypto/RSA.js')
const { Raw } = require('telegram/events/Raw.js')
const { Logger, LogLevel } = require('telegram/extensions/Logger.js')
const { PromisedNetSockets, PromisedWebSockets } = require('telegram/extensions/index.js')
const { ConnectionTCPFull, ConnectionTCPAbridged, ConnectionTCPObfuscated } = require('telegram/network/connection/index.js')
const { MTProtoSender } = require('telegram/network/MTProtoSender.js')
const { RPCError } = require('telegram/errors/index.js')
const bigInt = require('big-integer')

const TRANSPORTS = {
  full: [ConnectionTCPFull, PromisedNetSockets],
  abridged: [ConnectionTCPAbridged, PromisedNetSockets],
  obfuscated: [ConnectionTCPObfuscated, PromisedNetSockets],
  websocket: [ConnectionTCPObfuscated, PromisedWebSockets],
}

/** The library stops reading a container at the first answer that is an error, and the calls that the rest of the container answers wait for ever. */
MTProtoSender.prototype._handleContainer = async function (message) {
  const errors = []
  for (const inner of message.obj.messages) await this._processMessage(inner).catch((error) => errors.push(error))
  if (errors.length > 0) throw errors[0]
}

/** The client always dials port 80 (or 443): the only way to another port is a connection class that says so. */
function onPorts(Connection, portOf) {
  return class extends Connection {
    constructor(options) {
      super({ ...options, port: portOf(options.dcId) })
    }
  }
}

function addServerKey(pem, fingerprint) {
  const jwk = createPublicKey({ key: pem, format: 'pem', type: 'pkcs1' }).export({ format: 'jwk' })
  const number = (text) => bigInt(Buffer.from(text, 'base64url').toString('hex'), 16)
  _serverKeys.set(fingerprint, { n: number(jwk.n), e: Number(number(jwk.e)) })
}

function peerOf(peer) {
  if (peer instanceof Api.PeerUser) return Number(peer.userId)
  return peer instanceof Api.PeerChat ? -Number(peer.chatId) : -(1e12 + Number(peer.channelId))
}

function messageOf(message) {
  return {
    id: message.id,
    peer: peerOf(message.peerId),
    from: peerOf(message.fromId ?? message.peerId),
    out: Boolean(message.out),
    text: message.className === 'Message' ? message.message : `action:${message.action?.className}`,
    replyTo: message.replyTo?.replyToMsgId ?? null,
    forward: Boolean(message.fwdFrom),
    edited: Boolean(message.editDate),
    mentioned: Boolean(message.mentioned),
  }
}

/** The library's class for a name of the schema, or undefined. */
function classOf(name) {
  const parts = name.split('.')
  const local = parts.pop()
  const group = parts.length === 0 ? Api : Api[parts[0]]
  return group?.[local[0].toUpperCase() + local.slice(1)]
}

/** Fields of an object that are the library's, not the schema's. */
const OWN_FIELDS = new Set(['CONSTRUCTOR_ID', 'SUBCLASS_OF_ID', 'className', 'classType', 'originalArgs', 'flags', 'flags2'])

/** What the library has, as plain values. */
function plain(value) {
  if (bigInt.isInstance(value)) return plainInteger(value.toString())
  if (Buffer.isBuffer(value)) return value.toString('hex')
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).filter(([key]) => !OWN_FIELDS.has(key) && !key.startsWith('_'))
  return { _: plainName(value.className), ...Object.fromEntries(fields.map(([key, one]) => [snakeCase(key), plain(one)])) }
}

class GramjsClient {
  constructor(_name, emit) {
    this.emit = emit
    this.session = new MemorySession()
    /** The pts of each channel by its marked id, which the library leaves to its user to keep. */
    this.channels = new Map()
  }

  async open({ server, transport, session }) {
    for (const key of server.public_keys) addServerKey(key.pem, key.fingerprint)
    this.session.setDC(server.dc_id, server.mtproto.host, server.mtproto.port)
    if (session) {
      const key = new AuthKey()
      await key.setKey(Buffer.from(session.key, 'hex'))
      this.session = new MemorySession()
      this.session.setDC(server.dc_id, server.mtproto.host, server.mtproto.port)
      this.session.setAuthKey(key)
      this.state = session.state
    }
    const [Connection, networkSocket] = TRANSPORTS[transport]
    const portOf = (dc) => (server.homes?.find((home) => home.dc === dc) ?? server.mtproto).port
    this.client = new TelegramClient(this.session, 1, '0123456789abcdef0123456789abcdef', {
      connection: onPorts(Connection, portOf),
      networkSocket,
      baseLogger: new Logger(process.env.GRAMJS_LOG ?? LogLevel.NONE),
      connectionRetries: 300,
      reconnectRetries: 300,
      retryDelay: 200,
      requestRetries: 20,
    })
    this.client.onError = async () => {}
    this.client.addEventHandler((update) => this.onUpdate(update), new Raw({}))
    await this.client.connect()
    if (this.id !== undefined || session) {
      await this.client.getMe()
      if (this.state) await this.catchUp()
      else await this.readState()
    }
  }

  onMessage(message) {
    if (message.className !== 'MessageEmpty') this.emit({ kind: 'message', ...messageOf(message) })
  }

  onUpdate(update) {
    this.keepPts(update)
    switch (update.className) {
      case 'UpdateShortMessage':
        this.emit({
          kind: 'message', id: update.id, peer: Number(update.userId), out: Boolean(update.out), text: update.message,
          replyTo: update.replyTo?.replyToMsgId ?? null, forward: Boolean(update.fwdFrom), edited: false,
        })
        break
      case 'UpdateNewMessage':
      case 'UpdateNewChannelMessage':
        this.onMessage(update.message)
        break
      case 'UpdateEditMessage':
      case 'UpdateEditChannelMessage':
        this.emit({ kind: 'edit', ...messageOf(update.message) })
        break
      case 'UpdateDeleteMessages':
      case 'UpdateDeleteChannelMessages':
        this.emit({ kind: 'delete', ids: update.messages })
        break
      case 'UpdateReadHistoryInbox':
        this.emit({ kind: 'readInbox', peer: peerOf(update.peer), maxId: update.maxId })
        break
      case 'UpdateReadHistoryOutbox':
        this.emit({ kind: 'readOutbox', peer: peerOf(update.peer), maxId: update.maxId })
        break
      case 'UpdateReadChannelOutbox':
        this.emit({ kind: 'readOutbox', peer: markedChannel(update.channelId), maxId: update.maxId })
        break
      case 'UpdateChannelTooLong':
        void this.catchUpChannel(markedChannel(update.channelId)).catch((error) => this.emit({ kind: 'update', update: { _: 'catchUpFailed', text: String(error) } }))
        break
      case 'UpdateUserTyping':
      case 'UpdateChatUserTyping':
        this.emit({ kind: 'typing', peer: update.chatId ? -Number(update.chatId) : Number(update.userId), action: update.action.className })
        break
      default:
        // The library tells of its connection by updates of its own.
        if (update.className?.startsWith('Update')) this.emit({ kind: 'update', update: plain(update) })
    }
  }

  /** Calls a method by its name in the schema; with `dc`, in another data centre, to which the library carries its authorization. */
  async invoke({ method, args, dc }) {
    const Method = classOf(method)
    return plain(this.took(await this.client.invoke(new Method(await this.own(args)), dc)))
  }

  knows({ method }) {
    return classOf(method) !== undefined
  }

  /** Plain values as the library has them; see `Plain` in driver-client.ts. */
  async own(value) {
    if (Array.isArray(value)) return Promise.all(value.map((one) => this.own(one)))
    if (typeof value !== 'object' || value === null) return value
    if ('$peer' in value) return this.client.getInputEntity(bigInt(value.$peer))
    if ('$user' in value) {
      const { userId, accessHash } = await this.client.getInputEntity(bigInt(value.$user))
      return new Api.InputUser({ userId, accessHash })
    }
    if ('$long' in value) return bigInt(value.$long)
    if ('$bytes' in value) return Buffer.from(value.$bytes, 'hex')
    const { _: name, ...fields } = value
    const own = Object.fromEntries(await Promise.all(Object.entries(fields).map(async ([key, one]) => [camelCase(key), await this.own(one)])))
    if (name === undefined) return own
    const Constructor = classOf(name)
    return new Constructor(own)
  }

  /** Sends a text in the library's own markup. */
  async sendMarkup({ peer, markup, text }) {
    const message = await this.client.sendMessage(bigInt(peer), { message: text, parseMode: markup === 'html' ? 'html' : 'md' })
    return { id: message.id }
  }

  async login({ phone, code, firstName, password }) {
    const credentials = { apiId: 1, apiHash: '0123456789abcdef0123456789abcdef' }
    let signedUp = false
    let failure
    const user = await this.client.signInUser(credentials, {
      phoneNumber: async () => phone,
      phoneCode: async () => code,
      password: async () => password,
      firstAndLastNames: async () => {
        signedUp = true
        return [firstName, '']
      },
      onError: async (error) => {
        failure = error
        return true
      },
    }).catch((error) => {
      throw failure ?? error
    })
    this.id = Number(user.id)
    await this.client.getMe()
    await this.readState()
    return { id: this.id, firstName: user.firstName, signedUp }
  }

  /** Shows a QR code as an event and waits until it was read; `password` is for accounts that have one. */
  async loginByQr({ password }) {
    let failure
    const credentials = { apiId: 1, apiHash: '0123456789abcdef0123456789abcdef' }
    const user = await this.client.signInUserWithQrCode(credentials, {
      qrCode: async ({ token }) => this.emit({ kind: 'qr', token: Buffer.from(token).toString('base64url') }),
      password: async () => password,
      onError: async (error) => {
        failure = error
        return true
      },
    }).catch((error) => {
      throw failure ?? error
    })
    this.id = Number(user.id)
    return { id: this.id }
  }

  async acceptQr({ token }) {
    await this.client.invoke(new Api.auth.AcceptLoginToken({ token: Buffer.from(token, 'base64url') }))
  }

  /** Sets, changes or (without `password`) removes the cloud password. */
  async setPassword({ current, password, hint }) {
    await this.client.updateTwoFaSettings({ currentPassword: current, newPassword: password, hint })
  }

  async devices() {
    return (await this.client.invoke(new Api.account.GetAuthorizations())).authorizations.length
  }

  async me() {
    const me = await this.client.getMe()
    return { id: Number(me.id), firstName: me.firstName }
  }

  async addContact({ phone, firstName }) {
    const answer = await this.client.invoke(
      new Api.contacts.ImportContacts({ contacts: [new Api.InputPhoneContact({ clientId: bigInt.one, phone, firstName, lastName: '' })] }),
    )
    return { id: answer.imported.length ? Number(answer.imported[0].userId) : null }
  }

  /** What the library shows of somebody. */
  async profile({ peer }) {
    const answer = await this.client.invoke(new Api.users.GetFullUser({ id: await this.client.getInputEntity(bigInt(peer)) }))
    const user = answer.users.find((one) => one.id.equals(answer.fullUser.id))
    const status = user.status?.className
    return { phone: user.phone ?? null, username: user.username ?? null, status: status ? status[0].toLowerCase() + status.slice(1) : null, about: answer.fullUser.about ?? null, blocked: Boolean(answer.fullUser.blocked) }
  }

  async setProfile({ about, username }) {
    await this.client.invoke(new Api.account.UpdateProfile({ about }))
    await this.client.invoke(new Api.account.UpdateUsername({ username }))
  }

  async block({ peer, blocked }) {
    const id = await this.client.getInputEntity(bigInt(peer))
    await this.client.invoke(blocked ? new Api.contacts.Block({ id }) : new Api.contacts.Unblock({ id }))
  }

  /** Hides the own number and last seen from one person and shows them to everybody else. */
  async hideFrom({ peer }) {
    const { userId, accessHash } = await this.client.getInputEntity(bigInt(peer))
    const users = [new Api.InputUser({ userId, accessHash })]
    for (const key of [new Api.InputPrivacyKeyPhoneNumber(), new Api.InputPrivacyKeyStatusTimestamp()]) {
      await this.client.invoke(new Api.account.SetPrivacy({ key, rules: [new Api.InputPrivacyValueDisallowUsers({ users }), new Api.InputPrivacyValueAllowAll()] }))
    }
  }

  async send({ peer, text, replyTo }) {
    const message = await this.client.sendMessage(bigInt(peer), { message: text, ...(replyTo ? { replyTo } : {}) })
    return { id: message.id }
  }

  async sendAll({ peer, texts }) {
    await Promise.all(texts.map((message) => this.client.sendMessage(bigInt(peer), { message })))
  }

  async sendTwice({ peer, text }) {
    const input = await this.client.getInputEntity(bigInt(peer))
    const randomId = bigInt(String(Math.floor(Math.random() * 2 ** 52)))
    const ids = []
    for (let i = 0; i < 2; i++) {
      const answer = this.took(await this.client.invoke(new Api.messages.SendMessage({ peer: input, message: text, randomId })))
      ids.push(answer.id ?? answer.updates.find((update) => update.className === 'UpdateMessageID').id)
    }
    return { ids }
  }

  async edit({ peer, id, text }) {
    await this.client.editMessage(bigInt(peer), { message: id, text })
  }

  async delete({ peer, ids }) {
    this.took(await this.client.deleteMessages(bigInt(peer), ids, { revoke: true }))
  }

  async forward({ from, ids, to }) {
    const messages = await this.client.forwardMessages(bigInt(to), { fromPeer: bigInt(from), messages: ids })
    return { ids: messages.flat().map((message) => message.id) }
  }

  async read({ peer, maxId }) {
    // The library's own method reads all mentions first, which another test does by itself.
    if (isChannel(peer)) await this.ofChannel(Api.channels.ReadHistory, peer, { maxId })
    else await this.client.markAsRead(bigInt(peer), undefined, { maxId })
  }

  async typing({ peer }) {
    const input = await this.client.getInputEntity(bigInt(peer))
    await this.client.invoke(new Api.messages.SetTyping({ peer: input, action: new Api.SendMessageTypingAction() }))
  }

  async history({ peer, limit, offsetId }) {
    const input = await this.client.getInputEntity(bigInt(peer))
    const answer = await this.client.invoke(
      new Api.messages.GetHistory({ peer: input, limit, offsetId: offsetId ?? 0, offsetDate: 0, addOffset: 0, maxId: 0, minId: 0, hash: bigInt.zero }),
    )
    return answer.messages.map(messageOf)
  }

  async search({ peer, text }) {
    const found = await this.client.getMessages(peer === null ? undefined : bigInt(peer), { search: text, limit: 500 })
    return found.map((message) => message.message)
  }

  async pages({ peer, page }) {
    const texts = []
    // The library reads in its own pages of 100; a smaller one is asked for by hand.
    for (let offsetId = 0; ;) {
      const rows = await this.client.getMessages(bigInt(peer), { limit: page, offsetId })
      for (const row of rows) texts.push(row.message)
      if (rows.length < page) return texts
      offsetId = rows.at(-1).id
    }
  }

  async dialogs() {
    const dialogs = await this.client.getDialogs({})
    return dialogs.map((dialog) => ({ peer: Number(dialog.id), unread: dialog.unreadCount, top: dialog.message?.id ?? null }))
  }

  async export() {
    return { key: this.session.getAuthKey().getKey().toString('hex'), state: this.state }
  }

  async close() {
    await this.client.destroy()
  }

  async logOut() {
    await this.client.invoke(new Api.auth.LogOut())
  }
}

Object.assign(GramjsClient.prototype, catchingUp, fileCommands, mediaCommands, groupCommands, supergroupCommands, botCommands)
serveLines(
  (name, emit) => new GramjsClient(name, emit),
  (error) => (error instanceof RPCError ? { code: error.code, text: error.errorMessage } : { code: 0, text: String(error?.stack ?? error) }),
)
