// mtcute (@mtcute/node): high-level client, updates by its own updates manager.
import { connectWs } from '@fuman/net'
import {
  IntermediatePacketCodec,
  Long,
  MemoryStorage,
  ObfuscatedPacketCodec,
  PaddedIntermediatePacketCodec,
  TcpTransport,
  TelegramClient,
  html,
  md,
  tl,
} from '@mtcute/node'
import { NodeCryptoProvider, __tlWriterMap, addPublicKey, randomLong } from '@mtcute/node/utils.js'
import { WebSocket } from 'ws'
import { botCommands } from './mtcute-bots.mjs'
import { fileCommands } from './mtcute-files.mjs'
import { mediaCommands } from './mtcute-media.mjs'
import { groupCommands } from './mtcute-groups.mjs'
import { supergroupCommands } from './mtcute-supergroups.mjs'
import { camelCase, plainInteger, plainName, serveLines, snakeCase } from './line-driver.mjs'

function tcp(codec) {
  const transport = new TcpTransport()
  transport.packetCodec = codec
  return transport
}

const TRANSPORTS = {
  intermediate: () => new TcpTransport(),
  padded: () => tcp(() => new PaddedIntermediatePacketCodec()),
  obfuscated: () => tcp(() => new ObfuscatedPacketCodec(new IntermediatePacketCodec())),
  // What @mtcute/web does in browsers, with the npm package in place of the browser's class.
  websocket: () => ({
    connect: (dc) =>
      connectWs({ url: `ws://${dc.ipAddress}:${dc.port}/apiws`, implementation: WebSocket, protocols: ['binary'] }),
    packetCodec: () => new ObfuscatedPacketCodec(new IntermediatePacketCodec()),
  }),
}

function peerOf(peer) {
  if (peer._ === 'peerUser') return peer.userId
  return peer._ === 'peerChat' ? -peer.chatId : -(1e12 + peer.channelId)
}

function messageOf(message, self) {
  return {
    id: message.id,
    peer: peerOf(message.peerId),
    from: peerOf(message.fromId ?? message.peerId),
    out: Boolean(message.out),
    text: message._ === 'message' ? message.message : `action:${message.action._}`,
    replyTo: message.replyTo?.replyToMsgId ?? null,
    forward: Boolean(message.fwdFrom),
    edited: Boolean(message.editDate),
    mentioned: Boolean(message.mentioned),
    self,
  }
}

/** What the library has, as plain values. */
function plain(value) {
  if (Long.isLong(value)) return plainInteger(value.toString())
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => (key === '_' ? [key, plainName(one)] : [snakeCase(key), plain(one)])))
}

class MtcuteClient {
  constructor(_name, emit) {
    this.emit = emit
    this.storage = new MemoryStorage()
  }

  async open({ server, transport, pfs, session }) {
    const crypto = new NodeCryptoProvider()
    await crypto.initialize()
    for (const key of server.public_keys) addPublicKey(crypto, key.pem)
    const dc = { id: server.dc_id, ipAddress: server.mtproto.host, port: server.mtproto.port }
    if (session) this.storage = new MemoryStorage()
    this.client = new TelegramClient({
      apiId: 1,
      apiHash: '0123456789abcdef0123456789abcdef',
      crypto,
      storage: this.storage,
      transport: TRANSPORTS[transport](),
      defaultDcs: { main: dc, media: { ...dc, mediaOnly: true } },
      updates: { catchUp: true },
      logLevel: Number(process.env.MTCUTE_LOG_LEVEL ?? 0),
      network: { usePfs: Boolean(pfs), floodControl: false },
      reconnectionStrategy: () => 200,
    })
    this.client.onRawUpdate.add((info) => this.onUpdate(info.update))
    if (session) await this.client.importSession(session)
    await this.client.connect()
    const self = await this.client.storage.self.fetch()
    if (self) {
      await this.client.startUpdatesLoop()
      this.id = self.userId
    }
  }

  onUpdate(update) {
    switch (update._) {
      case 'updateNewMessage':
      case 'updateNewChannelMessage':
        if (update.message._ !== 'messageEmpty') this.emit({ kind: 'message', ...messageOf(update.message, this.id) })
        break
      case 'updateEditMessage':
      case 'updateEditChannelMessage':
        this.emit({ kind: 'edit', ...messageOf(update.message, this.id) })
        break
      case 'updateDeleteMessages':
      case 'updateDeleteChannelMessages':
        this.emit({ kind: 'delete', ids: update.messages })
        break
      case 'updateReadHistoryInbox':
        this.emit({ kind: 'readInbox', peer: peerOf(update.peer), maxId: update.maxId })
        break
      case 'updateReadHistoryOutbox':
        this.emit({ kind: 'readOutbox', peer: peerOf(update.peer), maxId: update.maxId })
        break
      case 'updateReadChannelOutbox':
        this.emit({ kind: 'readOutbox', peer: -(1e12 + update.channelId), maxId: update.maxId })
        break
      case 'updateUserTyping':
        this.emit({ kind: 'typing', peer: update.userId, action: update.action._ })
        break
      case 'updateChatUserTyping':
        this.emit({ kind: 'typing', peer: -update.chatId, action: update.action._ })
        break
      default:
        this.emit({ kind: 'update', update: plain(update) })
    }
  }

  /** Calls a method by its name in the schema. */
  async invoke({ method, args }) {
    return plain(await this.client.call({ _: method, ...(await this.own(args)) }))
  }

  knows({ method }) {
    return method in __tlWriterMap
  }

  /** Plain values as the library has them; see `Plain` in driver-client.ts. */
  async own(value) {
    if (Array.isArray(value)) return Promise.all(value.map((one) => this.own(one)))
    if (typeof value !== 'object' || value === null) return value
    if ('$peer' in value) return this.client.resolvePeer(value.$peer)
    if ('$user' in value) return this.client.resolveUser(value.$user)
    if ('$long' in value) return Long.fromString(value.$long)
    if ('$bytes' in value) return Buffer.from(value.$bytes, 'hex')
    return Object.fromEntries(await Promise.all(Object.entries(value).map(async ([key, one]) => (key === '_' ? [key, one] : [camelCase(key), await this.own(one)]))))
  }

  /** Sends a text in the library's own markup. */
  async sendMarkup({ peer, markup, text }) {
    const message = await this.client.sendText(peer, markup === 'html' ? html(text) : md(text))
    return { id: message.id }
  }

  async login({ phone, code, firstName, password }) {
    const phoneNumber = phone
    const sent = await this.client.call({
      _: 'auth.sendCode', phoneNumber, apiId: 1, apiHash: '0123456789abcdef0123456789abcdef', settings: { _: 'codeSettings' },
    })
    const { phoneCodeHash } = sent
    let auth
    try {
      auth = await this.client.call({ _: 'auth.signIn', phoneNumber, phoneCodeHash, phoneCode: code })
    } catch (error) {
      if (password === undefined || !tl.RpcError.is(error, 'SESSION_PASSWORD_NEEDED')) throw error
      const user = await this.client.checkPassword(password)
      await this.client.startUpdatesLoop()
      this.id = user.id
      return { id: user.id, firstName: user.firstName, signedUp: false }
    }
    const signedUp = auth._ === 'auth.authorizationSignUpRequired'
    if (signedUp) auth = await this.client.call({ _: 'auth.signUp', phoneNumber, phoneCodeHash, firstName, lastName: '' })
    const user = await this.client.notifyLoggedIn(auth)
    // The library starts its loop in the background; a later call returns at once when it runs.
    await this.client.startUpdatesLoop()
    this.id = user.id
    return { id: user.id, firstName: user.firstName, signedUp }
  }

  /** Shows a QR code as an event and waits until it was read; `password` is for accounts that have one. */
  async loginByQr({ password }) {
    const user = await this.client.signInQr({
      ...(password === undefined ? {} : { password }),
      onUrlUpdated: (url) => this.emit({ kind: 'qr', token: new URL(url).searchParams.get('token') }),
    })
    await this.client.startUpdatesLoop()
    this.id = user.id
    return { id: user.id }
  }

  async acceptQr({ token }) {
    await this.client.call({ _: 'auth.acceptLoginToken', token: Buffer.from(token, 'base64url') })
  }

  /** Sets, changes or (without `password`) removes the cloud password. */
  async setPassword({ current, password, hint }) {
    if (password === undefined) await this.client.removeCloudPassword(current)
    else if (current === undefined) await this.client.enableCloudPassword({ password, hint })
    else await this.client.changeCloudPassword({ currentPassword: current, newPassword: password, hint })
  }

  async devices() {
    return (await this.client.call({ _: 'account.getAuthorizations' })).authorizations.length
  }

  async me() {
    const me = await this.client.getMe()
    return { id: me.id, firstName: me.firstName }
  }

  async addContact({ phone, firstName }) {
    const answer = await this.client.call({
      _: 'contacts.importContacts',
      contacts: [{ _: 'inputPhoneContact', clientId: Long.ONE, phone, firstName, lastName: '' }],
    })
    return { id: answer.imported[0]?.userId ?? null }
  }

  /** What the library shows of somebody. */
  async profile({ peer }) {
    const answer = await this.client.call({ _: 'users.getFullUser', id: await this.client.resolveUser(peer) })
    const user = answer.users.find((one) => one.id === answer.fullUser.id)
    return { phone: user.phone ?? null, username: user.username ?? null, status: user.status?._ ?? null, about: answer.fullUser.about ?? null, blocked: Boolean(answer.fullUser.blocked) }
  }

  async setProfile({ about, username }) {
    await this.client.call({ _: 'account.updateProfile', about })
    await this.client.setMyUsername(username)
  }

  async block({ peer, blocked }) {
    await (blocked ? this.client.blockUser(peer) : this.client.unblockUser(peer))
  }

  /** Hides the own number and last seen from one person and shows them to everybody else. */
  async hideFrom({ peer }) {
    const users = [await this.client.resolveUser(peer)]
    for (const key of ['inputPrivacyKeyPhoneNumber', 'inputPrivacyKeyStatusTimestamp']) {
      await this.client.call({ _: 'account.setPrivacy', key: { _: key }, rules: [{ _: 'inputPrivacyValueDisallowUsers', users }, { _: 'inputPrivacyValueAllowAll' }] })
    }
  }

  async send({ peer, text, replyTo }) {
    const message = await this.client.sendText(peer, text, replyTo ? { replyTo } : {})
    return { id: message.id }
  }

  /** Sends texts without waiting for the answers: the library has each call come after the one before. */
  async sendAll({ peer, texts }) {
    await Promise.all(texts.map((text) => this.client.sendText(peer, text)))
  }

  async sendTwice({ peer, text }) {
    const randomId = randomLong()
    const first = await this.client.sendText(peer, text, { randomId })
    const second = await this.client.sendText(peer, text, { randomId })
    return { ids: [first.id, second.id] }
  }

  async edit({ peer, id, text }) {
    await this.client.editMessage({ chatId: peer, message: id, text })
  }

  async delete({ peer, ids }) {
    await this.client.deleteMessagesById(peer, ids)
  }

  async forward({ from, ids, to }) {
    const messages = await this.client.forwardMessagesById({ fromChatId: from, messages: ids, toChatId: to })
    return { ids: messages.map((message) => message.id) }
  }

  async read({ peer, maxId }) {
    await this.client.readHistory(peer, { maxId })
  }

  async typing({ peer }) {
    await this.client.setTyping({ peerId: peer, status: 'typing' })
  }

  async history({ peer, limit, offsetId }) {
    const input = await this.client.resolvePeer(peer)
    const answer = await this.client.call({
      _: 'messages.getHistory', peer: input, limit, offsetId: offsetId ?? 0, offsetDate: 0, addOffset: 0, maxId: 0, minId: 0, hash: Long.ZERO,
    })
    return answer.messages.map((message) => messageOf(message, this.id))
  }

  async search({ peer, text }) {
    const found = peer === null ? this.client.iterSearchGlobal({ query: text, chunkSize: 3 }) : this.client.iterSearchMessages({ chatId: peer, query: text, chunkSize: 3 })
    const texts = []
    for await (const message of found) texts.push(message.text)
    return texts
  }

  async pages({ peer, page }) {
    const texts = []
    for await (const message of this.client.iterHistory(peer, { chunkSize: page })) texts.push(message.text)
    return texts
  }

  async dialogs() {
    const dialogs = []
    for await (const dialog of this.client.iterDialogs({ archived: 'keep' })) {
      dialogs.push({ peer: dialog.peer.id, unread: dialog.unreadCount, top: dialog.lastMessage?.id ?? null })
    }
    return dialogs
  }

  async export() {
    return this.client.exportSession()
  }

  async close() {
    await this.client.destroy()
  }

  async logOut() {
    await this.client.logOut()
  }
}

Object.assign(MtcuteClient.prototype, fileCommands, mediaCommands, groupCommands, supergroupCommands, botCommands)
serveLines(
  (name, emit) => new MtcuteClient(name, emit),
  (error) => (error instanceof tl.RpcError ? { code: error.code, text: error.text } : { code: 0, text: String(error?.stack ?? error) }),
)
