/** Forwards of messages, from any chat to any other. */
export { createForwards, type Forwards } from './forwards.ts';
