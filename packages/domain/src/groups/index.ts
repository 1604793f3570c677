/** Operations on basic groups, except sending messages to them. */
export type { Acting as GroupActing, GroupOutcome } from './group-change.ts';
export { createGroups, type Groups, type Invitation } from './groups.ts';
