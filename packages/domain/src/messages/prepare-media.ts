import { rpcError } from '@aerogram/errors';
import type { Clock, Random } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import type { ResolvedPeer } from '../access/index.ts';
import { prepareTodo } from '../checklists/index.ts';
import type { DocumentMediaInput, Files } from '../files/index.ts';
import { type PhotoMediaInput, prepareDice } from '../collections/index.ts';
import { type FileMedia, type InputOf, isPhotoInput, isUpload, makesOf, type TakenInput } from '../content/index.ts';
import type { MediaTarget } from '../documents/index.ts';
import { cleanLine } from '../peers/index.ts';
import type { Polls } from '../polls/index.ts';
import { normalizeUrl } from '../shared/index.ts';
import type { UrlUploads } from '../web-files/index.ts';
import type { FormattedText } from './check-text.ts';
import { prepareGeoPoint, prepareLiveLocation } from './live-location.ts';
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
  normalizeText(userId: bigint, text: string, entities: readonly tl.MessageEntity[] | undefined): Promise<FormattedText>;
  normalizeCaption(userId: bigint, text: string, entities: readonly tl.MessageEntity[] | undefined): Promise<FormattedText>;
}

type Prepare<Input> = (deps: PrepareDeps, input: Input, preparing: Preparing) => tl.MessageMedia | Promise<tl.MessageMedia>;

/** A document or photo that a client sends. */
export type FileInput = InputOf<'messageMediaPhoto' | 'messageMediaDocument'>;

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

const isBroadcast = (peer: ResolvedPeer | undefined): boolean => peer?.kind === 'channel' && peer.row.kind === 'broadcast';

/** How media are made from each input. */
const PREPARE: { readonly [Name in TakenInput]: Prepare<Extract<tl.InputMedia, { _: Name }>> } = {
  // Pages belong to texts, with which they are prepared.
  inputMediaWebPage: () => Promise.reject(rpcError('MEDIA_INVALID')),
  inputMediaUploadedPhoto: prepareFile,
  inputMediaPhoto: prepareFile,
  inputMediaPhotoExternal: prepareFile,
  inputMediaUploadedDocument: prepareFile,
  inputMediaDocument: prepareFile,
  inputMediaDocumentExternal: prepareFile,
  inputMediaGeoPoint: ({ random }, { geo_point }) => ({ _: 'messageMediaGeo', geo: prepareGeoPoint(random, geo_point) }),
  inputMediaGeoLive: ({ random }, input) => prepareLiveLocation(random, input),
  inputMediaVenue: ({ random }, input) => ({
    _: 'messageMediaVenue',
    geo: prepareGeoPoint(random, input.geo_point),
    title: cleanLine(input.title, NAME_MAX),
    address: cleanLine(input.address, NAME_MAX),
    provider: cleanLine(input.provider, NAME_MAX),
    venue_id: cleanLine(input.venue_id, NAME_MAX),
    venue_type: cleanLine(input.venue_type, NAME_MAX),
  }),
  inputMediaContact: ({ findContact }, input, { userId }) => prepareContact(input, (phone) => findContact(userId, phone)),
  inputMediaDice: (_, { emoticon }) => prepareDice(emoticon),
  inputMediaPoll: preparePoll,
  inputMediaTodo: ({ normalizeText }, { todo }, { userId, isBot, peer }) => prepareTodo(todo, { isAllowed: !isBot && !isBroadcast(peer), normalize: (text, entities) => normalizeText(userId, text, entities) }),
};

/**
 * Builds the stored media from a client's input. The value of a die is drawn when the message is sent.
 * @throws RpcError MEDIA_EMPTY, MEDIA_INVALID (media that are not supported), GEO_POINT_INVALID, EMOTICON_EMPTY, EMOTICON_INVALID, PHONE_NUMBER_INVALID, CONTACT_NAME_EMPTY, and as the
 * operations for files, polls and checklists
 */
export async function prepareMedia(deps: PrepareDeps, input: tl.InputMedia, preparing: Preparing): Promise<tl.MessageMedia> {
  if (makesOf(input) === undefined) throw rpcError(input._ === 'inputMediaEmpty' ? 'MEDIA_EMPTY' : 'MEDIA_INVALID');
  // The cast is safe: the entry of each name takes inputs of that name.
  return (PREPARE[input._ as TakenInput] as Prepare<tl.InputMedia>)(deps, input, preparing);
}

/** Whether preparing an input stores something, which a repeated call must not do again. Pure. */
export function storesSomething(input: tl.InputMedia): boolean {
  return isUpload(input) || input._ === 'inputMediaPoll';
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
