/** What people ask bots and wait for: how a question and its answer find each other, and the buttons that people press. */
export { BotQuestions, type ToldUpdate } from './bot-questions.ts';
export { saveQueued } from './bot-query-store.ts';
export { ASK_FATHER, ButtonPresses, type CallbackAnswer } from './button-presses.ts';
export { InlineIds, type InlineMessage } from './inline-ids.ts';
export type { Press } from './find-pressed.ts';
