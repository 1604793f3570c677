import { german } from './texts-de.ts';
import { english } from './texts-en.ts';
import type { Texts } from './texts.ts';

const TEXTS: Readonly<Record<string, Texts>> = { de: german };

/** The texts for a language of clients such as `de` or `pt-br`; English where there are none. Pure. */
export function textsFor(langCode: string): Texts {
  return TEXTS[langCode.toLowerCase().split('-')[0]!] ?? english;
}
