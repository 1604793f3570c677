/** Texts of the Bot API: parse modes, and entities in and out. */
export { entityObjects as projectEntities } from './entity-objects.ts';
export * from './read-text.ts';
