import type { PeerId } from '../protocol/index.ts';
import type { Store } from './store/store.ts';

/** Whether the account is not in a group, so that the server tells it nothing of the group by updates. Pure. */
export const isStranger = (store: Pick<Store, 'peers'>, peer: PeerId): boolean => store.peers.get(peer)?.isMember === false;
