import { copyFile } from 'node:fs/promises'
import { ID_STEP } from './tdlib-groups.mjs'

/** The commands about files, in TDLib's own interface; `this` is the driver's client. */
export const fileCommands = {
  /** Uploads a file of the disk and sends it as a document. */
  async sendFile({ peer, path, caption, thumb }) {
    const thumbnail = thumb && { _: 'inputThumbnail', thumbnail: { _: 'inputFileLocal', path: thumb }, width: 320, height: 240 }
    const message = await this.client.invoke({
      _: 'sendMessage',
      chat_id: await this.chat(peer),
      input_message_content: {
        _: 'inputMessageDocument',
        document: { _: 'inputDocument', document: { _: 'inputFileLocal', path }, thumbnail, disable_content_type_detection: true },
        caption: { _: 'formattedText', text: caption, entities: [] },
      },
    })
    return { id: await this.sent(message) }
  },

  /** Downloads the document of a message into a file. */
  async saveFile({ peer, id, path }) {
    const { id: file_id } = await this.fileOf({ peer, id })
    const { local } = await this.client.invoke({ _: 'downloadFile', file_id, priority: 32, offset: 0, limit: 0, synchronous: true })
    await copyFile(local.path, path)
  },

  /** Downloads the thumbnail of the document of a message. */
  async saveThumb({ peer, id, path }) {
    const { content } = await this.client.invoke({ _: 'getMessage', chat_id: await this.chat(peer), message_id: id * ID_STEP })
    const { minithumbnail, thumbnail } = content.document
    if (!minithumbnail) throw new Error('a document without a preview')
    const { local } = await this.client.invoke({ _: 'downloadFile', file_id: thumbnail.file.id, priority: 32, offset: 0, limit: 0, synchronous: true })
    await copyFile(local.path, path)
  },

  /** Uploads a picture of the disk and sends it as a photo. */
  async sendPhoto({ peer, path, caption }) {
    const message = await this.client.invoke({
      _: 'sendMessage',
      chat_id: await this.chat(peer),
      input_message_content: {
        _: 'inputMessagePhoto',
        photo: { _: 'inputPhoto', photo: { _: 'inputFileLocal', path }, width: 1600, height: 1200 },
        caption: { _: 'formattedText', text: caption, entities: [] },
      },
    })
    return { id: await this.sent(message) }
  },

  /** Uploads a picture of the disk and sends it as a photo that can be viewed once. */
  async sendPhotoOnce({ peer, path, caption }) {
    const message = await this.client.invoke({
      _: 'sendMessage',
      chat_id: await this.chat(peer),
      input_message_content: {
        _: 'inputMessagePhoto',
        photo: { _: 'inputPhoto', photo: { _: 'inputFileLocal', path }, width: 1600, height: 1200 },
        caption: { _: 'formattedText', text: caption, entities: [] },
        self_destruct_type: { _: 'messageSelfDestructTypeImmediately' },
      },
    })
    return { id: await this.sent(message) }
  },

  /** Uploads a sound of the disk and sends it as a voice message. */
  async sendVoice({ peer, path, caption }) {
    const message = await this.client.invoke({
      _: 'sendMessage',
      chat_id: await this.chat(peer),
      input_message_content: {
        _: 'inputMessageVoiceNote',
        voice_note: { _: 'inputFileLocal', path },
        duration: 1,
        waveform: Buffer.alloc(63, 9).toString('base64'),
        caption: { _: 'formattedText', text: caption, entities: [] },
      },
    })
    return { id: await this.sent(message) }
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
    const { content } = await this.client.invoke({ _: 'getMessage', chat_id: await this.chat(peer), message_id: id * ID_STEP })
    if (content._ === 'messagePhoto') return { kind: 'photo', unheard: null }
    if (content._ === 'messageVoiceNote') return { kind: 'voice', unheard: !content.is_listened }
    if (!content._.startsWith('messageExpired')) throw new Error(`unexpected ${content._}`)
    return { kind: 'gone', unheard: null }
  },

  /** Uploads pictures of the disk and sends them as an album, with a caption at the first one. */
  async sendAlbum({ peer, paths, caption }) {
    const contents = paths.map((path, at) => ({
      _: 'inputMessagePhoto',
      photo: { _: 'inputPhoto', photo: { _: 'inputFileLocal', path }, width: 1600, height: 1200 },
      caption: { _: 'formattedText', text: at === 0 ? caption : '', entities: [] },
    }))
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

  /** Downloads all sizes of the photo of a message. */
  async saveSizes({ peer, id, directory }) {
    const { content } = await this.client.invoke({ _: 'getMessage', chat_id: await this.chat(peer), message_id: id * ID_STEP })
    const { sizes, minithumbnail } = content.photo
    if (!minithumbnail) throw new Error('a photo without a preview')
    for (const { type, photo } of sizes) {
      const { local } = await this.client.invoke({ _: 'downloadFile', file_id: photo.id, priority: 32, offset: 0, limit: 0, synchronous: true })
      await copyFile(local.path, `${directory}/${type}.jpg`)
    }
    return sizes.map(({ type, width, height }) => ({ type, width, height }))
  },

  /** Makes a picture of the disk the own profile photo. */
  async setOwnPhoto({ path }) {
    await this.client.invoke({ _: 'setProfilePhoto', photo: { _: 'inputChatPhotoStatic', photo: { _: 'inputFileLocal', path } }, is_public: false })
  },

  /** Sets the photo of a group or channel, or removes it. */
  async setChatPhoto({ peer, path }) {
    const photo = path ? { _: 'inputChatPhotoStatic', photo: { _: 'inputFileLocal', path } } : undefined
    await this.client.invoke({ _: 'setChatPhoto', chat_id: peer, photo })
  },

  /** Downloads the photo beside the name of a chat. @returns whether there is one */
  async saveAvatar({ peer, big, path }) {
    const { photo } = await this.client.invoke({ _: 'getChat', chat_id: await this.chat(peer) })
    if (!photo) return false
    if (!photo.minithumbnail) throw new Error('a photo without a preview')
    const { local } = await this.client.invoke({ _: 'downloadFile', file_id: (big ? photo.big : photo.small).id, priority: 32, offset: 0, limit: 0, synchronous: true })
    await copyFile(local.path, path)
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
    const { content } = await this.client.invoke({ _: 'getMessage', chat_id: await this.chat(peer), message_id: id * ID_STEP })
    return content.document.document
  },
}
