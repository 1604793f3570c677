/** A longer file that is on its way is lost with the page, and the person is asked for it again. */
export const KEPT_FILE_BYTES = 16 * 1024 * 1024;
