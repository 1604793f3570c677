import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '@aerogram/storage/testing';
import { createProgram } from '../../src/program.ts';

const NOW = Math.floor(Date.now() / 1000);
const GROUP = '-77';
const CHANNEL = '-1000000000088';

let db: TestDatabase;
let dataDir: string;

async function run(...args: string[]): Promise<string> {
  const lines: string[] = [];
  await createProgram({ AEROGRAM_DATA_DIR: dataDir, AEROGRAM_DATABASE_URL: db.url }, (line) => void lines.push(line)).parseAsync(['chats', ...args], { from: 'user' });
  return lines.join('\n');
}

beforeAll(async () => {
  db = await testDatabase();
  dataDir = mkdtempSync(join(tmpdir(), 'aerogram-cli-'));
  const names = [[10n, 'Alice'], [11n, 'Bob'], [12n, 'Carol']] as const;
  await db.q.insertInto('users').values(names.map(([user_id, first_name]) => ({ user_id, phone: `999662000${user_id}`, first_name, last_name: '', created_date: NOW }))).execute();
  await db.q.insertInto('chats').values({ chat_id: 77n, title: 'Lunch', creator_id: 10n, date: NOW, version: 1, members: 2, migrated_to: null }).execute();
  const member = { chat_id: 77n, status: 'member', inviter_id: 10n, date: NOW } as const;
  await db.q.insertInto('chat_members').values([{ ...member, user_id: 10n, role: 'creator' }, { ...member, user_id: 11n, role: 'admin' }]).execute();
  await db.q.insertInto('channels').values({ channel_id: 88n, kind: 'broadcast', title: 'News', username: 'the_news', creator_id: 12n, date: NOW + 1, version: 1, ttl_period: null, migrated_from_chat_id: null, color: null, profile_color: null, main_tab: null } as never).execute();
  await db.q.insertInto('channel_heads').values({ channel_id: 88n, members: 1 }).execute();
  await db.q.insertInto('channel_members').values([
    { channel_id: 88n, user_id: 12n, status: 'left', role: 'member', date: NOW } as never,
    { channel_id: 88n, user_id: 10n, status: 'member', role: 'admin', date: NOW } as never,
  ]).execute();
  await db.q.insertInto('usernames').values({ name: 'the_news', peer_id: BigInt(CHANNEL), confirmed: true, reserved_date: NOW }).execute();
});

afterAll(async () => {
  await db[Symbol.asyncDispose]();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('aerogram chats', () => {
  it('lists groups and channels, and shows one by its id or name', async () => {
    expect(await run('list')).toMatch(/^-1000000000088 "News" @the_news {2}channel, 1 members, no owner, since .*\n-77 "Lunch" {2}group, 2 members, owner 10, since /);
    expect(await run('list', '--ownerless')).not.toContain('Lunch');
    expect(await run('list', '--limit', '1')).toContain('(the newest 1; --limit shows more)');
    expect(await run('show', GROUP)).toMatch(/^id {8}-77\nkind {6}group\ntitle {5}Lunch\n(.*\n)*owner {5}account 10\nadmin {5}account 11, Bob\nkept {6}messages for ever, as in all groups and channels$/);
    for (const name of [CHANNEL, '@THE_NEWS']) expect(await run('show', name)).toContain('owner     none; it was account 12\nadmin     account 10, Alice');
    for (const name of ['-5', '-1000000000099', '@nobody_here', 'x', '10']) await expect(run('show', name)).rejects.toThrow(`no group or channel "${name}"`);
  });

  it('lists the invite links of a group or channel', async () => {
    expect(await run('links', GROUP)).toBe('no invite links');
    const link = { owner_id: BigInt(CHANNEL), admin_id: 10n, date: NOW, title: null, expire_date: null, usage_limit: null, permanent: false, request_needed: false, start_date: null };
    await db.q.insertInto('invites').values([
      { ...link, hash: 'SECRETa', permanent: true, usage: 5, export_id: 1n },
      { ...link, hash: 'SECRETb', date: NOW + 1, title: 'Fair', expire_date: NOW - 60, usage_limit: 3, usage: 3, export_id: 2n },
      { ...link, hash: 'SECRETc', date: NOW + 2, request_needed: true, requested: 2, expire_date: NOW + 3600, export_id: 3n },
      { ...link, hash: 'SECRETd', date: NOW + 3, admin_id: 12n, title: 'Old', revoked: true, export_id: 4n },
    ]).execute();
    const day = (date: number): string => new Date(date * 1000).toISOString().replace('.000Z', 'Z');
    expect(await run('links', '@the_news')).toBe(
      [
        `"Old"  made by account 12, since ${day(NOW + 3)}, 0 came by it, revoked`,
        `link without a title  made by account 10, since ${day(NOW + 2)}, 0 came by it, needs approval, 2 wait for approval, expires ${day(NOW + 3600)}`,
        `"Fair"  made by account 10, since ${day(NOW + 1)}, 3 of at most 3 came by it, expired ${day(NOW - 60)}`,
        `permanent link  made by account 10, since ${day(NOW)}, 5 came by it`,
      ].join('\n'),
    );
    expect(await run('links', CHANNEL, '--limit', '2')).toMatch(/^"Old" .*\nlink without .*\n\(the newest 2; --limit shows more\)$/);
    await expect(run('links', '-5')).rejects.toThrow('no group or channel "-5"');
  });

  it('orders what the server has to do, and says so if none runs', async () => {
    await expect(run('delete', GROUP)).rejects.toThrow('this deletes -77 "Lunch" with all messages, for its 2 members: add --yes');
    expect(await run('transfer', GROUP, '11')).toMatch(/^transfer -77 "Lunch" to account 11\nordered; the running server, or the next one that starts, does it/);
    await expect(run('transfer', GROUP, '99')).rejects.toThrow('no account "99"');
    await expect(run('rescue', GROUP)).rejects.toThrow('has an owner, account 10');
    expect(await run('rescue', '@the_news')).toContain('rescue -1000000000088 "News" @the_news by the next admin, or the oldest member\nordered');
    const jobs = await db.q.selectFrom('jobs').select(['kind', 'owner_id']).where('kind', '=', 'operator-command').orderBy('owner_id').execute();
    expect(jobs).toEqual([{ kind: 'operator-command', owner_id: BigInt(CHANNEL) }, { kind: 'operator-command', owner_id: BigInt(GROUP) }]);
    expect(await run('log')).toMatch(/rescue .*: waits for a server\n.*transfer -77 "Lunch" to account 11: waits for a server$/);
  });

  it('sets for how long messages are kept', async () => {
    expect(await run('retention')).toBe('private chats: messages are kept for ever\nall groups and channels: messages are kept for ever');
    expect(await run('retention', 'private', '30')).toMatch(/^keep messages of private chats for 30 days\nolder messages are deleted within an hour, but not of Saved Messages/);
    expect(await run('retention', 'all', '365')).toMatch(/^keep messages of all groups and channels for 365 days\n/);
    expect(await run('retention', GROUP, '1')).toMatch(/^keep messages of -77 "Lunch" for 1 day\n/);
    expect(await run('retention', '@the_news', 'forever')).toBe('keep messages of -1000000000088 "News" @the_news for ever');
    expect(await run('retention')).toBe('private chats: messages are kept for 30 days\nall groups and channels: messages are kept for 365 days\n-77: messages are kept for 1 day\n-1000000000088: messages are kept for ever');
    await run('retention', GROUP, 'default');
    expect(await run('retention', GROUP)).toBe('messages for 365 days, as in all groups and channels');
    for (const days of ['0', '-1', '1.5', 'x', '40000']) await expect(run('retention', GROUP, days)).rejects.toThrow('days are a number from 1 to 36500');
    await run('retention', 'all', 'forever');
    expect(await run('retention', 'all')).toMatch(/^private chats: messages are kept for 30 days\nall groups and channels: messages are kept for ever\n/);
    expect(await run('retention', 'private', 'forever')).toBe('keep messages of private chats for ever');
    // Nothing is said to be deleted when everything is kept.
    expect(await run('retention', GROUP, 'default')).toBe('keep messages of -77 "Lunch" as of all others');
  });

  it('sets who may create what', async () => {
    expect(await run('creators')).toBe('groups        everybody\nchannels      everybody\npublic-names  everybody');
    expect(await run('creators', 'channels', 'listed', '--add', '11')).toBe('channels may be created by listed\naccount 11 is on the list of those who may create channels');
    expect(await run('creators', 'channels')).toBe('channels      listed; listed: 11');
    expect(await run('creators', 'channels', '--remove', '11')).toContain('account 11 is no longer on the list');
    expect(await run('creators', 'channels', 'everybody')).toBe('channels may be created by everybody');
    await expect(run('creators', 'channels', '--add', '99')).rejects.toThrow('no account "99"');
    expect((await run('log', '--limit', '4')).split('\n').map((line) => line.slice(22))).toEqual([
      'let everybody create channels',
      'take account 11 off the list of those who may create channels',
      'put account 11 on the list of those who may create channels',
      'let listed create channels',
    ]);
  });

  it('sets what newcomers join, and records everything', async () => {
    expect(await run('newcomers')).toBe('newcomers join nothing by themselves');
    expect(await run('newcomers', '--add', '@the_news')).toBe('newcomers join -1000000000088 "News" @the_news');
    await expect(run('newcomers', '--add', GROUP)).rejects.toThrow('Lunch is a basic group');
    expect(await run('newcomers')).toBe('newcomers join -1000000000088 "News" @the_news');
    await run('newcomers', '--remove', '@the_news');
    expect(await run('newcomers')).toBe('newcomers join nothing by themselves');
    const log = await run('log', '--limit', '2');
    expect(log.split('\n').map((line) => line.slice(22))).toEqual(['let newcomers join -1000000000088 "News" @the_news no longer', 'let newcomers join -1000000000088 "News" @the_news']);
  });
});
