/** The user and message for which a page is fetched. */
export interface PageReader {
  ownerId: bigint;
  /** The message that shows the page: marked peer id and the id that its copies share. Absent if the client asked for a preview only. */
  message?: { peerId: bigint; globalId: bigint };
  /** The message of a channel that shows the page: marked id of the channel, and message id. */
  post?: { peerId: bigint; msgId: number };
}

/** A page that has not been fetched yet. */
export interface PendingPage {
  url: string;
  pageId: bigint;
}
