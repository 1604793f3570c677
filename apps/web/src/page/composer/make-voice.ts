// Makes a voice message of a recording. It is loaded with the first one, because reading and writing containers takes much code.
import type { LocalFile } from '../../protocol/index.ts';
import { changeContainer } from '../media/change-container.ts';
import { waveformOf } from '../media/waveform.ts';

const SAMPLE_RATE = 48_000;

/** @returns the recording as it is if it cannot be put into Ogg */
const toOgg = async (recording: Blob): Promise<Blob> => (recording.type === 'audio/ogg' ? recording : ((await changeContainer(recording, 'audio/ogg')) ?? recording));

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
