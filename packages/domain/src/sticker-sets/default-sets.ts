/** The kinds of sets that people install, each in a list of its own. */
export type SetKind = 'stickers' | 'emoji' | 'masks';

/** The short names of the sets that somebody has who has not changed a list, in their order. */
export const DEFAULT_SETS: Readonly<Record<SetKind, readonly string[]>> = {
  stickers: ['AerogramFaces', 'AerogramAnimals'],
  emoji: ['AerogramFaceEmoji', 'AerogramGestureEmoji', 'AerogramAnimalEmoji', 'AerogramFoodEmoji'],
  masks: [],
};
