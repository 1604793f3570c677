import type { FileRef } from '../models.ts';

/** Files of messages and peers. */
export interface FileQuestions {
  /** The first part of the bytes may be shown while the rest is loaded. */
  'files.load': { say: { file: FileRef }; get: Blob };
  'files.cancel': { say: { file: FileRef }; get: void };
}
