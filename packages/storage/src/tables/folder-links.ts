// Row types of the migration 0050-shared-folders: links by which chat folders are shared, and folders that were added by such links.

/** Whose a link is. */
export interface FolderLinkNamesTable {
  slug: string;
  owner_id: bigint;
}

/** A link that shares some chats of a folder. */
export interface FolderLinksTable {
  owner_id: bigint;
  /** The last part of the link: random, so that it cannot be guessed. */
  slug: string;
  /** The owner's folder. */
  filter_id: number;
  /** The owner's name for the link; '' for none. */
  title: string;
  /** Marked ids of the shared channels and supergroups, in the owner's order. */
  peer_ids: bigint[];
  /** When the link was made, in unix seconds. */
  date: number;
}

/** A folder that its owner added by the link of somebody else. */
export interface JoinedFoldersTable {
  owner_id: bigint;
  filter_id: number;
  slug: string;
  /** Marked ids of the chats that the owner joined by the link. */
  joined_ids: bigint[];
  /** Marked ids of the chats of the link that the owner was offered and that are not offered again by themselves. */
  seen_ids: bigint[];
}

export interface FolderLinksTables {
  folder_link_names: FolderLinkNamesTable;
  folder_links: FolderLinksTable;
  joined_folders: JoinedFoldersTable;
}
