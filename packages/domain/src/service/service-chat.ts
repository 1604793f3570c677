import { defineJobKind, type JobKind, jsonCodec, type Tx } from '@aerogram/storage';

import type { SubjectDeps } from '../events/index.ts';
import { addServiceMessage } from './add-service-message.ts';
import type { Notice } from './notices.ts';

/** The chat with user 777000, in which the server sends messages to a user. */
export interface ServiceChat {
  /**
   * Enqueues a message in the transaction that it reports on. It is delivered exactly once if that transaction commits, even if the server
   * crashes in between.
   */
  order(tx: Tx, userId: bigint, notice: Notice): Promise<void>;
  readonly jobKind: JobKind;
}

/** Creates the service chat. Its job adds the message in the same transaction that completes the job. */
export function createServiceChat(deps: Pick<SubjectDeps, 'withBoxes' | 'random'>): ServiceChat {
  const jobKind = defineJobKind<Notice>({
    kind: 'service-message',
    codec: jsonCodec(),
    run: (notice, context) =>
      context.db.transact('service-message', async (tx) => {
        await context.done(tx);
        await addServiceMessage(tx, deps, context.ownerId, notice);
      }),
  });
  return { jobKind, order: (tx, userId, notice) => tx.job(jobKind.order(userId, notice)) };
}
