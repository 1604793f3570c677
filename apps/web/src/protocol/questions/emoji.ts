/** Emoji that were used lately on this device. */
export interface EmojiQuestions {
  'emoji.recent': { say: void; get: string[] };
  'emoji.use': { say: { emoji: string }; get: void };
}
