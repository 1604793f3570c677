// TDLib (npm `@prebuilt-tdlib/linux-x64-glibc`, or the package that an argument names): the library under many official apps, with a database, an order of chats and a strictness of its own.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serveLines } from './line-driver.mjs'
import { botCommands } from './tdlib-bots.mjs'
import { fileCommands } from './tdlib-files.mjs'
import { mediaCommands } from './tdlib-media.mjs'
import { groupCommands, ID_STEP } from './tdlib-groups.mjs'
import { supergroupCommands } from './tdlib-supergroups.mjs'
import { serveSocks } from './socks-proxy.mjs'

const require = createRequire(import.meta.url)
const tdl = require('tdl')
// Not by `prebuilt-tdlib`, which asks for packages of other systems too: `npm ci` fails where a registry lacks one of them.
const LIBRARY = require.resolve(`${process.argv[2] ?? '@prebuilt-tdlib/linux-x64-glibc'}/libtdjson.so`)

const API = { apiId: 1, apiHash: '0123456789abcdef0123456789abcdef' }
const HEAD = Buffer.from('-----BEGIN RSA PUBLIC KEY-----')
const TAIL = Buffer.from('-----END RSA PUBLIC KEY-----')

/** Where TDLib looks for the first two data centres before it has asked a server. */
const DC_HOSTS = { 1: ['149.154.175.50'], 2: ['149.154.167.51', '95.161.76.100'] }

const home = mkdtempSync(join(tmpdir(), 'aerogram-tdlib-'))
/** What TDLib logged as an error: what it had not expected of a server. */
const complaints = []
let proxyPort

/** The library with the server's key in place of Telegram's own of the same length. */
function readLibrary(pem) {
  const library = readFileSync(LIBRARY)
  const key = Buffer.from(pem.trim())
  let count = 0
  for (let at = library.indexOf(HEAD); at >= 0; at = library.indexOf(HEAD, at + 1)) {
    if (library.indexOf(TAIL, at) + TAIL.length - at !== key.length) continue
    key.copy(library, at)
    count += 1
  }
  if (count === 0) throw new Error('no key of this length in the library')
  return library
}

async function prepare(server) {
  const path = join(home, 'libtdjson')
  writeFileSync(path, readLibrary(server.public_keys[0].pem))
  tdl.configure({ tdjson: path, verbosityLevel: Number(process.env.TDLIB_LOG_LEVEL ?? 1) })
  if (!process.env.TDLIB_LOG_LEVEL) tdl.setLogMessageCallback(1, (_level, message) => complaints.push(message.trim()))
  const homes = server.homes ?? []
  return serveSocks(server.mtproto, [...(server.cdn ?? []), ...homes], new Map(homes.flatMap((home) => DC_HOSTS[home.dc].map((host) => [host, home]))))
}

const serverId = (id) => id / ID_STEP
const libraryId = (id) => id * ID_STEP
const formatted = (text) => ({ _: 'formattedText', text, entities: [] })
const textOf = (content) => content.text?.text ?? content.caption?.text ?? `action:${content._}`

function messageOf(message) {
  const repliedTo = message.content._ === 'messagePinMessage' ? message.content.message_id : message.reply_to?.message_id
  return {
    id: serverId(message.id),
    peer: message.chat_id,
    from: message.sender_id.user_id ?? message.sender_id.chat_id,
    out: message.is_outgoing,
    text: textOf(message.content),
    replyTo: repliedTo ? serverId(repliedTo) : null,
    forward: Boolean(message.forward_info),
    edited: message.edit_date > 0,
    mentioned: message.contains_unread_mention,
  }
}

class TdlibClient {
  constructor(name, emit) {
    this.emit = emit
    this.directory = join(home, name)
    this.waiting = new Map()
    /** Messages that left before anybody asked for them. */
    this.settled = new Map()
    this.isUpToDate = new Promise((resolve) => {
      this.noteUpToDate = resolve
    })
  }

  async open({ server, session }) {
    proxyPort ??= prepare(server)
    const port = await proxyPort
    if (session) this.directory = session.directory
    this.client = tdl.createClient({ ...API, databaseDirectory: this.directory, filesDirectory: join(this.directory, 'files'), tdlibParameters: { use_message_database: true, use_secret_chats: true } })
    this.client.on('error', () => {})
    const isEntered = new Promise((resolve) => {
      this.client.on('update', (update) => {
        if (update._ === 'updateAuthorizationState' && /Ready|WaitPhoneNumber/.test(update.authorization_state._)) resolve()
        this.onUpdate(update)
      })
    })
    // The first of all requests, so that nothing is dialled before it.
    await this.client.invoke({ _: 'addProxy', proxy: { _: 'proxy', server: '127.0.0.1', port, type: { _: 'proxyTypeSocks5', username: '', password: '' } }, enable: true })
    await isEntered
    // As apps do at their start: TDLib loads the own account from its database when it is asked for.
    await this.client.invoke({ _: 'getMe' }).catch(() => {})
  }

  onUpdate(update) {
    switch (update._) {
      case 'updateNewMessage':
        // One's own are told when they have left, under the id that stays.
        if (!update.message.sending_state) this.emit({ kind: 'message', ...messageOf(update.message) })
        break
      case 'updateMessageSendSucceeded':
        this.emit({ kind: 'message', ...messageOf(update.message) })
        this.settle(update.old_message_id, update)
        break
      case 'updateMessageSendFailed':
        this.settle(update.old_message_id, update)
        break
      case 'updateMessageContent':
        this.emit({ kind: 'edit', id: serverId(update.message_id), peer: update.chat_id, text: textOf(update.new_content) })
        break
      case 'updateDeleteMessages':
        if (update.is_permanent && !update.from_cache) this.emit({ kind: 'delete', ids: update.message_ids.map(serverId) })
        break
      case 'updateChatReadInbox':
        this.emit({ kind: 'readInbox', peer: update.chat_id, maxId: serverId(update.last_read_inbox_message_id) })
        break
      case 'updateChatReadOutbox':
        this.emit({ kind: 'readOutbox', peer: update.chat_id, maxId: serverId(update.last_read_outbox_message_id) })
        break
      case 'updateChatAction':
        if (update.action._ !== 'chatActionCancel') this.emit({ kind: 'typing', peer: update.chat_id, action: update.action._ })
        break
      default:
        // TDLib says so when it has begun to get the state or the difference, and again when it has it.
        if (update._ === 'updateHavePendingNotifications' && !update.have_unreceived_notifications) this.noteUpToDate()
        this.emit({ kind: 'update', update })
    }
  }

  /** Any request of TDLib's own interface. */
  async request({ query }) {
    return this.client.invoke(query)
  }

  /** What TDLib logged as errors since it was last asked, whichever client of the process. */
  complaints() {
    return complaints.splice(0)
  }

  async login({ phone, code, firstName, password }) {
    let signedUp = false
    await this.client.login({
      getPhoneNumber: async () => phone,
      getAuthCode: async () => code,
      getPassword: async () => password,
      getName: async () => {
        signedUp = true
        return { firstName }
      },
    })
    // Messages that come before TDLib has the state of the account are part of that state, so no update tells of them.
    await this.isUpToDate
    return { ...(await this.me()), signedUp }
  }

  async me() {
    const me = await this.client.invoke({ _: 'getMe' })
    return { id: me.id, firstName: me.first_name }
  }

  async addContact({ phone, firstName }) {
    const contact = { _: 'importedContact', phone_number: phone, first_name: firstName, last_name: '' }
    const { user_ids: [id] } = await this.client.invoke({ _: 'importContacts', contacts: [contact] })
    return { id: id || null }
  }

  /** The chat with somebody, whom TDLib has to know; the ids of groups are below zero and are ids of chats already. */
  async chat(peer) {
    if (peer < 0) return peer
    return (await this.client.invoke({ _: 'createPrivateChat', user_id: peer, force: false })).id
  }

  settle(oldId, update) {
    const resolve = this.waiting.get(oldId)
    this.waiting.delete(oldId)
    if (resolve) resolve(update)
    else this.settled.set(oldId, update)
  }

  /** The id under which a message stays, once it has left. */
  async sent({ id }) {
    const known = this.settled.get(id)
    this.settled.delete(id)
    const update = known ?? await new Promise((resolve) => this.waiting.set(id, resolve))
    if (update.error) throw update.error
    return serverId(update.message.id)
  }

  /** Sends texts without waiting for the answers: the library has each call come after the one before. */
  async sendAll({ peer, texts }) {
    await Promise.all(texts.map((text) => this.send({ peer, text })))
  }

  async send({ peer, text, replyTo }) {
    const message = await this.client.invoke({
      _: 'sendMessage',
      chat_id: await this.chat(peer),
      reply_to: replyTo ? { _: 'inputMessageReplyToMessage', message_id: libraryId(replyTo) } : null,
      input_message_content: { _: 'inputMessageText', text: formatted(text) },
    })
    return { id: await this.sent(message) }
  }

  async edit({ peer, id, text }) {
    await this.client.invoke({ _: 'editMessageText', chat_id: peer, message_id: libraryId(id), input_message_content: { _: 'inputMessageText', text: formatted(text) } })
  }

  async delete({ peer, ids }) {
    await this.client.invoke({ _: 'deleteMessages', chat_id: peer, message_ids: ids.map(libraryId), revoke: true })
  }

  async forward({ from, ids, to }) {
    const { messages } = await this.client.invoke({ _: 'forwardMessages', chat_id: await this.chat(to), from_chat_id: from, message_ids: ids.map(libraryId) })
    return { ids: await Promise.all(messages.map((message) => this.sent(message))) }
  }

  async read({ peer, maxId }) {
    await this.client.invoke({ _: 'viewMessages', chat_id: peer, message_ids: [libraryId(maxId)], force_read: true })
  }

  async typing({ peer }) {
    await this.client.invoke({ _: 'sendChatAction', chat_id: await this.chat(peer), action: { _: 'chatActionTyping' } })
  }

  /** Pages until there are `limit`: TDLib gives what it has at hand, however little. */
  async history({ peer, limit, offsetId }) {
    const rows = []
    for (let from = offsetId ? libraryId(offsetId) : 0; rows.length < limit;) {
      const { messages } = await this.client.invoke({ _: 'getChatHistory', chat_id: await this.chat(peer), from_message_id: from, offset: 0, limit: limit - rows.length })
      if (messages.length === 0) break
      // Those that the server refused stay in TDLib's own history.
      rows.push(...messages.filter((message) => !message.sending_state).map(messageOf))
      from = messages.at(-1).id
    }
    return rows
  }

  async pages({ peer, page }) {
    const texts = []
    for (let offsetId; ;) {
      const rows = await this.history({ peer, limit: page, offsetId })
      texts.push(...rows.map(({ text }) => text))
      if (rows.length < page) return texts
      offsetId = rows.at(-1).id
    }
  }

  async dialogs() {
    const chat_list = { _: 'chatListMain' }
    // TDLib says 404 when there are no more.
    for (let isMore = true; isMore;) isMore = await this.client.invoke({ _: 'loadChats', chat_list, limit: 100 }).then(() => true, () => false)
    const { chat_ids } = await this.client.invoke({ _: 'getChats', chat_list, limit: 1000 })
    const chats = await Promise.all(chat_ids.map((chat_id) => this.client.invoke({ _: 'getChat', chat_id })))
    return chats.map((chat) => ({ peer: chat.id, unread: chat.unread_count, top: chat.last_message ? serverId(chat.last_message.id) : null }))
  }

  async export() {
    return { directory: this.directory }
  }

  async close() {
    await this.client?.close()
    this.client = undefined
  }
}

Object.assign(TdlibClient.prototype, fileCommands, mediaCommands, groupCommands, supergroupCommands, botCommands)
const clients = []
serveLines(
  (name, emit) => {
    const client = new TdlibClient(name, emit)
    clients.push(client)
    return client
  },
  (error) => (error?._ === 'error' ? { code: error.code, text: error.message } : { code: error?.code ?? 0, text: String(error?.message ?? error) }),
  async () => {
    await Promise.all(clients.map((client) => client.close()))
    rmSync(home, { recursive: true, force: true })
  },
)
