import type { Random } from '@aerogram/runtime';
import type { AccountState } from '../state/account-state.ts';
import { Chance, type RandomAction, type RandomPeer } from './chance.ts';
import { CHANNEL_ACTIONS } from './channel-actions.ts';
import { GROUP_ACTIONS, listGroups } from './group-actions.ts';
import { MESSAGE_ACTIONS, sendPlain } from './message-actions.ts';
import { SETTINGS_ACTIONS } from './settings-actions.ts';

const ACTIONS = [...MESSAGE_ACTIONS, ...GROUP_ACTIONS, ...CHANNEL_ACTIONS, ...SETTINGS_ACTIONS];
const TOTAL = ACTIONS.reduce((sum, [weight]) => sum + weight, 0);

/**
 * Creates random actions of a user, in chats with these people and in the groups that their device shows. The same seed and states give the same actions.
 *
 * @param pages prefix of the links that texts may contain
 */
export function createRandomActions(random: Random, pages?: string): (state: AccountState, users: readonly RandomPeer[]) => RandomAction {
  const chance = new Chance(random, pages);
  return (state, users) => {
    const peers = [...users, ...listGroups(state)];
    let at = chance.below(TOTAL);
    for (const [weight, make] of ACTIONS) {
      at -= weight;
      if (at >= 0) continue;
      const made = make(chance, state, peers) ?? sendPlain(chance, state, peers)!;
      return 'request' in made ? made : { request: made };
    }
    throw new Error('the weights do not add up');
  };
}
