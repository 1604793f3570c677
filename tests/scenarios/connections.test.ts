import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { mtDecode, mtEncode } from '@aerogram/tl';
import { createMtcuteClient, logIn, type MtcuteTransport } from '@aerogram/dev-env';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

/** An unencrypted message of the handshake. */
function plainMessage(body: Uint8Array): Buffer {
  const message = Buffer.alloc(20 + body.length);
  message.writeBigInt64LE((BigInt(Date.now()) << 32n) / 1000n & ~3n, 8);
  message.writeInt32LE(body.length, 16);
  message.set(body, 20);
  return message;
}

/** Reads `resPQ` from an unencrypted answer and checks that it belongs to this nonce. */
function checkResPq(answer: Uint8Array, nonce: Uint8Array): void {
  const decoded = mtDecode(answer.subarray(20));
  if (decoded._ !== 'resPQ') throw new Error(`req_pq_multi is answered by ${decoded._}`);
  expect(Buffer.from(decoded.nonce).equals(nonce)).toBe(true);
}

describe('rule P8: paths', () => {
  const webSocketPaths = ['/apiws', '/apiws_test', '/apiws_premium', '/apiws_test_premium', '/api', '/apiw1'];
  const httpPaths = ['/api', '/apiw1', '/apiw1_test', '/apiw1_premium', '/apiw_test1', '/apiws'];

  for (const port of ['mtproto', 'http'] as const) {
    test.each(port === 'http' ? ['/apiws'] : webSocketPaths)(`WebSocket at %s of the ${port} port echoes the subprotocol`, async (path) => {
      const { host, port: number } = scenario.server.info[port];
      const socket = new WebSocket(`ws://${host}:${number}${path}`, ['binary']);
      await new Promise<void>((resolve, reject) => {
        socket.once('open', () => resolve());
        socket.once('error', reject);
      });
      expect(socket.protocol).toBe('binary');
      socket.terminate();
    });
  }

  test.each(httpPaths)('POST %s answers a handshake and allows other origins', async (path) => {
    const { host, port } = scenario.server.info.mtproto;
    const nonce = randomBytes(16);
    const response = await fetch(`http://${host}:${port}${path}`, { method: 'POST', body: plainMessage(mtEncode({ _: 'req_pq_multi', nonce })), headers: { Origin: 'https://example.com' } });
    expect(response.status).toBe(200);
    expect(response.headers.get('access-control-allow-origin')).toMatch(/^(\*|https:\/\/example\.com)$/);
    checkResPq(new Uint8Array(await response.arrayBuffer()), nonce);
  });
});

describe('rule P6: -404 only for a key that does not exist', () => {
  test('a packet with an unknown key id is answered with -404', async () => {
    const { host, port } = scenario.server.info.mtproto;
    const socket = connect(port, host);
    const packet = randomBytes(24 + 64);
    const head = Buffer.alloc(8);
    head.writeUInt32LE(0xeeeeeeee, 0);
    head.writeUInt32LE(packet.length, 4);
    socket.write(Buffer.concat([head, packet]));
    const answer = await new Promise<Buffer>((resolve, reject) => {
      const chunks: Buffer[] = [];
      socket.on('data', (chunk) => {
        chunks.push(chunk);
        if (Buffer.concat(chunks).length >= 8) resolve(Buffer.concat(chunks));
      });
      socket.on('error', reject);
      socket.on('end', () => reject(new Error('closed without an answer')));
    });
    expect(answer.readUInt32LE(0)).toBe(4);
    expect(answer.readInt32LE(4)).toBe(-404);
    socket.destroy();
  });
});

describe('rule P9: one process serves every DC', () => {
  test('help.getConfig lists DC 1 to 5 by IP address and says which one this is', async () => {
    const { host, port } = scenario.server.info.mtproto;
    for (const dcId of [1, 2, 3, 4, 5]) {
      const client = await createMtcuteClient(scenario.server.info, { dcId });
      try {
        await client.connect();
        const config = await client.call({ _: 'help.getConfig' });
        expect(config.thisDc).toBe(dcId);
        expect(config.testMode).toBe(false);
        expect(config.expires - config.date).toBeGreaterThanOrEqual(3600);
        expect([...new Set(config.dcOptions.map((option) => option.id))].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5]);
        for (const option of config.dcOptions) expect(option).toMatchObject({ ipAddress: host, port });
      } finally {
        await client.destroy();
      }
    }
  });

  test('log-in works on any DC and never migrates', async () => {
    for (const dcId of [1, 3, 4, 5]) {
      const { phone, code } = scenario.world.freshPhone();
      const { device, user } = await logIn(() => scenario.server.info, { name: `At DC ${dcId}`, phone, code, dcId });
      expect(user.self).toBe(true);
      const { device: again, user: same } = await logIn(() => scenario.server.info, { name: 'ignored', phone, code, dcId: 2 });
      expect(same).toMatchObject({ id: user.id, firstName: `At DC ${dcId}` });
      await device.goOffline();
      await again.goOffline();
    }
  });

  test('an authorisation is exported to another DC id and imported there', async () => {
    const alice = await scenario.world.user('Alice');
    const exported = await alice.main.call({ _: 'auth.exportAuthorization', dcId: 4 });
    const other = await createMtcuteClient(scenario.server.info, { dcId: 4 });
    try {
      await other.connect();
      const imported = await other.call({ _: 'auth.importAuthorization', id: exported.id, bytes: exported.bytes });
      expect(imported).toMatchObject({ _: 'auth.authorization', user: { id: alice.id } });
      const [me] = await other.call({ _: 'users.getUsers', id: [{ _: 'inputUserSelf' }] });
      expect(me).toMatchObject({ id: alice.id, self: true });
      await expect(other.call({ _: 'auth.importAuthorization', id: exported.id, bytes: new Uint8Array(exported.bytes.length) })).rejects.toMatchObject({ code: 400 });
    } finally {
      await other.destroy();
    }
  });

  test('rule P7: a handshake that names a test DC is served', async () => {
    const client = await createMtcuteClient(scenario.server.info, { dcId: 3, testMode: true });
    try {
      await client.connect();
      expect((await client.call({ _: 'help.getConfig' })).thisDc).toBe(3);
    } finally {
      await client.destroy();
    }
  });

  test('rule P10: a layer newer than ours is treated as ours', async () => {
    const client = await createMtcuteClient(scenario.server.info, { layer: 400 });
    try {
      await client.connect();
      expect((await client.call({ _: 'help.getConfig' }))._).toBe('config');
    } finally {
      await client.destroy();
    }
  });
});

describe('the first calls of a client', () => {
  test.each<MtcuteTransport>(['intermediate', 'padded', 'obfuscated', 'websocket'])('over %s, with and without temporary keys', async (transport) => {
    for (const pfs of [false, true]) {
      const [alice, bob] = [await scenario.world.user('Alice', { transport, pfs, handshake: true }), await scenario.world.user('Bob')];
      await alice.send(bob, 'over here');
      await bob.send(alice, 'heard you', { replyTo: await bob.sees('over here') });
      expect((await alice.sees('heard you')).from).toBe(bob.id);
    }
  });

  test('calls of official clients at start are answered', async () => {
    const client = await createMtcuteClient(scenario.server.info);
    try {
      await client.connect();
      expect((await client.call({ _: 'help.getNearestDc' })).nearestDc).toBe(2);
      expect((await client.call({ _: 'help.getAppConfig', hash: 0 }))._).toMatch(/^help\.appConfig/);
      expect((await client.call({ _: 'help.getCountriesList', langCode: 'en', hash: 0 }))._).toBe('help.countriesList');
      for (const langPack of ['android', 'ios', 'tdesktop', 'macos', 'weba', 'webk']) {
        expect((await client.call({ _: 'langpack.getLangPack', langPack, langCode: 'en' }))._).toBe('langPackDifference');
      }
    } finally {
      await client.destroy();
    }
  });

  test('calls of clients after log-in are answered', async () => {
    const alice = await scenario.world.user('Alice');
    const { main } = alice;
    expect((await main.call({ _: 'users.getFullUser', id: { _: 'inputUserSelf' } })).fullUser.id).toBe(alice.id);
    expect((await main.call({ _: 'messages.getDialogFilters' }))._).toBe('messages.dialogFilters');
    expect((await main.call({ _: 'messages.getPinnedDialogs', folderId: 0 })).dialogs).toEqual([]);
    expect((await main.call({ _: 'account.getNotifySettings', peer: { _: 'inputNotifyUsers' } }))._).toBe('peerNotifySettings');
    expect((await main.call({ _: 'account.updateStatus', offline: false }))).toBe(true);
    expect((await main.call({ _: 'account.getAuthorizations' })).authorizations.filter((row) => row.current)).toHaveLength(1);
  });
});
