/** The longest body without files, in bytes, as on the official server. The longest one that makes sense has less than a fifth: fifty inline results with full texts and keyboards. */
export const TEXT_BYTES_MAX = 1024 * 1024;

/** More parameters than any method has. They are counted before they are read. */
export const FIELDS_MAX = 500;

/** The most files of a form. */
export const FILES_MAX = 30;

/** So many bytes are decoded at a time; then others have their turn. */
export const SLICE_BYTES = 64 * 1024;

/** How much of the body of a refused request is read and dropped, in bytes: somewhat more than the longest file without local mode. */
export const DROPPED_BYTES_MAX = 64 * 1024 * 1024;
