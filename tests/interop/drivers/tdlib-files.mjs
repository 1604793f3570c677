import { copyFile } from 'node:fs/promises'
import { ID_STEP } from './tdlib-groups.mjs'

/** A file of the disk as TDLib takes it. */
export const localFile = (path) => ({ _: 'inputFileLocal', path })

const formatted = (text) => ({ _: 'formattedText', text, entities: [] })

/** A picture of the disk as the photo of a message. */
const photoContent = (path, caption, more = {}) => ({
  _: 'inputMessagePhoto', photo: { _: 'inputPhoto', photo: localFile(path), width: 1600, height: 1200 }, caption: formatted(caption), ...more,
})

/** The commands about files, in TDLib's own interface; `this` is the driver's client. */
export const fileCommands = {
  /** Sends a message with this content. @returns its id, once it has left */
  async sendContent(peer, input_message_content) {
    return { id: await this.sent(await this.client.invoke({ _: 'sendMessage', chat_id: await this.chat(peer), input_message_content })) }
  },

  /** What a message has now. */
  async contentOf({ peer, id }) {
    return (await this.client.invoke({ _: 'getMessage', chat_id: await this.chat(peer), message_id: id * ID_STEP })).content
  },

  /** Downloads a file that the library knows. */
  async saveKnown({ file: file_id, path }) {
    const { local } = await this.client.invoke({ _: 'downloadFile', file_id, priority: 32, offset: 0, limit: 0, synchronous: true })
    await copyFile(local.path, path)
  },

  /** Uploads a file of the disk and sends it as a document. */
  async sendFile({ peer, path, caption, thumb }) {
    const thumbnail = thumb && { _: 'inputThumbnail', thumbnail: localFile(thumb), width: 320, height: 240 }
    const document = { _: 'inputDocument', document: localFile(path), thumbnail, disable_content_type_detection: true }
    return this.sendContent(peer, { _: 'inputMessageDocument', document, caption: formatted(caption) })
  },

  /** Downloads the document of a message into a file. */
  async saveFile({ peer, id, path }) {
    await this.saveKnown({ file: (await this.fileOf({ peer, id })).id, path })
  },

  /** Cancels the download of the document of a message. */
  async cancelFile({ peer, id }) {
    await this.client.invoke({ _: 'cancelDownloadFile', file_id: (await this.fileOf({ peer, id })).id, only_if_pending: false })
  },

  /** Downloads the thumbnail of the document of a message. */
  async saveThumb({ peer, id, path }) {
    const { minithumbnail, thumbnail } = (await this.contentOf({ peer, id })).document
    if (!minithumbnail) throw new Error('a document without a preview')
    await this.saveKnown({ file: thumbnail.file.id, path })
  },

  /** Uploads a picture of the disk and sends it as a photo. */
  async sendPhoto({ peer, path, caption }) {
    return this.sendContent(peer, photoContent(path, caption))
  },

  /** Uploads a picture of the disk and sends it as a photo that can be viewed once. */
  async sendPhotoOnce({ peer, path, caption }) {
    return this.sendContent(peer, photoContent(path, caption, { self_destruct_type: { _: 'messageSelfDestructTypeImmediately' } }))
  },

  /** Uploads a sound of the disk and sends it as a voice message. */
  async sendVoice({ peer, path, caption }) {
    const waveform = Buffer.alloc(63, 9).toString('base64')
    return this.sendContent(peer, { _: 'inputMessageVoiceNote', voice_note: { _: 'inputVoiceNote', voice_note: localFile(path), duration: 1, waveform }, caption: formatted(caption) })
  },

  /** Opens the content of a message, and closes it. */
  async openContent({ peer, id }) {
    const chat_id = await this.chat(peer)
    await this.client.invoke({ _: 'openChat', chat_id })
    await this.client.invoke({ _: 'openMessageContent', chat_id, message_id: id * ID_STEP })
    await this.client.invoke({ _: 'closeChat', chat_id })
  },

  /** What a message has now. */
  async showContent({ peer, id }) {
    const content = await this.contentOf({ peer, id })
    if (content._ === 'messagePhoto') return { kind: 'photo', unheard: null }
    if (content._ === 'messageVoiceNote') return { kind: 'voice', unheard: !content.is_listened }
    if (!content._.startsWith('messageExpired')) throw new Error(`unexpected ${content._}`)
    return { kind: 'gone', unheard: null }
  },

  /** Uploads pictures of the disk and sends them as an album, with a caption at the first one. */
  async sendAlbum({ peer, paths, caption }) {
    const contents = paths.map((path, at) => photoContent(path, at === 0 ? caption : ''))
    const { messages } = await this.client.invoke({ _: 'sendMessageAlbum', chat_id: await this.chat(peer), input_message_contents: contents })
    const ids = []
    for (const message of messages) ids.push(await this.sent(message))
    return { ids }
  },

  /** The albums of the newest messages of a chat. */
  async listAlbums({ peer, limit }) {
    const chat_id = await this.chat(peer)
    const messages = []
    // The library may answer fewer messages than it could.
    while (messages.length < limit) {
      const more = await this.client.invoke({ _: 'getChatHistory', chat_id, from_message_id: messages.at(-1)?.id ?? 0, offset: 0, limit: limit - messages.length, only_local: false })
      if (more.messages.length === 0) break
      messages.push(...more.messages)
    }
    return messages.map(({ media_album_id }) => (media_album_id === '0' ? null : String(media_album_id)))
  },

  /** Downloads all sizes of the photo of a message, or of the page that it links to. */
  async saveSizes({ peer, id, directory }) {
    const content = await this.contentOf({ peer, id })
    const { sizes, minithumbnail } = content.photo ?? content.link_preview.type.photo
    if (!minithumbnail) throw new Error('a photo without a preview')
    for (const { type, photo } of sizes) await this.saveKnown({ file: photo.id, path: `${directory}/${type}.jpg` })
    return sizes.map(({ type, width, height }) => ({ type, width, height }))
  },

  /** Makes a picture of the disk the own profile photo. */
  async setOwnPhoto({ path }) {
    await this.client.invoke({ _: 'setProfilePhoto', photo: { _: 'inputChatPhotoStatic', photo: localFile(path) }, is_public: false })
  },

  /** Sets the photo of a group or channel, or removes it. */
  async setChatPhoto({ peer, path }) {
    const photo = path ? { _: 'inputChatPhotoStatic', photo: localFile(path) } : undefined
    await this.client.invoke({ _: 'setChatPhoto', chat_id: peer, photo })
  },

  /** Makes a video of the disk the own profile photo, or that of a group or channel. The library sends no still picture. */
  async setVideo({ peer, path, startS }) {
    const photo = { _: 'inputChatPhotoAnimation', animation: { _: 'inputFileLocal', path }, main_frame_timestamp: startS }
    await this.client.invoke(peer ? { _: 'setChatPhoto', chat_id: peer, photo } : { _: 'setProfilePhoto', photo, is_public: false })
  },

  /** The full photo of a user, group or channel. */
  async fullPhoto(peer) {
    if (peer > 0) return (await this.client.invoke({ _: 'getUserFullInfo', user_id: peer })).photo
    if (peer > -1_000_000_000_000) return (await this.client.invoke({ _: 'getBasicGroupFullInfo', basic_group_id: -peer })).photo
    return (await this.client.invoke({ _: 'getSupergroupFullInfo', supergroup_id: -1_000_000_000_000 - peer })).photo
  },

  /** Downloads the video in the photo of a user, group or channel. @returns what the library shows of it; null if there is none */
  async saveVideo({ peer, path }) {
    const { photo: beside } = await this.client.invoke({ _: 'getChat', chat_id: await this.chat(peer) })
    const animation = beside?.has_animation ? (await this.fullPhoto(peer))?.animation : undefined
    if (!animation) return null
    const { local } = await this.client.invoke({ _: 'downloadFile', file_id: animation.file.id, priority: 32, offset: 0, limit: 0, synchronous: true })
    await copyFile(local.path, path)
    return { width: animation.length, height: animation.length, startS: animation.main_frame_timestamp }
  },

  /** Downloads the photo in the preview of an invite link. @returns whether there is one */
  async saveInvitePhoto({ link, path }) {
    const { photo } = await this.client.invoke({ _: 'checkChatInviteLink', invite_link: link })
    if (!photo) return false
    const { local } = await this.client.invoke({ _: 'downloadFile', file_id: photo.big.id, priority: 32, offset: 0, limit: 0, synchronous: true })
    await copyFile(local.path, path)
    return true
  },

  /** Downloads the photo beside the name of a chat. @returns whether there is one */
  async saveAvatar({ peer, big, path }) {
    const { photo } = await this.client.invoke({ _: 'getChat', chat_id: await this.chat(peer) })
    if (!photo) return false
    if (!photo.minithumbnail) throw new Error('a photo without a preview')
    await this.saveKnown({ file: (big ? photo.big : photo.small).id, path })
    return true
  },

  /** How many profile photos somebody has. */
  async countPhotos({ peer }) {
    return (await this.client.invoke({ _: 'getUserProfilePhotos', user_id: peer, offset: 0, limit: 100 })).total_count
  },

  /** Deletes the own current profile photo. */
  async deleteOwnPhoto() {
    const { id } = await this.client.invoke({ _: 'getMe' })
    const { photos } = await this.client.invoke({ _: 'getUserProfilePhotos', user_id: id, offset: 0, limit: 1 })
    await this.client.invoke({ _: 'deleteProfilePhoto', profile_photo_id: photos[0].id })
  },

  /** Downloads a part of the document of a message. @returns the bytes, base64 */
  async savePart({ peer, id, offset, count }) {
    const { id: file_id } = await this.fileOf({ peer, id })
    await this.client.invoke({ _: 'downloadFile', file_id, priority: 32, offset, limit: count, synchronous: true })
    return (await this.client.invoke({ _: 'readFilePart', file_id, offset, count })).data
  },

  /** The file in the document of a message. */
  async fileOf({ peer, id }) {
    return (await this.contentOf({ peer, id })).document.document
  },
}
