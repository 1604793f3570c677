/** The longest body without files, in bytes. */
export const TEXT_BYTES_MAX = 4 * 1024 * 1024;

/** More parameters than any method has. */
export const FIELDS_MAX = 500;
