import type { MentionAccess } from '../src/messages/mentions.ts';

/** For texts that mention nobody: a look at whom the author may name fails the test. */
export const NO_MENTIONS: MentionAccess = {
  accessMention: () => Promise.reject(new Error('no mention expected')),
  listNameable: () => Promise.reject(new Error('no mention expected')),
};
