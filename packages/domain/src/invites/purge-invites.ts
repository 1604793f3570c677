import { type Database, defineJobKind, jsonCodec } from '@aerogram/storage';

import { removeInvites } from './invite-store.ts';
import { removeEntrances } from './request-store.ts';

/** Maximum number of rows of one table deleted at once. */
const SLICE = 1000;

/** Creates the job that deletes the links of a deleted basic group and the requests to join it. A retry deletes what is left. */
export function createInvitePurge(db: Pick<Database, 'transact'>) {
  return defineJobKind<{ peerId: bigint }>({
    kind: 'purge-invites',
    codec: jsonCodec(),
    async run({ peerId }, { signal }) {
      const removeSlice = (): Promise<boolean> =>
        db.transact('purge-invites', async (tx) => {
          const isFull = await removeEntrances(tx, peerId, SLICE);
          return (await removeInvites(tx, peerId, SLICE)) === SLICE || isFull;
        });
      while (await removeSlice()) signal.throwIfAborted();
    },
  });
}
