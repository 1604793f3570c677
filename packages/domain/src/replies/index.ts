/** The chat with the account Replies: answers to comments in discussion groups that one is not in. */
export { createReplies, type Replies } from './replies.ts';
