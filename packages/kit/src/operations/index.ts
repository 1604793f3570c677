import type { Operation } from '../define-operation.ts';
import { botsMakeOperations } from './bots-make.ts';
import { peopleFileOperations } from './people-files.ts';
import { peopleGroupOperations } from './people-groups.ts';
import { peopleMakeOperations } from './people-make.ts';
import { peoplePressOperations } from './people-press.ts';
import { peopleReadOperations } from './people-read.ts';
import { peopleWriteOperations } from './people-write.ts';
import { setOperations } from './sets.ts';

/** All operations of the control API: one line for each group. */
export const OPERATIONS: readonly Operation[] = [
  ...setOperations,
  ...peopleMakeOperations,
  ...peopleWriteOperations,
  ...peopleReadOperations,
  ...peoplePressOperations,
  ...peopleGroupOperations,
  ...peopleFileOperations,
  ...botsMakeOperations,
];
