import type { WorkRow } from '../work-row.ts';
import { BOT_ROWS } from './bots.ts';
import { FILE_ROWS } from './files.ts';
import { LATER_ROWS } from './later.ts';
import { MESSAGE_ROWS } from './messages.ts';
import { READ_ROWS } from './reads.ts';

/** The calls whose work is counted, in the order in which they are made. Webhooks come last of the bots: a bot that has one gets no updates by asking. */
export const ROWS: readonly WorkRow[] = [...MESSAGE_ROWS, ...READ_ROWS, ...FILE_ROWS, ...BOT_ROWS, ...LATER_ROWS];
