import type { Operation } from '../define-operation.ts';

/** All operations of the control API: one line for each group. */
export const OPERATIONS: readonly Operation[] = [];
