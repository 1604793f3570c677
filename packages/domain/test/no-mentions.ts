import type { MentionAccess } from '../src/messages/mention-access.ts';

/** For texts without mentions and custom emoji: the test fails if one is looked for. */
export const NO_MENTIONS: MentionAccess = {
  accessMention: () => Promise.reject(new Error('no mention expected')),
  listNameable: () => Promise.reject(new Error('no mention expected')),
  listEmoji: () => Promise.reject(new Error('no custom emoji expected')),
};
