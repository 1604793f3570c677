import type { tl } from '@mtcute/core';
import type { ChatLook, ChatTheme } from '../protocol/index.ts';
import { askOnce } from './ask-once.ts';

/** Asks once which themes there are. */
export const loadChatThemes = askOnce(async (account): Promise<ChatTheme[]> => {
  const answer = await account.call({ _: 'account.getChatThemes', hash: 0 as never });
  return answer._ === 'account.themes' ? answer.themes.flatMap((theme) => readChatTheme(theme) ?? []) : [];
});

const colourOf = (number: number): string => `#${number.toString(16).padStart(6, '0')}`;

function readLook({ messageColors: [own] = [], wallpaper }: tl.RawThemeSettings): ChatLook | undefined {
  const { backgroundColor, secondBackgroundColor = backgroundColor } = wallpaper?.settings ?? {};
  return own === undefined || backgroundColor === undefined || secondBackgroundColor === undefined ? undefined : { ground: [colourOf(backgroundColor), colourOf(secondBackgroundColor)], own: colourOf(own) };
}

/** Reads a theme of chats. Pure. @returns undefined if it has no look for light or for dark */
export function readChatTheme({ emoticon, title, settings = [] }: tl.RawTheme): ChatTheme | undefined {
  const isDark = ({ baseTheme }: tl.RawThemeSettings): boolean => baseTheme._ === 'baseThemeNight' || baseTheme._ === 'baseThemeTinted';
  const [light, dark] = [settings.find((one) => !isDark(one)), settings.find(isDark)].map((one) => one && readLook(one));
  return emoticon === undefined || !light || !dark ? undefined : { emoji: emoticon, title, light, dark };
}
