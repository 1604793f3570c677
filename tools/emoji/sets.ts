import { readInstalled } from '../drawing/pictures.ts';
import { readSvg } from '../drawing/read-svg.ts';
import { calmMotionOf, EMOJI_SETS, isAnimatedEmoji } from './choice.ts';
import { makeDice } from './dice.ts';
import type { Emoji } from './emoji-list.ts';
import { ICONS, type IconUse } from './icons.ts';
import { CALM, STRONG } from './motions.ts';
import type { Drawing, DrawnSet } from './pack.ts';
import { emojiScene, iconScene, stickerScene } from './scenes.ts';
import { ANIMALS, FACES, type Sticker } from './stickers.ts';

/** Clients ask for the set of animated emoji by this id, which they have built in. */
const ANIMATED_EMOJI_ID = 1_258_816_259_751_983n;

const ICON_USES: readonly IconUse[] = ['topics', 'statuses', 'backgrounds', 'groups'];

/** The emoji that can be drawn. Twemoji has no picture of some, and a few pictures have gradients. */
export function listDrawable(emoji: readonly Emoji[]): { drawable: Emoji[]; refused: string[] } {
  const refused: string[] = [];
  const drawable = emoji.filter(({ emoji: name, svg }) => {
    if (svg === undefined) return false;
    try {
      readSvg(svg);
      return true;
    } catch (error) {
      refused.push(`${name} ${(error as Error).message}`);
      return false;
    }
  });
  return { drawable, refused };
}

const drawEmoji = (emoji: Emoji): Drawing => ({ emoji: emoji.emoji, svg: emoji.svg!, scene: emojiScene(readSvg(emoji.svg!), calmMotionOf(emoji)) });

function svgOf(wanted: string, drawable: readonly Emoji[]): string {
  const found = drawable.find(({ emoji }) => emoji === wanted);
  if (found === undefined) throw new Error(`${wanted} cannot be drawn`);
  return found.svg!;
}

function drawStickers(stickers: readonly Sticker[], drawable: readonly Emoji[]): Drawing[] {
  return stickers.map(([emoji, motion, extra], index) => {
    const svg = svgOf(emoji, drawable);
    return { emoji, svg, scene: stickerScene(readSvg(svg), STRONG[motion], extra && { areas: readSvg(svgOf(extra[0], drawable)), way: extra[1] }, index + 1) };
  });
}

function drawIcons(): Drawing[] {
  return ICONS.map(({ name, emoji }) => {
    const svg = readInstalled(`@phosphor-icons/core/assets/fill/${name}-fill.svg`);
    if (svg === undefined) throw new Error(`there is no icon ${name}`);
    return { emoji, svg: svg.replace('currentColor', '#fff'), scene: iconScene(readSvg(svg), CALM.pop) };
  });
}

/** All sets that ship with the server. */
export function makeSets(drawable: readonly Emoji[]): DrawnSet[] {
  const placesFor = (use: IconUse): number[] => ICONS.flatMap(({ uses }, place) => (uses.includes(use) ? [place] : []));
  return [
    { id: ANIMATED_EMOJI_ID, shortName: 'AnimatedEmojies', title: 'Animated Emoji', kind: 'stickers', textColor: false, drawings: drawable.filter(isAnimatedEmoji).map(drawEmoji) },
    { shortName: 'AerogramFaces', title: 'Faces', kind: 'stickers', textColor: false, drawings: drawStickers(FACES, drawable) },
    { shortName: 'AerogramAnimals', title: 'Animals', kind: 'stickers', textColor: false, drawings: drawStickers(ANIMALS, drawable) },
    ...EMOJI_SETS.map(({ shortName, title, includes }): DrawnSet => ({ shortName, title, kind: 'emoji', textColor: false, drawings: drawable.filter(includes).map(drawEmoji) })),
    {
      shortName: 'AerogramIcons', title: 'Icons', kind: 'emoji', textColor: true, drawings: drawIcons(),
      uses: Object.fromEntries(ICON_USES.map((use) => [use, placesFor(use)])),
    },
    ...makeDice((emoji) => svgOf(emoji, drawable)),
  ];
}
