/** Shows others that somebody types. Nothing of it is stored. */
export { createTyping, type Typing } from './typing.ts';
