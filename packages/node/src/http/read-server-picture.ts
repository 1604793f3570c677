import { closeSync, openSync, readSync } from 'node:fs';
import { OperatorError } from '@aerogram/runtime';

const BYTES_MAX = 256 * 1024;
/** What each PNG begins with. */
const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

/**
 * Reads the operator's picture of the server, once, when it starts.
 * @throws OperatorError if the file cannot be read, is too long, or is no PNG
 */
export function readServerPicture(path: string): Buffer {
  const bytes = Buffer.alloc(BYTES_MAX + 1);
  let length: number;
  try {
    const file = openSync(path, 'r');
    try {
      length = readSync(file, bytes);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw new OperatorError(`AEROGRAM_SERVER_PICTURE: ${path} cannot be read: ${(error as Error).message}`);
  }
  if (length > BYTES_MAX) throw new OperatorError(`AEROGRAM_SERVER_PICTURE: ${path} has more than 256 KiB`);
  if (!bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE)) throw new OperatorError(`AEROGRAM_SERVER_PICTURE: ${path} is no PNG`);
  return Buffer.from(bytes.subarray(0, length));
}
