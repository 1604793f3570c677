import { writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const { Api } = require('telegram')
const bigInt = require('big-integer')

/** What the library is told about a file of each kind. */
const OPTIONS = {
  video: {},
  // The library takes a round video for a voice message as well, unless it is told the attributes.
  round: { attributes: [new Api.DocumentAttributeVideo({ duration: 0, w: 1, h: 1, roundMessage: true })] },
  animation: { attributes: [new Api.DocumentAttributeAnimated()] },
  voice: { voiceNote: true, attributes: [new Api.DocumentAttributeAudio({ duration: 0, voice: true })] },
  music: {},
}

const find = ({ attributes }, className) => attributes.find((attribute) => attribute.className === className)

/** The commands about audio and video, with the library's own methods; `this` is the driver's client. */
export const mediaCommands = {
  /** Uploads a file of the disk and sends it as this kind of message. */
  async sendKind({ peer, path, kind, caption }) {
    const message = await this.client.sendFile(bigInt(peer), { file: path, caption, ...OPTIONS[kind] })
    return { id: message.id }
  },

  /** What the library shows of the audio or video of a message. */
  async showMedia({ peer, id }) {
    const [{ document }] = await this.client.getMessages(bigInt(peer), { ids: [id] })
    const [video, audio] = [find(document, 'DocumentAttributeVideo'), find(document, 'DocumentAttributeAudio')]
    const isAnimated = find(document, 'DocumentAttributeAnimated') !== undefined
    const kind = isAnimated ? 'animation' : video?.roundMessage ? 'round' : video ? 'video' : audio?.voice ? 'voice' : audio ? 'music' : 'document'
    return {
      kind, width: video?.w ?? null, height: video?.h ?? null, duration: (video ?? audio)?.duration ?? 0,
      title: audio?.title ?? null, performer: audio?.performer ?? null, hasWaveform: audio?.waveform?.some((value) => value > 0) ?? false,
    }
  },

  /** Downloads the thumbnail of the audio or video of a message. @returns whether there is one */
  async saveMediaThumb({ peer, id, path }) {
    const [message] = await this.client.getMessages(bigInt(peer), { ids: [id] })
    const thumb = message.document.thumbs?.find(({ type }) => type !== 'i')
    if (thumb) await writeFile(path, await this.client.downloadMedia(message, { thumb: thumb.type }))
    return thumb !== undefined
  },
}
