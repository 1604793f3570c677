/** The boxes of an MP4 file that say when it was made, and those in which they stand. */
const DATED: readonly string[] = ['mvhd', 'tkhd', 'mdhd'];

const CONTAINERS: readonly string[] = ['moov', 'trak', 'mdia'];
const HEADER_BYTES = 8;
/** Behind the header of a dated box are its version and flags. In version 1 its two dates have 8 bytes each, otherwise 4. */
const FLAGS_BYTES = 4;

/**
 * Sets the dates in an MP4 file to 0, so that the same pictures always give the same bytes. The file must be one that this server has written.
 * @returns the same bytes
 */
export function clearDates(file: Uint8Array): Uint8Array {
  clearIn(new DataView(file.buffer, file.byteOffset, file.length), 0, file.length);
  return file;
}

function clearIn(view: DataView, from: number, to: number): void {
  for (let at = from; at + HEADER_BYTES <= to; ) {
    const length = view.getUint32(at);
    // The data may be longer than 4 bytes can say. They come behind the index.
    if (length < HEADER_BYTES || at + length > to) return;
    const type = String.fromCharCode(...[4, 5, 6, 7].map((byte) => view.getUint8(at + byte)));
    if (CONTAINERS.includes(type)) clearIn(view, at + HEADER_BYTES, at + length);
    if (DATED.includes(type)) {
      const [dates, bytes] = [at + HEADER_BYTES + FLAGS_BYTES, view.getUint8(at + HEADER_BYTES) === 1 ? 16 : 8];
      for (let byte = 0; byte < bytes; byte++) view.setUint8(dates + byte, 0);
    }
    at += length;
  }
}
