import { addHash, DH_PRIME, exchangeKeys, factorizePq, igeEncrypt, igeDecrypt, readRsaPublicKey, rsaPadEncrypt } from '@aerogram/crypto';
import { seededRandom } from '@aerogram/runtime';
import { mtDecode, mtEncode, type mt, SERVICE_READERS, TlReader } from '@aerogram/tl';
import { beforeEach, describe, expect, it } from 'vitest';
import { negotiateAuthKey, type NegotiateOptions } from '../src/client.ts';
import { type AuthKeyRecord, CryptoBusyError, HandshakeRuns, type HandshakeStep, readPlainMessage, TEMP_KEY_LIMIT_S, writePlainMessage } from '../src/index.ts';
import { bodyOf, clientGroup, type HandshakeFixture, handshakeFixture, inlineCrypto } from './handshake-fixture.ts';

const random = seededRandom('handshake');
let server: HandshakeFixture;
let runs: HandshakeRuns;

beforeEach(() => {
  server = handshakeFixture(random);
  runs = new HandshakeRuns(server);
});

function clientOptions(more: Partial<NegotiateOptions> = {}): NegotiateOptions {
  return { publicKeys: [readRsaPublicKey(server.key.pem)], group: clientGroup(), random, ...more };
}

/** A complete handshake of our client; returns the client's key and the server's last step. */
async function negotiate(more: Partial<NegotiateOptions> = {}): Promise<{ authKey: Uint8Array; serverSalt: bigint; last: HandshakeStep; record: AuthKeyRecord }> {
  let last: HandshakeStep = { type: 'ignored' };
  const made = await negotiateAuthKey(async (body) => {
    last = await runs.receive(body);
    return bodyOf(last);
  }, clientOptions(more));
  return { ...made, last, record: server.store.keys.get(made.authKeyId)! };
}

const send = (request: mt.AnyService): Promise<HandshakeStep> => runs.receive(mtEncode(request));
const refused = (reason: string, code = -404): unknown => ({ type: 'refused', code, reason });

/** A client that goes step by step, so that every step can be made wrong. */
class Stepper {
  readonly nonce = random.bytes(16);
  readonly newNonce = random.bytes(32);
  resPq!: mt.resPQ;
  factors!: { p: Uint8Array; q: Uint8Array };

  async askPq(): Promise<this> {
    this.resPq = mtDecode(bodyOf(await send({ _: 'req_pq_multi', nonce: this.nonce }))) as mt.resPQ;
    this.factors = factorizePq(this.resPq.pq);
    return this;
  }

  innerData(more: Partial<mt.p_q_inner_data> = {}): mt.p_q_inner_data {
    const { nonce, resPq } = this;
    return { _: 'p_q_inner_data', pq: resPq.pq, ...this.factors, nonce, server_nonce: resPq.server_nonce, new_nonce: this.newNonce, ...more };
  }

  dhRequest(inner: mt.AnyService = this.innerData(), more: Partial<mt.req_DH_params> = {}): mt.req_DH_params {
    return {
      _: 'req_DH_params',
      nonce: this.nonce,
      server_nonce: this.resPq.server_nonce,
      ...this.factors,
      public_key_fingerprint: server.key.fingerprint,
      encrypted_data: rsaPadEncrypt(mtEncode(inner), server.key, random),
      ...more,
    };
  }

  async askDh(): Promise<mt.server_DH_inner_data> {
    const answer = mtDecode(bodyOf(await send(this.dhRequest()))) as mt.server_DH_params_ok;
    const { key, iv } = exchangeKeys(this.newNonce, this.resPq.server_nonce);
    return new TlReader(igeDecrypt(answer.encrypted_answer, key, iv).subarray(20), { table: SERVICE_READERS }).boxed<mt.server_DH_inner_data>();
  }

  finish(gB: Uint8Array, more: Partial<mt.client_DH_inner_data> = {}): mt.set_client_DH_params {
    const { key, iv } = exchangeKeys(this.newNonce, this.resPq.server_nonce);
    const common = { nonce: this.nonce, server_nonce: this.resPq.server_nonce };
    const data = mtEncode({ _: 'client_DH_inner_data', ...common, retry_id: 0n, g_b: gB, ...more });
    return { _: 'set_client_DH_params', ...common, encrypted_data: igeEncrypt(addHash(data, random), key, iv) };
  }
}

describe('a handshake', () => {
  it.each([
    ['RSA_PAD', {}],
    ['the older padding', { olderPadding: true }],
    ['req_pq', { olderRequest: true }],
    ['a DC', { dc: 2 }],
    ['the older padding and a temporary key', { olderPadding: true, expiresInS: 3_600 }],
  ])('with %s ends with the same key on both sides, stored before the client learns of it', async (_, more) => {
    const { authKey, serverSalt, last, record } = await negotiate(more);
    expect(record.key).toEqual(Uint8Array.from(authKey));
    expect(last).toMatchObject({ type: 'created', serverSalt, key: record });
    expect(record).toMatchObject({ created_date: 1_700_000_000, kind: 'expiresInS' in more ? 'temp' : 'perm' });
  });

  it('accepts random bytes after every request, as TDLib sends them, and different ones in a repeated request', async () => {
    const padded = (body: Uint8Array): Uint8Array => Buffer.concat([body, random.bytes(16 * (1 + random.bytes(1)[0]! % 15))]);
    const made = await negotiateAuthKey(async (body) => {
      const step = await runs.receive(padded(body));
      expect(bodyOf(await runs.receive(padded(body)))).toEqual(bodyOf(step));
      return bodyOf(step);
    }, clientOptions());
    expect(server.store.keys.get(made.authKeyId)!.key).toEqual(Uint8Array.from(made.authKey));
  });

  it('creates keys one after another, and several at once', async () => {
    const made = await Promise.all([negotiate(), negotiate({ expiresInS: 60 }), negotiate()]);
    expect(new Set(made.map(({ record }) => record.authKeyId)).size).toBe(3);
    expect(server.store.keys.size).toBe(3);
  });

  it.each([
    [undefined, { dcId: 2, media: false, test: false }],
    [4, { dcId: 4, media: false, test: false }],
    [-4, { dcId: 4, media: true, test: false }],
    [10_003, { dcId: 3, media: false, test: true }],
    [-10_001, { dcId: 1, media: true, test: true }],
    [77, { dcId: 2, media: false, test: false }],
    [0, { dcId: 2, media: false, test: false }],
    [-2_147_483_648, { dcId: 2, media: true, test: true }],
  ])('records the DC %s and never refuses it', async (dc, expected) => {
    expect((await negotiate({ dc })).record).toMatchObject(expected);
  });

  it('limits the lifetime of temporary keys', async () => {
    expect((await negotiate({ expiresInS: 86_400 })).record.expires_date).toBe(1_700_000_000 + 86_400);
    expect((await negotiate({ dc: 2, expiresInS: 2_147_483_647 })).record.expires_date).toBe(1_700_000_000 + TEMP_KEY_LIMIT_S);
    await expect(negotiate({ expiresInS: 0 })).rejects.toThrow('bad-lifetime');
    await expect(negotiate({ expiresInS: -5 })).rejects.toThrow('bad-lifetime');
  });

  it('sends the time and the known prime', async () => {
    const client = await new Stepper().askPq();
    expect(client.resPq.server_public_key_fingerprints).toEqual([server.key.fingerprint]);
    expect(await client.askDh()).toMatchObject({ g: 3, dh_prime: Uint8Array.from(DH_PRIME), server_time: 1_700_000_000, nonce: client.nonce });
  });
});

describe('a key whose id is taken', () => {
  it('is created again with another g_b', async () => {
    server.store.collisions = 2;
    const { record, authKey } = await negotiate();
    expect(record.key).toEqual(Uint8Array.from(authKey));
  });

  it('ends with dh_gen_fail after some attempts', async () => {
    server.store.collisions = 100;
    await expect(negotiate()).rejects.toThrow('dh_gen_fail');
    expect(server.store.keys.size).toBe(0);
  });

  it('is created again only with the right retry_id', async () => {
    server.store.collisions = 1;
    const client = await new Stepper().askPq();
    await client.askDh();
    const pair = clientGroup().generate(random);
    expect(mtDecode(bodyOf(await send(client.finish(pair.shown))))).toMatchObject({ _: 'dh_gen_retry' });
    expect(await send(client.finish(clientGroup().generate(random).shown))).toEqual(refused('wrong-inner-data'));
  });
});

describe('a wrong request ends the handshake with −404', () => {
  let client: Stepper;
  beforeEach(async () => {
    client = await new Stepper().askPq();
  });
  const { bytes } = random;
  it.each<[string, string, () => mt.AnyService]>([
    ['wrong factors', 'wrong-factors', () => client.dhRequest(undefined, { p: client.factors.q, q: client.factors.p })],
    ['unknown key', 'unknown-fingerprint', () => client.dhRequest(undefined, { public_key_fingerprint: 1n })],
    ['data that does not decrypt', 'wrong-encryption', () => client.dhRequest(undefined, { encrypted_data: bytes(256) })],
    ['data too long', 'wrong-encryption', () => client.dhRequest(undefined, { encrypted_data: new Uint8Array(257).fill(1) })],
    ['no data', 'wrong-encryption', () => client.dhRequest(undefined, { encrypted_data: new Uint8Array(0) })],
    ['inner data of another kind', 'wrong-encryption', () => client.dhRequest({ _: 'req_pq', nonce: client.nonce })],
    ['another nonce inside', 'wrong-inner-data', () => client.dhRequest(client.innerData({ nonce: bytes(16) }))],
    ['another server nonce inside', 'wrong-inner-data', () => client.dhRequest(client.innerData({ server_nonce: bytes(16) }))],
    ['another pq inside', 'wrong-inner-data', () => client.dhRequest(client.innerData({ pq: Uint8Array.of(15) }))],
    ['factors swapped inside', 'wrong-inner-data', () => client.dhRequest(client.innerData({ p: client.factors.q }))],
  ])('%s', async (_, reason, request) => {
    expect(await send(request())).toEqual(refused(reason));
    // Nothing of the handshake is left, even for a request that would have been right.
    expect(await send(client.dhRequest())).toEqual(refused('unknown-run'));
  });

  it('the last step before the second one finds no handshake', async () => {
    expect(await send(client.finish(clientGroup().generate(random).shown))).toEqual(refused('unknown-run'));
  });

  it('another nonce outside the encryption finds no handshake', async () => {
    expect(await send(client.dhRequest(undefined, { nonce: random.bytes(16) }))).toEqual(refused('unknown-run'));
    expect(await send(client.dhRequest(undefined, { server_nonce: random.bytes(16) }))).toEqual(refused('unknown-run'));
    expect(await send(client.dhRequest())).toMatchObject({ type: 'answer' });
  });

  it.each([
    ['g_b = 1', Uint8Array.of(1)],
    ['no g_b', new Uint8Array(0)],
    ['g_b too large', new Uint8Array(256).fill(0xff)],
    ['g_b = p − 1', Uint8Array.from(DH_PRIME, (byte, i) => (i === 255 ? byte - 1 : byte))],
  ])('%s', async (_, gB) => {
    await client.askDh();
    expect(await send(client.finish(gB))).toEqual(refused('bad-g-b'));
    expect(await send(client.finish(clientGroup().generate(random).shown))).toEqual(refused('unknown-run'));
  });

  it('other nonces, an unrequested retry, or changed bytes in the last step', async () => {
    const { shown } = clientGroup().generate(random);
    const wrong: [(request: Stepper) => mt.set_client_DH_params, string][] = [
      [(it) => it.finish(shown, { nonce: random.bytes(16) }), 'wrong-inner-data'],
      [(it) => it.finish(shown, { server_nonce: random.bytes(16) }), 'wrong-inner-data'],
      [(it) => it.finish(shown, { retry_id: 1n }), 'wrong-inner-data'],
      [(it) => ({ ...it.finish(shown), encrypted_data: random.bytes(336) }), 'wrong-encryption'],
      [(it) => ({ ...it.finish(shown), encrypted_data: random.bytes(335) }), 'wrong-encryption'],
      [(it) => ({ ...it.finish(shown), encrypted_data: new Uint8Array(0) }), 'wrong-encryption'],
      [(it) => ({ ...it.finish(shown), encrypted_data: random.bytes(4_096) }), 'wrong-encryption'],
    ];
    for (const [make, reason] of wrong) {
      const other = await new Stepper().askPq();
      await other.askDh();
      expect(await send(make(other))).toEqual(refused(reason));
    }
    expect(server.store.keys.size).toBe(0);
  });

  it('the second step again with other bytes', async () => {
    await client.askDh();
    expect(await send(client.dhRequest())).toEqual(refused('wrong-step'));
  });
});

describe('lost answers', () => {
  it('are sent again for exactly the same request', async () => {
    const client = new Stepper();
    await client.askPq();
    const again = mtDecode(bodyOf(await send({ _: 'req_pq_multi', nonce: client.nonce })));
    expect(again).toEqual(client.resPq);

    const request = mtEncode(client.dhRequest());
    const offered = bodyOf(await runs.receive(request));
    expect(bodyOf(await runs.receive(request))).toEqual(offered);

    const finish = mtEncode(client.finish(clientGroup().generate(random).shown));
    const created = await runs.receive(finish);
    expect(created.type).toBe('created');
    expect(await runs.receive(finish)).toEqual({ type: 'answer', body: bodyOf(created) });
    expect(server.store.keys.size).toBe(1);
    expect(await runs.receive(request)).toEqual(refused('wrong-step'));
  });

  it('are not sent twice while the first is being computed', async () => {
    const client = await new Stepper().askPq();
    const request = mtEncode(client.dhRequest());
    const [first, second] = await Promise.all([runs.receive(request), runs.receive(request)]);
    expect(first.type).toBe('answer');
    expect(second).toEqual({ type: 'ignored' });
  });

  it('are not mixed up with another request at the same time', async () => {
    const client = await new Stepper().askPq();
    const [first, second] = await Promise.all([send(client.dhRequest()), send(client.dhRequest())]);
    expect(second).toEqual(refused('wrong-step'));
    expect(first).toEqual(refused('wrong-step'));
  });
});

describe('handshakes', () => {
  it('must continue within ten minutes after req_pq', async () => {
    const [client, late] = [await new Stepper().askPq(), await new Stepper().askPq()];
    await server.clock.advance(599_000);
    expect(await send(client.dhRequest())).toMatchObject({ type: 'answer' });
    await server.clock.advance(2_000);
    expect(await send(late.dhRequest())).toEqual(refused('unknown-run'));
  });

  it('are forgotten when they expire', async () => {
    const client = await new Stepper().askPq();
    await client.askDh();
    await server.clock.advance(601_000);
    expect(await send(client.finish(clientGroup().generate(random).shown))).toEqual(refused('unknown-run'));
    expect(runs.size).toBe(0);
  });

  it('are limited in number: the oldest is dropped', async () => {
    const first = await new Stepper().askPq();
    await first.askDh();
    for (let i = 0; i < 4; i++) await (await new Stepper().askPq()).askDh();
    expect(runs.size).toBe(4);
    expect(await send(first.finish(clientGroup().generate(random).shown))).toEqual(refused('unknown-run'));
  });

  it('are not stored for clients that only sent req_pq, so however many there are, none has to start again', async () => {
    const first = await new Stepper().askPq();
    for (let i = 0; i < 1_000; i++) await send({ _: 'req_pq_multi', nonce: random.bytes(16) });
    expect(runs.size).toBe(0);
    expect(await send(first.dhRequest())).toMatchObject({ type: 'answer' });
  });

  it('are not ended by a repeated req_pq of somebody who has seen their nonce', async () => {
    const client = await new Stepper().askPq();
    await client.askDh();
    await send({ _: 'req_pq_multi', nonce: client.nonce });
    expect(await send(client.finish(clientGroup().generate(random).shown))).toMatchObject({ type: 'created' });
  });

  it('never use a server nonce or a challenge twice', async () => {
    const seen = new Set<string>();
    for (let i = 0; i < 50; i++) {
      const { resPq } = await new Stepper().askPq();
      seen.add(Buffer.from(resPq.server_nonce).toString('hex')).add(Buffer.from(resPq.pq).toString('hex'));
    }
    expect(seen.size).toBe(100);
  });

  it('refuse unexpected messages, and ignore unencrypted acknowledgements', async () => {
    expect(await runs.receive(new Uint8Array(0))).toEqual(refused('malformed'));
    expect(await runs.receive(random.bytes(40))).toEqual(refused('malformed'));
    expect(await send({ _: 'ping', ping_id: 1n })).toEqual(refused('malformed'));
    expect(await send({ _: 'msgs_ack', msg_ids: [1n] })).toEqual({ type: 'ignored' });
  });
});

describe('failures behind the handshake', () => {
  it('a store that is down closes the connection without −404, and no key is promised', async () => {
    server.store.isDown = true;
    const client = await new Stepper().askPq();
    await client.askDh();
    const finish = client.finish(clientGroup().generate(random).shown);
    expect(await send(finish)).toMatchObject({ type: 'failed' });
    expect(await send(finish)).toEqual(refused('unknown-run'));
  });

  it('a full queue is answered with −429, and the same request works later', async () => {
    let isBusy = true;
    server = handshakeFixture(random, {
      open: (fingerprint, data) => (isBusy ? Promise.reject(new CryptoBusyError()) : inlineCrypto.open(fingerprint, data)),
      agree: inlineCrypto.agree,
    });
    runs = new HandshakeRuns(server);
    const client = await new Stepper().askPq();
    const request = mtEncode(client.dhRequest());
    expect(await runs.receive(request)).toEqual(refused('busy', -429));
    isBusy = false;
    expect(await runs.receive(request)).toMatchObject({ type: 'answer' });
  });

  it('a worker that crashed closes the connection', async () => {
    server = handshakeFixture(random, { open: () => Promise.reject(new Error('the worker died')), agree: inlineCrypto.agree });
    runs = new HandshakeRuns(server);
    const client = await new Stepper().askPq();
    expect(await send(client.dhRequest())).toMatchObject({ type: 'failed', error: new Error('the worker died') });
  });
});

describe('unencrypted messages', () => {
  it('carry a zero key id, an id and a length', () => {
    const body = random.bytes(40);
    const packet = writePlainMessage(0x51e57ac42770964an, body);
    expect(packet).toHaveLength(60);
    expect(readPlainMessage(packet)).toEqual({ msgId: 0x51e57ac42770964an, body });
  });

  it('are refused when the length is wrong or the key id is not zero', () => {
    const packet = writePlainMessage(1n, random.bytes(40));
    expect(readPlainMessage(packet.subarray(0, 59))).toBeUndefined();
    expect(readPlainMessage(packet.subarray(0, 19))).toBeUndefined();
    packet[3] = 1;
    expect(readPlainMessage(packet)).toBeUndefined();
  });
});
