/** Typing notifications. They are not stored. */
export { createTyping, type Typing } from './typing.ts';
