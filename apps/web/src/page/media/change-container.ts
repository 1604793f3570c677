// Puts sound into another container. It is loaded when it is needed, because reading and writing containers takes much code.
import { BlobSource, BufferTarget, Conversion, Input, MP4, Mp4OutputFormat, OGG, OggOutputFormat, Output, WEBM, WebMOutputFormat } from 'mediabunny';

const FORMATS = { 'audio/ogg': () => new OggOutputFormat(), 'audio/mp4': () => new Mp4OutputFormat(), 'audio/webm': () => new WebMOutputFormat() };

export type SoundType = keyof typeof FORMATS;

/** Puts Opus into another container, without changing the sound. @returns undefined if that cannot be done */
export async function changeContainer(sound: Blob, type: SoundType): Promise<Blob | undefined> {
  try {
    const output = new Output({ format: FORMATS[type](), target: new BufferTarget() });
    const conversion = await Conversion.init({ input: new Input({ source: new BlobSource(sound), formats: [WEBM, MP4, OGG] }), output, showWarnings: false });
    if (!conversion.isValid) return undefined;
    await conversion.execute();
    return output.target.buffer ? new Blob([output.target.buffer], { type }) : undefined;
  } catch {
    return undefined;
  }
}
