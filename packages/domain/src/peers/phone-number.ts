import { rpcError } from '@aerogram/errors';
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

/**
 * A phone number as it is stored: its digits, country code first. Clients send `15550001111` and `+1 555 000 1111`.
 * @throws RpcError 400 PHONE_NUMBER_INVALID
 */
export function normalizePhone(input: string): string {
  const phone = findNormalPhone(input);
  if (phone === undefined) throw rpcError('PHONE_NUMBER_INVALID');
  return phone;
}

/**
 * As {@link normalizePhone}, but undefined for what is no number: address books are full of those. The country's rules
 * say how long it may be and what falls away (`+44 (0)20 …`); whether its range is in use changes too often to ask.
 */
export function findNormalPhone(input: string): string | undefined {
  if (input.length > 64 || /[^\d\s+().\-\u00a0]/.test(input)) return undefined;
  const digits = input.replaceAll(/\D/g, '').replace(/^00/, '');
  if (testCodeOf(digits) !== undefined) return digits;
  const parsed = parsePhoneNumberFromString(`+${digits}`);
  return parsed?.isPossible() === true ? parsed.number.slice(1) : undefined;
}

/** The code of a test number 99966XYYYY: XXXXX. Undefined for all other numbers. */
export function testCodeOf(phone: string): string | undefined {
  return /^99966(\d)\d{4}$/.exec(phone)?.[1]?.repeat(5);
}
