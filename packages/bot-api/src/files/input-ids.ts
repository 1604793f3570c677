import type { tl } from '@aerogram/tl';

/** A photo as requests name it. Pure. */
export function inputPhotoOf({ id, access_hash, file_reference }: tl.photo): tl.inputPhoto {
  return { _: 'inputPhoto', id, access_hash, file_reference };
}

/** A document as requests name it. Pure. */
export function inputDocumentOf({ id, access_hash, file_reference }: tl.document): tl.inputDocument {
  return { _: 'inputDocument', id, access_hash, file_reference };
}
