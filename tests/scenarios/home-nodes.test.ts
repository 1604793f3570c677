import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasNats } from '@aerogram/bus/testing';
import { createProgram } from '@aerogram/cli/program';
import { type Actor, startTestHomes, type TestHomes, type TestServer, type TestServerNode, World } from '@aerogram/dev-env';
import { makeKeyWith, readMetrics, wireTo } from '@aerogram/dev-env/load';
import { RawClient } from '@aerogram/mtproto/client';
import { listLinkAddresses, listHomes } from '@aerogram/storage';
import { decode, encode, LAYER, METHODS, readResult, TlReader, type tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { upload } from './file-stage.ts';
import { makePicture } from './photo-stage.ts';

describe.runIf(hasNats)(`a data centre of two nodes${hasNats ? '' : ' (skipped: nats-server)'}`, () => {
  let homes: TestHomes;
  const worlds: World[] = [];
  /** Ada and Ann live in DC 1, each at a node of her own; Ben lives in DC 2. */
  let ada: Actor;
  let ann: Actor;
  let ben: Actor;
  beforeAll(async () => {
    homes = await startTestHomes((dc) => ({ nodes: dc === 1 ? 2 : 1 }));
    const { one, two } = homes;
    const at = ({ info }: TestServerNode, { prepareKey }: TestServer): World => {
      const world = new World({ info, prepareKey });
      worlds.push(world);
      return world;
    };
    ada = await at(one.nodes[0]!, one).user('Ada', {}, { phone: '9996610001', code: '11111' });
    ann = await at(one.nodes[1]!, one).user('Ann', {}, { phone: '9996610002', code: '11111' });
    ben = await at(two.nodes[0]!, two).user('Ben', {}, { phone: '9996620001', code: '22222' });
    await homes.settled();
    for (const person of [ada, ann]) {
      await person.meet(ben);
      await ben.meet(person);
    }
    await homes.settled();
  }, 60_000);
  afterAll(async () => {
    for (const world of worlds) await world[Symbol.asyncDispose]();
    await homes?.[Symbol.asyncDispose]();
  });

  /** Runs a command of the operator with the data directory of a node. */
  async function run({ dataDir }: TestServerNode, ...args: string[]): Promise<string> {
    const lines: string[] = [];
    await createProgram({ AEROGRAM_DATA_DIR: dataDir, AEROGRAM_DATABASE_URL: homes.one.databaseUrl }, (line) => void lines.push(line)).parseAsync(args, { from: 'user' });
    return lines.join('\n');
  }
  /** The node that sends to the others. */
  async function findHolder(): Promise<TestServerNode | undefined> {
    const { nodes, db } = homes.one;
    const lease = await db.q.selectFrom('leases').innerJoin('nodes', (join) => join.onRef('nodes.token', '=', 'leases.holder_token')).select('nodes.name').where('queue', '=', 'homes').where('nodes.token', '<>', 0n).executeTakeFirst();
    const names = await Promise.all(nodes.map(async ({ dataDir }) => (await readFile(join(dataDir, 'node-id'), 'utf8')).trim()));
    return nodes[names.indexOf(lease?.name ?? '')];
  }
  const stateAt = async (node: TestServerNode): Promise<string> => (JSON.parse(await run(node, 'dc', 'list', '--json')) as { dc: number; state: string }[]).map(({ dc, state }) => `${dc} ${state}`).join();
  const linkUpAt = async ({ info }: TestServerNode): Promise<string | undefined> => /^aerogram_link_up\{dc="2"\} (\d)$/m.exec(await readMetrics(info))?.[1];

  test('people of both nodes write to somebody elsewhere and back, and see who is typing and what is read', async () => {
    for (const person of [ada, ann]) {
      const hello = await person.send(ben, `hello from ${person.name}`);
      const seen = await ben.sees(`hello from ${person.name}`);
      await ben.send(person, `hello ${person.name}`);
      await person.sees(`hello ${person.name}`);
      await ben.read(seen);
      await person.main.seesUpdate('updateReadHistoryOutbox', ({ maxId }) => maxId === hello.id);
      const typed = person.main.seesUpdate('updateUserTyping', ({ userId }) => userId === ben.id);
      await ben.type(person);
      await typed;
      const typing = ben.main.seesUpdate('updateUserTyping', ({ userId }) => userId === person.id);
      await person.type(ben);
      await typing;
    }
  });

  test('what somebody at the node without the lease sends goes out at once', async () => {
    const holder = await findHolder();
    const writer = holder?.dataDir === homes.one.nodes[0]!.dataDir ? ann : ada;
    const took: number[] = [];
    for (let i = 0; i < 5; i++) {
      const atMs = performance.now();
      await writer.send(ben, `at once ${i}`);
      await ben.sees(`at once ${i}`);
      took.push(performance.now() - atMs);
    }
    // Without a hint each would wait for the next look at the table, which is a second after the one before.
    expect(Math.min(...took.slice(1))).toBeLessThan(700);
  });

  test('a card that changes is told to people at both nodes, and both get the photo', async () => {
    const told = [ada, ann].map((person) => person.main.seesUpdate('updateUserName', ({ userId }) => userId === ben.id));
    await ben.main.call({ _: 'account.updateProfile', firstName: 'Benjamin' });
    await Promise.all(told);
    const file = await upload(ben.main, { bytes: await makePicture(300, 300), name: 'ben.jpg' });
    await ben.main.call({ _: 'photos.uploadProfilePhoto', file });
    for (const person of [ada, ann]) {
      const photoId = async (): Promise<unknown> => {
        const [user] = await person.main.call({ _: 'users.getUsers', id: [person.main.inputUser(ben.id)] });
        return user?._ === 'user' && user.photo?._ === 'userProfilePhoto' ? user.photo.photoId : undefined;
      };
      await expect.poll(photoId, { timeout: 30_000 }).toBeDefined();
      const location = { _: 'inputPeerPhotoFileLocation', peer: person.main.inputPeer(ben.id), photoId: (await photoId()) as never } as const;
      expect(await person.main.call({ _: 'upload.getFile', location, offset: 0, limit: 512 * 1024 })).toMatchObject({ _: 'upload.file' });
    }
  });

  test('a device that shows a QR code at either node goes to the home of the person who accepts it', async () => {
    for (const { info } of homes.one.nodes) {
      const client = await RawClient.connect({ ...wireTo(info), clientKey: await makeKeyWith(info) });
      try {
        const call = async <M extends keyof tl.RpcMethods>(request: tl.RpcMethods[M]['req']): Promise<tl.RpcMethods[M]['res']> =>
          readResult(new TlReader(await client.call(encode(request))), METHODS[request._].result);
        const about = { api_id: 1, device_model: 'test', system_version: '1', app_version: '1', system_lang_code: 'en', lang_pack: '', lang_code: 'en' };
        await client.call(encode({ _: 'invokeWithLayer', layer: LAYER, query: { _: 'initConnection', ...about, query: { _: 'help.getConfig' } } }));
        const number = await call<'auth.sendCode'>({ _: 'auth.sendCode', phone_number: '9996620001', api_id: 1, api_hash: 'x', settings: { _: 'codeSettings' } }).catch((error: unknown) => (error as Error).message);
        expect(number).toContain('PHONE_MIGRATE_2');
        const show = (): Promise<tl.auth.LoginToken> => call<'auth.exportLoginToken'>({ _: 'auth.exportLoginToken', api_id: 1, api_hash: 'x', except_ids: [] });
        const accepted = new Promise<void>((resolve) => (client.onUpdate = (body) => JSON.stringify(decode(body), (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)).includes('updateLoginToken') && resolve()));
        const shown = await show();
        await ben.main.call({ _: 'auth.acceptLoginToken', token: shown._ === 'auth.loginToken' ? shown.token : Buffer.of() });
        await accepted;
        expect(await show()).toMatchObject({ _: 'auth.loginTokenMigrateTo', dc_id: 2 });
      } finally {
        await client[Symbol.asyncDispose]();
      }
    }
  });

  test('the other data centre knows where each node listens, and each node says the state of the link', async () => {
    const { nodes } = homes.one;
    const [one] = await listHomes(homes.two.db);
    expect(listLinkAddresses(one!)).toEqual(expect.arrayContaining(nodes.map(({ info }) => info.link)));
    for (const node of nodes) {
      expect(await stateAt(node)).toBe('2 up');
      expect(await linkUpAt(node)).toBe('1');
    }
  });

  test('a link that is paused with the command of the node without the lease is cut within a second, and mended', async () => {
    const { nodes } = homes.one;
    const holder = await findHolder();
    const node = nodes.find(({ dataDir }) => dataDir !== holder?.dataDir)!;
    await run(node, 'dc', 'pause', '2');
    for (const one of nodes) await expect.poll(() => linkUpAt(one), { timeout: 1500 }).toBe('0');
    expect(await Promise.all(nodes.map(stateAt))).toEqual(['2 paused', '2 paused']);
    await ada.send(ben, 'while it is paused');
    await run(node, 'dc', 'resume', '2');
    await ben.sees('while it is paused');
    for (const one of nodes) await expect.poll(() => linkUpAt(one), { timeout: 10_000 }).toBe('1');
    await expect.poll(() => stateAt(node), { timeout: 10_000 }).toBe('2 up');
  });

  test('when the node ends that sends to the others, the other node goes on', async () => {
    const holder = (await findHolder())!;
    const at = homes.one.nodes.findIndex(({ dataDir }) => dataDir === holder.dataDir);
    const rest = homes.one.nodes[1 - at]!;
    // Its last connections would be closed one after the other.
    await (at === 0 ? ada : ann).main.goOffline();
    await holder.stop();
    const person = at === 0 ? ann : ada;
    await person.send(ben, 'after the other node');
    await ben.sees('after the other node');
    await ben.send(person, 'back after the other node');
    await person.sees('back after the other node');
    expect((await findHolder())?.dataDir).toBe(rest.dataDir);
    await expect.poll(() => stateAt(rest), { timeout: 10_000 }).toBe('2 up');
  });
});
