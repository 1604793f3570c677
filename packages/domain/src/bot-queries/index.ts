/** Questions to bots that people wait for, and pressed buttons among them. */
export { BotQueries, type CallbackAnswer } from './bot-queries.ts';
export { BotQuestions } from './bot-questions.ts';
export { InlineIds, type InlineMessage } from './inline-ids.ts';
export type { BotQueryKey } from './bot-query-store.ts';
export type { Press } from './find-pressed.ts';
