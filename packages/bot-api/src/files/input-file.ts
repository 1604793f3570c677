import { filesOf, hasCaption, type UsableFile } from '@aerogram/domain';
import type { tl } from '@aerogram/tl';

import type { BotCall } from '../bot-call.ts';
import { badRequest, type BotError } from '../bot-error.ts';
import type { FileParam } from '../params/params.ts';
import type { NamedFile } from './file-ids.ts';
import { inputDocumentOf, inputPhotoOf } from './input-ids.ts';
import type { MediaDetails, MediaKind } from './media-details.ts';
import { mediaOfUpload } from './upload-media.ts';

/** What sends a file in a message of its own, or replaces the file of a message. */
export type FileMediaInput =
  | tl.inputMediaUploadedPhoto
  | tl.inputMediaUploadedDocument
  | tl.inputMediaPhoto
  | tl.inputMediaDocument
  | tl.inputMediaPhotoExternal
  | tl.inputMediaDocumentExternal;

/** A file that a bot sends. */
export interface WantedMedia {
  kind: MediaKind;
  /** Undefined if the request has none. */
  file: FileParam | undefined;
  details: MediaDetails;
}

/** What the functions of this file need of a call. */
type FileCall = Pick<BotCall, 'botId' | 'domain' | 'fileIds' | 'invoke'>;

/** How errors call the kinds of files. Clients match on these words. */
const TYPE_NAMES: Readonly<Record<NamedFile['kind'], string>> = {
  photo: 'Photo', video: 'Video', animation: 'Animation', document: 'Document', audio: 'Audio', voice: 'VoiceNote', video_note: 'VideoNote', sticker: 'Sticker', thumbnail: 'Thumbnail',
  profile_photo: 'ProfilePhoto', chat_photo: 'ProfilePhoto',
};

/** Kinds that cannot be sent in the place of a document. */
const NO_DOCUMENTS: ReadonlySet<NamedFile['kind']> = new Set(['photo', 'thumbnail', 'profile_photo', 'chat_photo']);

/** Maximum length of the address of a file, in UTF-16 units. */
const URL_MAX = 2048;

/** How an address begins that is written in full. */
const SCHEME = /^([a-z][a-z0-9+.-]*):\/\//i;

/**
 * What sends a file that came with the request, that a `file_id` names, or that is at an address of the web, which the server fetches when it is sent.
 * @throws BotError 400 `there is no photo in the request` and the like; `can't use file of type Video as Photo` and the like; `wrong remote file identifier specified: …`;
 * `wrong file identifier/HTTP URL specified`; `invalid file HTTP URL specified: …`; `failed to get HTTP URL content: …` (this server fetches none). RpcError of messages.uploadMedia, which makes the cover of a video
 */
export async function prepareMedia(call: FileCall, { kind, file, details }: WantedMedia): Promise<FileMediaInput> {
  if (file === undefined) throw badRequest(`there is no ${kind.replace('_', ' ')} in the request`);
  const cover = kind === 'video' && details.cover !== undefined ? await prepareCover(call, details.cover) : undefined;
  if (file.kind === 'upload') return mediaOfUpload(kind, file.upload, details, cover);
  const spoiler = details.hasSpoiler || undefined;
  const video = cover === undefined && details.startTimestamp === 0 ? {} : { video_cover: cover, video_timestamp: details.startTimestamp || undefined };
  const url = urlIn(file.text);
  if (url !== undefined) {
    if (kind === 'video_note') throw wrongFile();
    checkFetches(call);
    return kind === 'photo' ? { _: 'inputMediaPhotoExternal', url, spoiler } : { _: 'inputMediaDocumentExternal', url, spoiler, ...video };
  }
  const used = await useFile(call, file.text, kind);
  return used.kind === 'photo' ? { _: 'inputMediaPhoto', id: used.id, spoiler } : { _: 'inputMediaDocument', id: used.id, spoiler, ...video };
}

/**
 * Keeps for the bot what the server has made of an upload or of a file of the web, once it was sent: the bot may use its `file_id` even if the message is deleted.
 * @param sent what the message has
 */
export async function keepSentFile({ botId, domain }: Pick<FileCall, 'botId' | 'domain'>, media: tl.InputMedia, sent: tl.MessageMedia | undefined): Promise<void> {
  if (media._ === 'inputMediaPhoto' || media._ === 'inputMediaDocument') return;
  await domain.botFiles.doKeep(botId, idsIn(sent));
}

/**
 * As {@link prepareMedia} for a file of an album: the server has made a document or photo of it before it is sent, and keeps it for the bot.
 * @param peer where it will be sent
 * @throws as {@link prepareMedia}, RpcError of messages.uploadMedia
 */
export async function prepareAlbumMedia(call: FileCall, wanted: WantedMedia, peer: tl.InputPeer): Promise<tl.inputMediaPhoto | tl.inputMediaDocument> {
  const media = await prepareMedia(call, wanted);
  if (media._ === 'inputMediaPhoto' || media._ === 'inputMediaDocument') return media;
  const made = await call.invoke({ _: 'messages.uploadMedia', peer, media });
  await call.domain.botFiles.doKeep(call.botId, idsIn(made));
  const { spoiler } = media;
  if (made._ === 'messageMediaPhoto' && made.photo?._ === 'photo') return { _: 'inputMediaPhoto', id: inputPhotoOf(made.photo), spoiler };
  if (made._ !== 'messageMediaDocument' || made.document?._ !== 'document') throw wrongFile();
  const video = 'video_cover' in media || 'video_timestamp' in media ? { video_cover: media.video_cover, video_timestamp: media.video_timestamp } : {};
  return { _: 'inputMediaDocument', id: inputDocumentOf(made.document), spoiler, ...video };
}

/**
 * A photo or document that a `file_id` names, as methods of the API take it.
 * @throws BotError 400 `can't use file of type …`, `wrong remote file identifier specified: …`, `wrong file identifier/HTTP URL specified` (it does not exist any more)
 */
export async function useFile({ botId, domain, fileIds }: Omit<FileCall, 'invoke'>, fileId: string, kind: MediaKind): Promise<UsableFile> {
  const named = fileIds.read(fileId);
  if (named === undefined) throw unreadable(fileId);
  // As with the official server, each kind of document can be sent in the place of the others, and stays what it is.
  if (kind === 'photo' ? named.kind !== 'photo' : NO_DOCUMENTS.has(named.kind)) throw badRequest(`can't use file of type ${TYPE_NAMES[named.kind]} as ${TYPE_NAMES[kind]}`);
  const used = await domain.botFiles.doUse(botId, named.id);
  if (used === undefined) throw wrongFile();
  return used;
}

/** @throws BotError 400 if this server fetches no files. It names the setting, because nothing else would tell why every address fails */
function checkFetches({ domain: { urlUploads } }: Pick<FileCall, 'domain'>): void {
  if (!urlUploads.isOn) throw badRequest('failed to get HTTP URL content: this server fetches no files (AEROGRAM_FILES_BY_URL)');
}

/** The documents and photos that a message has. */
function idsIn(media: tl.MessageMedia | undefined): bigint[] {
  return hasCaption(media) ? filesOf(media).map(({ id }) => id) : [];
}

/** The photo that a video shows until it plays. */
async function prepareCover(call: FileCall, cover: FileParam): Promise<tl.InputPhoto> {
  const url = cover.kind === 'text' ? urlIn(cover.text) : undefined;
  if (url !== undefined) checkFetches(call);
  if (cover.kind === 'text' && url === undefined) {
    const used = await useFile(call, cover.text, 'photo');
    if (used.kind === 'photo') return used.id;
    throw wrongFile();
  }
  const media: tl.InputMedia = cover.kind === 'upload' ? { _: 'inputMediaUploadedPhoto', file: cover.upload.file } : { _: 'inputMediaPhotoExternal', url: url! };
  const made = await call.invoke({ _: 'messages.uploadMedia', peer: { _: 'inputPeerSelf' }, media });
  await call.domain.botFiles.doKeep(call.botId, idsIn(made));
  if (made._ !== 'messageMediaPhoto' || made.photo?._ !== 'photo') throw wrongFile();
  return inputPhotoOf(made.photo);
}

/** The address that a text is; undefined if it must be a `file_id`. An address may be written without `http://`. */
function urlIn(text: string): string | undefined {
  const [, scheme] = SCHEME.exec(text) ?? [];
  // A path of this machine: a bot must not read the files of the server, also not in local mode.
  if (scheme === undefined && /^(?:[/\\]|file:)/i.test(text)) throw wrongFile();
  // No `file_id` has a dot.
  if (scheme === undefined && !text.includes('.')) return undefined;
  if (text.length > URL_MAX || (scheme === undefined && /\s/.test(text))) throw wrongFile();
  if (scheme !== undefined && !/^https?$/i.test(scheme)) throw badRequest('invalid file HTTP URL specified: Unsupported URL protocol');
  const url = scheme === undefined ? `http://${text}` : text;
  if (!URL.canParse(url)) throw badRequest('invalid file HTTP URL specified: URL host is invalid');
  return url;
}

/** A file that cannot be used: it is gone, or is no file. */
function wrongFile(): BotError {
  return badRequest('wrong file identifier/HTTP URL specified');
}

/** Why a text is no `file_id` of this bot, in the words of the official server. */
function unreadable(text: string): BotError {
  const why = /[^\w-]/.test(text) ? 'Wrong character in the string' : text.length % 4 === 1 ? 'Wrong string length' : "can't unserialize it. Wrong last symbol";
  return badRequest(`wrong remote file identifier specified: ${why}`);
}
