/** Maximum length of an unsent file that is kept in the database, in bytes. A longer one is lost by a reload, and the person is asked for it again. */
export const KEPT_FILE_BYTES = 16 * 1024 * 1024;
