import { markPeer } from '@aerogram/cluster';
import type { Clock } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { Chats } from '../chats/index.ts';
import type { FilledFor, PollFiller } from '../documents/index.ts';
import { projectPoll, viewerOf, withMediaIn } from './project-poll.ts';
import { findShownPolls } from './poll-store.ts';

/** Where a message shows a poll: as its media, or as what it repeats of a message of another chat. */
interface PollHolder {
  poll: tl.messageMediaPoll;
  /** The chat of the message. */
  peer: tl.Peer;
  replace(media: tl.messageMediaPoll): void;
}

/** Creates the filler of polls. */
export function createPollFiller({ db, clock, chats }: { db: Pick<Database, 'run'>; clock: Pick<Clock, 'now'>; chats: Pick<Chats, 'findMember'> }): PollFiller {
  const isLeft = async (peer: tl.Peer, viewerId: bigint | undefined): Promise<boolean> =>
    peer._ === 'peerChat' && viewerId !== undefined && (await chats.findMember(markPeer(peer), viewerId))?.status !== 'member';

  const fill = async (holders: readonly PollHolder[], { viewerId, named }: FilledFor): Promise<void> => {
    const rows = await findShownPolls(db, [...new Set(holders.map(({ poll }) => poll.poll.id))], viewerId);
    for (const { poll, peer, replace } of holders) {
      const row = rows.get(poll.poll.id);
      if (row === undefined || (await isLeft(peer, viewerId))) {
        // The poll is gone, or the viewer has left the basic group, whose messages stay in the viewer's box, so that the viewer cannot vote in it.
        replace({ ...poll, poll: { ...poll.poll, closed: true } });
        continue;
      }
      const viewer = viewerOf(row, viewerId);
      const media = projectPoll(row, named === undefined ? { ...viewer, recent: [] } : viewer, clock.now());
      const shown = { ...media, poll: withMediaIn(markPeer(peer), row, media.poll) };
      named?.addObject(shown);
      replace(named === undefined ? withoutAdders(shown) : shown);
    }
  };
  const fillAll = (messages: readonly tl.Message[], reader: FilledFor): void | Promise<void> => {
    const holders: PollHolder[] = [];
    for (const message of messages) addHolders(holders, message);
    return holders.length === 0 ? undefined : fill(holders, reader);
  };
  return {
    fill: (messages, reader = {}) => fillAll(messages, reader),
    fillUpdates: (updates, reader = {}) => fillAll(updates.flatMap(messageIn), reader),
  };
}

/** A poll that does not say who has added answers, for readers to whom nobody is sent along. Pure. */
function withoutAdders(media: tl.messageMediaPoll): tl.messageMediaPoll {
  const answers = media.poll.answers.map((answer) => (answer._ === 'pollAnswer' ? { ...answer, added_by: undefined, date: undefined } : answer));
  return { ...media, poll: { ...media.poll, answers } };
}

/** The message that an update brings. */
function messageIn(update: tl.Update): tl.Message[] {
  const hasMessage = update._ === 'updateNewMessage' || update._ === 'updateEditMessage' || update._ === 'updateNewChannelMessage' || update._ === 'updateEditChannelMessage';
  return hasMessage ? [update.message] : [];
}

function addHolders(holders: PollHolder[], message: tl.Message): void {
  if (message._ !== 'message') return;
  const { media, reply_to: header } = message;
  if (media?._ === 'messageMediaPoll') holders.push({ poll: media, peer: message.peer_id, replace: (poll) => void (message.media = poll) });
  if (header?._ === 'messageReplyHeader' && header.reply_media?._ === 'messageMediaPoll') {
    holders.push({ poll: header.reply_media, peer: message.peer_id, replace: (poll) => void (message.reply_to = { ...header, reply_media: poll }) });
  }
}
