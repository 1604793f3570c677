import type { Random } from '@aerogram/runtime';
import type { AccountState } from '../state/account-state.ts';
import { Chance, type RandomAction, type RandomPeer } from './chance.ts';
import { MESSAGE_ACTIONS, sendPlain } from './message-actions.ts';
import { SETTINGS_ACTIONS } from './settings-actions.ts';

const ACTIONS = [...MESSAGE_ACTIONS, ...SETTINGS_ACTIONS];
const TOTAL = ACTIONS.reduce((sum, [weight]) => sum + weight, 0);

/**
 * Creates random actions of a user, based on what their device shows. The same seed and states give the same actions.
 *
 * @param pages prefix of the links that texts may contain
 */
export function createRandomActions(random: Random, pages?: string): (state: AccountState, peers: readonly RandomPeer[]) => RandomAction {
  const chance = new Chance(random, pages);
  return (state, peers) => {
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
