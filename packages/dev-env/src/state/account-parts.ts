import type { tl } from '@aerogram/tl';
import type { Cells } from './cells.ts';
import type { ChannelStates } from './channel-states.ts';
import type { MessageBox } from './message-box.ts';

/** The parts of an account's state that updates change. */
export interface AccountParts {
  /** User id of the account. */
  readonly self: number;
  readonly box: MessageBox;
  readonly cells: Cells;
  readonly channels: ChannelStates;
  readonly messages: MessageBox['messages'];
  /** Broken rules, as text. */
  readonly violations: string[];
}

/** What updates change in a state, by constructor. */
export type Effects = { readonly [K in tl.Update['_']]?: (state: AccountParts, update: Extract<tl.Update, { _: K }>) => void };
