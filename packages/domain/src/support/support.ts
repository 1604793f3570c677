import { rpcError } from '@aerogram/errors';
import type { Clock } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { nameOf } from '../contacts/index.ts';
import type { FormattedText } from '../messages/index.ts';
import type { UserRow } from '../peers/index.ts';
import type { Users } from '../users/index.ts';
import { findUserInfo, removeUserInfo, saveUserInfo } from './user-info-store.ts';

/** To how many support accounts people are led; to the oldest, if there are more. */
const CONTACTS_MAX = 100;

/** The accounts that the operator has marked as support. What they note about people is shown to nobody else. */
export class Support {
  readonly #deps;

  constructor(deps: { db: Database; clock: Pick<Clock, 'now'>; users: Pick<Users, 'findRow'> }) {
    this.#deps = deps;
  }

  /**
   * Checks that a user is support.
   * @returns the name of the user
   * @throws RpcError 400 USER_INVALID
   */
  async check(userId: bigint): Promise<string> {
    const row = await this.#deps.users.findRow(userId);
    if (row === undefined || !row.gives_support || row.deleted) throw rpcError('USER_INVALID');
    return nameOf(row);
  }

  /** The support account that a user asks, always the same one while the accounts stay the same; undefined: there is none. */
  async findContact(userId: bigint): Promise<bigint | undefined> {
    const rows = await this.#deps.db.q
      .selectFrom('users')
      .select('user_id')
      .where('gives_support', '=', true)
      .where('deleted', '=', false)
      .where('user_id', '<>', userId)
      .orderBy('created_date')
      .orderBy('user_id')
      .limit(CONTACTS_MAX)
      .execute();
    return rows.length === 0 ? undefined : rows[Number(userId % BigInt(rows.length))]!.user_id;
  }

  /** What is noted about a user, for whoever passed {@link Support.check}. */
  async findInfo(userId: bigint): Promise<tl.help.UserInfo> {
    const found = await findUserInfo(this.#deps.db, userId);
    if (found === undefined) return { _: 'help.userInfoEmpty' };
    const author = await this.#deps.users.findRow(found.authorId);
    return { ...found.info, author: author === undefined || author.deleted ? 'Deleted Account' : nameOf(author) };
  }

  /**
   * Replaces what is noted about a user, for whoever passed {@link Support.check}. A repeat changes nothing.
   * @param text undefined: nothing is noted any more
   * @throws RpcError 400 USER_ID_INVALID if the account was deleted
   */
  async doEditInfo(authorId: bigint, { user_id: userId }: Pick<UserRow, 'user_id'>, text: FormattedText | undefined): Promise<void> {
    const { db, clock } = this.#deps;
    await db.transact('edit-user-info', (tx) =>
      text === undefined
        ? removeUserInfo(tx, userId)
        : saveUserInfo(tx, userId, { authorId, info: { _: 'help.userInfo', message: text.text, entities: text.entities, author: '', date: clock.now() } }),
    );
  }
}
