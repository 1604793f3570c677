import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

import { testCodeOf } from '../peers/index.ts';

/** A number found in a text; offset and length in UTF-16 units. */
export interface NumberSpan {
  _: 'messageEntityPhone' | 'messageEntityBankCard';
  offset: number;
  length: number;
}

/** Quick check: a text that does not match has too few digits for a phone number or a card number. */
export const MAY_HOLD_NUMBER = /\+\d(?:[ \u00a0().-]{0,2}\d){6}|\d(?:[ \u00a0-]?\d){12}/;

// Matches complete groups of digits only, never a part of a word, path, sum or decimal. E.164 allows at most 15 digits, ISO/IEC 7812 at
// most 19.
const PHONES = /(?<![\p{L}\p{N}_+@/:.=-])\+\d(?:[ \u00a0().-]{0,2}\d){6,14}(?![\p{L}\p{N}_])/gu;
// Other digits may stand before a card number, so every group of digits is tried as the start of one.
const CARDS = /(?<![\p{L}\p{N}_+.,/-])(?=(?<run>\d(?:[ \u00a0-]?\d){12,18})(?![\p{L}\p{N}_]|[.,]\d))\d+/gu;

/** Maximum number of candidates for phone numbers checked per text. One check takes some microseconds. */
const PHONE_LOOKS_MAX = 100;
/** Maximum number of candidates for card numbers checked per text. One check takes about a microsecond. */
const CARD_LOOKS_MAX = 500;

/** The lengths of card numbers by their first digits. */
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
 * Detects phone numbers with a country code and bank card numbers in a text. Pure. A card number may overlap a phone number that was
 * yielded earlier. Phone numbers without `+` are not detected, because the country is unknown.
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
  let runs = 0;
  for (const { groups, index } of text.matchAll(CARDS)) {
    if (runs++ === CARD_LOOKS_MAX) return;
    const length = longestThatIs(isBankCard, (groups as { run: string }).run, 13);
    if (length > 0) yield { _: 'messageEntityBankCard', offset: index, length };
  }
}

/**
 * The length of the longest prefix of the run that is a number and ends with a whole group of digits; 0 if there is none. Digits after a number, such as a year or an
 * expiry date, are dropped this way. The run is scanned once, because a text can have a run at each of its digits and the cost would grow
 * quadratically.
 */
function longestThatIs(isOne: (digits: string) => boolean, run: string, least: number): number {
  let digits = '';
  /** For each group: where it ends in the run, and how many digits there are up to its end. */
  const ends: { end: number; count: number }[] = [];
  for (let at = 0; at < run.length; at++) {
    if (!isDigit(run, at)) continue;
    digits += run[at];
    if (!isDigit(run, at + 1)) ends.push({ end: at + 1, count: digits.length });
  }
  for (const { end, count } of ends.toReversed()) {
    if (count < least) return 0;
    if (isOne(digits.slice(0, count))) return end;
  }
  return 0;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

function isBankCard(digits: string): boolean {
  return passesLuhn(digits) && ISSUERS.some(([start, lengths]) => lengths.includes(digits.length) && start.test(digits));
}

/** The Luhn check of ISO/IEC 7812. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = digits.charCodeAt(digits.length - 1 - place) - 48;
    const doubled = digit * 2;
    sum += place % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
