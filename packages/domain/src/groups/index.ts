/** Basic groups: everything that is done with them, but for the messages of people. */
export type { Acting as GroupActing, GroupOutcome } from './group-change.ts';
export { createGroups, type Groups, type Invitation } from './groups.ts';
