import { expect, test } from 'vitest';
import { tablesWrittenBy } from '../testing/index.ts';

test.each([
  ['INSERT INTO dialogs (owner_id) VALUES ($1) ON CONFLICT (owner_id) DO UPDATE SET top = 1', ['dialogs']],
  ['update "users" set "about" = $1 where "user_id" = $2', ['users']],
  ['UPDATE channel_heads AS h\n   SET members = 1 FROM channels WHERE true', ['channel_heads']],
  ['delete from "messages" where "owner_id" = $1', ['messages']],
  ['WITH gone AS (DELETE FROM invites RETURNING 1), kept AS (INSERT INTO invite_hashes SELECT 1) UPDATE counters c SET pts = 1', ['invites', 'invite_hashes', 'counters']],
  ['SELECT * FROM dialogs WHERE owner_id = $1 FOR UPDATE', []],
  ['SELECT * FROM jobs j FOR NO KEY UPDATE OF j SKIP LOCKED', []],
  ['SELECT deleted FROM users', []],
])('finds the tables that a statement writes: %s', (text, tables) => {
  expect(tablesWrittenBy(text)).toEqual(tables);
});
