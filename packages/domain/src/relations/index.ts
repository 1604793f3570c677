/** Relations between two users: contact entries and blocks. */
export { type ContactRow, NO_RELATION, type Relation, reverseRelation } from './relation.ts';
export { createRelations, type Relations } from './relations.ts';
