import type { Database } from '@aerogram/storage';

import { cleanLine, findNormalPhone } from '../peers/index.ts';

/**
 * Whom a contact that is sent names: the owner, or one of the owner's contacts. Others are not looked for, so that
 * nobody learns by it which numbers are in use.
 * @param input a phone number as the client wrote it
 * @returns the number, in its normal form where it has one, and the user, or 0
 */
export async function findSharedContact(q: Database['q'], ownerId: bigint, input: string): Promise<{ phone: string; userId: bigint }> {
  const phone = findNormalPhone(input);
  if (phone === undefined) return { phone: cleanLine(input), userId: 0n };
  const contact = await q.selectFrom('contacts').select('user_id').where('owner_id', '=', ownerId).where('phone', '=', phone).limit(1).executeTakeFirst();
  if (contact) return { phone, userId: contact.user_id };
  const own = await q.selectFrom('users').select('user_id').where('user_id', '=', ownerId).where('phone', '=', phone).executeTakeFirst();
  return { phone, userId: own?.user_id ?? 0n };
}
