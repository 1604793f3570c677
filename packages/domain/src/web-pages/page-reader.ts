/** Whom a page is fetched for. */
export interface PageReader {
  ownerId: bigint;
  /** The message it is shown with: marked peer and the id that all copies share. Absent: it is only looked at. */
  message?: { peerId: bigint; globalId: bigint };
}

/** A page that is not there yet. */
export interface PendingPage {
  url: string;
  pageId: bigint;
}
