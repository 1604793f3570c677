import { defineJobKind, jsonCodec, type JobKind } from '@aerogram/storage';

import { endMedia, isPassing, lifetimeOf } from '../content/index.ts';
import { type BoxWriter, type MessageRow, type OpenBoxes, type Origin, packMessageExtra, unpackMessageExtra } from '../events/index.ts';
import { changeMessageFiles, VIEW_ONCE } from '../documents/index.ts';
import { findCopies } from './find-messages.ts';
import { updateMessages } from './message-store.ts';

/** Payload of the job that takes the media from all copies of a message. */
interface PassingMessage {
  /** The owners of the copies. */
  ownerIds: bigint[];
  globalId: bigint;
}

const KIND = 'end-passing-media';
const codec = jsonCodec<{ ownerIds: string[]; globalId: string }>();

/** Messages that the owner of a box has opened. */
export interface OpenedMedia {
  /** The owner's copies. */
  rows: readonly MessageRow[];
  /** The session that opened them. It takes away by itself what can be viewed once. */
  origin: Origin | undefined;
}

/**
 * Begins the lifetime of media that were opened: media that can be viewed once go at once, and others by a job when their time is over. The boxes of the owner and of
 * the authors must be open.
 * @returns the number of messages of the owner whose media are gone
 */
export async function beginLifetimes(open: OpenBoxes, { rows, origin }: OpenedMedia): Promise<number> {
  let gone = 0;
  for (const row of rows) {
    const seconds = lifetimeOf(unpackMessageExtra(row.extra).media);
    if (seconds === undefined) continue;
    const message: PassingMessage = { ownerIds: [row.owner_id, row.from_id], globalId: row.global_id };
    if (seconds === VIEW_ONCE) {
      await endIn(open, message, { ownerId: row.owner_id, origin });
      gone++;
    } else {
      const payload = codec.encode({ ownerIds: message.ownerIds.map(String), globalId: String(message.globalId) });
      await open.tx.job({ kind: KIND, owner_id: row.owner_id, payload, runAtMs: (open.date + seconds) * 1000 });
    }
  }
  return gone;
}

/** Takes media and caption from all copies of a message, and the files from those who could read them by it. A repeat finds nothing to do. */
async function endIn({ tx, boxes, date }: OpenBoxes, { ownerIds, globalId }: PassingMessage, by?: { ownerId: bigint; origin: Origin | undefined }): Promise<void> {
  const ended = (await findCopies(tx.q, ownerIds, [globalId])).flatMap((before) => {
    const after = withoutMedia(before);
    return after === undefined ? [] : [{ before, after }];
  });
  if (ended.length === 0) return;
  await updateMessages(tx, ended.map(({ after }) => after));
  await changeMessageFiles({ tx, boxes }, ended);
  for (const { after } of ended) boxes.addEdit(after.owner_id, after, date, after.owner_id === by?.ownerId ? by.origin : undefined);
}

/** The message without its media and its caption; undefined if there is nothing to take away. Pure. */
function withoutMedia(row: MessageRow): MessageRow | undefined {
  const { entities: _entities, media, ...extra } = unpackMessageExtra(row.extra);
  const ended = endMedia(media);
  return ended && { ...row, text: '', extra: packMessageExtra({ ...extra, media: ended }) };
}

/** Whether the media of a message have or had a lifetime. Pure. */
export function hasPassingMedia({ extra }: Pick<MessageRow, 'extra'>): boolean {
  return isPassing(unpackMessageExtra(extra).media);
}

/** The job that ends the lifetime of media that were opened. */
export function createPassingMediaJob(deps: Pick<BoxWriter, 'writeBoxes'>): JobKind {
  return defineJobKind({
    kind: KIND,
    codec,
    clockNeed: 'steady',
    run({ ownerIds, globalId }) {
      const message = { ownerIds: ownerIds.map(BigInt), globalId: BigInt(globalId) };
      return deps.writeBoxes(KIND, message.ownerIds, (tx, boxes, date) => endIn({ tx, boxes, date }, message));
    },
  });
}
