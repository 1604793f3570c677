import type { EncodedPacket, InputVideoTrack } from 'mediabunny';

import { clearDates } from './clear-dates.ts';
import type { Mediabunny } from './load-mediabunny.ts';

/** The longest first picture of a video that is looked at, in bytes. */
const PACKET_MAX = 8 * 1024 * 1024;

/**
 * Copies the first picture of a video, or all of it, into an MP4 file in memory whose index comes first. The pictures are not decoded.
 * @returns undefined if the video has no such picture
 */
export async function copyVideo(mediabunny: Mediabunny, track: InputVideoTrack, part: 'first picture' | 'all'): Promise<Uint8Array | undefined> {
  const [codec, decoderConfig] = [await track.getCodec(), await track.getDecoderConfig()];
  const sink = new mediabunny.EncodedPacketSink(track);
  const first = await sink.getFirstKeyPacket();
  if (codec === null || decoderConfig === null || first === null || first.byteLength > PACKET_MAX) return undefined;
  const target = new mediabunny.BufferTarget();
  const output = new mediabunny.Output({ format: new mediabunny.Mp4OutputFormat({ fastStart: 'in-memory' }), target });
  const source = new mediabunny.EncodedVideoPacketSource(codec);
  output.addVideoTrack(source, { rotation: await track.getRotation() });
  await output.start();
  const add = (packet: EncodedPacket): Promise<void> => source.add(packet, packet === first ? { decoderConfig } : undefined);
  await add(first);
  if (part === 'all') for (let next = await sink.getNextPacket(first); next !== null; next = await sink.getNextPacket(next)) await add(next);
  await output.finalize();
  return target.buffer === null ? undefined : clearDates(new Uint8Array(target.buffer));
}
