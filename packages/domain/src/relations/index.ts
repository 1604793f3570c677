/** What lies between two people: who has whom as a contact, and who blocked whom. */
export { type ContactRow, NO_RELATION, type Relation, reverseRelation } from './relation.ts';
export { createRelations, type Relations } from './relations.ts';
