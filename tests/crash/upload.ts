import { callPatiently, type RawAccount } from '@aerogram/dev-env/load';
import type { tl } from '@aerogram/tl';

const PART_BYTES = 32 * 1024;

/** A file, and the id under which its parts are uploaded. */
export interface Upload {
  bytes: Uint8Array;
  fileId: bigint;
}

const partsOf = (bytes: Uint8Array): number => Math.ceil(bytes.length / PART_BYTES);

/** Uploads the parts of a file. @param left how many of the last ones are left out */
export async function uploadParts(account: RawAccount, { bytes, fileId: file_id }: Upload, left = 0): Promise<void> {
  const saving = Array.from({ length: partsOf(bytes) - left }, (_, part) =>
    callPatiently<'upload.saveFilePart'>(account, { _: 'upload.saveFilePart', file_id, file_part: part, bytes: bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES) }),
  );
  await Promise.all(saving);
}

/** The uploaded file, as calls name it. */
export function inputFileOf({ bytes, fileId: id }: Upload, name: string): tl.inputFile {
  return { _: 'inputFile', id, parts: partsOf(bytes), name, md5_checksum: '' };
}

/** Calls once more what was not answered, and if the server has lost the upload that the call names, uploads again before. */
export async function repeatWithUpload<T>(call: () => Promise<T>, upload: () => Promise<void>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!/FILE_PART_\d+_MISSING|FILE_PARTS_INVALID/.test(String(error))) throw error;
    await upload();
    return call();
  }
}
