/** What a `file_id` names. */
export interface NamedFile {
  kind: 'photo' | 'video' | 'animation' | 'document' | 'audio' | 'voice' | 'video_note' | 'sticker' | 'thumbnail' | 'profile_photo' | 'chat_photo';
  /** The data centre that has the file. */
  dcId: number;
  /** Id of the document or photo. */
  id: bigint;
  /** The letter of a size of a photo or thumbnail, such as `m`; '' for the document itself. */
  size: string;
}

/** Names files for one bot. */
export interface FileIds {
  /** The `file_id` by which this bot may use the file again. It proves that the server gave it to this bot. */
  fileId(file: NamedFile): string;
  /** The `file_unique_id`, the same for all bots. */
  uniqueId(file: NamedFile): string;
  /** Reads a `file_id` of this bot. @returns undefined if the server did not give it to this bot */
  read(fileId: string): NamedFile | undefined;
}
