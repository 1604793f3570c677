import { HEADER_BYTES } from './stun-constants.ts';

/** Longest message of a stream: channel data of 64 KiB is never sent by an app. */
const FRAME_MAX = 16 * 1024;

const CHANNEL_HEADER = 4;

/** Cuts a TCP stream into messages: STUN messages and channel data, which is padded there (RFC 8656, 12.5). Holds less than one message. */
export class StreamFrames {
  #held: Buffer = Buffer.alloc(0);

  /**
   * Takes what came.
   * @returns the messages that are complete now, without padding; undefined if the stream is not one of TURN, and must be closed
   */
  push(chunk: Buffer): Buffer[] | undefined {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const frames: Buffer[] = [];
    let at = 0;
    while (bytes.length - at >= CHANNEL_HEADER) {
      const first = bytes[at]!;
      if (first >= 0x80) return undefined;
      const isChannel = first >= 0x40;
      const length = bytes.readUInt16BE(at + 2) + (isChannel ? CHANNEL_HEADER : HEADER_BYTES);
      if (length > FRAME_MAX) return undefined;
      const padded = isChannel ? (length + 3) & ~3 : length;
      if (bytes.length - at < padded) break;
      frames.push(bytes.subarray(at, at + length));
      at += padded;
    }
    // A copy, so that a few bytes do not keep a large chunk.
    this.#held = Buffer.from(bytes.subarray(at));
    return frames;
  }
}
