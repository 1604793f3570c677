import type { Emoji } from './emoji-list.ts';
import { CALM } from './motions.ts';

// Numbers of the groups of emoji, from emojibase-data/meta/groups.json.
const SMILEYS = 0;
const PEOPLE = 1;
const ANIMALS = 3;
const FOOD = 4;
const SYMBOLS = 8;
const FLAGS = 9;

/** Activities that messages show large, by subgroup. */
const THINGS = new Set(['event', 'award-medal']);
/** People that move by themselves already, and are left out of what messages show large. */
const PEOPLE_LEFT_OUT = new Set(['person-activity', 'person-sport']);
/** Other things, people and signs that messages show large. */
const MORE_THINGS = new Set(
  ('🔥 ⭐ 🌟 ✨ ⚡ 🌈 ⛄ 🌊 ☔ 🌙 🌞 🌚 🌝 ☀️ ❄️ ☃️ ☁️ 🚀 🚗 🚂 🛸 ✈️ 🏠 🌋 🗿 🏖️ 🏝️ ⚽ 🏀 🏈 🎾 🎳 🎯 🎮 🎲 🎰 🎱 🧩 🧸 🎭 🎨 🎵 🎶 🎤 🎧 🎸 🥁 🎹 💃 🕺 💡 💎 💍 💰 💸 💻 📱 📷 🎬 📺 ☎️ ✉️ ✏️ ⚙️ ⚔️ ' +
    '🔒 🔑 🔔 📌 📚 📈 📉 📝 💼 🎓 👑 👓 👗 👠 🎩 💄 💊 💉 🧪 🔬 🔭 📡 💣 🔨 🪄 ⏰ ⏳ 🧻 🚬 ⚰️ 🛒 🆒 🆕 🆗 🆘 🔞 🚫 🔝 ✅ ❌ ❗ ❓ ‼️ ⁉️ ✔️ ⚠️ ☢️').split(' '),
);

/** Men, women and hair: variants of people that are drawn beside the plain one. */
const isVariant = ({ emoji }: Emoji): boolean => /\u200D[\u2640\u2642\u27A1]/u.test(emoji) || /[\u{1F468}\u{1F469}]\u200D/u.test(emoji) || /\u200D[\u{1F9B0}-\u{1F9B3}]/u.test(emoji);

const isPerson = (emoji: Emoji): boolean => emoji.group === PEOPLE && !isVariant(emoji);
/** Emoji that the set of signs leaves out, because a set has at most 200: small squares, and squares with Japanese words. */
const LEFT_OUT = new Set(Array.from('🈁🈂🈷🈶🈯🉐🈹🈚🈲🉑🈸🈴🈳㊗㊙🈺🈵◼◻◾◽▪▫').flatMap((sign) => [sign, `${sign}\uFE0F`]));
/** The same, by subgroup. */
const SIGNS_LEFT_OUT = new Set(['transport-sign']);

/** The emoji that messages show large and moving: faces, people, hearts, animals, food and things. */
export const isAnimatedEmoji = (emoji: Emoji): boolean =>
  [SMILEYS, ANIMALS, FOOD].includes(emoji.group) || (isPerson(emoji) && !PEOPLE_LEFT_OUT.has(emoji.subgroup)) || THINGS.has(emoji.subgroup) || MORE_THINGS.has(emoji.emoji);

/** A set of custom emoji that is drawn from Twemoji. */
interface EmojiSet {
  shortName: string;
  title: string;
  includes: (emoji: Emoji) => boolean;
}

/** Where the first set of flags of countries ends: no set has more than 200. */
const LATER_COUNTRY = '🇲';

const isLaterFlag = ({ emoji, subgroup }: Emoji): boolean => subgroup !== 'flag' && (subgroup !== 'country-flag' || emoji >= LATER_COUNTRY);

/** The sets of custom emoji that are drawn from Twemoji. */
export const EMOJI_SETS: readonly EmojiSet[] = [
  { shortName: 'AerogramFaceEmoji', title: 'Faces', includes: ({ group }) => group === SMILEYS },
  { shortName: 'AerogramGestureEmoji', title: 'Gestures', includes: isPerson },
  { shortName: 'AerogramAnimalEmoji', title: 'Animals', includes: ({ group }) => group === ANIMALS },
  { shortName: 'AerogramFoodEmoji', title: 'Food', includes: ({ group }) => group === FOOD },
  { shortName: 'AerogramSignEmoji', title: 'Signs', includes: ({ group, subgroup, emoji }) => group === SYMBOLS && !SIGNS_LEFT_OUT.has(subgroup) && !LEFT_OUT.has(emoji) },
  { shortName: 'AerogramFlagEmoji', title: 'Flags', includes: (emoji) => emoji.group === FLAGS && !isLaterFlag(emoji) },
  { shortName: 'AerogramMoreFlagEmoji', title: 'More Flags', includes: (emoji) => emoji.group === FLAGS && isLaterFlag(emoji) },
];

type Calm = keyof typeof CALM;

const MOTION_OF_EMOJI: Readonly<Record<string, Calm>> = {
  '👈': 'pokeLeft', '👉': 'pokeRight', '👆': 'pokeUp', '☝️': 'pokeUp', '👇': 'pokeDown', '🫲': 'pokeLeft', '🫱': 'pokeRight', '🫷': 'pokeLeft', '🫸': 'pokeRight', '🤛': 'pokeRight', '🤜': 'pokeLeft',
  '⬆️': 'pokeUp', '⬇️': 'pokeDown', '⬅️': 'pokeLeft', '➡️': 'pokeRight', '🔝': 'pokeUp', '🔼': 'pokeUp', '⏫': 'pokeUp', '🔽': 'pokeDown', '⏬': 'pokeDown', '◀️': 'pokeLeft', '⏪': 'pokeLeft', '▶️': 'pokeRight', '⏩': 'pokeRight',
  '😂': 'laugh', '🤣': 'laugh', '😆': 'laugh', '😹': 'laugh', '😭': 'tremble', '🥶': 'tremble', '😱': 'tremble', '🔔': 'wobble', '👋': 'wave', '🖖': 'wave', '👏': 'beat', '🙏': 'breathe',
  '👍': 'lift', '👎': 'sink', '💤': 'breathe', '💨': 'swim', '💥': 'pop', '🔥': 'breathe', '🎂': 'wobble', '🚀': 'bob', '🫳': 'pokeDown', '🍽️': 'breathe', '🍋': 'bob', '🍊': 'bob', '⭐': 'shine', '🌟': 'shine', '✨': 'shine', '🦋': 'hop', '🐸': 'hop', '⏰': 'tremble', '🎉': 'pop', '🎊': 'pop', '🎈': 'sway',
};

const MOTION_OF_SUBGROUP: Readonly<Record<string, Calm>> = {
  'face-smiling': 'bob', 'face-affection': 'beat', 'face-tongue': 'nod', 'face-hand': 'nod', 'face-neutral-skeptical': 'nod', 'face-sleepy': 'breathe', 'face-unwell': 'sink', 'face-hat': 'bob',
  'face-glasses': 'nod', 'face-concerned': 'sink', 'face-negative': 'tremble', 'face-costume': 'bob', 'cat-face': 'nod', 'monkey-face': 'bob', heart: 'beat', emotion: 'pop',
  'hand-fingers-open': 'wave', 'hand-fingers-partial': 'lift', 'hand-single-finger': 'lift', 'hand-fingers-closed': 'lift', hands: 'lift', 'hand-prop': 'nod', 'body-parts': 'breathe',
  'animal-mammal': 'hop', 'animal-bird': 'bob', 'animal-amphibian': 'hop', 'animal-reptile': 'crawl', 'animal-marine': 'swim', 'animal-bug': 'crawl', 'plant-flower': 'sway', 'plant-other': 'sway',
  'food-sweet': 'bob', drink: 'wobble', 'sky-weather': 'breathe', music: 'wobble', 'award-medal': 'breathe', sport: 'hop', arrow: 'pop', zodiac: 'breathe', geometric: 'breathe', religion: 'breathe',
};

const MOTION_OF_GROUP: Readonly<Record<number, Calm>> = { [SMILEYS]: 'bob', [PEOPLE]: 'sway', [ANIMALS]: 'hop', [FOOD]: 'wobble', [SYMBOLS]: 'pop', [FLAGS]: 'flutter' };

/** How an emoji moves. It moves in the same way in all sets, so that they share its bytes. */
export function calmMotionOf({ emoji, subgroup, group }: Emoji): (typeof CALM)[Calm] {
  return CALM[MOTION_OF_EMOJI[emoji] ?? MOTION_OF_SUBGROUP[subgroup] ?? MOTION_OF_GROUP[group] ?? 'nod'];
}
