import { defineJobKind, type JobContext, type JobKind, jsonCodec, type Tx } from '@aerogram/storage';

import type { SubjectDeps } from '../events/index.ts';
import { addServiceMessage } from './add-service-message.ts';
import type { Notice } from './notice-texts.ts';

/** The chat with user 777000, in which the server sends messages to a user. */
export interface ServiceChat {
  /**
   * Enqueues a message in the transaction that it reports on. It is delivered exactly once if that transaction commits, even if the server
   * crashes in between.
   */
  order(tx: Tx, userId: bigint, notice: Notice): Promise<void>;
  readonly jobKind: JobKind;
}

const defineMessageJob = (run: (notice: Notice, context: JobContext) => Promise<void>) => defineJobKind<Notice>({ kind: 'service-message', codec: jsonCodec(), run });

const ordered = defineMessageJob(() => Promise.resolve());

/** Orders a message as {@link ServiceChat.order}, also from a process that delivers none. */
export function orderServiceMessage(tx: Tx, userId: bigint, notice: Notice): Promise<void> {
  return tx.job(ordered.order(userId, notice));
}

/** Creates the service chat. Its job adds the message in the same transaction that completes the job. */
export function createServiceChat(deps: Pick<SubjectDeps, 'withBoxes' | 'random'>): ServiceChat {
  const jobKind = defineMessageJob((notice, context) =>
    context.db.transact('service-message', async (tx) => {
      await context.done(tx);
      await addServiceMessage(tx, deps, context.ownerId, notice);
    }),
  );
  return { jobKind, order: orderServiceMessage };
}
