import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

import { testCodeOf } from '../auth/phone-number.ts';

/** A number that stands in a text; lengths and places in UTF-16 units. */
export interface NumberSpan {
  _: 'messageEntityPhone' | 'messageEntityBankCard';
  offset: number;
  length: number;
}

/** Digits enough for either kind; without them nothing here looks at a text any closer. */
export const MAY_HOLD_NUMBER = /\+\d(?:[ \u00a0().-]{0,2}\d){6}|\d(?:[ \u00a0-]?\d){12}/;

// Only whole runs of groups: nothing of a word, a path, a sum or a decimal. 15 and 19 digits are the most that E.164 and ISO/IEC 7812 give.
const PHONES = /(?<![\p{L}\p{N}_+@/:.=-])\+\d(?:[ \u00a0().-]{0,2}\d){6,14}(?![\p{L}\p{N}_])/gu;
// What stands before a card's number may be digits, too: each group is tried as the first.
const CARDS = /(?<![\p{L}\p{N}_+.,/-])(?=(?<run>\d(?:[ \u00a0-]?\d){12,18})(?![\p{L}\p{N}_]|[.,]\d))\d+/gu;

/** A text is looked through for so many possible phone numbers: each costs microseconds. */
const PHONE_LOOKS_MAX = 100;

/** How many digits the cards have that begin like this. */
const ISSUERS: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^4/, [13, 16, 18, 19]], // Visa
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]], // Mastercard
  [/^3[47]/, [15]], // American Express
  [/^(?:30[0-5]|3[689])/, [14, 15, 16, 17, 18, 19]], // Diners Club
  [/^35(?:2[89]|[3-8])/, [16, 17, 18, 19]], // JCB
  [/^220[0-4]/, [16, 17, 18, 19]], // Mir
  [/^(?:5[0678]|6)/, [13, 14, 15, 16, 17, 18, 19]], // Maestro, Discover, UnionPay, RuPay
  [/^(?:8[12]|8600|9860|9792)/, [16]], // RuPay, UzCard, Humo, Troy
];

/**
 * Phone numbers with their country code and numbers of bank cards that stand in a text. Pure; a card may overlap a phone
 * number that came before it. A phone number without `+` is none: the text does not tell its country.
 * @see https://core.telegram.org/api/entities
 */
export function* detectNumbers(text: string): Iterable<NumberSpan> {
  if (!MAY_HOLD_NUMBER.test(text)) return;
  let looks = 0;
  const isPhone = (digits: string): boolean =>
    looks++ < PHONE_LOOKS_MAX && (testCodeOf(digits) !== undefined || parsePhoneNumberFromString(`+${digits}`)?.isValid() === true);
  for (const { 0: run, index } of text.matchAll(PHONES)) {
    const length = longestThatIs(isPhone, run, 7);
    if (length > 0) yield { _: 'messageEntityPhone', offset: index, length };
  }
  for (const { groups, index } of text.matchAll(CARDS)) {
    const length = longestThatIs(isBankCard, (groups as { run: string }).run, 13);
    if (length > 0) yield { _: 'messageEntityBankCard', offset: index, length };
  }
}

/** What follows a number may be one, too (a year, an expiry date): groups fall away from the end until it is one. */
function longestThatIs(isOne: (digits: string) => boolean, run: string, least: number): number {
  for (let rest = run; ; rest = rest.replace(/\D+\d+$/, '')) {
    const digits = rest.replaceAll(/\D/g, '');
    if (digits.length < least) return 0;
    if (isOne(digits)) return rest.length;
    if (!/\d\D+\d+$/.test(rest)) return 0;
  }
}

function isBankCard(digits: string): boolean {
  return ISSUERS.some(([start, lengths]) => start.test(digits) && lengths.includes(digits.length)) && passesLuhn(digits);
}

/** The check digit of ISO/IEC 7812. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits[digits.length - 1 - place]);
    const doubled = digit * 2;
    sum += place % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
