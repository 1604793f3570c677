import { rpcError } from '@aerogram/errors';
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

/**
 * Normalises a phone number to the stored form: digits only, country code first. Clients send `15550001111` as well as `+1 555 000 1111`.
 * @throws RpcError 400 PHONE_NUMBER_INVALID
 */
export function normalizePhone(input: string): string {
  const phone = findNormalPhone(input);
  if (phone === undefined) throw rpcError('PHONE_NUMBER_INVALID');
  return phone;
}

/**
 * Same as {@link normalizePhone}, but returns undefined for an invalid number, because address books contain many of them. Only the
 * country's rules about length and trunk prefixes (`+44 (0)20 …`) are applied. Whether a number range is in use is not checked, because
 * that changes too often.
 */
export function findNormalPhone(input: string): string | undefined {
  if (input.length > 64 || /[^\d\s+().\-\u00a0]/.test(input)) return undefined;
  const digits = input.replaceAll(/\D/g, '').replace(/^00/, '');
  if (testCodeOf(digits) !== undefined) return digits;
  const parsed = parsePhoneNumberFromString(`+${digits}`);
  return parsed?.isPossible() === true ? parsed.number.slice(1) : undefined;
}

/** The country of a stored number, such as `DE`. Undefined where several countries share the prefix of the number, and for test numbers. */
export function countryOf(phone: string): string | undefined {
  return parsePhoneNumberFromString(`+${phone}`)?.country;
}

/** The log-in code of a test number 99966XYYYY, which is XXXXX. Undefined for all other numbers. */
export function testCodeOf(phone: string): string | undefined {
  return /^99966(\d)\d{4}$/.exec(phone)?.[1]?.repeat(5);
}
