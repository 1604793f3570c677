import { localFile } from './tdlib-files.mjs'

/** The content of a message of each kind. */
const CONTENTS = {
  video: (file, caption) => ({ _: 'inputMessageVideo', video: { _: 'inputVideo', video: file, duration: 1, width: 1, height: 1 }, caption }),
  round: (file) => ({ _: 'inputMessageVideoNote', video_note: { _: 'inputVideoNote', video_note: file, duration: 1, length: 96 } }),
  animation: (file, caption) => ({ _: 'inputMessageAnimation', animation: { _: 'inputAnimation', animation: file, duration: 1, width: 1, height: 1 }, caption }),
  voice: (file, caption) => ({ _: 'inputMessageVoiceNote', voice_note: { _: 'inputVoiceNote', voice_note: file, duration: 1, waveform: '' }, caption }),
  music: (file, caption) => ({ _: 'inputMessageAudio', audio: { _: 'inputAudio', audio: file, duration: 1, title: '', performer: '' }, caption }),
}

const KINDS = { messageVideo: ['video', 'video'], messageVideoNote: ['round', 'video_note'], messageAnimation: ['animation', 'animation'], messageVoiceNote: ['voice', 'voice_note'], messageAudio: ['music', 'audio'] }

/** The commands about audio and video, in TDLib's own interface; `this` is the driver's client. */
export const mediaCommands = {
  /** Uploads a file of the disk and sends it as this kind of message. A round video has no caption. */
  async sendKind({ peer, path, kind, caption }) {
    return this.sendContent(peer, CONTENTS[kind](localFile(path), { _: 'formattedText', text: caption, entities: [] }))
  },

  /** The kind of a message with audio or video, and what the library shows of it. */
  async mediaOf({ peer, id }) {
    const content = await this.contentOf({ peer, id })
    const [kind, field] = KINDS[content._] ?? ['document', 'document']
    return { kind, media: content[field] }
  },

  /** What the library shows of the audio or video of a message. */
  async showMedia({ peer, id }) {
    const { kind, media } = await this.mediaOf({ peer, id })
    const { width = media.length ?? null, height = media.length ?? null, duration = 0, title, performer, waveform } = media
    return { kind, width, height, duration, title: title || null, performer: performer || null, hasWaveform: waveform ? Buffer.from(waveform, 'base64').some((value) => value > 0) : false }
  },

  /** Downloads the thumbnail of the audio or video of a message. @returns whether there is one */
  async saveMediaThumb({ peer, id, path }) {
    const { media } = await this.mediaOf({ peer, id })
    const thumbnail = media.thumbnail ?? media.album_cover_thumbnail
    if (!thumbnail) return false
    if (!(media.minithumbnail ?? media.album_cover_minithumbnail)) throw new Error('a thumbnail without a preview')
    await this.saveKnown({ file: thumbnail.file.id, path })
    return true
  },
}
