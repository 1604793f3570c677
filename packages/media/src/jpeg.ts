const MARKER = 0xff;
const START_OF_SCAN = 0xda;
const END_OF_IMAGE = 0xd9;
const RESTART_FIRST = 0xd0;
const RESTART_LAST = 0xd7;

/** A part of a JPEG file: where its compressed data begin, and where they end. */
export interface JpegScan {
  /** The first byte behind the header of the scan. */
  from: number;
  /** The marker behind the data. */
  to: number;
}

/**
 * Lists the scans of a JPEG file that was encoded here. Pure.
 * @throws Error if the file is no JPEG
 */
export function listScans(jpeg: Uint8Array): JpegScan[] {
  const scans: JpegScan[] = [];
  let at = 2;
  while (at + 4 <= jpeg.length) {
    if (jpeg[at] !== MARKER) throw new Error(`no marker at byte ${at} of a JPEG`);
    const marker = jpeg[at + 1]!;
    if (marker === END_OF_IMAGE) break;
    at += 2 + ((jpeg[at + 2]! << 8) | jpeg[at + 3]!);
    if (marker !== START_OF_SCAN) continue;
    const from = at;
    while (at + 1 < jpeg.length && !isMarker(jpeg[at]!, jpeg[at + 1]!)) at++;
    scans.push({ from, to: at });
  }
  return scans;
}

/** Whether two bytes in compressed data are a marker. A byte 255 of the data is followed by 0. */
function isMarker(first: number, second: number): boolean {
  return first === MARKER && second !== 0 && !(second >= RESTART_FIRST && second <= RESTART_LAST);
}

/** A client may show a progressive JPEG of libjpeg after so many of its scans: 1 has a coarse picture, 4 and 5 its colours, 7 details. */
const SHOWN_AFTER = [1, 4, 5, 7];

/** The lengths of the prefixes of a progressive JPEG that clients may show while they load the rest; the last one is the whole file. Pure. */
export function listPrefixes(jpeg: Uint8Array): number[] {
  const scans = listScans(jpeg);
  const shown = SHOWN_AFTER.filter((count) => count < scans.length).map((count) => scans[count - 1]!.to);
  return [...shown, jpeg.length];
}

/** The stripped form has one byte for each side. */
const STRIPPED_VERSION = 1;

/**
 * The form of a small JPEG without the headers, which clients add again (core.telegram.org/api/files#stripped-thumbnails). The JPEG must have been encoded with
 * quality 20 and the tables of the JPEG standard. Pure.
 */
export function stripJpeg(jpeg: Uint8Array, { width, height }: { width: number; height: number }): Uint8Array {
  const [scan] = listScans(jpeg);
  if (scan === undefined) throw new Error('a JPEG without a scan');
  return Buffer.concat([Uint8Array.of(STRIPPED_VERSION, height, width), jpeg.subarray(scan.from, scan.to)]);
}
