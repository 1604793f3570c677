import type { tl } from '@aerogram/tl';

import type { BuiltMedia } from './media-kinds.ts';

/** The inputs of clients from which each kind of media is made. An input that stands here must be prepared in `messages/prepare-media.ts`. */
const INPUTS = {
  messageMediaEmpty: [],
  messageMediaWebPage: ['inputMediaWebPage'],
  messageMediaPhoto: ['inputMediaUploadedPhoto', 'inputMediaPhoto', 'inputMediaPhotoExternal'],
  messageMediaDocument: ['inputMediaUploadedDocument', 'inputMediaDocument', 'inputMediaDocumentExternal'],
  messageMediaGeo: ['inputMediaGeoPoint'],
  messageMediaGeoLive: ['inputMediaGeoLive'],
  messageMediaVenue: ['inputMediaVenue'],
  messageMediaContact: ['inputMediaContact'],
  messageMediaDice: ['inputMediaDice'],
  messageMediaPoll: ['inputMediaPoll'],
  messageMediaToDo: ['inputMediaTodo'],
} as const satisfies Readonly<Record<BuiltMedia, readonly tl.InputMedia['_'][]>>;

/** The names of the inputs from which this server makes media. */
export type TakenInput = (typeof INPUTS)[BuiltMedia][number];

/** The inputs from which media of a kind are made. */
export type InputOf<Name extends BuiltMedia> = Extract<tl.InputMedia, { _: (typeof INPUTS)[Name][number] }>;

const MAKES: ReadonlyMap<tl.InputMedia['_'], BuiltMedia> = new Map(Object.entries(INPUTS).flatMap(([made, inputs]) => inputs.map((input) => [input, made as BuiltMedia])));

/** The kind of media that is made from an input; undefined for none. Pure. */
export function makesOf(input: tl.InputMedia): BuiltMedia | undefined {
  return MAKES.get(input._);
}

/** Whether an input is a document or a photo. Pure. */
export function isFileInput(input: tl.InputMedia | undefined): input is InputOf<'messageMediaPhoto' | 'messageMediaDocument'> {
  return input !== undefined && (isPhotoInput(input) || makesOf(input) === 'messageMediaDocument');
}

/** Whether an input is a photo. Pure. */
export function isPhotoInput(input: tl.InputMedia): input is InputOf<'messageMediaPhoto'> {
  return makesOf(input) === 'messageMediaPhoto';
}

/** Inputs of which a document or photo is made: uploads, and files that the server fetches. */
const UPLOADS: ReadonlySet<tl.InputMedia['_']> = new Set(['inputMediaUploadedPhoto', 'inputMediaUploadedDocument', 'inputMediaPhotoExternal', 'inputMediaDocumentExternal']);

/** Whether a document or photo is made of an input: of an upload, or of a file that the server fetches. Pure. */
export function isUpload(input: tl.InputMedia): boolean {
  return UPLOADS.has(input._);
}
