import { readFile, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { FileLocation, InputMedia, Long } from '@mtcute/node'

/** The commands about files, with the library's own methods; `this` is the driver's client. */
export const fileCommands = {
  /** Uploads a file of the disk and sends it as a document. */
  async sendFile({ peer, path, caption, thumb }) {
    const message = await this.client.sendMedia(peer, InputMedia.document(`file:${path}`, { caption, thumb: thumb && `file:${thumb}` }))
    return { id: message.id }
  },

  /** Downloads the document of a message into a file. */
  async saveFile({ peer, id, path }) {
    const [message] = await this.client.getMessages(peer, [id])
    // The library's own method for this does not wait until the file is written.
    await writeFile(path, await this.client.downloadAsBuffer(message.media))
  },

  /** Downloads the thumbnail of the document of a message. */
  async saveThumb({ peer, id, path }) {
    const [message] = await this.client.getMessages(peer, [id])
    await writeFile(path, await this.client.downloadAsBuffer(message.media.getThumbnail('m')))
  },

  /** Uploads a picture of the disk and sends it as a photo. */
  async sendPhoto({ peer, path, caption }) {
    const message = await this.client.sendMedia(peer, InputMedia.photo(`file:${path}`, { caption }))
    return { id: message.id }
  },

  /** Uploads a picture of the disk and sends it as a photo that can be viewed once. */
  async sendPhotoOnce({ peer, path, caption }) {
    const message = await this.client.sendMedia(peer, InputMedia.photo(`file:${path}`, { caption, ttlSeconds: 0x7fffffff }))
    return { id: message.id }
  },

  /** Uploads a sound of the disk and sends it as a voice message. */
  async sendVoice({ peer, path, caption }) {
    const message = await this.client.sendMedia(peer, InputMedia.voice(`file:${path}`, { caption, duration: 1, waveform: new Uint8Array(100).fill(9) }))
    return { id: message.id }
  },

  /** Marks the content of a message as opened. */
  async openContent({ id }) {
    await this.client.call({ _: 'messages.readMessageContents', id: [id] })
  },

  /** What a message has now. */
  async showContent({ peer, id }) {
    const [{ raw }] = await this.client.getMessages(peer, [id])
    if (raw.media._ === 'messageMediaPhoto') return { kind: raw.media.photo ? 'photo' : 'gone', unheard: null }
    return { kind: raw.media.document ? 'voice' : 'gone', unheard: raw.mediaUnread ?? false }
  },

  /** Uploads pictures of the disk and sends them as an album, with a caption at the first one. */
  async sendAlbum({ peer, paths, caption }) {
    const media = paths.map((path, at) => InputMedia.photo(`file:${path}`, { caption: at === 0 ? caption : undefined }))
    const messages = await this.client.sendMediaGroup(peer, media)
    return { ids: messages.map(({ id }) => id) }
  },

  /** The albums of the newest messages of a chat. */
  async listAlbums({ peer, limit }) {
    return (await this.client.getHistory(peer, { limit })).map(({ groupedIdUnique, raw }) => (groupedIdUnique ? String(raw.groupedId) : null))
  },

  /** Downloads all sizes of the photo of a message, or of the page that it links to. */
  async saveSizes({ peer, id, directory }) {
    const [message] = await this.client.getMessages(peer, [id])
    const photo = message.media.type === 'webpage' ? message.media.preview.photo : message.media
    const sizes = photo.thumbnails.filter(({ type }) => type !== 'i')
    for (const size of sizes) await writeFile(`${directory}/${size.type}.jpg`, await this.client.downloadAsBuffer(size))
    return sizes.map(({ type, width, height }) => ({ type, width, height }))
  },

  /** Makes a picture of the disk the own profile photo. */
  async setOwnPhoto({ path }) {
    await this.client.setMyProfilePhoto({ type: 'photo', media: `file:${path}` })
  },

  /** Sets the photo of a group or channel, or removes it. */
  async setChatPhoto({ peer, path }) {
    if (path) await this.client.setChatPhoto({ chatId: peer, type: 'photo', media: `file:${path}` })
    else await this.client.deleteChatPhoto(peer)
  },

  /** Makes a video of the disk the own profile photo, or that of a group or channel. The library sends no still picture. */
  async setVideo({ peer, path, startS }) {
    const photo = { type: 'video', media: `file:${path}`, previewSec: startS }
    if (peer) await this.client.setChatPhoto({ chatId: peer, ...photo })
    else await this.client.setMyProfilePhoto(photo)
  },

  /** Downloads the video in the photo of a user, group or channel. @returns what the library shows of it; null if there is none */
  async saveVideo({ peer, path }) {
    const photo = peer > 0 ? (await this.client.getProfilePhotos(peer))[0] : (await this.client.getFullChat(peer)).fullPhoto
    const video = photo?.getThumbnail('u')
    if (!photo?.isAnimatedAvatar) return null
    await writeFile(path, await this.client.downloadAsBuffer(video))
    return { width: video.width, height: video.height, startS: video.raw.videoStartTs }
  },

  /** Downloads the photo in the preview of an invite link. @returns whether there is one */
  async saveInvitePhoto({ link, path }) {
    const { photo } = await this.client.getChatPreview(link)
    if (!photo) return false
    await writeFile(path, await this.client.downloadAsBuffer(photo))
    return true
  },

  /** Downloads the photo beside the name of a chat in the list of chats. @returns whether there is one */
  async saveAvatar({ peer, big, path }) {
    for await (const dialog of this.client.iterDialogs()) {
      if (dialog.peer.id !== peer || !dialog.peer.photo) continue
      await writeFile(path, await this.client.downloadAsBuffer(big ? dialog.peer.photo.big : dialog.peer.photo.small))
      return true
    }
    return false
  },

  /** How many profile photos somebody has. */
  async countPhotos({ peer }) {
    return (await this.client.getProfilePhotos(peer)).total
  },

  /** Deletes the own current profile photo. */
  async deleteOwnPhoto() {
    const [photo] = await this.client.getProfilePhotos('me')
    await this.client.deleteProfilePhotos(photo.fileId)
  },

  /** A document of an answer, whole, as the library downloads it. */
  async download({ document }) {
    const { id, access_hash, file_reference, dc_id, size } = document
    const location = {
      _: 'inputDocumentFileLocation', id: Long.fromString(String(id)), accessHash: Long.fromString(String(access_hash)), fileReference: Buffer.from(file_reference, 'hex'), thumbSize: '',
    }
    return Buffer.from(await this.client.downloadAsBuffer(new FileLocation(location, size, dc_id))).toString('base64')
  },

  /** Uploads a file of the disk. @returns the InputFile, as tests write requests */
  async uploadInput({ path }) {
    const { inputFile } = await this.client.uploadFile({ file: await readFile(path), fileName: basename(path) })
    return { _: 'inputFile', id: { $long: String(inputFile.id) }, parts: inputFile.parts, name: inputFile.name, md5_checksum: inputFile.md5Checksum ?? '' }
  },
}
