import type { EncodedPacket, InputVideoTrack } from 'mediabunny';

import { clearDates } from './clear-dates.ts';
import { avcConfigOf, withoutSei } from './h264-units.ts';
import type { Mediabunny } from './load-mediabunny.ts';

/** The longest first picture of a video that is looked at, in bytes. */
const PACKET_MAX = 8 * 1024 * 1024;

/**
 * Copies the first picture of a video, or all of it, into an MP4 file in memory whose index comes first. The pictures are not decoded. A copy of all of an H.264
 * video has no supplemental information (SEI).
 * @returns undefined if the video has no such picture, or its H.264 is damaged
 */
export async function copyVideo(mediabunny: Mediabunny, track: InputVideoTrack, part: 'first picture' | 'all'): Promise<Uint8Array | undefined> {
  const [codec, decoderConfig] = [await track.getCodec(), await track.getDecoderConfig()];
  const sink = new mediabunny.EncodedPacketSink(track);
  const first = await sink.getFirstKeyPacket();
  if (codec === null || decoderConfig === null || first === null || first.byteLength > PACKET_MAX) return undefined;
  const clean = part === 'all' && codec === 'avc' ? seiRemoverOf(decoderConfig) : keepPacket;
  if (clean === undefined) return undefined;
  const target = new mediabunny.BufferTarget();
  const output = new mediabunny.Output({ format: new mediabunny.Mp4OutputFormat({ fastStart: 'in-memory' }), target });
  const source = new mediabunny.EncodedVideoPacketSource(codec);
  output.addVideoTrack(source, { rotation: await track.getRotation() });
  await output.start();
  for (let packet: EncodedPacket | null = first; packet !== null; packet = part === 'all' ? await sink.getNextPacket(packet) : null) {
    const cleaned = clean(packet);
    if (cleaned === undefined) return undefined;
    await source.add(cleaned, packet === first ? { decoderConfig } : undefined);
  }
  await output.finalize();
  return target.buffer === null ? undefined : clearDates(new Uint8Array(target.buffer));
}

function keepPacket(packet: EncodedPacket): EncodedPacket {
  return packet;
}

/** Returns what copies packets of H.264 without supplemental information. It returns undefined for a damaged one. @returns undefined if it cannot be told where the units of the video begin */
function seiRemoverOf(decoderConfig: VideoDecoderConfig): ((packet: EncodedPacket) => EncodedPacket | undefined) | undefined {
  const config = avcConfigOf(decoderConfig);
  return (
    config &&
    ((packet) => {
      const data = withoutSei(packet.data, config);
      return data && packet.clone({ data });
    })
  );
}
