import type { ChatTheme } from '../../protocol/index.ts';

/** The colours of a theme, in place of those that chats have. Which of the two looks is shown follows the page. Pure. */
export function themeStyle(theme: ChatTheme | undefined): Record<string, string> | undefined {
  if (theme === undefined) return undefined;
  const { light, dark } = theme;
  const both = (one: string, other: string): string => `light-dark(${one}, ${other})`;
  return { '--sky': both(light.ground[0], dark.ground[0]), '--sky-end': both(light.ground[1], dark.ground[1]), '--out': both(light.own, dark.own) };
}
