import { rpcError } from '@aerogram/errors';
import type { Clock, Random } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { ResolvedPeer } from '../access/index.ts';
import { prepareTodo } from '../checklists/index.ts';
import type { DocumentMediaInput, Files } from '../files/index.ts';
import { diceWork, type PhotoMediaInput, prepareDice } from '../collections/index.ts';
import type { BuiltMedia, FileMedia } from '../content/index.ts';
import type { MediaTarget } from '../documents/index.ts';
import { cleanLine } from '../peers/index.ts';
import { type Polls, pollWork } from '../polls/index.ts';
import { normalizeUrl } from '../shared/index.ts';
import type { UrlUploads } from '../web-files/index.ts';
import { pageWork } from '../web-pages/index.ts';
import type { FormattedText } from './check-text.ts';
import type { MediaEdit } from './edit-media.ts';
import { prepareGeoPoint, prepareLiveLocation } from './live-location.ts';
import { type MediaWork, NO_WORK } from './media-work.ts';
import { NAME_MAX, prepareContact } from './prepare-contact.ts';
import { UNTIL_ONLINE_DATE } from './project-scheduled.ts';

/** For whom and for what media are made. */
export interface Preparing {
  userId: bigint;
  isBot: boolean;
  /** The chat that gets a new message with them; undefined where they are put into a message that exists, or beside parts of a poll. */
  peer?: ResolvedPeer | undefined;
  /** When the message will be sent, in unix seconds; undefined: now. */
  scheduleDate?: number | undefined;
  /** Where files go. */
  target?: MediaTarget | undefined;
  /** Gets the media that are made for those inside of others. */
  made?: tl.MessageMedia[] | undefined;
}

/** What media are made with. */
export interface PrepareDeps {
  random: Random;
  clock: Clock;
  files: Pick<Files, 'doPrepareMedia' | 'photos'>;
  urlUploads: Pick<UrlUploads, 'doUse'>;
  polls: Pick<Polls, 'doCreate'>;
  /** Finds the sender's contact with this phone number. Only contacts are looked up, so that nobody learns whether a stranger's number is registered. */
  findContact(userId: bigint, phone: string): Promise<{ phone: string; userId: bigint }>;
  normalizeText(userId: bigint, text: string, entities: readonly tl.MessageEntity[] | undefined): FormattedText | Promise<FormattedText>;
  normalizeCaption(userId: bigint, text: string, entities: readonly tl.MessageEntity[] | undefined): Promise<FormattedText>;
}

/** What is done with an input. */
interface InputKind<Input> {
  /** The kind of media that is made from it. */
  makes: BuiltMedia;
  /** Makes the media of a message. */
  make(deps: PrepareDeps, input: Input, preparing: Preparing): tl.MessageMedia | Promise<tl.MessageMedia>;
  /** Prepares what an edit with it puts into a message. */
  edit(deps: PrepareDeps, input: Input, preparing: Preparing): MediaEdit | Promise<MediaEdit>;
  /** Whether making the media stores something, which a repeated call must not do again. */
  stores?: true;
  /** What is left to be done when a message with such media is sent; absent if nothing is. */
  work?: MediaWork<never>;
}

/** A document or photo that a client sends. */
export type FileInput = PhotoMediaInput | DocumentMediaInput | tl.inputMediaPhotoExternal | tl.inputMediaDocumentExternal;

/** Makes a document or photo; that of a URL becomes an upload. Throws as {@link useFileInput}, and as the operations for files. */
export function prepareFile({ files, ...deps }: Pick<PrepareDeps, 'files' | 'urlUploads'>, input: FileInput, { target, ...preparing }: Pick<Preparing, 'userId' | 'isBot' | 'target'>): Promise<FileMedia> {
  return useFileInput<FileMedia>(deps, input, preparing, (own) => (isPhotoInput(own) ? files.photos.doPrepareMedia(preparing.userId, own, target) : files.doPrepareMedia(preparing.userId, own, target)));
}

async function preparePoll(deps: PrepareDeps, input: tl.inputMediaPoll, preparing: Preparing): Promise<tl.MessageMedia> {
  const { userId, peer, scheduleDate, made } = preparing;
  if (peer === undefined) throw rpcError('MEDIA_INVALID');
  const solution = input.solution === undefined ? undefined : await deps.normalizeCaption(userId, input.solution, input.solution_entities);
  return deps.polls.doCreate({
    creatorId: userId,
    placeId: peer.peerId,
    input,
    async makeMedia(wanted) {
      const media = await prepareMedia(deps, wanted, { userId, isBot: preparing.isBot });
      made?.push(media);
      return media;
    },
    solution,
    kind: peer.kind === 'user' ? 'private' : isBroadcast(peer) ? 'broadcast' : 'group',
    sendDate: scheduleDate === undefined || scheduleDate === UNTIL_ONLINE_DATE ? deps.clock.now() : scheduleDate,
  });
}

const prepareVenue = (random: Random, input: tl.inputMediaVenue): tl.messageMediaVenue => ({
  _: 'messageMediaVenue',
  geo: prepareGeoPoint(random, input.geo_point),
  title: cleanLine(input.title, NAME_MAX),
  address: cleanLine(input.address, NAME_MAX),
  provider: cleanLine(input.provider, NAME_MAX),
  venue_id: cleanLine(input.venue_id, NAME_MAX),
  venue_type: cleanLine(input.venue_type, NAME_MAX),
});

/** Bots have no checklists, and broadcast channels neither. */
const prepareList = ({ normalizeText }: PrepareDeps, { todo }: tl.inputMediaTodo, { userId, isBot, peer }: Preparing): Promise<tl.messageMediaToDo> =>
  prepareTodo(todo, { isAllowed: !isBot && !isBroadcast(peer), normalize: (text, entities) => normalizeText(userId, text, entities) });

const isBroadcast = (peer: ResolvedPeer | undefined): boolean => peer?.kind === 'channel' && peer.row.kind === 'broadcast';

/** For inputs that no edit puts into a message. */
const refuseEdit = (): never => {
  throw rpcError('MEDIA_NEW_INVALID');
};

const photo = { makes: 'messageMediaPhoto', make: prepareFile, edit: prepareFile } as const;
const document = { makes: 'messageMediaDocument', make: prepareFile, edit: prepareFile } as const;

/** The inputs that this server takes. */
const INPUTS = {
  // Pages belong to texts, with which they are prepared.
  inputMediaWebPage: { makes: 'messageMediaWebPage', make: () => Promise.reject(rpcError('MEDIA_INVALID')), edit: refuseEdit, work: pageWork },
  inputMediaUploadedPhoto: { ...photo, stores: true },
  inputMediaPhoto: photo,
  inputMediaPhotoExternal: { ...photo, stores: true },
  inputMediaUploadedDocument: { ...document, stores: true },
  inputMediaDocument: document,
  inputMediaDocumentExternal: { ...document, stores: true },
  inputMediaGeoPoint: { makes: 'messageMediaGeo', make: ({ random }, { geo_point }) => ({ _: 'messageMediaGeo', geo: prepareGeoPoint(random, geo_point) }), edit: refuseEdit },
  inputMediaGeoLive: { makes: 'messageMediaGeoLive', make: ({ random }, input) => prepareLiveLocation(random, input), edit: (_, input) => input },
  inputMediaVenue: { makes: 'messageMediaVenue', make: ({ random }, input) => prepareVenue(random, input), edit: refuseEdit },
  inputMediaContact: { makes: 'messageMediaContact', make: ({ findContact }, input, { userId }) => prepareContact(input, (phone) => findContact(userId, phone)), edit: refuseEdit },
  inputMediaDice: { makes: 'messageMediaDice', make: (_, { emoticon }) => prepareDice(emoticon), edit: refuseEdit, work: diceWork },
  // Nothing of a poll changes by an edit but that it is closed. Clients send the poll as they know it, or nothing but the flag.
  inputMediaPoll: { makes: 'messageMediaPoll', make: preparePoll, edit: (_, { poll }) => (poll.closed === true ? { _: 'pollEnd' } : refuseEdit()), stores: true, work: pollWork },
  inputMediaTodo: { makes: 'messageMediaToDo', make: prepareList, edit: prepareList },
} as const satisfies { readonly [Name in tl.InputMedia['_']]?: InputKind<Extract<tl.InputMedia, { _: Name }>> };

/** The kinds of media for which no input is listed: the compiler accepts none but the empty ones. */
const NEVER_MADE: { readonly [Name in Exclude<BuiltMedia, (typeof INPUTS)[keyof typeof INPUTS]['makes']>]: InputKind<never>['work'] } = { messageMediaEmpty: undefined };

const WORK: ReadonlyMap<string, MediaWork<tl.MessageMedia> | undefined> = new Map([...Object.entries(NEVER_MADE), ...Object.values(INPUTS).map((kind: InputKind<never>) => [kind.makes, kind.work] as const)]);

/** The work of the kind of these media. Kinds that this server does not make have none. Pure. */
export function workOf(media: tl.MessageMedia): MediaWork<tl.MessageMedia> {
  return WORK.get(media._) ?? NO_WORK;
}

/** Lists media that belong to those of a message and are not stored with it; see {@link MediaWork.listBesides}. */
export async function listBesides(db: Pick<Database, 'run'>, media: tl.MessageMedia | undefined): Promise<tl.MessageMedia[]> {
  return (media && (await workOf(media).listBesides?.(db, media))) ?? [];
}

function inputKindOf(input: tl.InputMedia): InputKind<tl.InputMedia> | undefined {
  const kinds: { readonly [Name in tl.InputMedia['_']]?: InputKind<tl.InputMedia> } = INPUTS;
  return kinds[input._];
}

/**
 * Builds the stored media from a client's input. The value of a die is drawn when the message is sent.
 * @throws RpcError MEDIA_EMPTY, MEDIA_INVALID (media that are not supported), GEO_POINT_INVALID, EMOTICON_EMPTY, EMOTICON_INVALID, PHONE_NUMBER_INVALID, CONTACT_NAME_EMPTY, and as the
 * operations for files, polls and checklists
 */
export async function prepareMedia(deps: PrepareDeps, input: tl.InputMedia, preparing: Preparing): Promise<tl.MessageMedia> {
  const kind = inputKindOf(input);
  if (kind === undefined) throw rpcError(input._ === 'inputMediaEmpty' ? 'MEDIA_EMPTY' : 'MEDIA_INVALID');
  return kind.make(deps, input, preparing);
}

/**
 * Prepares media that an edit puts into a message, except link previews, which belong to its text.
 * @throws RpcError MEDIA_EMPTY, MEDIA_NEW_INVALID (no edit puts them into a message), and as the operations for files and checklists
 */
export async function prepareEdit(deps: PrepareDeps, input: tl.InputMedia, preparing: Preparing): Promise<MediaEdit> {
  const kind = inputKindOf(input);
  if (kind === undefined) throw rpcError(input._ === 'inputMediaEmpty' ? 'MEDIA_EMPTY' : 'MEDIA_NEW_INVALID');
  return kind.edit(deps, input, preparing);
}

/** Whether the media that are made from an input belong to a text: a link preview. Pure. */
export function isTextInput(input: tl.InputMedia): input is tl.inputMediaWebPage {
  return inputKindOf(input)?.makes === 'messageMediaWebPage';
}

/** Whether an input is a document or a photo. Pure. */
export function isFileInput(input: tl.InputMedia | undefined): input is FileInput {
  return input !== undefined && (isPhotoInput(input) || inputKindOf(input)?.makes === 'messageMediaDocument');
}

/** Whether an input is a photo. Pure. */
export function isPhotoInput(input: tl.InputMedia): input is PhotoMediaInput | tl.inputMediaPhotoExternal {
  return inputKindOf(input)?.makes === 'messageMediaPhoto';
}

/** Whether a document or photo is made of an input: of an upload, or of a file that the server fetches. Pure. */
export function isUpload(input: tl.InputMedia): boolean {
  return isFileInput(input) && storesSomething(input);
}

/** Whether preparing an input stores something, which a repeated call must not do again. Pure. */
export function storesSomething(input: tl.InputMedia): boolean {
  return inputKindOf(input)?.stores === true;
}

/**
 * Calls with a client's document or photo; a file at a URL is fetched before, and becomes an upload of the caller.
 * @throws RpcError WEBDOCUMENT_URL_INVALID, as `UrlUploads.doUse`, and what `use` throws
 */
export async function useFileInput<T>(
  { urlUploads }: Pick<PrepareDeps, 'urlUploads'>,
  input: FileInput,
  { userId, isBot }: Pick<Preparing, 'userId' | 'isBot'>,
  use: (input: DocumentMediaInput | PhotoMediaInput) => Promise<T>,
): Promise<T> {
  if (input._ !== 'inputMediaPhotoExternal' && input._ !== 'inputMediaDocumentExternal') return use(input);
  const url = normalizeUrl(input.url);
  if (url === undefined) throw rpcError('WEBDOCUMENT_URL_INVALID');
  const { spoiler, ttl_seconds } = input;
  const isPhoto = input._ === 'inputMediaPhotoExternal';
  const video = isPhoto ? {} : { video_cover: input.video_cover, video_timestamp: input.video_timestamp };
  return urlUploads.doUse({ userId, isBot }, { url, kind: isPhoto ? 'photo' : undefined, attributes: [] }, (upload) => use({ ...upload, ...video, spoiler, ttl_seconds }));
}
