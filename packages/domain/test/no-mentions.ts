import type { MentionAccess } from '../src/messages/mention-access.ts';

/** For texts without mentions: the test fails if the mention check is called. */
export const NO_MENTIONS: MentionAccess = {
  accessMention: () => Promise.reject(new Error('no mention expected')),
  listNameable: () => Promise.reject(new Error('no mention expected')),
};
