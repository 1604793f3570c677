/** Relations between two users: contact entries and blocks. */
export { checkNotBlocked, type ContactRow, findRelations, NO_RELATION, pairKey, type Relation, reverseRelation } from './relation.ts';
export { createRelations, type Relations } from './relations.ts';
export { type Acquaintance, type Acquaintances, createAcquaintances } from './acquaintances.ts';
