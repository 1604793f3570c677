/** The emoji available as reactions, with their titles, in the order in which users see them who have not used any. */
export const REACTION_TITLES: ReadonlyMap<string, string> = new Map([
  ['👍', 'Thumbs Up'], ['❤', 'Red Heart'], ['🔥', 'Fire'], ['🥰', 'Smiling Face with Hearts'], ['👏', 'Clapping Hands'],
  ['😁', 'Beaming Face'], ['🎉', 'Party Popper'], ['🤩', 'Star-Struck'], ['🙏', 'Folded Hands'], ['👌', 'OK Hand'],
  ['😍', 'Heart Eyes'], ['💯', 'Hundred Points'], ['🤣', 'Rolling on the Floor'], ['⚡', 'High Voltage'], ['🏆', 'Trophy'],
  ['👎', 'Thumbs Down'], ['🤔', 'Thinking Face'], ['🤯', 'Exploding Head'], ['😱', 'Screaming Face'], ['🤬', 'Cursing Face'],
  ['😢', 'Crying Face'], ['🤮', 'Vomiting Face'], ['💩', 'Pile of Poo'], ['🤡', 'Clown Face'], ['🕊', 'Dove'],
  ['🥱', 'Yawning Face'], ['🥴', 'Woozy Face'], ['🐳', 'Spouting Whale'], ['❤‍🔥', 'Heart on Fire'], ['🌚', 'New Moon Face'],
  ['🌭', 'Hot Dog'], ['🍌', 'Banana'], ['💔', 'Broken Heart'], ['🤨', 'Raised Eyebrow'], ['😐', 'Neutral Face'],
  ['🍓', 'Strawberry'], ['🍾', 'Popping Cork'], ['💋', 'Kiss Mark'], ['🖕', 'Middle Finger'], ['😈', 'Smiling Devil'],
  ['😴', 'Sleeping Face'], ['😭', 'Loudly Crying Face'], ['🤓', 'Nerd Face'], ['👻', 'Ghost'], ['👨‍💻', 'Man Technologist'],
  ['👀', 'Eyes'], ['🎃', 'Jack-O-Lantern'], ['🙈', 'See-No-Evil Monkey'], ['😇', 'Smiling Face with Halo'], ['😨', 'Fearful Face'],
  ['🤝', 'Handshake'], ['✍', 'Writing Hand'], ['🤗', 'Hugging Face'], ['🫡', 'Saluting Face'], ['🎅', 'Santa Claus'],
  ['🎄', 'Christmas Tree'], ['☃', 'Snowman'], ['💅', 'Nail Polish'], ['🤪', 'Zany Face'], ['🗿', 'Moai'],
  ['🆒', 'Cool'], ['💘', 'Heart with Arrow'], ['🙉', 'Hear-No-Evil Monkey'], ['🦄', 'Unicorn'], ['😘', 'Face Blowing a Kiss'],
  ['💊', 'Pill'], ['🙊', 'Speak-No-Evil Monkey'], ['😎', 'Smiling Face with Sunglasses'], ['👾', 'Alien Monster'], ['🤷‍♂', 'Man Shrugging'],
  ['🤷', 'Shrug'], ['🤷‍♀', 'Woman Shrugging'], ['😡', 'Pouting Face'],
]);

/** The same emoji, in the same order. */
export const KNOWN_REACTIONS: readonly string[] = [...REACTION_TITLES.keys()];

/** The default reaction of users who have not chosen one. */
export const DEFAULT_REACTION = '👍';

/** The emoji without the variation selectors that some keyboards add; undefined if it is not available as a reaction. */
export function findReaction(emoticon: string): string | undefined {
  const plain = emoticon.replaceAll('\uFE0F', '');
  return REACTION_TITLES.has(plain) ? plain : undefined;
}

/** How many reactions may be allowed in a group or channel: all plain ones, and custom emoji besides. */
export const ALLOWED_REACTIONS_MAX = KNOWN_REACTIONS.length + 100;
