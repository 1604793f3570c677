import type { Tx } from '@aerogram/storage';

import type { Told } from '../effects/index.ts';

/** Tells other data centres what they know of people here. Absent where there are no others. */
export interface CardTeller {
  /**
   * Tells each data centre where somebody has a card of one of these people what the cards show now; later, if it is behind with much else. Called in the transaction of a change, after its writes; locks the
   * people's rows.
   * @param told the boxes that the transaction has opened, if it has
   */
  tell(tx: Tx, personIds: readonly bigint[], told?: Told): Promise<void>;
  /**
   * Gives the homes of viewers elsewhere the card of somebody here as it is now, in a transaction that tells these homes more, and notes the viewers as readers.
   * @param viewerIds who live elsewhere
   */
  introduceIn(tx: Tx, personId: bigint, viewerIds: readonly bigint[], told: Told): Promise<void>;
  /**
   * Notes that the homes of some people elsewhere are told later what is between somebody here and each of them, if so much waits for these homes already that what
   * can be told later has to wait. So nobody fills a stream by changing the same thing again and again.
   * @returns the others, whose homes are told now
   */
  putOff(tx: Tx, personId: bigint, otherIds: readonly bigint[]): Promise<bigint[]>;
}
