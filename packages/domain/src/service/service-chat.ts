import { defineJobKind, type JobKind, jsonCodec, type Tx } from '@aerogram/storage';

import type { SubjectDeps } from '../events/index.ts';
import { addServiceMessage } from './add-service-message.ts';
import type { Notice } from './notices.ts';

/** The chat with user 777000, in which the server itself speaks to one user. */
export interface ServiceChat {
  /**
   * Orders a message, in the transaction that it tells of: it comes if that is committed, and once, also when the server
   * dies in between.
   */
  order(tx: Tx, userId: bigint, notice: Notice): Promise<void>;
  readonly jobKind: JobKind;
}

/** Makes the service chat. Its job writes the message in the transaction that ends the job. */
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
