import { KEPT_FILE_BYTES, type LocalFile } from '../../protocol/index.ts';
import type { MessageRow } from '../models/message.ts';
import type { Database } from './database.ts';
import { blobOf, type KeptBlob, keepBlob } from './kept-blob.ts';

/** The keys of these rows begin with it, because they are in the same store as the messages of the outbox. */
const PREFIX = 'file:';

/** The bytes of a file whose message was not sent yet. */
export interface FileRow {
  /** The key of the message. */
  fileOf: string;
  file: KeptBlob;
  thumb?: KeptBlob | undefined;
}

/** Keeps the bytes of a message's file until it was uploaded, so that it can be sent after a reload. Write them with `database.flush()`. */
export async function keepUnsentFile(database: Database, key: string, { file, thumb }: LocalFile): Promise<void> {
  if (file.size > KEPT_FILE_BYTES) return;
  try {
    database.put('outbox', PREFIX + key, { fileOf: key, file: await keepBlob(file), thumb: thumb && (await keepBlob(thumb)) } satisfies FileRow);
  } catch {
    // A file that was moved or changed on the disk cannot be read. The upload says so.
  }
}

export const dropUnsentFile = (database: Database, key: string): void => database.delete('outbox', PREFIX + key);

/** A message of the outbox in the form in which it is stored. Its file is in a row of its own, because the message is written again whenever the upload advances. */
export type OutgoingRow = Omit<MessageRow, 'local'> & { local?: (Omit<LocalFile, 'file' | 'thumb'> & { type: string }) | undefined };

/** Takes the bytes of the file out of a message, which leaves what is stored of it. Pure. */
export function withoutBytes({ local, ...row }: MessageRow): OutgoingRow {
  if (local === undefined) return row;
  const { file, thumb: _thumb, ...facts } = local;
  return { ...row, local: { ...facts, type: file.type } };
}

/** Joins the stored messages of the outbox with the stored files. A message whose file was not stored gets an empty Blob. Pure. */
export function withBytes(kept: readonly (OutgoingRow | FileRow)[]): MessageRow[] {
  const files = new Map(kept.flatMap((row) => ('fileOf' in row ? [[row.fileOf, row]] : [])));
  return kept.flatMap((row): MessageRow[] => {
    if ('fileOf' in row) return [];
    const { local, ...message } = row;
    if (local === undefined) return [message];
    const { type, ...facts } = local;
    const found = files.get(row.key);
    return [{ ...message, local: { ...facts, file: found ? blobOf(found.file) : new Blob([], { type }), thumb: found?.thumb && blobOf(found.thumb) } }];
  });
}
