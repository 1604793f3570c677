/** Addresses below this path are answered by the service worker, with parts of files that it asks a page for. */
export const STREAM_PATH = '/stream/';

/** What the service worker asks the page that plays something. The answer comes through the port of the message. */
export interface StreamQuestion {
  type: 'stream';
  /** The last part of the address. */
  token: string;
  /** The first byte that is needed. */
  from: number;
}

/** Bytes from that place on; `undefined` if the page knows no such file, or cannot load it. */
export type StreamAnswer = { bytes: ArrayBuffer; total: number; type: string } | undefined;
