import { expect, test } from 'vitest';
import { estimateSeconds, findTouchedTables } from '../src/database/weigh-steps.ts';

test.each([
  ['ALTER TABLE users ADD COLUMN a integer', [{ name: 'users', isRead: false }]],
  ['ALTER TABLE messages ALTER COLUMN a TYPE bigint', [{ name: 'messages', isRead: true }]],
  ['CREATE INDEX messages_by_date ON messages (owner_id, date)', [{ name: 'messages', isRead: true }]],
  ['CREATE UNIQUE INDEX a ON dialogs USING btree (b)', [{ name: 'dialogs', isRead: true }]],
  ['UPDATE users SET a = 1', [{ name: 'users', isRead: true }]],
  ['INSERT INTO totals SELECT count(*) FROM messages JOIN users USING (id)', [{ name: 'messages', isRead: true }, { name: 'users', isRead: true }, { name: 'totals', isRead: false }]],
  ['CREATE TABLE invitations (phone text PRIMARY KEY)', []],
  ['DROP TABLE IF EXISTS outbox', [{ name: 'outbox', isRead: false }]],
])('finds the tables that a statement locks: %s', (statement, tables) => {
  expect(findTouchedTables(statement)).toEqual(tables);
});

test('only tables that are read cost time', () => {
  const table = (bytes: number, isRead: boolean): { name: string; bytes: number; isRead: boolean } => ({ name: 'messages', bytes, isRead });
  expect(estimateSeconds([{ number: 1, subject: 'a', tables: [table(2 ** 30, false)] }])).toBe(0);
  expect(estimateSeconds([{ number: 1, subject: 'a', tables: [table(100 * 2 ** 20, true)] }, { number: 2, subject: 'b', tables: [table(2 ** 20, true)] }])).toBe(6);
});
