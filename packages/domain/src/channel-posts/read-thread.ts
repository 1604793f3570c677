import type { Database, Tx } from '@aerogram/storage';

import { findDialogs } from '../dialogs/index.ts';
import type { BoxWriter } from '../events/index.ts';
import { findThreadViews, keepMembers, listRepliersBetween, saveThreadHeadMarks, saveThreadMark, type ThreadPerson, viewReadUpTo } from '../channel-state/index.ts';
import type { ThreadReader } from './access-thread.ts';

/** Somebody who reads a thread. */
export interface ThreadReading {
  userId: bigint;
  reader: ThreadReader;
  channelId: bigint;
  /** Marked id of the channel. */
  peerId: bigint;
  /** The message that started the thread. */
  topId: number;
  /** Everything in the thread up to this message is read. */
  maxId: number;
}

/** What reading a thread has changed. */
export interface ThreadRead {
  maxId: number;
  /** Other members of whose messages in the thread the first reader has now read some. */
  authorIds: bigint[];
}

/** The dependencies of marks in threads: what a person has read and what others see of that are written one after the other, because they may have different homes. */
export interface ThreadReadDeps extends Pick<BoxWriter, 'writeBoxes'> {
  db: Database;
}

/** Moves the read mark that a member or commenter has in a thread. @returns undefined if it does not move, as for visitors, who have none */
export async function doReadThread(deps: ThreadReadDeps, { userId, reader, channelId, peerId, topId, maxId }: ThreadReading): Promise<ThreadRead | undefined> {
  if (reader === 'visitor') return undefined;
  const person = { channelId, topId, userId };
  const readMaxId = await deps.writeBoxes('read-thread', [userId], async (tx) => {
    const [[dialog], views] = await Promise.all([findDialogs(tx.q, userId, [peerId]), findThreadViews(tx, userId, channelId, [topId])]);
    const view = views.get(topId);
    // What a member has read is forgotten when the member leaves, which may be now.
    const isGone = reader === 'member' && dialog?.channel_pts === undefined;
    if (isGone || view === undefined) return undefined;
    const upTo = Math.min(maxId, view.top_msg_id);
    if (upTo <= view.read_max_id) return undefined;
    await saveThreadMark(tx, person, await viewReadUpTo(tx, person, view, upTo));
    return upTo;
  });
  if (readMaxId === undefined) return undefined;
  return { maxId: readMaxId, authorIds: await deps.db.transact('note-thread-reader', (tx) => moveThreadHead(tx, person, readMaxId)) };
}

/** Moves the marks of the two people who have read most of a thread. @returns those who are to be told that their messages were read */
export async function moveThreadHead(tx: Tx, person: ThreadPerson, maxId: number): Promise<bigint[]> {
  const { userId, channelId } = person;
  const was = await saveThreadHeadMarks(tx, person, maxId);
  if (was === undefined) return [];
  const first = was.read_by === null ? [] : [was.read_by];
  const authors = maxId > was.read_max_id ? await listRepliersBetween(tx, person, { after: was.read_max_id, upTo: maxId }) : [];
  return keepMembers(tx, channelId, [...new Set([...authors, ...first])].filter((id) => id !== userId));
}
