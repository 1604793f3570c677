// Makes a voice message of a recording. It is loaded with the first one, because reading and writing containers takes much code.
import { BlobSource, BufferTarget, Conversion, Input, MP4, OggOutputFormat, Output, WEBM } from 'mediabunny';
import type { LocalFile } from '../../protocol/index.ts';
import { waveformOf } from '../media/waveform.ts';

const SAMPLE_RATE = 48_000;

/** Puts Opus from another container into Ogg, without changing the sound. @returns the recording as it is if that cannot be done */
async function toOgg(recording: Blob): Promise<Blob> {
  if (recording.type === 'audio/ogg') return recording;
  try {
    const output = new Output({ format: new OggOutputFormat(), target: new BufferTarget() });
    const conversion = await Conversion.init({ input: new Input({ source: new BlobSource(recording), formats: [WEBM, MP4] }), output, showWarnings: false });
    if (!conversion.isValid) return recording;
    await conversion.execute();
    return output.target.buffer ? new Blob([output.target.buffer], { type: 'audio/ogg' }) : recording;
  } catch {
    return recording;
  }
}

async function decode(recording: Blob): Promise<AudioBuffer | undefined> {
  const context = new OfflineAudioContext(1, 1, SAMPLE_RATE);
  return await context.decodeAudioData(await recording.arrayBuffer()).catch(() => undefined);
}

/** @param seconds by the clock, if the sound does not say */
export async function makeVoice(recording: Blob, seconds: number): Promise<LocalFile> {
  const [file, sound] = await Promise.all([toOgg(recording), decode(recording)]);
  return {
    file,
    as: 'voice',
    name: file.type === 'audio/ogg' ? 'voice.ogg' : 'voice.m4a',
    duration: sound?.duration ?? seconds,
    waveform: sound && waveformOf(sound.getChannelData(0)),
  };
}
