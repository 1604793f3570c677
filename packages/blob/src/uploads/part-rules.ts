/** The longest part, in bytes. Part sizes divide it (core.telegram.org/api/files). */
export const MAX_PART_BYTES = 512 * 1024;

const PART_SIZE_STEP = 1024;

/** The number of parts of an upload whose end is not known yet. */
export const UNKNOWN_TOTAL = -1;

/** Why a part or a whole upload is refused. */
export type UploadRefusal =
  /** The part has no bytes. */
  | 'part-empty'
  /** The part is longer than 512 KiB. */
  | 'part-too-big'
  /** A part that is not the last one has a length that is no divisor of 512 KiB, or no multiple of 1 KiB. */
  | 'part-size-invalid'
  /** The part has another length than the other parts. */
  | 'part-size-changed'
  /** The number of the part is outside of the upload. */
  | 'part-invalid'
  /** The number of parts is not allowed, or differs from what an earlier call said; or the file would be longer than what one user may hold. */
  | 'parts-invalid';

/** Where a part belongs. */
export interface PartPlace {
  userId: bigint;
  /** Chosen by the client; unique among the uploads of a user. */
  fileId: bigint;
  /** From 0. */
  part: number;
  /** The number of parts; −1 while the client does not know it (streamed), undefined for small files, whose parts do not say it. */
  totalParts: number | undefined;
}

const isKnown = (total: number | undefined): total is number => total !== undefined && total !== UNKNOWN_TOTAL;

function isPartSize(length: number): boolean {
  return length % PART_SIZE_STEP === 0 && MAX_PART_BYTES % length === 0;
}

/** Whether a part is certainly not the last one of several, so that its length is the part size of the upload. */
function fixesPartSize({ part, totalParts }: PartPlace, length: number): boolean {
  if (totalParts === UNKNOWN_TOTAL) return true;
  if (totalParts !== undefined) return part < totalParts - 1;
  // The first part of a small file is also the last one only if it is alone.
  return part === 0 && isPartSize(length);
}

/** The part size of the upload as far as this part alone tells; undefined if the part may be the last one. */
export function partSizeFrom(place: PartPlace, length: number): number | undefined {
  return fixesPartSize(place, length) ? length : undefined;
}

/**
 * Checks a part by itself.
 * @param maxParts the most parts of an upload
 */
export function checkPart(place: PartPlace, length: number, maxParts: number): UploadRefusal | undefined {
  const { part, totalParts } = place;
  if (isKnown(totalParts) && !(Number.isInteger(totalParts) && totalParts >= 1 && totalParts <= maxParts)) return 'parts-invalid';
  if (!Number.isInteger(part) || part < 0 || part >= (isKnown(totalParts) ? totalParts : maxParts)) return 'part-invalid';
  if (length === 0) return 'part-empty';
  if (length > MAX_PART_BYTES) return 'part-too-big';
  return fixesPartSize(place, length) && !isPartSize(length) ? 'part-size-invalid' : undefined;
}

/** The fewest bytes of a complete upload that has this part: only the last part may be shorter than the others. */
export function leastSize({ part, totalParts }: PartPlace, length: number): number {
  return isKnown(totalParts) && part < totalParts - 1 ? (totalParts - 1) * length + 1 : (part + 1) * length;
}

/** What is known of an upload when its parts are checked together. */
export interface KnownParts {
  /** The lengths of the parts that have arrived, by number; 0 or nothing for those that have not. */
  lengths: readonly (number | undefined)[];
  /** The part size, if a part has fixed it. */
  partSize: number | undefined;
  /** The number of parts, if it is known. */
  total: number | undefined;
}

/** Checks that all parts have the same length, and that only the last one is shorter. */
export function checkTogether({ lengths, partSize, total }: KnownParts): UploadRefusal | undefined {
  let last = lengths.length - 1;
  while (last >= 0 && !lengths[last]) last--;
  if (last < 0) return undefined;
  if (total !== undefined && last >= total) return 'parts-invalid';
  let size = partSize;
  for (let part = 0; part < last; part++) {
    const length = lengths[part];
    if (!length) continue;
    if (!isPartSize(length)) return 'part-size-invalid';
    size ??= length;
    if (length !== size) return 'part-size-changed';
  }
  if (size === undefined) return undefined;
  const mayBeShorter = total === undefined || last === total - 1;
  return lengths[last] === size || (mayBeShorter && lengths[last]! < size) ? undefined : 'part-size-changed';
}
