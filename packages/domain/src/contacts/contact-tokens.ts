import { createHash } from 'node:crypto';

import { newPresentedToken } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';

import type { UserRow } from '../peers/index.ts';
import type { DomainDeps, UserKey } from '../shared/index.ts';
import type { Users } from '../users/index.ts';
import { insertContactToken } from './contact-token-store.ts';

/** Temporary links by which a user can be found without a username or phone number. */
export interface ContactTokens {
  /** Creates a link to this user. It expires after a day, or when the authorisation that requested it ends. */
  doExport(owner: UserKey): Promise<{ token: string; expiresDate: number }>;
  /**
   * Finds the user that a link leads to.
   * @throws RpcError 400 IMPORT_TOKEN_INVALID
   */
  findUser(token: string): Promise<UserRow>;
}

const LIFE_S = 24 * 3600;
const TOKEN_BYTES = 18;
/** Maximum number of valid links per user; a new link replaces the oldest. */
const TOKENS_MAX = 20;

const hashOf = (token: string): Uint8Array => createHash('sha256').update(token).digest();

/** Creates the operations for contact links. */
export function createContactTokens(deps: DomainDeps, users: Users): ContactTokens {
  const { db, clock, random, config } = deps;
  return {
    async doExport({ userId, authKeyId }) {
      const token = Buffer.from(newPresentedToken(random, TOKEN_BYTES, config.homeDcId)).toString('base64url');
      const expiresDate = clock.now() + LIFE_S;
      const row = { token_hash: hashOf(token), user_id: userId, auth_key_id: authKeyId, expires_date: expiresDate };
      await db.transact('export-contact-token', (tx) => insertContactToken(tx, row, { nowDate: clock.now(), most: TOKENS_MAX }));
      return { token, expiresDate };
    },
    async findUser(token) {
      const entry = await db.q
        .selectFrom('contact_tokens')
        .select('user_id')
        .where('token_hash', '=', hashOf(token))
        .where('expires_date', '>', clock.now())
        .executeTakeFirst();
      const row = entry && (await users.findRow(entry.user_id));
      if (!row || row.deleted) throw rpcError('IMPORT_TOKEN_INVALID');
      return row;
    },
  };
}
