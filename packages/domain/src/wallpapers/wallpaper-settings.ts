import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

const COLOR_MAX = 0xff_ff_ff;
/** Clients show no other angles. */
const ROTATION_STEP = 45;

const INTENSITY_MAX = 100;

type Color = 'background_color' | 'second_background_color' | 'third_background_color' | 'fourth_background_color';
const COLORS: readonly Color[] = ['background_color', 'second_background_color', 'third_background_color', 'fourth_background_color'];

const isWithin = (value: number | undefined, least: number, most: number): boolean => value === undefined || (value >= least && value <= most);

/**
 * Checks how a wallpaper is to be shown, and rebuilds it field by field. The emoji of a theme is left out: it has no meaning here. Pure.
 * @throws RpcError WALLPAPER_INVALID: a colour that is none or comes without the one before it, an angle that is no multiple of 45° below 360°, or an intensity beyond 100 per cent
 */
export function checkedWallpaperSettings(settings: tl.wallPaperSettings): tl.wallPaperSettings {
  const colors = COLORS.map((name) => settings[name]);
  const isGap = colors.some((color, index) => color !== undefined && colors.slice(0, index).includes(undefined));
  const { rotation, intensity } = settings;
  const isRight =
    !isGap &&
    colors.every((color) => isWithin(color, 0, COLOR_MAX)) &&
    isWithin(rotation, 0, 359) &&
    (rotation ?? 0) % ROTATION_STEP === 0 &&
    isWithin(intensity, -INTENSITY_MAX, INTENSITY_MAX);
  if (!isRight) throw rpcError('WALLPAPER_INVALID');
  const [background_color, second_background_color, third_background_color, fourth_background_color] = colors;
  return {
    _: 'wallPaperSettings',
    blur: settings.blur === true || undefined,
    motion: settings.motion === true || undefined,
    background_color,
    second_background_color,
    third_background_color,
    fourth_background_color,
    intensity,
    // Both stand under one flag of the wire format.
    rotation: second_background_color === undefined ? undefined : (rotation ?? 0),
  };
}

/** What is to be shown of a fill with these settings: one that names no colours keeps its own, because without any it would be drawn black. Pure. */
export function settingsOfFill(own: tl.wallPaperSettings | undefined, chosen: tl.wallPaperSettings): tl.wallPaperSettings {
  if (chosen.background_color !== undefined) return chosen;
  const { blur, motion, intensity } = chosen;
  return { _: 'wallPaperSettings', ...own, blur, motion, intensity };
}

/** Whether settings say nothing. Pure. */
export function isPlain({ _: _name, ...settings }: tl.wallPaperSettings): boolean {
  return Object.values(settings).every((value) => value === undefined);
}
