import type { Database } from '@aerogram/storage';

import { cleanLine, findNormalPhone } from '../peers/index.ts';

/**
 * Finds the user of a contact that is sent in a message. Only the owner and the owner's contacts are searched, so that nobody can find out
 * which phone numbers have an account.
 * @param input a phone number as the client wrote it
 * @returns the phone number, normalised if it is valid, and the user id or 0
 */
export async function findSharedContact(q: Database['q'], ownerId: bigint, input: string): Promise<{ phone: string; userId: bigint }> {
  const phone = findNormalPhone(input);
  if (phone === undefined) return { phone: cleanLine(input), userId: 0n };
  const contact = await q.selectFrom('contacts').select('user_id').where('owner_id', '=', ownerId).where('phone', '=', phone).limit(1).executeTakeFirst();
  if (contact) return { phone, userId: contact.user_id };
  const own = await q.selectFrom('users').select('user_id').where('user_id', '=', ownerId).where('phone', '=', phone).executeTakeFirst();
  return { phone, userId: own?.user_id ?? 0n };
}
