/** A text, or its forms by number as English has them. Placeholders are each client's own. */
export type Text = string | { one: string; other: string };

/** The texts of one client's pack, by its own keys. */
export type Texts = Readonly<Record<string, Text>>;

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** Names of the months under the keys that `key` makes; cut to `length` letters where it is given. */
export function monthTexts(key: (english: string, number: number) => string, length?: number): Record<string, string> {
  return Object.fromEntries(MONTHS.map((name, at) => [key(name, at + 1), name.slice(0, length)]));
}

/** Names of the days, Monday first, likewise. */
export function weekdayTexts(key: (english: string, number: number) => string, length?: number): Record<string, string> {
  return Object.fromEntries(WEEKDAYS.map((name, at) => [key(name, at + 1), name.slice(0, length)]));
}
