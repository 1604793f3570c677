import type { Tx } from '@aerogram/storage';

import type { Told } from '../effects/index.ts';

/** Tells other data centres what they know of people here. Absent where there are no others. */
export interface CardTeller {
  /**
   * Tells each data centre where somebody has a card of one of these people what the cards show now. Called in the transaction of a change, after its writes; locks the
   * people's rows.
   * @param told the boxes that the transaction has opened, if it has
   */
  tell(tx: Tx, personIds: readonly bigint[], told?: Told): Promise<void>;
  /**
   * Gives the homes of viewers elsewhere the card of somebody here as it is now, in a transaction that tells these homes more, and notes the viewers as readers.
   * @param viewerIds who live elsewhere
   */
  introduceIn(tx: Tx, personId: bigint, viewerIds: readonly bigint[], told: Told): Promise<void>;
}
