import type { PeerId } from '../models.ts';

/** The kinds of chats that a folder may have. */
export type FolderKind = 'contacts' | 'nonContacts' | 'groups' | 'channels' | 'bots';

/** What keeps chats of these kinds out. */
export type FolderExclusion = 'muted' | 'read' | 'archived';

/** Which chats a folder has. */
export interface FolderContents {
  title: string;
  included: PeerId[];
  excluded: PeerId[];
  has: FolderKind[];
  without: FolderExclusion[];
}

/** A folder of the account. */
export interface OwnFolder extends FolderContents {
  id: number;
  /** It was shared, so it has chats by their names only. */
  isShared: boolean;
}

/** Making, changing and sharing folders. */
export interface FolderQuestions {
  'folders.list': { say: void; get: OwnFolder[] };
  /** Folders that the server thinks useful, each with what it is for. */
  'folders.suggested': { say: void; get: (FolderContents & { text: string })[] };
  /** Changes a folder, or makes one. @param id undefined for a new one @returns its id */
  'folders.save': { say: { id?: number | undefined; contents: FolderContents }; get: number };
  /** Takes a chat into a folder, or out of it. */
  'folders.setChat': { say: { id: number; peer: PeerId; isIn: boolean }; get: void };
  'folders.delete': { say: { id: number }; get: void };
  'folders.order': { say: { ids: number[] }; get: void };
  /** Marks all chats of a folder as read. */
  'folders.read': { say: { id: number }; get: void };
  /** Mutes all chats of a folder, or lets them make themselves heard again; of very many only the first ones. */
  'folders.mute': { say: { id: number; isMuted: boolean }; get: void };
  /** Makes a link with which others get the groups and channels of a folder. @returns the link */
  'folders.share': { say: { id: number }; get: string };
}
