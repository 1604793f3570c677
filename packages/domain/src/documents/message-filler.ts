import type { tl } from '@aerogram/tl';

import type { PostCounts } from '../post-counts/index.ts';
import type { MediaFiller } from './media-filler.ts';

/** Adds to projected messages what is not stored with them. Every answer and push that has messages goes through it. */
export interface MessageFiller {
  /** Fills in messages that were sent. Synchronous if nothing has to be read. */
  fill(messages: readonly tl.Message[]): void | Promise<void>;
  /** The page, as {@link MediaFiller.fillPage} fills it in. */
  fillPage: MediaFiller['fillPage'];
  /** Fills in messages that their owner has scheduled. */
  fillScheduled(messages: readonly tl.Message[]): void;
  /** Fills in copies of posts in an admin log. Synchronous if nothing has to be read. */
  fillLogged(messages: readonly tl.Message[]): void | Promise<void>;
  /** Fills in the messages in updates. Synchronous if nothing has to be read. */
  fillUpdates(updates: readonly tl.Update[]): void | Promise<void>;
}

/** Creates the filler of the counts of posts and of what clients need to load files. */
export function createMessageFiller(postCounts: Pick<PostCounts, 'fill' | 'fillUpdates'>, media: MediaFiller): MessageFiller {
  return {
    fill(messages) {
      media.fill(messages);
      return postCounts.fill(messages);
    },
    fillPage: (page) => media.fillPage(page),
    fillScheduled: (messages) => media.fillScheduled(messages),
    fillLogged(messages) {
      media.fillLogged(messages);
      return postCounts.fill(messages);
    },
    fillUpdates(updates) {
      media.fillUpdates(updates);
      return postCounts.fillUpdates(updates);
    },
  };
}
