import type { tl } from '@aerogram/tl';

import { projectDocument } from './file-objects.ts';
import { ifTrue, type JsonObject } from './json-object.ts';
import type { ObjectSource } from './object-source.ts';

/** The BackgroundType object of a wallpaper; undefined if there is none any more. */
export function projectBackground(source: ObjectSource, wallpaper: tl.WallPaper): JsonObject | undefined {
  const { settings } = wallpaper;
  const intensity = settings?.intensity ?? 0;
  if (wallpaper._ === 'wallPaperNoFile') {
    if (settings?.emoticon !== undefined) return { type: 'chat_theme', theme_name: settings.emoticon };
    const fill = projectFill(settings);
    return fill && { type: 'fill', fill, dark_theme_dimming: Math.abs(intensity) };
  }
  if (wallpaper.document._ !== 'document') return undefined;
  const document = projectDocument(source, wallpaper.document);
  const is_moving = ifTrue(settings?.motion);
  if (wallpaper.pattern !== true) return { type: 'wallpaper', document, dark_theme_dimming: Math.abs(intensity), is_blurred: ifTrue(settings?.blur), is_moving };
  const fill = projectFill(settings) ?? { type: 'solid', color: 0 };
  return { type: 'pattern', document, fill, intensity: Math.abs(intensity), is_inverted: ifTrue(intensity < 0), is_moving };
}

/** The BackgroundFill object; undefined without colours. */
function projectFill(settings: tl.wallPaperSettings | undefined): JsonObject | undefined {
  const { background_color: first, second_background_color: second, third_background_color: third, fourth_background_color: fourth } = settings ?? {};
  const colors = [first, second, third, fourth].filter((color) => color !== undefined);
  if (colors.length === 0) return undefined;
  if (colors.length === 1) return { type: 'solid', color: colors[0] };
  if (colors.length === 2) return { type: 'gradient', top_color: colors[0], bottom_color: colors[1], rotation_angle: settings?.rotation ?? 0 };
  return { type: 'freeform_gradient', colors };
}
