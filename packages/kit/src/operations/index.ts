import type { Operation } from '../define-operation.ts';
import { BOT_OPERATIONS } from './bots-make.ts';
import { CALL_OPERATIONS } from './calls.ts';
import { CLIENT_CONFIG_OPERATIONS } from './client-config.ts';
import { CLOCK_OPERATIONS } from './clock.ts';
import { FAULT_OPERATIONS } from './faults.ts';
import { OPEN_OPERATIONS } from './open.ts';
import { FILE_OPERATIONS } from './people-files.ts';
import { GROUP_OPERATIONS } from './people-groups.ts';
import { PEOPLE_OPERATIONS } from './people-make.ts';
import { PRESS_OPERATIONS } from './people-press.ts';
import { READ_OPERATIONS } from './people-read.ts';
import { WRITE_OPERATIONS } from './people-write.ts';
import { SET_OPERATIONS } from './sets.ts';

/** All operations of the control API: one line for each group. */
export const OPERATIONS: readonly Operation[] = [
  ...SET_OPERATIONS,
  ...PEOPLE_OPERATIONS,
  ...WRITE_OPERATIONS,
  ...READ_OPERATIONS,
  ...PRESS_OPERATIONS,
  ...GROUP_OPERATIONS,
  ...FILE_OPERATIONS,
  ...OPEN_OPERATIONS,
  ...BOT_OPERATIONS,
  ...CALL_OPERATIONS,
  ...FAULT_OPERATIONS,
  ...CLOCK_OPERATIONS,
  ...CLIENT_CONFIG_OPERATIONS,
];
