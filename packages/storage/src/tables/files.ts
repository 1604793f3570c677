// Row types of the migration files.
import type { Generated } from 'kysely';

/** The content of a file, stored once. The bytes are in the blob store. */
export interface BlobsTable {
  /** SHA-256 over the size and the SHA-256 hashes of the blocks. */
  identity: Uint8Array;
  /** Its name in the blob store. */
  name: string;
  /** Bytes. */
  size: bigint;
  /** The key that encrypts it, encrypted with a master key. */
  wrapped_key: Uint8Array;
  /** The SHA-256 hashes of the decrypted blocks of 128 KiB, one after the other. */
  block_hashes: Uint8Array;
  /** SHA-256 of the decrypted bytes; null for large files. */
  sha256: Uint8Array | null;
  /** The data centre that keeps it. */
  dc_id: number;
  created_date: number;
  /** When its bytes were last compared with the hashes: when they were uploaded, or later; 0: that is due. */
  checked_date: number;
  /** What that found wrong, in words; null if it is sound or was never checked. */
  fault: string | null;
  /** When it was last tried in vain to read them; 0 if they were read since. It says nothing about the blob: the store refused, or its master key is missing. */
  tried_date: Generated<number>;
  /** When an operator deleted it; null if it is there. The bytes are not in the store any longer, and the name is not that of a file in the store. */
  deleted_date: Generated<number | null>;
}

/** Content that an operator has blocked, whether or not there is a blob with it. */
export interface BlockedBlobsTable {
  /** As that of a blob. */
  identity: Uint8Array;
  blocked_date: number;
  /** Whether the hook has refused it, not an operator. */
  by_hook: Generated<boolean>;
}

/** Content that the hook for new files has accepted, or that an operator has permitted again, so that the hook is not asked about it. */
export interface AcceptedBlobsTable {
  /** As that of a blob. */
  identity: Uint8Array;
  accepted_date: number;
}

/** A document as clients see it. Documents with the same bytes share a blob. */
export interface DocumentsTable {
  document_id: bigint;
  identity: Uint8Array;
  /** The user who uploaded it. */
  uploader_id: bigint;
  /** A TL `document` without access hash and file reference, stored by `storedEncode`. */
  body: Uint8Array;
  created_date: number;
  /** The first 16 bytes of the SHA-256 of the body without id and date, which is equal for equal content with equal attributes; null for documents made before 0065. */
  body_hash: Uint8Array | null;
  /** Of which sets stickers were put on it (0142); null if there are none. */
  attached_sets: Generated<bigint[] | null>;
}

/** A reference from a message to a document. As long as there is one, the document is kept. */
export interface MessageFilesTable {
  /** The owner of the box, or the marked id of the channel. */
  owner_id: bigint;
  /** The marked peer for which the message is scheduled; 0 for messages that were sent. */
  scheduled_peer_id: bigint;
  msg_id: number;
  document_id: bigint;
}

/** A document in a list that a user keeps, such as saved GIFs. The collection keeps it, as it does one in a message. */
export interface KeptDocumentsTable {
  owner_id: bigint;
  /** Number of the list. */
  list: number;
  document_id: bigint;
  /** The highest one is the first of the list. */
  position: bigint;
  /** Unix time of the last time it was put at the beginning, for lists that show it. */
  date: number | null;
}

/** A file that a bot has uploaded, or used by its `file_id` (0097). The collection keeps it, as it does one in a message. */
export interface BotFilesTable {
  bot_id: bigint;
  document_id: bigint;
  /** Unix time of about the last use, a day too early at most. */
  used_date: number;
}

/** A document that is new or has lost a reference, so that it may have none. */
export interface FileReleasesTable {
  document_id: bigint;
  /** When the collection first saw this row; 0 before that. */
  since_date: number;
  /** The uploader of the document; null if the row does not count for the uploader's limit of unsent files, because a message has the document or another row counts. */
  uploader_id: bigint | null;
  /** Bytes of the document. */
  size: bigint | null;
}

/** An upload that has become a blob. A repeated call that uses the upload finds it here. */
export interface FinishedUploadsTable {
  user_id: bigint;
  file_id: bigint;
  identity: Uint8Array;
  created_date: number;
  /** Of the upload, in bytes. */
  size: bigint;
  parts: number;
  /** Length of all parts but the last one, in bytes. */
  part_size: number;
  /** As the client said and the server found; null if the client did not say it. */
  md5: Uint8Array | null;
}

/** A blob in the store that has no row: an upload puts it there and adds its row next, or it was left behind. */
export interface StrayBlobsTable {
  name: string;
  /** When it was first seen, or when an upload last put it there. */
  since_date: number;
  /** Whether it is being deleted, so that no row may be added for it. */
  is_doomed: boolean;
  /** Whether this database has ordered it to be stored or deleted. Otherwise it was found in the store, and may be another server's. */
  is_ours: boolean;
}

/** A wallpaper that a user has uploaded. */
export interface WallpapersTable {
  wallpaper_id: bigint;
  /** The name in its link. */
  slug: string;
  creator_id: bigint;
  document_id: bigint;
  is_pattern: boolean;
  /** A TL `wallPaperSettings`, stored by `storedEncode`; null if the creator has set none. */
  settings: Uint8Array | null;
  created_date: number;
}

/** What a user has changed about the list of wallpapers. */
export interface SavedWallpapersTable {
  owner_id: bigint;
  /** Of an uploaded wallpaper, or the number of one that everybody has. */
  wallpaper_id: bigint;
  /** The highest one is the first of the list. */
  position: bigint;
  /** Whether the user has removed it although everybody has it. */
  is_hidden: Generated<boolean>;
  settings: Uint8Array | null;
}

/** The wallpaper and the theme of a private chat, as one of the two people in it sees it. */
export interface ChatWallpapersTable {
  owner_id: bigint;
  /** Marked; the other one. */
  peer_id: bigint;
  /** A TL `WallPaper` without access hashes and file reference, stored by `storedEncode`; null if there is none any more, but an earlier one is known. */
  body: Uint8Array | null;
  /** Its document; null if it is a fill. */
  document_id: bigint | null;
  /** Whether the other one has set it for both. Then the earlier one can come back. */
  is_overridden: boolean;
  earlier_body: Uint8Array | null;
  earlier_document_id: bigint | null;
  /** The emoji of the theme. The same in the rows of both. */
  theme: Generated<string | null>;
}

export interface FilesTables {
  chat_wallpapers: ChatWallpapersTable;
  wallpapers: WallpapersTable;
  saved_wallpapers: SavedWallpapersTable;
  blobs: BlobsTable;
  blocked_blobs: BlockedBlobsTable;
  accepted_blobs: AcceptedBlobsTable;
  documents: DocumentsTable;
  message_files: MessageFilesTable;
  kept_documents: KeptDocumentsTable;
  bot_files: BotFilesTable;
  file_releases: FileReleasesTable;
  finished_uploads: FinishedUploadsTable;
  stray_blobs: StrayBlobsTable;
}
