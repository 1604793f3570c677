import { allocateUserId, dcOfPeer, HomeAway, type OtherHomes } from '@aerogram/cluster';
import { writable } from '@aerogram/storage/testing';

import { createRpcWorld, type RpcWorld } from './rpc-world.ts';

/** The DC that the world does not have. */
const FAR_DC = 1;

/** The id of somebody whose home is another data centre, with a pattern that is in no other number of the database. */
export const FAR_PERSON = allocateUserId(0x3_5b_7a_c3_6dn, FAR_DC);

/** The same of a bot. */
export const FAR_BOT = allocateUserId(0x3_5b_7a_c3_6en, FAR_DC);

/** Another data centre to which nothing gets through. */
const homes: OtherHomes = {
  own: 2,
  others: [FAR_DC],
  ofNames: 2,
  dcOf: (peerId) => dcOfPeer(peerId, [FAR_DC]),
  isFull: () => false,
  isBehind: () => false,
  framesWritten: () => {},
  ask: (dc) => Promise.reject(new HomeAway(dc)),
  onAsk: () => {},
  hint: () => {},
  onHint: () => {},
};

/** A world beside which there is another data centre, of which one person and one bot are known. @param seed of all randomness */
export async function createWorldWithFarHome(seed: string): Promise<RpcWorld> {
  const world = await createRpcWorld(seed, undefined, undefined, { homes });
  const common = { version: 1n, last_name: '', phone: null, is_deleted: false };
  await writable(world.db)
    .q.insertInto('cards')
    .values([
      { ...common, person_id: FAR_PERSON, first_name: 'Far', username: 'far_person', is_bot: false },
      { ...common, person_id: FAR_BOT, first_name: 'Far bot', username: 'far_bot', is_bot: true },
    ])
    .execute();
  return world;
}
