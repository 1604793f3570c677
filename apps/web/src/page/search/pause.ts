/** The server is asked when nothing was typed for so long, in milliseconds. */
export const PAUSE_MS = 250;
