/** The longest body without files, in bytes. */
export const TEXT_BYTES_MAX = 4 * 1024 * 1024;

/** More parameters than any method has. */
export const FIELDS_MAX = 500;

/** How much of the body of a refused request is read and dropped, in bytes: somewhat more than the longest file without local mode. */
export const DROPPED_BYTES_MAX = 64 * 1024 * 1024;
