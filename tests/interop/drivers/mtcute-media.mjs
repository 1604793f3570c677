import { writeFile } from 'node:fs/promises'
import { InputMedia } from '@mtcute/node'

/** The input of a file of each kind. */
const INPUTS = {
  video: (path, caption) => InputMedia.video(path, { caption }),
  round: (path, caption) => InputMedia.video(path, { caption, isRound: true }),
  animation: (path, caption) => InputMedia.video(path, { caption, isAnimated: true }),
  voice: (path, caption) => InputMedia.voice(path, { caption }),
  music: (path, caption) => InputMedia.audio(path, { caption }),
}

const kindOf = (media) => {
  if (media.type === 'audio') return 'music'
  if (media.type !== 'video') return media.type
  return media.isRound ? 'round' : media.isAnimation ? 'animation' : 'video'
}

/** The commands about audio and video, with the library's own methods; `this` is the driver's client. */
export const mediaCommands = {
  /** Uploads a file of the disk and sends it as this kind of message. */
  async sendKind({ peer, path, kind, caption }) {
    const message = await this.client.sendMedia(peer, INPUTS[kind](`file:${path}`, caption))
    return { id: message.id }
  },

  /** What the library shows of the audio or video of a message. */
  async showMedia({ peer, id }) {
    const [{ media }] = await this.client.getMessages(peer, [id])
    const { width = null, height = null, duration, title = null, performer = null, waveform = [] } = media
    return { kind: kindOf(media), width, height, duration, title: title || null, performer: performer || null, hasWaveform: waveform.some((value) => value > 0) }
  },

  /** Downloads the thumbnail of the audio or video of a message. @returns whether there is one */
  async saveMediaThumb({ peer, id, path }) {
    const [{ media }] = await this.client.getMessages(peer, [id])
    const thumb = media.thumbnails.find(({ type }) => type !== 'i')
    if (thumb) await writeFile(path, await this.client.downloadAsBuffer(thumb))
    return thumb !== undefined
  },
}
