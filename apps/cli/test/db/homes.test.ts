import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allocateUserId } from '@aerogram/cluster';
import { certificateStart, openHomeIdentity } from '@aerogram/relay';
import { testDatabase, type TestDatabase } from '@aerogram/storage/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createProgram } from '../../src/program.ts';

interface Server extends AsyncDisposable {
  db: TestDatabase;
  dataDir: string;
  run(...args: string[]): Promise<string>;
}

async function createServer(settings: Record<string, string> = {}): Promise<Server> {
  const db = await testDatabase();
  const dataDir = mkdtempSync(join(tmpdir(), 'aerogram-homes-'));
  return {
    db,
    dataDir,
    async run(...args) {
      const lines: string[] = [];
      const env = { AEROGRAM_DATA_DIR: dataDir, AEROGRAM_DATABASE_URL: db.url, AEROGRAM_DC_LINK_PORT: '4440', ...settings };
      await createProgram(env, (line) => void lines.push(line)).parseAsync(args, { from: 'user' });
      return lines.join('\n');
    },
    async [Symbol.asyncDispose]() {
      await db[Symbol.asyncDispose]();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

const addAccount = (db: TestDatabase, dc: number): Promise<unknown> => db.q.insertInto('users').values({ user_id: allocateUserId(7n, dc), phone: '15550001111', first_name: 'Ada', last_name: '', created_date: 1 }).execute();
const listRows = ({ db }: Server): Promise<unknown[]> => db.q.selectFrom('homes').select(['dc', 'is_own', 'of_names', 'state', 'link_port', 'client_port']).orderBy('dc').execute();
const logOf = async ({ db }: Server): Promise<string[]> => (await db.q.selectFrom('operator_log').select('what').orderBy('entry_id').execute()).map(({ what }) => what);
const keysOf = ({ dataDir }: Server): string[] => readdirSync(join(dataDir, 'keys')).filter((name) => name.endsWith('.pem')).map((name) => readFileSync(join(dataDir, 'keys', name), 'utf8'));

describe('aerogram dc', () => {
  let one: Server;
  let two: Server;

  beforeEach(async () => {
    [one, two] = await Promise.all([createServer(), createServer()]);
  });
  afterEach(async () => {
    await one[Symbol.asyncDispose]();
    await two[Symbol.asyncDispose]();
  });

  it('makes a server the first home, and another one that has the ticket a member', async () => {
    const ticket = join(one.dataDir, 'ticket.json');
    expect(JSON.parse(await one.run('dc', 'init', '--dc', '1', '--json'))).toEqual({ dc: 1 });
    await one.run('dc', 'ticket', '2', ticket);
    expect(statSync(ticket).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await two.run('dc', 'join', ticket, '--json'))).toEqual({ dc: 2, others: [1], renewed: false });

    expect(await listRows(one)).toEqual([
      { dc: 1, is_own: true, of_names: true, state: 'joined', link_port: 4440, client_port: 4430 },
      { dc: 2, is_own: false, of_names: false, state: 'joined', link_port: 0, client_port: 0 },
    ]);
    expect(await listRows(two)).toEqual([
      { dc: 1, is_own: false, of_names: true, state: 'joined', link_port: 4440, client_port: 4430 },
      { dc: 2, is_own: true, of_names: false, state: 'joined', link_port: 0, client_port: 0 },
    ]);
    const identities = await Promise.all([one, two].map(({ dataDir }) => openHomeIdentity(join(dataDir, 'keys'))));
    expect(identities.map((identity) => identity?.dc)).toEqual([1, 2]);
    expect(identities[0]!.authority).toBe(identities[1]!.authority);
    expect(keysOf(two)).toEqual(keysOf(one));
    for (const { dataDir } of [one, two]) for (const name of readdirSync(join(dataDir, 'keys'))) expect(statSync(join(dataDir, 'keys', name)).mode & 0o077, name).toBe(0);
    expect(readdirSync(join(two.dataDir, 'keys')).filter((name) => name.includes('authority'))).toEqual([]);
    expect(await logOf(one)).toEqual(['make this server data centre 1, the first of a community', 'add data centre 2, and make its ticket']);
    expect(await logOf(two)).toEqual(['join a community as data centre 2']);
  });

  it('keeps the data centre that the accounts of a server are in', async () => {
    await one.run('key', 'create');
    await addAccount(one.db, 3);
    await expect(one.run('dc', 'init', '--dc', '1')).rejects.toThrow('at home in data centre 3');
    expect(await listRows(one)).toEqual([]);
    expect(await one.run('dc', 'init')).toMatch(/^first +DC 3 of a community/);
    await expect(one.run('dc', 'init')).rejects.toThrow('is data centre 3 of a community already');
    expect(await two.run('dc', 'init')).toMatch(/^first +DC 2 /);
  });

  it('gives nobody the number that ids of imported bots have', async () => {
    await one.run('dc', 'init', '--dc', '1');
    await addAccount(one.db, 3);
    await expect(one.run('dc', 'ticket', '3', join(one.dataDir, 'ticket.json'))).rejects.toThrow('choose another number');
    expect(await listRows(one)).toHaveLength(1);
    await one.run('dc', 'ticket', '2', join(one.dataDir, 'ticket.json'));
  });

  it('refuses to join with accounts, with a broken ticket, or as a member of another community', async () => {
    const ticket = join(one.dataDir, 'ticket.json');
    await one.run('dc', 'init', '--dc', '1');
    await one.run('dc', 'ticket', '2', ticket);
    await addAccount(two.db, 2);
    await expect(two.run('dc', 'join', ticket)).rejects.toThrow('this server has accounts');
    await two.db.q.deleteFrom('users').execute();

    const text = readFileSync(ticket, 'utf8');
    const broken = join(two.dataDir, 'broken.json');
    for (const change of [(value: Record<string, unknown>) => ({ ...value, dc: 3 }), (value: Record<string, unknown>) => ({ ...value, cert: value['authority'] }), () => 7]) {
      writeFileSync(broken, JSON.stringify(change(JSON.parse(text) as Record<string, unknown>)));
      await expect(two.run('dc', 'join', broken)).rejects.toThrow(/not a ticket|do not fit together/);
    }
    expect(await listRows(two)).toEqual([]);
    await expect(one.run('dc', 'join', ticket)).rejects.toThrow('this server is data centre 1 of a community already');
    await two.run('dc', 'init', '--dc', '2');
    await expect(two.run('dc', 'join', ticket)).rejects.toThrow('this server is data centre 2 of a community already');
  });

  it('gives a member another certificate with another ticket, and the address of the first home', async () => {
    const tickets = ['first.json', 'second.json'].map((name) => join(one.dataDir, name));
    await one.run('dc', 'init', '--dc', '1');
    await one.run('dc', 'ticket', '2', tickets[0]!);
    await expect(one.run('dc', 'ticket', '2', tickets[0]!)).rejects.toThrow('exists already');
    await two.run('dc', 'join', tickets[0]!);
    const before = await openHomeIdentity(join(two.dataDir, 'keys'));
    await addAccount(two.db, 2);
    await one.db.q.updateTable('homes').set({ link_port: 5550 }).where('dc', '=', 1).execute();
    await one.run('dc', 'ticket', '2', tickets[1]!);
    expect(JSON.parse(await two.run('dc', 'join', tickets[1]!, '--json'))).toEqual({ dc: 2, others: [1], renewed: true });
    const after = await openHomeIdentity(join(two.dataDir, 'keys'));
    expect(after?.authority).toBe(before?.authority);
    expect(after?.cert).not.toBe(before?.cert);
    expect((await listRows(two))[0]).toMatchObject({ dc: 1, link_port: 5550 });
    await expect(two.run('dc', 'ticket', '3', tickets[0]!.replace('first', 'third'))).rejects.toThrow('made at the data centre that began the community, which is 1');
  });

  it('revokes the certificates of a member with another ticket, whose own is good, and so are those of later ones', async () => {
    const fileOf = (name: string): string => join(one.dataDir, `${name}.json`);
    const startOf = (name: string): number => certificateStart((JSON.parse(readFileSync(fileOf(name), 'utf8')) as { cert: string }).cert);
    const datesOf = async ({ db }: Server): Promise<number[]> => (await db.q.selectFrom('homes').select('certificates_from').orderBy('dc').execute()).map((row) => row.certificates_from);
    await one.run('dc', 'init', '--dc', '1');
    await expect(one.run('dc', 'ticket', '2', fileOf('none'), '--revoke')).rejects.toThrow('data centre 2 is no member');
    expect(await datesOf(one)).toEqual([0]);
    await one.run('dc', 'ticket', '2', fileOf('first'));
    await two.run('dc', 'join', fileOf('first'));
    await one.run('dc', 'ticket', '2', fileOf('second'));
    expect(await datesOf(one)).toEqual([0, 0]);
    expect(JSON.parse(await one.run('dc', 'ticket', '2', fileOf('third'), '--revoke', '--json'))).toEqual({ dc: 2, file: fileOf('third'), revoked: true });
    expect(await datesOf(one)).toEqual([0, startOf('third')]);
    expect(startOf('third')).toBeGreaterThan(Math.max(startOf('first'), startOf('second')));
    expect(await one.run('dc', 'ticket', '2', fileOf('fourth'), '--revoke')).toMatch(/^revoked +the certificates of DC 2 from before: it is cut off until "aerogram dc join" was run there with this ticket/m);
    expect(startOf('fourth')).toBeGreaterThan(startOf('third'));
    await one.run('dc', 'ticket', '2', fileOf('fifth'));
    expect(await datesOf(one)).toEqual([0, startOf('fourth')]);
    expect(startOf('fifth')).toBeGreaterThanOrEqual(startOf('fourth'));
    expect((await logOf(one)).slice(-2)).toEqual(['make another ticket of data centre 2, and revoke its certificates from before', 'make another ticket of data centre 2']);

    // The data centre itself takes none of those that were revoked, once it has heard of it.
    expect(JSON.parse(await two.run('dc', 'join', fileOf('fourth'), '--json'))).toMatchObject({ renewed: true });
    expect(await datesOf(two)).toEqual([0, startOf('fourth')]);
    const before = await openHomeIdentity(join(two.dataDir, 'keys'));
    for (const name of ['first', 'third']) await expect(two.run('dc', 'join', fileOf(name))).rejects.toThrow('was revoked by a later one: use the newest ticket of data centre 2');
    expect(await openHomeIdentity(join(two.dataDir, 'keys'))).toEqual(before);
    await two.run('dc', 'join', fileOf('fifth'));
    // One that joins later hears with its ticket of which it must not believe.
    await using three = await createServer();
    await one.run('dc', 'ticket', '3', fileOf('of-three'));
    await three.run('dc', 'join', fileOf('of-three'));
    expect(await datesOf(three)).toEqual([0, startOf('fourth'), 0]);
  });

  it('revokes nothing if there can be no new certificate', async () => {
    await one.run('dc', 'init', '--dc', '1');
    await one.run('dc', 'ticket', '2', join(one.dataDir, 'ticket.json'));
    rmSync(join(one.dataDir, 'keys', 'home-authority.json'));
    await expect(one.run('dc', 'ticket', '2', join(one.dataDir, 'again.json'), '--revoke')).rejects.toThrow('home-authority.json is missing');
    expect(await one.db.q.selectFrom('homes').select('certificates_from').where('dc', '=', 2).execute()).toEqual([{ certificates_from: 0 }]);
    expect(await logOf(one)).toHaveLength(2);
  });

  it('finishes what was broken off before the keys were written', async () => {
    const ticket = join(one.dataDir, 'ticket.json');
    await one.run('dc', 'init', '--dc', '1');
    rmSync(join(one.dataDir, 'keys', 'home.json'));
    await expect(one.run('dc', 'init', '--dc', '2')).rejects.toThrow('is data centre 1 of a community already');
    expect(JSON.parse(await one.run('dc', 'init', '--json'))).toEqual({ dc: 1 });
    await one.run('dc', 'ticket', '2', ticket);
    await two.run('dc', 'join', ticket);
    rmSync(join(two.dataDir, 'keys'), { recursive: true });
    expect(JSON.parse(await two.run('dc', 'join', ticket, '--json'))).toMatchObject({ dc: 2, renewed: true });
    expect(keysOf(two)).toEqual(keysOf(one));
    // Others have its authority now, so it must not make another one.
    rmSync(join(one.dataDir, 'keys', 'home.json'));
    await expect(one.run('dc', 'init')).rejects.toThrow('is data centre 1 of a community already');
  });

  it('asks for the addresses of the first home before a ticket, and for a number that is free', async () => {
    await using unknown = await createServer({ AEROGRAM_DC_LINK_PORT: '0' });
    await unknown.run('dc', 'init', '--dc', '1');
    await expect(unknown.run('dc', 'ticket', '2', join(unknown.dataDir, 'ticket.json'))).rejects.toThrow('start it once');
    expect(await listRows(unknown)).toHaveLength(1);
    await expect(two.run('dc', 'ticket', '2', join(two.dataDir, 'ticket.json'))).rejects.toThrow('this server is alone');
    await one.run('dc', 'init', '--dc', '1');
    await expect(one.run('dc', 'ticket', '1', join(one.dataDir, 'ticket.json'))).rejects.toThrow('is data centre 1 itself');
  });

  it('says which data centre is brought up to date next, the first home before the others', async () => {
    await expect(one.run('dc', 'plan')).rejects.toThrow('this server is alone');
    const ticket = join(one.dataDir, 'ticket.json');
    await one.run('dc', 'init', '--dc', '3');
    await one.run('dc', 'ticket', '2', ticket);
    await two.run('dc', 'join', ticket);
    const plan = async (): Promise<unknown> => JSON.parse(await two.run('dc', 'plan', '--json'));
    const note = (dc: number, program: string, schema: number): Promise<unknown> => two.db.q.updateTable('homes').set({ program, schema_version: schema, is_up: true, seen_ms: BigInt(Date.now()) }).where('dc', '=', dc).execute();
    await note(2, '1.9.0', 130);
    expect(await plan()).toEqual({
      homes: [
        { dc: 3, is_own: false, of_names: true, program: '', schema: 0, state: 'down', waiting: 0 },
        { dc: 2, is_own: true, of_names: false, program: '1.9.0', schema: 130, state: 'own', waiting: 0 },
      ],
      next: null,
      unsettled: [3],
    });
    await note(3, '1.9.0', 130);
    expect(await plan()).toMatchObject({ next: null, unsettled: [] });
    expect(await two.run('dc', 'plan')).toMatch(/^DC 3 .*the first home\nDC 2 .*\norder +DC 3, then DC 2:.*\nnext +all run the same/);
    await note(2, '1.10.0', 130);
    expect(await plan()).toMatchObject({ next: 3 });
    await note(3, '1.10.0', 131);
    expect(await plan()).toMatchObject({ next: 2 });
    expect(await two.run('dc', 'plan')).toContain('next       DC 2: back it up');
  });

  it('pauses, resumes and removes a data centre, and lists the links', async () => {
    expect(await one.run('dc', 'list')).toContain('is alone');
    await one.run('dc', 'init', '--dc', '1');
    await one.run('dc', 'ticket', '2', join(one.dataDir, 'ticket.json'));
    const list = async (): Promise<Record<string, unknown>[]> => JSON.parse(await one.run('dc', 'list', '--json')) as Record<string, unknown>[];
    expect(await list()).toEqual([{ dc: 2, state: 'down', waiting: 0, oldest_s: 0, sent_seq: 0, applied_seq: 0, epoch: expect.any(Number) as unknown, lost: 0, cards: 0, stopped_by: '' }]);

    const { epoch } = (await list())[0] as { epoch: number };
    const wroteDate = Math.floor(Date.now() / 1000) - 60;
    await one.db.q.insertInto('home_streams').values({ dc: 2, epoch: BigInt(epoch), sent_seq: 5n, acked_seq: 3n }).execute();
    await one.db.q.insertInto('home_streams').values({ dc: 2, epoch: 1n, sent_seq: 9n, acked_seq: 8n }).execute();
    await one.db.q.insertInto('home_outbox').values({ dc: 2, epoch: BigInt(epoch), seq: 4n, frame: Buffer.of(1), written_date: wroteDate }).execute();
    await one.db.q.updateTable('homes').set({ is_up: true, seen_ms: BigInt(Date.now()) }).where('dc', '=', 2).execute();
    await one.db.q.insertInto('cards').values([1n, 2n].map((n) => ({ person_id: allocateUserId(n, 2), version: 1n, first_name: 'Ben', last_name: '', is_bot: false, is_deleted: n === 2n }))).execute();
    const [link] = await list();
    expect(link).toEqual({ dc: 2, state: 'up', waiting: 3, oldest_s: expect.any(Number) as unknown, sent_seq: 5, applied_seq: 3, epoch, lost: 0, cards: 1, stopped_by: '' });
    expect(link!['oldest_s']).toBeGreaterThanOrEqual(60);

    expect(await one.run('dc', 'list')).toMatch(/^DC 2  up .*  1 card of its people$/m);
    await one.db.q.updateTable('homes').set({ stopped_by: 'poll' }).where('dc', '=', 2).execute();
    expect(await one.run('dc', 'list')).toContain('this program is too old for "poll"');

    await one.run('dc', 'pause', '2');
    expect(await list()).toMatchObject([{ dc: 2, state: 'paused' }]);
    await one.run('dc', 'resume', '2');
    expect(await list()).toMatchObject([{ dc: 2, state: 'up' }]);
    for (const dc of ['1', '3']) await expect(one.run('dc', 'pause', dc)).rejects.toThrow(/itself|no data centre 3/);
    await expect(one.run('dc', 'remove', '2')).rejects.toThrow('--yes');
    await one.run('dc', 'remove', '2', '--yes');
    expect(await list()).toEqual([]);
    expect(await one.run('dc', 'list')).toContain('DC 2  removed  1 card of its people');
    for (const args of [['resume', '2'], ['remove', '2', '--yes'], ['ticket', '2', join(one.dataDir, 'again.json')]]) await expect(one.run('dc', ...args)).rejects.toThrow('data centre 2 was removed');
    expect((await logOf(one)).slice(2)).toEqual(['pause the link to data centre 2', 'resume the link to data centre 2', 'remove data centre 2 from the community']);
  });
});
