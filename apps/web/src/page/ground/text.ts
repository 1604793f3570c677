import { en, type LaterKey, type TextKey } from '../../texts/en/index.ts';

type Text = string | { one: string; other: string };
type Values = Record<string, string | number>;

const plurals = new Intl.PluralRules('en');
const numbers = new Intl.NumberFormat('en');

const shortNumbers = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

const table: Partial<Record<TextKey, Text>> = { ...en };

/** Adds the texts of a part of the page that is loaded when it is needed. Before that, nothing may show them. */
export const addTexts = (texts: Partial<Record<LaterKey, Text>>): void => void Object.assign(table, texts);

/** Writes a number as short as possible, such as 1.2K. */
export const formatCount = (count: number): string => shortNumbers.format(count);

/** Writes a text of the table. @param values are filled in; `n` also chooses the form */
export function t(key: TextKey, values: Values = {}): string {
  const entry = table[key] ?? '';
  const form = typeof entry === 'string' ? entry : entry[plurals.select(Number(values.n)) === 'one' ? 'one' : 'other'];
  return form.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    return typeof value === 'number' ? numbers.format(value) : (value ?? '');
  });
}
