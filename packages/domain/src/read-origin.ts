import { RpcError } from '@aerogram/errors';
import type { Clock } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';

import { isBotFile } from './bot-files/index.ts';
import type { Channels, InviteLinks } from './channels/index.ts';
import type { Chats } from './chats/index.ts';
import { hasFlag, MessageFlag } from './events/index.ts';
import { keptIn } from './content/index.ts';
import { documentIdsIn, type OriginContent, type ReadOrigin } from './documents/index.ts';
import { FALLBACK_PHOTOS, KEPT_LISTS, type KeptPlace, listKeptIds, PROFILE_PHOTOS } from './collections/index.ts';
import { listFilesOfPolls } from './polls/index.ts';
import type { Privacy, PrivacyKey } from './privacy/index.ts';
import { maySee, maySeeFallback, type Users } from './users/index.ts';
import { listDocumentsOfSet } from './sticker-sets/index.ts';
import { findWallpaperDocument } from './wallpapers/index.ts';
import { findInlineDocuments } from './inline/index.ts';
import { findPagePhoto } from './web-pages/index.ts';
import { findForwardSource, type ForwardSource, findMessages, findScheduled } from './messages/index.ts';

interface ReadOriginDeps {
  db: Database;
  clock: Pick<Clock, 'now'>;
  channels: Pick<Channels, 'at'>;
  invites: Pick<InviteLinks, 'findPhotoId'>;
  chats: Pick<Chats, 'projectChats'>;
  users: Pick<Users, 'findRow' | 'findRelation'>;
  privacy: Pick<Privacy, 'allows'>;
}

/** Creates the reader of the messages, posts and lists that files come from. Each read checks the rights of the viewer. */
export function createReadOrigin({ db, clock, channels, invites, chats, users, privacy }: ReadOriginDeps): ReadOrigin {
  return async (viewerId, origin, documentId) => {
    const filesOfPolls: FilesOfPolls = (pollIds) => listFilesOfPolls(db, pollIds, { viewerId, nowDate: clock.now() });
    switch (origin.kind) {
      case 'message': {
        const row = (await findMessages(db.q, viewerId, [origin.msgId])).get(origin.msgId);
        return row && contentIn(await findForwardSource(db, { ownerId: viewerId, peerId: row.peer_id }, [origin.msgId]), origin.msgId, filesOfPolls);
      }
      case 'post':
        return contentIn(await findPost(channels, viewerId, origin), origin.msgId, filesOfPolls);
      case 'log':
        // What was deleted cannot be sent again from the log.
        return { documentIds: await withFilesOf(filesOfPolls, await listLoggedDocuments(channels, viewerId, origin)), isProtected: true };
      case 'kept': {
        // The only list that a group or channel has is that of its photos.
        if (origin.ownerId < 0n) return readChatPhoto({ db, chats }, viewerId, origin);
        return { documentIds: (await maySeeList({ users, privacy }, viewerId, origin)) ? await listKeptIds(db, origin) : [], isProtected: false };
      }
      case 'wallpaper': {
        const documentId = await findWallpaperDocument(db, origin.wallpaperId);
        return documentId === undefined ? undefined : { documentIds: [documentId], isProtected: false };
      }
      case 'invite': {
        const photoId = await invites.findPhotoId(viewerId, origin.hash);
        // People who are not in the chat may load its photo, but not send it on.
        return photoId === undefined ? undefined : { documentIds: [photoId], isProtected: true };
      }
      case 'inline': {
        const documentIds = await findInlineDocuments(db, { userId: viewerId, setId: origin.setId, nowDate: clock.now() });
        return documentIds && { documentIds, isProtected: false };
      }
      case 'set':
        return { documentIds: await listDocumentsOfSet(db, origin.setId, [documentId]), isProtected: false };
      case 'bot':
        return { documentIds: (await isBotFile(db, viewerId, origin.fileId)) ? [origin.fileId] : [], isProtected: false };
      case 'page': {
        const photoId = await findPagePhoto(db, origin.pageId);
        return photoId === undefined ? undefined : { documentIds: [photoId], isProtected: false };
      }
      case 'scheduled': {
        const [row] = await findScheduled(db.q, viewerId, origin.peerId, [origin.msgId]);
        return row && { documentIds: await idsIn(row.extra, filesOfPolls), isProtected: false };
      }
    }
  };
}

/** The lists that others than their owner may see, and the privacy keys that say who. */
const SHOWN_LISTS: ReadonlyMap<number, PrivacyKey> = new Map([[KEPT_LISTS.music.number, 'SavedMusic'], [PROFILE_PHOTOS, 'ProfilePhoto']]);

/** Whether a viewer may see a list that a user keeps. */
async function maySeeList(deps: Pick<ReadOriginDeps, 'users' | 'privacy'>, viewerId: bigint, { ownerId, list }: KeptPlace): Promise<boolean> {
  if (list === FALLBACK_PHOTOS) return maySeeFallback(deps, viewerId, ownerId);
  const key = SHOWN_LISTS.get(list);
  return key === undefined ? viewerId === ownerId : maySee(deps, key, viewerId, ownerId);
}

/** The photo of a group or channel, for those who are shown it. */
async function readChatPhoto({ db, chats }: Pick<ReadOriginDeps, 'db' | 'chats'>, viewerId: bigint, place: KeptPlace): Promise<OriginContent> {
  const [chat] = await chats.projectChats(viewerId, [place.ownerId]);
  // Whoever is not shown the present photo is not shown earlier ones either.
  if (chat === undefined || !('photo' in chat) || chat.photo._ !== 'chatPhoto') return { documentIds: [], isProtected: true };
  return { documentIds: await listKeptIds(db, place), isProtected: 'noforwards' in chat && chat.noforwards === true };
}

/** The documents in the copies of a post in the admin log, and the photos that it says the channel had. None, if the viewer may not read the log. */
async function listLoggedDocuments(channels: Pick<Channels, 'at'>, viewerId: bigint, { channelId, msgId }: { channelId: bigint; msgId: number }): Promise<bigint[]> {
  try {
    return await channels.at(channelId).log.listDocumentIds(viewerId, msgId);
  } catch (error) {
    if (error instanceof RpcError) return [];
    throw error;
  }
}

/** Nothing, if the viewer may not read the channel. */
async function findPost(channels: Pick<Channels, 'at'>, viewerId: bigint, { channelId, msgId }: { channelId: bigint; msgId: number }): Promise<ForwardSource> {
  try {
    return await channels.at(channelId).posts.findForwardable(viewerId, [msgId]);
  } catch (error) {
    if (error instanceof RpcError) return { rows: new Map(), isProtected: true };
    throw error;
  }
}

/** Lists the documents of polls that the viewer is shown. */
type FilesOfPolls = (pollIds: readonly bigint[]) => Promise<bigint[]>;

async function contentIn({ rows, isProtected }: ForwardSource, msgId: number, filesOfPolls: FilesOfPolls): Promise<OriginContent | undefined> {
  const row = rows.get(msgId);
  return row && { documentIds: await idsIn(row.extra, filesOfPolls), isProtected: isProtected || hasFlag(row, MessageFlag.noforwards) };
}

/** The documents of a stored message, and those of its polls. */
async function idsIn(extra: Uint8Array | null, filesOfPolls: FilesOfPolls): Promise<bigint[]> {
  const { keepers: pollIds } = keptIn(extra);
  return [...documentIdsIn(extra), ...(pollIds.length === 0 ? [] : await filesOfPolls(pollIds))];
}

/** @param ids of documents and polls */
const withFilesOf = async (filesOfPolls: FilesOfPolls, ids: readonly bigint[]): Promise<bigint[]> => [...ids, ...(ids.length === 0 ? [] : await filesOfPolls(ids))];
