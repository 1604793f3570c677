import { silentLogger } from '@aerogram/runtime';
import { sql } from '@aerogram/storage';
import { decode, type tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createRpcWorld, type RpcWorld } from './rpc-world.ts';

const SELF = { _: 'inputUserSelf' } as const;
const OFFSETS = { offset_id: 0, offset_date: 0, add_offset: 0, limit: 10, max_id: 0, min_id: 0, hash: 0n } as const;

/** Tables that have few rows in total, however many users there are. */
const SMALL = new Set(['meta', 'secret_keys', 'leases', 'commit_marks']);

/**
 * On a small database the planner reads whole tables because that is cheapest. With sequential scans disabled it still does so if no index
 * fits the query, and the statistics show it: on a large database such a read would take seconds.
 */
describe('no query reads a whole table', () => {
  let world: RpcWorld;
  let alice: { authKeyId: bigint; userId: bigint };
  let peer: tl.inputPeerUser;

  const send = (message: string) => world.call(alice.authKeyId, { _: 'messages.sendMessage', peer, message, random_id: world.random.int63() });

  /** Tables that were read sequentially so far. */
  const listScanned = async (): Promise<string[]> => {
    // One connection means one backend, which then publishes its statistics at once.
    await sql`SELECT pg_stat_force_next_flush()`.execute(world.db.q);
    const { rows } = await sql<{ relname: string }>`SELECT relname FROM pg_stat_user_tables WHERE seq_scan > 0 ORDER BY 1`.execute(world.db.q);
    return rows.map((row) => row.relname).filter((name) => !SMALL.has(name));
  };

  beforeAll(async () => {
    world = await createRpcWorld('plans', silentLogger, { poolSize: 1, settings: { enable_seqscan: 'off' } });
    alice = await world.signUp('9996610001', 'Alice');
    const bob = await world.signUp('9996610002', 'Bob');
    const contact = { _: 'inputPhoneContact', client_id: 1n, phone: '9996610002', first_name: 'Bob', last_name: '' } as const;
    const { body } = await world.call(alice.authKeyId, { _: 'contacts.importContacts', contacts: [contact] });
    const { users } = decode(body) as tl.contacts.importedContacts;
    const found = users.find((user): user is tl.user => user.id === bob.userId);
    peer = { _: 'inputPeerUser', user_id: bob.userId, access_hash: found!.access_hash! };
    for (let n = 0; n < 30; n++) await send(`message ${n}`);
    await sql`SELECT pg_stat_reset()`.execute(world.db.q);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it.each<[string, () => tl.AnyMethod]>([
    ['a history', () => ({ _: 'messages.getHistory', peer, ...OFFSETS })],
    ['a history around a date', () => ({ _: 'messages.getHistory', peer, ...OFFSETS, offset_date: 2_000_000_000, add_offset: -5 })],
    ['messages by id', () => ({ _: 'messages.getMessages', id: [{ _: 'inputMessageID', id: 3 }] })],
    ['dialogs', () => ({ _: 'messages.getDialogs', offset_date: 0, offset_id: 0, offset_peer: { _: 'inputPeerEmpty' }, limit: 20, hash: 0n })],
    ['one dialog', () => ({ _: 'messages.getPeerDialogs', peers: [{ _: 'inputDialogPeer', peer }] })],
    ['pinned dialogs', () => ({ _: 'messages.getPinnedDialogs', folder_id: 0 })],
    ['saved dialogs', () => ({ _: 'messages.getSavedDialogs', offset_date: 0, offset_id: 0, offset_peer: { _: 'inputPeerEmpty' }, limit: 20, hash: 0n })],
    ['drafts', () => ({ _: 'messages.getAllDrafts' })],
    ['folders', () => ({ _: 'messages.getDialogFilters' })],
    ['scheduled messages', () => ({ _: 'messages.getScheduledHistory', peer, hash: 0n })],
    ['reactions', () => ({ _: 'messages.getMessagesReactions', peer, id: [3] })],
    ['unread poll votes', () => ({ _: 'messages.getUnreadPollVotes', peer, offset_id: 0, add_offset: 0, limit: 10, max_id: 0, min_id: 0 })],
    ['unread reactions', () => ({ _: 'messages.getUnreadReactions', peer, offset_id: 0, add_offset: 0, limit: 10, max_id: 0, min_id: 0 })],
    ['a search in a dialog', () => ({ _: 'messages.search', peer, q: 'message', filter: { _: 'inputMessagesFilterEmpty' }, min_date: 0, max_date: 0, ...OFFSETS })],
    ['a search everywhere', () => ({
      _: 'messages.searchGlobal', q: 'message', filter: { _: 'inputMessagesFilterEmpty' }, min_date: 0, max_date: 0, offset_rate: 0, offset_peer: { _: 'inputPeerEmpty' },
      offset_id: 0, limit: 10,
    })],
    ['a search for people', () => ({ _: 'contacts.search', q: 'bob', limit: 10 })],
    ['contacts', () => ({ _: 'contacts.getContacts', hash: 0n })],
    ['when contacts were there', () => ({ _: 'contacts.getStatuses' })],
    ['birthdays', () => ({ _: 'contacts.getBirthdays' })],
    ['who is blocked', () => ({ _: 'contacts.getBlocked', offset: 0, limit: 10 })],
    ['whom one writes to most', () => ({ _: 'contacts.getTopPeers', correspondents: true, offset: 0, limit: 10, hash: 0n })],
    ['a number', () => ({ _: 'contacts.resolvePhone', phone: '9996610002' })],
    ['a name', () => ({ _: 'contacts.resolveUsername', username: 'bob_example' })],
    ['whether a name is free', () => ({ _: 'account.checkUsername', username: 'bob_example' })],
    ['a difference', () => ({ _: 'updates.getDifference', pts: 1, date: 1, qts: 0 })],
    ['the state', () => ({ _: 'updates.getState' })],
    ['a profile', () => ({ _: 'users.getFullUser', id: { ...peer, _: 'inputUser' } })],
    ['users', () => ({ _: 'users.getUsers', id: [SELF] })],
    ['devices', () => ({ _: 'account.getAuthorizations' })],
    ['privacy', () => ({ _: 'account.getPrivacy', key: { _: 'inputPrivacyKeyPhoneNumber' } })],
    ['notification settings', () => ({ _: 'account.getNotifyExceptions' })],
    ['whether there is a password', () => ({ _: 'account.getPassword' })],
  ])('%s', async (_name, query) => {
    const before = await listScanned();
    const { error } = await world.call(alice.authKeyId, query());
    expect(error ?? 'USERNAME_NOT_OCCUPIED').toBe('USERNAME_NOT_OCCUPIED');
    expect((await listScanned()).filter((table) => !before.includes(table))).toEqual([]);
  });

  it.each<[string, () => tl.AnyMethod]>([
    ['a message', () => ({ _: 'messages.sendMessage', peer, message: 'once more', random_id: world.random.int63() })],
    ['an edit', () => ({ _: 'messages.editMessage', peer, id: 5, message: 'changed' })],
    ['a read mark', () => ({ _: 'messages.readHistory', peer, max_id: 20 })],
    ['a deletion', () => ({ _: 'messages.deleteMessages', revoke: true, id: [7] })],
    ['a reaction', () => ({ _: 'messages.sendReaction', peer, msg_id: 9, reaction: [{ _: 'reactionEmoji', emoticon: '👍' }] })],
  ])('%s', async (_name, query) => {
    const before = await listScanned();
    expect(await world.call(alice.authKeyId, query())).toMatchObject({ error: undefined });
    expect((await listScanned()).filter((table) => !before.includes(table))).toEqual([]);
  });

  /** PostgreSQL plans a prepared statement with its values five times, and keeps doing so if that looks cheaper than a generic plan. */
  it('plans the statements of sends once, however small the batches are', async () => {
    const extras = { reply_to: { _: 'inputReplyToMessage', reply_to_msg_id: 3 }, clear_draft: true } as const;
    for (let n = 0; n < 10; n++) await world.call(alice.authKeyId, { _: 'messages.sendMessage', peer, message: 'again', random_id: world.random.int63(), ...extras });
    // The job that indexes search words runs beside the sends, more often on a slow machine.
    const { rows } = await sql<{ name: string }>`
      SELECT name FROM pg_prepared_statements WHERE name <> '' AND name NOT LIKE '%search%' AND custom_plans > 5`.execute(world.db.q);
    expect(rows.map((row) => row.name)).toEqual([]);
  });

  it('change of phone number, contact link and account deletion', async () => {
    const gone = await world.signUp('9996610003', 'Gone');
    const before = await listScanned();
    const settings = { _: 'codeSettings' } as const;
    const { body } = await world.call(gone.authKeyId, { _: 'account.sendChangePhoneCode', phone_number: '9996610004', settings });
    const { phone_code_hash } = decode(body) as tl.auth.sentCode;
    const change = { phone_number: '9996610004', phone_code_hash, phone_code: '11111' };
    expect(await world.call(gone.authKeyId, { _: 'account.changePhone', ...change })).toMatchObject({ error: undefined });
    expect(await world.call(gone.authKeyId, { _: 'account.updateUsername', username: 'gone_soon' })).toMatchObject({ error: undefined });
    expect(await world.call(gone.authKeyId, { _: 'contacts.exportContactToken' })).toMatchObject({ error: undefined });
    expect(await world.call(gone.authKeyId, { _: 'account.deleteAccount', reason: '' })).toMatchObject({ error: undefined });
    expect((await listScanned()).filter((table) => !before.includes(table))).toEqual([]);
    const purge = world.domain.jobKinds.find((kind) => kind.kind === 'purge-account')!;
    const [job] = await world.db.q.selectFrom('jobs').selectAll().where('kind', '=', 'purge-account').execute();
    const after = await listScanned();
    await purge.perform(job!.payload, { db: world.db, jobId: job!.job_id, ownerId: gone.userId, attempt: 1, signal: new AbortController().signal, done: () => Promise.resolve() });
    expect((await listScanned()).filter((table) => !after.includes(table))).toEqual([]);
  });

  it('would notice a sequential read', async () => {
    expect(await listScanned()).not.toContain('users');
    await sql`SELECT FROM users WHERE about = 'nobody says this'`.execute(world.db.q);
    expect(await listScanned()).toContain('users');
  });
});
