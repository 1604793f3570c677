import type { tl } from '@mtcute/core';
import Long from 'long';

/** Where the server has a file. Stays in the worker. */
export interface Location {
  kind: 'photo' | 'document';
  id: string;
  accessHash: string;
  fileReference: Uint8Array;
  dc: number;
  /** The set of a sticker. */
  set?: { id: string; accessHash: string };
}

/** Where a picture of another site is, which the server fetches. Stays in the worker. */
export interface WebLocation {
  kind: 'web';
  url: string;
  accessHash: string;
}

export interface Located {
  /** By the id of the photo or document. */
  locations: Record<string, Location>;
}

/** Notes where a photo or document is. Pure. */
export function locationOf(kind: Location['kind'], { id, accessHash, fileReference, dcId }: tl.RawPhoto | tl.RawDocument): Location {
  return { kind, id: id.toString(), accessHash: accessHash.toString(), fileReference, dc: dcId };
}

/** Names a file of another site for the server. Pure. */
export const inputWebLocation = ({ url, accessHash }: WebLocation): tl.RawInputWebFileLocation => ({ _: 'inputWebFileLocation', url, accessHash: Long.fromString(accessHash) });

/** Names one size of a file for the server; an empty size is the document itself. Pure. */
export function inputLocation({ kind, id, accessHash, fileReference }: Location, size: string): tl.TypeInputFileLocation {
  const name = { id: Long.fromString(id), accessHash: Long.fromString(accessHash), fileReference, thumbSize: size };
  return kind === 'photo' ? { _: 'inputPhotoFileLocation', ...name } : { _: 'inputDocumentFileLocation', ...name };
}
