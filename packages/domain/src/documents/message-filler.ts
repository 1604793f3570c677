import type { tl } from '@aerogram/tl';

import type { PeerSet } from '../peers/index.ts';
import type { PostCounts } from '../post-counts/index.ts';
import type { MediaFiller } from './media-filler.ts';

/** For whom messages are filled in. */
export interface FilledFor {
  /** Whose read marks are put in as well; undefined for none. */
  viewerId?: bigint;
  /** The peers that are sent along, to which groups for comments and those who have commented last are added; undefined: the latter are left out. */
  named?: PeerSet | undefined;
}

/** Puts the present numbers of replies into messages of supergroups, and those of comments into posts of channels. */
export interface ThreadFiller {
  /** Synchronous if no message shows a number. */
  fill(messages: readonly tl.Message[], reader?: FilledFor): void | Promise<void>;
  /** As {@link ThreadFiller.fill}, for edited messages in updates. */
  fillUpdates(updates: readonly tl.Update[]): void | Promise<void>;
}

/** Puts polls as they stand into messages. */
export interface PollFiller {
  /**
   * Without a viewer, everybody sees the same. Those who have voted last in public polls are added to the named peers; without these they are left out. Synchronous if no message has
   * a poll.
   */
  fill(messages: readonly tl.Message[], reader?: FilledFor): void | Promise<void>;
  /** As {@link PollFiller.fill}, for the messages in updates. */
  fillUpdates(updates: readonly tl.Update[], reader?: FilledFor): void | Promise<void>;
}

/** Puts the present reactions into messages of supergroups and channels. */
export interface ReactionFiller {
  /** Synchronous if no message is of a supergroup or channel. Without a viewer, what is the same for all is put in. */
  fill(messages: readonly tl.Message[], reader?: FilledFor): void | Promise<void>;
  /** As {@link ReactionFiller.fill}, for edited messages in updates. */
  fillUpdates(updates: readonly tl.Update[], reader?: FilledFor): void | Promise<void>;
}

/** Adds to projected messages what is not stored with them. Every answer and push that has messages goes through it. */
export interface MessageFiller {
  /** Fills in messages that were sent, for a viewer. Synchronous if nothing has to be read. @param named as for {@link FilledFor} */
  fill(messages: readonly tl.Message[], viewerId: bigint, named?: PeerSet): void | Promise<void>;
  /** The page, as {@link MediaFiller.fillPage} fills it in. */
  fillPage: MediaFiller['fillPage'];
  /** Fills in messages that their owner has scheduled. */
  fillScheduled(messages: readonly tl.Message[]): void;
  /** Fills in copies of posts in an admin log. Synchronous if nothing has to be read. */
  fillLogged(messages: readonly tl.Message[]): void | Promise<void>;
  /** Fills in the messages in updates. Synchronous if nothing has to be read. @param reader undefined: many, each of whom gets the same */
  fillUpdates(updates: readonly tl.Update[], reader?: FilledFor): void | Promise<void>;
}

/** The fillers that {@link createMessageFiller} puts together. */
interface Fillers {
  postCounts: Pick<PostCounts, 'fill' | 'fillUpdates'>;
  threads: ThreadFiller;
  media: MediaFiller;
  polls: PollFiller;
  reactions: ReactionFiller;
}

/** Creates the filler of the counts of posts and replies, of polls and reactions, and of what clients need to load files. */
export function createMessageFiller({ postCounts, threads, media, polls, reactions }: Fillers): MessageFiller {
  return {
    fill(messages, viewerId, named) {
      const shown = after(polls.fill(messages, { viewerId, named }), () => media.fill(messages));
      return whenAll([postCounts.fill(messages), threads.fill(messages, { viewerId, named }), shown, reactions.fill(messages, { viewerId, named })]);
    },
    fillPage: (page) => media.fillPage(page),
    fillScheduled: (messages) => media.fillScheduled(messages),
    fillLogged(messages) {
      const shown = after(polls.fill(messages), () => media.fillLogged(messages));
      return whenAll([postCounts.fill(messages), threads.fill(messages), shown]);
    },
    fillUpdates(updates, reader) {
      const shown = after(polls.fillUpdates(updates, reader), () => media.fillUpdates(updates));
      return whenAll([postCounts.fillUpdates(updates), threads.fillUpdates(updates), shown, reactions.fillUpdates(updates, reader)]);
    },
  };
}

/** Polls as they stand have files, too. */
function after(filling: void | Promise<void>, fillFiles: () => void): void | Promise<void> {
  return filling === undefined ? fillFiles() : filling.then(fillFiles);
}

function whenAll(fillings: readonly (void | Promise<void>)[]): void | Promise<void> {
  const open = fillings.filter((filling) => filling !== undefined);
  return open.length === 0 ? undefined : Promise.all(open).then(() => {});
}
