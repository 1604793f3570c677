import { signal } from '@preact/signals';

export type Theme = 'system' | 'light' | 'dark';
export type TextSize = 'small' | 'normal' | 'large' | 'huge';

export interface Appearance {
  theme: Theme;
  textSize: TextSize;
  /** Whether pictures, and changes from one page to another, are animated. */
  hasAnimations: boolean;
}

const KEY = 'aerogram-appearance';
const THEMES = new Set<unknown>(['system', 'light', 'dark']);
const SIZES = new Set<unknown>(['small', 'normal', 'large', 'huge']);

/** Reads what this browser has kept; whatever stands there, the result is something to show. Pure. */
export function readAppearance(kept: string | null): Appearance {
  let read: unknown;
  try {
    read = JSON.parse(kept ?? '{}');
  } catch {
    read = {};
  }
  const { theme, textSize, hasAnimations } = (typeof read === 'object' && read !== null ? read : {}) as Record<string, unknown>;
  return { theme: THEMES.has(theme) ? (theme as Theme) : 'system', textSize: SIZES.has(textSize) ? (textSize as TextSize) : 'normal', hasAnimations: hasAnimations !== false };
}

/** Colours and text size of this browser. */
export const appearance = signal<Appearance>({ theme: 'system', textSize: 'normal', hasAnimations: true });

function show(value: Appearance): void {
  appearance.value = value;
  const { dataset } = document.documentElement;
  if (value.theme === 'system') delete dataset['theme'];
  else dataset['theme'] = value.theme;
  dataset['textSize'] = value.textSize;
  if (value.hasAnimations) delete dataset['still'];
  else dataset['still'] = '';
}

/** Shows what was chosen, here and in all tabs. */
export function startAppearance(): void {
  show(readAppearance(localStorage.getItem(KEY)));
  addEventListener('storage', ({ key, newValue }) => key === KEY && show(readAppearance(newValue)));
}

/** Changes a part, and keeps it. */
export function setAppearance(change: Partial<Appearance>): void {
  show({ ...appearance.value, ...change });
  localStorage.setItem(KEY, JSON.stringify(appearance.value));
}
