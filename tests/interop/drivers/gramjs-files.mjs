import { stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename } from 'node:path'

const require = createRequire(import.meta.url)
const { Api } = require('telegram')
const { CustomFile } = require('telegram/client/uploads')
const bigInt = require('big-integer')

/** The commands about files, with the library's own methods; `this` is the driver's client. */
export const fileCommands = {
  /** Uploads a file of the disk and sends it as a document. */
  async sendFile({ peer, path, caption, thumb }) {
    const message = await this.client.sendFile(bigInt(peer), { file: path, caption, thumb, forceDocument: true })
    return { id: message.id }
  },

  /** Downloads the document of a message into a file. */
  async saveFile({ peer, id, path }) {
    const [message] = await this.client.getMessages(bigInt(peer), { ids: [id] })
    // With `outputFile`, the library does not wait until the file is written.
    await writeFile(path, await this.client.downloadMedia(message))
  },

  /** Downloads the thumbnail of the document of a message. */
  async saveThumb({ peer, id, path }) {
    const [message] = await this.client.getMessages(bigInt(peer), { ids: [id] })
    await writeFile(path, await this.client.downloadMedia(message, { thumb: 'm' }))
  },

  /** Uploads a picture of the disk and sends it as a photo. */
  async sendPhoto({ peer, path, caption }) {
    const message = await this.client.sendFile(bigInt(peer), { file: path, caption })
    return { id: message.id }
  },

  /** Uploads a file of the disk. */
  async uploaded(path) {
    return this.client.uploadFile({ file: new CustomFile(basename(path), (await stat(path)).size, path), workers: 1 })
  },

  /** Uploads a file of the disk. @returns the InputFile, as tests write requests */
  async uploadInput({ path }) {
    const { id, parts, name, md5Checksum } = await this.uploaded(path)
    return { _: 'inputFile', id: { $long: String(id) }, parts, name, md5_checksum: md5Checksum ?? '' }
  },

  /** Uploads a picture of the disk and sends it as a photo that can be viewed once. */
  async sendPhotoOnce({ peer, path, caption }) {
    const file = await this.uploaded(path)
    const media = new Api.InputMediaUploadedPhoto({ file, ttlSeconds: 0x7fffffff })
    const { updates } = await this.client.invoke(new Api.messages.SendMedia({ peer: bigInt(peer), media, message: caption, randomId: bigInt(Date.now()) }))
    return { id: updates.find(({ className }) => className === 'UpdateMessageID').id }
  },

  /** Uploads a sound of the disk and sends it as a voice message. */
  async sendVoice({ peer, path, caption }) {
    const message = await this.client.sendFile(bigInt(peer), { file: path, caption, voiceNote: true })
    return { id: message.id }
  },

  /** Marks the content of a message as opened. */
  async openContent({ id }) {
    await this.client.invoke(new Api.messages.ReadMessageContents({ id: [id] }))
  },

  /** What a message has now. */
  async showContent({ peer, id }) {
    const [{ media, mediaUnread }] = await this.client.getMessages(bigInt(peer), { ids: [id] })
    if (media.className === 'MessageMediaPhoto') return { kind: media.photo ? 'photo' : 'gone', unheard: null }
    return { kind: media.document ? 'voice' : 'gone', unheard: mediaUnread ?? false }
  },

  /** Uploads pictures of the disk and sends them as an album, with a caption at the first one. */
  async sendAlbum({ peer, paths, caption }) {
    const messages = await this.client.sendFile(bigInt(peer), { file: paths, caption })
    return { ids: [messages].flat().map(({ id }) => id) }
  },

  /** The albums of the newest messages of a chat. */
  async listAlbums({ peer, limit }) {
    return (await this.client.getMessages(bigInt(peer), { limit })).map(({ groupedId }) => (groupedId ? String(groupedId) : null))
  },

  /** Downloads all sizes of the photo of a message, or of the page that it links to. */
  async saveSizes({ peer, id, directory }) {
    const [message] = await this.client.getMessages(bigInt(peer), { ids: [id] })
    const sizes = message.photo.sizes.filter(({ type }) => type !== 'i')
    // The library sorts the sizes, and finds one by its type.
    for (const { type } of sizes) await writeFile(`${directory}/${type}.jpg`, await this.client.downloadMedia(message, { thumb: type }))
    return sizes.map(({ type, w, h }) => ({ type, width: w, height: h }))
  },

  /** Makes a picture of the disk the own profile photo. */
  async setOwnPhoto({ path }) {
    await this.client.invoke(new Api.photos.UploadProfilePhoto({ file: await this.uploaded(path) }))
  },

  /** Sets the photo of a group or channel, or removes it. */
  async setChatPhoto({ peer, path }) {
    const photo = path ? new Api.InputChatUploadedPhoto({ file: await this.uploaded(path) }) : new Api.InputChatPhotoEmpty()
    if (peer < -1_000_000_000_000) await this.client.invoke(new Api.channels.EditPhoto({ channel: await this.client.getInputEntity(bigInt(peer)), photo }))
    else await this.client.invoke(new Api.messages.EditChatPhoto({ chatId: bigInt(-peer), photo }))
  },

  /** Makes a video of the disk the own profile photo, or that of a group or channel. */
  async setVideo({ peer, path, startS }) {
    const video = await this.client.uploadFile({ file: new CustomFile('me.mp4', (await stat(path)).size, path), workers: 1 })
    if (!peer) return void (await this.client.invoke(new Api.photos.UploadProfilePhoto({ video, videoStartTs: startS })))
    const photo = new Api.InputChatUploadedPhoto({ video, videoStartTs: startS })
    if (peer < -1_000_000_000_000) await this.client.invoke(new Api.channels.EditPhoto({ channel: await this.client.getInputEntity(bigInt(peer)), photo }))
    else await this.client.invoke(new Api.messages.EditChatPhoto({ chatId: bigInt(-peer), photo }))
  },

  /** The full photo of a user, group or channel. */
  async fullPhoto(peer) {
    if (peer > 0) return (await this.client.invoke(new Api.photos.GetUserPhotos({ userId: bigInt(peer), offset: 0, maxId: bigInt.zero, limit: 1 }))).photos[0]
    if (peer > -1_000_000_000_000) return (await this.client.invoke(new Api.messages.GetFullChat({ chatId: bigInt(-peer) }))).fullChat.chatPhoto
    return (await this.client.invoke(new Api.channels.GetFullChannel({ channel: await this.client.getInputEntity(bigInt(peer)) }))).fullChat.chatPhoto
  },

  /** Downloads the video in the photo of a user, group or channel. @returns what the library shows of it; null if there is none */
  async saveVideo({ peer, path }) {
    const photo = await this.fullPhoto(peer)
    const video = photo?.videoSizes?.find(({ type }) => type === 'u')
    if (!video) return null
    const { id, accessHash, fileReference, dcId } = photo
    const location = new Api.InputPhotoFileLocation({ id, accessHash, fileReference, thumbSize: video.type })
    await writeFile(path, await this.client.downloadFile(location, { dcId, fileSize: bigInt(video.size) }))
    return { width: video.w, height: video.h, startS: video.videoStartTs }
  },

  /** Downloads the photo in the preview of an invite link. @returns whether there is one */
  async saveInvitePhoto({ link, path }) {
    const { photo } = await this.client.invoke(new Api.messages.CheckChatInvite({ hash: link.split('+')[1] }))
    if (photo.className !== 'Photo') return false
    await writeFile(path, await this.client.downloadMedia(photo, { thumb: 'c' }))
    return true
  },

  /** Downloads the photo beside the name of a chat in the list of chats. @returns whether there is one */
  async saveAvatar({ peer, big, path }) {
    const { entity } = (await this.client.getDialogs({})).find(({ id }) => Number(id) === peer)
    const bytes = await this.client.downloadProfilePhoto(entity, { isBig: big })
    if (!bytes?.length) return false
    await writeFile(path, bytes)
    return true
  },

  /** How many profile photos somebody has. */
  async countPhotos({ peer }) {
    const { photos } = await this.client.invoke(new Api.photos.GetUserPhotos({ userId: bigInt(peer), offset: 0, maxId: bigInt.zero, limit: 100 }))
    return photos.length
  },

  /** Deletes the own current profile photo. */
  async deleteOwnPhoto() {
    await this.client.invoke(new Api.photos.UpdateProfilePhoto({ id: new Api.InputPhotoEmpty() }))
  },

  /** A document of an answer, whole, as the library downloads it. */
  async download({ document }) {
    const location = new Api.InputDocumentFileLocation({
      id: bigInt(document.id), accessHash: bigInt(document.access_hash), fileReference: Buffer.from(document.file_reference, 'hex'), thumbSize: '',
    })
    const bytes = await this.client.downloadFile(location, { dcId: document.dc_id, fileSize: bigInt(document.size) })
    return bytes.toString('base64')
  },
}
