import type { tl } from '@aerogram/tl';

import { type FolderLink, listFolderLinks } from '../chat-list/index.ts';
import type { Chats } from '../chats/index.ts';
import type { SendLimits } from '../moderation/index.ts';
import { doDeleteLink, doEditLink, doExportLink, type FolderActing, type FolderLinksDeps, type LinkContent } from './folder-links.ts';
import { findFolder } from './folder-peers.ts';
import { doHideNews, doJoinFolder, doJoinNews, type JoinFolderDeps, listNews } from './join-folder.ts';
import { doLeaveFolder, type LeaveFolderDeps, suggestLeaving } from './leave-folder.ts';
import { findOfferedFolder, type OfferedFolder } from './offered-folder.ts';

/** Chat folders that are shared by links. Peers are named by marked ids. */
export interface SharedFolders {
  /** Makes a link to a folder. Throws as {@link doExportLink}. */
  doExport(acting: FolderActing, filterId: number, content: LinkContent): Promise<{ filter: tl.dialogFilterChatlist; link: FolderLink }>;
  /** Changes a link. Throws as {@link doEditLink}. */
  doEdit(actorId: bigint, place: { filterId: number; slug: string }, change: Partial<LinkContent>): Promise<FolderLink>;
  /** Deletes a link. Throws as {@link doDeleteLink}. */
  doDelete(actorId: bigint, place: { filterId: number; slug: string }): Promise<void>;
  /** Lists the owner's links to a folder, oldest first. @throws RpcError 400 FILTER_ID_INVALID */
  listLinks(ownerId: bigint, filterId: number): Promise<FolderLink[]>;
  /** What a link offers to a viewer. Throws as {@link findOfferedFolder}, and RpcError 420 FLOOD_WAIT. @param viewerId 0n for somebody who is not logged in */
  findOffered(viewerId: bigint, slug: string): Promise<OfferedFolder>;
  /** Adds the folder of a link to the actor's folders. Throws as {@link doJoinFolder}, and RpcError 420 FLOOD_WAIT. */
  doJoin(acting: FolderActing, slug: string, peerIds: readonly bigint[]): Promise<tl.updateDialogFilter>;
  /** Lists what a link offers newly. Throws as {@link listNews}. */
  listNews(viewerId: bigint, filterId: number): Promise<bigint[]>;
  /** Joins what a link offers newly. Throws as {@link doJoinNews}, and RpcError 420 FLOOD_WAIT. */
  doJoinNews(acting: FolderActing, filterId: number, peerIds: readonly bigint[]): Promise<tl.updateDialogFilter>;
  /** Does not offer again what is new now. Throws as {@link doHideNews}. */
  doHideNews(actorId: bigint, filterId: number): Promise<void>;
  /** Which chats to leave with a folder. Throws as {@link suggestLeaving}. */
  suggestLeaving(viewerId: bigint, filterId: number): Promise<bigint[]>;
  /** Deletes a shared folder and leaves some of its chats. Throws as {@link doLeaveFolder}. */
  doLeave(acting: FolderActing, filterId: number, peerIds: readonly bigint[]): Promise<tl.updateDialogFilter>;
  /** Projects chats for somebody who has a link to them. Those that the viewer may not read show no more than the link offers. */
  projectChats(viewerId: bigint, peerIds: readonly bigint[]): Promise<tl.Chat[]>;
}

/** The dependencies of shared folders. */
export interface SharedFoldersDeps extends FolderLinksDeps, JoinFolderDeps, LeaveFolderDeps {
  chats: Pick<Chats, 'findRow' | 'findMember' | 'projectLinked'>;
  channels: FolderLinksDeps['channels'] & JoinFolderDeps['channels'];
  sendLimits: Pick<SendLimits, 'checkInvite'>;
}

/** Creates the operations on shared folders. */
export function createSharedFolders(deps: SharedFoldersDeps): SharedFolders {
  return {
    doExport: (acting, filterId, content) => doExportLink(deps, acting, filterId, content),
    doEdit: (actorId, place, change) => doEditLink(deps, actorId, place, change),
    doDelete: (actorId, place) => doDeleteLink(deps, actorId, place),
    async listLinks(ownerId, filterId) {
      await findFolder(deps.db.q, ownerId, filterId);
      return listFolderLinks(deps.db.q, { ownerId, filterId });
    },
    async findOffered(viewerId, slug) {
      await deps.sendLimits.checkInvite(viewerId);
      return findOfferedFolder(deps, viewerId, slug);
    },
    async doJoin(acting, slug, peerIds) {
      await deps.sendLimits.checkInvite(acting.actorId);
      return doJoinFolder(deps, acting, slug, peerIds);
    },
    listNews: (viewerId, filterId) => listNews(deps, viewerId, filterId),
    async doJoinNews(acting, filterId, peerIds) {
      await deps.sendLimits.checkInvite(acting.actorId);
      return doJoinNews(deps, acting, filterId, peerIds);
    },
    doHideNews: (actorId, filterId) => doHideNews(deps, actorId, filterId),
    suggestLeaving: (viewerId, filterId) => suggestLeaving(deps, viewerId, filterId),
    doLeave: (acting, filterId, peerIds) => doLeaveFolder(deps, acting, filterId, peerIds),
    projectChats: (viewerId, peerIds) => deps.chats.projectLinked(viewerId, peerIds),
  };
}
