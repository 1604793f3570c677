import { defineJobKind, jsonCodec } from '@aerogram/storage';

import { deleteSavedContact, saveContacts } from '../contacts/index.ts';
import { packMessageExtra, type SubjectDeps } from '../events/index.ts';
import { addNotice } from '../messages/index.ts';
import type { UserRow } from '../peers/index.ts';
import type { Privacy } from '../privacy/index.ts';
import type { Relations } from '../relations/index.ts';
import type { Users } from '../users/index.ts';

/** The return type of {@link createSignUpJob}. */
export type SignUpJob = ReturnType<typeof createSignUpJob>;

/** Maximum number of users who are told that a phone number has signed up. Others find the new contact at their next sync. */
const OWNERS_MAX = 200;

const SIGN_UP = packMessageExtra({ action: { _: 'messageActionContactSignUp' } });

/**
 * The job that runs {@link doTellOfSignUp}. It is enqueued in the transaction of the sign-up, so that it runs even if the server crashes in
 * between.
 */
export function createSignUpJob(deps: SubjectDeps, parts: { users: Users; privacy: Privacy; relations: Relations }) {
  return defineJobKind<null>({
    kind: 'tell-of-sign-up',
    codec: jsonCodec(),
    async run(_nothing, { ownerId }) {
      const user = await parts.users.findRow(ownerId);
      if (user) await doTellOfSignUp(deps, parts, user);
    },
  });
}

/**
 * Adds a new user as a contact for everyone who has the phone number in their address book, and sends them a "joined" service message
 * unless they turned those off. The row of a finished owner is deleted, so a retry skips that owner.
 */
async function doTellOfSignUp(
  deps: SubjectDeps,
  parts: { privacy: Privacy; relations: Relations },
  user: UserRow,
): Promise<void> {
  const { db, random } = deps;
  const { phone } = user;
  if (phone === null) return;
  const waiting = await db.q.selectFrom('saved_contacts').selectAll().where('phone', '=', phone).orderBy('owner_id').limit(OWNERS_MAX).execute();
  for (const { owner_id: ownerId, first_name, last_name } of waiting) {
    if (ownerId === user.user_id || !(await parts.privacy.mayFindByPhone(user.user_id, { id: ownerId, bot: false }))) continue;
    const { contact_sign_up_silent: silent } = await parts.privacy.findSettings(ownerId);
    await deps.writeBoxes('tell-of-sign-up', [ownerId], async (tx, boxes, date) => {
      // Registered before the boxes publish, because the user is sent along with the published updates.
      tx.afterCommit(() => parts.relations.relationChanged(ownerId, user.user_id));
      if (!(await deleteSavedContact(tx, ownerId, phone))) return;
      const names = first_name === '' && last_name === '' ? { first_name: user.first_name, last_name: user.last_name } : { first_name, last_name };
      await saveContacts(tx, ownerId, [{ user_id: user.user_id, phone, ...names }], date);
      boxes.addLoose(ownerId, date, undefined, [{ _: 'updateContactsReset' }]);
      if (silent) return;
      const place = { ownerId, peerId: user.user_id, isOwn: false };
      await addNotice({ tx, boxes, date }, random, { authorId: user.user_id, places: [place], extra: SIGN_UP, expires: true, origin: undefined });
    });
  }
}
