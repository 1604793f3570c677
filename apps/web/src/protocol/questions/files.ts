import type { FileRef } from '../models.ts';

/** A part of a file, for somebody who does not need all of it. */
export interface FilePart {
  bytes: ArrayBuffer;
  /** Length of the whole file; 0 if it is not known. */
  total: number;
  /** What the file is, by its first bytes. */
  type: string;
}

/** What a file that is sent must keep to. */
export interface FileLimits {
  /** Length of the longest file, in bytes. */
  fileBytes: number;
  /** Characters below a photo or file. */
  captionLength: number;
}

/** Files of messages and peers. */
export interface FileQuestions {
  /** Loads all of a file. How far it has come is told by `progress`. */
  'files.load': { say: { file: FileRef }; get: Blob };
  /** Stops loading. What has come stays, so the next `files.load` goes on from there. */
  'files.cancel': { say: { file: FileRef }; get: void };
  /** The bytes from a place on: at least one and not more than a part, or none if the file ends before it. */
  'files.part': { say: { file: FileRef; from: number }; get: FilePart };
  /** Unpacks the animation of a sticker. It has been checked: it is not long, shows nothing but shapes, and runs nothing. */
  'files.animation': { say: { file: FileRef }; get: string };
  'files.limits': { say: void; get: FileLimits };
}
