import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { cleanLine } from '../peers/index.ts';

/** Maximum length of names in contacts and venues, in UTF-16 units; longer ones are cut. */
export const NAME_MAX = 255;

const VCARD_MAX = 2048;

/**
 * Builds the media of a contact.
 * @throws RpcError PHONE_NUMBER_INVALID, CONTACT_NAME_EMPTY
 */
export async function prepareContact(
  input: tl.inputMediaContact,
  findContact: (phone: string) => Promise<{ phone: string; userId: bigint }>,
): Promise<tl.messageMediaContact> {
  const first = cleanLine(input.first_name, NAME_MAX);
  const last = cleanLine(input.last_name, NAME_MAX);
  if (first === '' && last === '') throw rpcError('CONTACT_NAME_EMPTY');
  const digits = input.phone_number.replaceAll(/\D/g, '');
  if (digits === '' || input.phone_number.length > 64) throw rpcError('PHONE_NUMBER_INVALID');
  const { phone, userId } = await findContact(input.phone_number);
  return {
    _: 'messageMediaContact',
    // As it came with or without a plus: programs compare it with what they have sent, or call it.
    phone_number: input.phone_number.trimStart().startsWith('+') && !phone.startsWith('+') ? `+${phone}` : phone,
    first_name: first,
    last_name: last,
    vcard: input.vcard.length > VCARD_MAX ? '' : input.vcard,
    user_id: userId,
  };
}
