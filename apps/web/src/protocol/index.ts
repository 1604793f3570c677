// What pages and worker say to each other: the only thing that both import.
export type * from './checklists.ts';
export type * from './keyboards.ts';
export type * from './log.ts';
export * from './manage.ts';
export type * from './models.ts';
export type * from './peers.ts';
export type * from './polls.ts';
export type * from './reactions.ts';
export type * from './questions/index.ts';
export type * from './search.ts';
export type * from './views.ts';
export * from './replies-chat.ts';
export * from './topics.ts';
export type * from './envelope.ts';
export * from './file-key.ts';
export * from './invite-hash.ts';
export * from './kept-files.ts';
export * from './view-once.ts';
