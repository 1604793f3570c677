import { expect, test } from 'vitest';
import { describeEntry, nameOrderer } from '../src/operators/admin-event.ts';

test.each([
  ['make the bot 7000001', { action: 'make', target: 'bot 7000001' }],
  ['unban the number of account 77, and end its sessions', { action: 'unban', target: 'account 77' }],
  ['make the invitation link 3 for 20 people', { action: 'make', target: 'link 3' }],
  ['ban a number without an account', { action: 'ban' }],
  ['delete -1001234567890 "A title" @name', { action: 'delete', target: 'chat -1001234567890' }],
  ['keep messages of -100 "call account 15551234567 "now"" 7 days', { action: 'keep', target: 'chat -100' }],
  ['delete "call account 15551234567"', { action: 'delete' }],
  ['delete the file 0123abcd and block it', { action: 'delete' }],
  ['confirm that 15551234567 files that the database does not know are deleted', { action: 'confirm' }],
  ['take over the files of 15551234567', { action: 'take' }],
  ['grant account 77 the use of the admin page', { action: 'grant', target: 'account 77' }],
  ['revoke the use of the admin page by account 77', { action: 'revoke', target: 'account 77' }],
  ['enter the admin page as account 77 from 198.51.100.7', { action: 'enter', target: 'account 77' }],
  ['put account 77 on the list of those who may create channels', { action: 'put', target: 'account 77' }],
  ['let newcomers join -1001234567890 "A title" no longer', { action: 'let', target: 'chat -1001234567890' }],
  ['show the codes of account 77', { action: 'show', target: 'account 77' }],
  ['maintenance starts now: call account 15551234567', { action: 'maintenance' }],
  ['', { action: '' }],
])('of the entry %j the log tells verb and id, and nothing that people wrote', (what, told) => {
  expect(describeEntry(what)).toEqual(told);
});

test('orders are of the account behind sudo', () => {
  expect(nameOrderer({ SUDO_USER: 'ann' })).toBe('ann');
  expect(nameOrderer({})).not.toBe('');
});
