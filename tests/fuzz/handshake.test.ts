import { addHash, exchangeKeys, igeEncrypt, rsaPadEncrypt, sha1PadEncrypt } from '@aerogram/crypto';
import { HandshakeRuns, type HandshakeStep, readPlainMessage, writePlainMessage } from '@aerogram/mtproto';
import { negotiateAuthKey, NegotiationError } from '@aerogram/mtproto/client';
import type { Random } from '@aerogram/runtime';
import { mtDecode, mtEncode, type mt, TlError } from '@aerogram/tl';
import { describe, expect, it } from 'vitest';
import { bodyOf, clientGroup, handshakeFixture } from '../../packages/mtproto/test/handshake-fixture.ts';
import { below, fuzzIterations, fuzzRandom, memoryInUse, mutate, pick } from './mutation.ts';

/** One server with its handshakes; everything is judged by its answers. */
function createServer(random: Random): { runs: HandshakeRuns; fixture: ReturnType<typeof handshakeFixture> } {
  const fixture = handshakeFixture(random);
  return { runs: new HandshakeRuns(fixture), fixture };
}

/** Allowed results of a wrong request: no crash, no internal failure, no key. */
function expectHarmless(step: HandshakeStep): void {
  expect(['answer', 'refused', 'ignored']).toContain(step.type);
}

/** Thrown by the client's connection when the server did not answer. */
class Refused extends Error {}

describe('the handshake', () => {
  it('results in a key or in nothing when its messages are changed, and the next client is served', async () => {
    const random = fuzzRandom('handshake-mutated');
    const { runs, fixture } = createServer(random);
    const options = { publicKeys: [fixture.key], group: clientGroup(), random };
    let refusals = 0;
    for (let i = fuzzIterations(150, 20); i > 0; i--) {
      const victim = below(random, 3);
      let step = 0;
      const exchange = async (body: Uint8Array): Promise<Uint8Array> => {
        const sent = step++ === victim ? mutate(random, body) : body;
        const answer = await runs.receive(sent);
        if (answer.type === 'created') return answer.body;
        expectHarmless(answer);
        if (answer.type !== 'answer') throw new Refused(answer.type);
        return answer.body;
      };
      const attempt = { ...options, olderPadding: below(random, 4) === 0, dc: pick(random, [undefined, 2, -10_003]) };
      const error = await negotiateAuthKey(exchange, attempt).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (error !== undefined) refusals++;
      expect(error === undefined || error instanceof Refused || error instanceof NegotiationError || error instanceof TlError).toBe(true);
      expect(runs.size).toBeLessThanOrEqual(4);
    }
    expect(refusals).toBeGreaterThan(0);
    const { authKeyId } = await negotiateAuthKey(async (body) => bodyOf(await runs.receive(body)), options);
    expect(fixture.store.keys.has(authKeyId)).toBe(true);
  });

  it('refuses correctly encrypted inner data with arbitrary content', async () => {
    const random = fuzzRandom('handshake-inner');
    const { runs, fixture } = createServer(random);
    for (let i = fuzzIterations(150, 20); i > 0; i--) {
      const nonce = random.bytes(16);
      const resPq = mtDecode(bodyOf(await runs.receive(mtEncode({ _: 'req_pq_multi', nonce })))) as mt.resPQ;
      // These numbers look right but were not requested, so none may be accepted.
      const common = { pq: resPq.pq, p: random.bytes(4), q: random.bytes(4), nonce, server_nonce: resPq.server_nonce, new_nonce: random.bytes(32) };
      const inner = mutate(random, mtEncode({ _: 'p_q_inner_data_temp_dc', ...common, dc: 2, expires_in: random.uint31() })).subarray(0, 144);
      const encrypt = pick(random, [rsaPadEncrypt, sha1PadEncrypt]);
      const request = mtEncode({
        _: 'req_DH_params',
        nonce,
        server_nonce: resPq.server_nonce,
        p: common.p,
        q: common.q,
        public_key_fingerprint: fixture.key.fingerprint,
        encrypted_data: encrypt(inner, fixture.key, random),
      });
      expect(await runs.receive(request)).toMatchObject({ type: 'refused', code: -404 });
    }
    expect(fixture.store.keys.size).toBe(0);
  });

  it('refuses correctly encrypted Diffie-Hellman data with arbitrary content', async () => {
    const random = fuzzRandom('handshake-dh');
    const { runs, fixture } = createServer(random);
    let made = 0;
    for (let i = fuzzIterations(150, 20); i > 0; i--) {
      let inner: mt.req_DH_params | undefined;
      const secrets: { newNonce: Uint8Array; serverNonce: Uint8Array }[] = [];
      // Our client completes the second step; its random new_nonce is the second 32-byte value that it uses.
      const recording: Random = {
        ...random,
        bytes: (length) => {
          const bytes = random.bytes(length);
          if (length === 32 && secrets.length === 0) secrets.push({ newNonce: bytes, serverNonce: new Uint8Array(16) });
          return bytes;
        },
      };
      const exchange = async (body: Uint8Array): Promise<Uint8Array> => {
        const request = mtDecode(body);
        if (request._ === 'req_DH_params') inner = request;
        if (request._ !== 'set_client_DH_params') return bodyOf(await runs.receive(body));
        const { key, iv } = exchangeKeys(secrets[0]!.newNonce, inner!.server_nonce);
        const data = mtEncode({ _: 'client_DH_inner_data', nonce: request.nonce, server_nonce: request.server_nonce, retry_id: 0n, g_b: random.bytes(256) });
        const changed = mutate(random, data);
        const padded = addHash(changed, random);
        const step = await runs.receive(mtEncode({ ...request, encrypted_data: igeEncrypt(padded, key, iv) }));
        if (step.type === 'created') made++;
        else expectHarmless(step);
        throw new Refused(step.type);
      };
      await expect(negotiateAuthKey(exchange, { publicKeys: [fixture.key], group: clientGroup(), random: recording })).rejects.toThrow(Refused);
    }
    // A change within g_b gives another valid number, so some keys are created; only the client knows each of them.
    expect(fixture.store.keys.size).toBe(made);
  });

  it('survives random data and service messages in any order', async () => {
    const random = fuzzRandom('handshake-noise');
    const { runs, fixture } = createServer(random);
    const nonces = [random.bytes(16), random.bytes(16)];
    const requests: (() => mt.AnyService)[] = [
      () => ({ _: 'req_pq_multi', nonce: pick(random, nonces) }),
      () => ({ _: 'req_pq', nonce: random.bytes(16) }),
      () => ({ _: 'set_client_DH_params', nonce: pick(random, nonces), server_nonce: random.bytes(16), encrypted_data: random.bytes(336) }),
      () => ({ _: 'msgs_ack', msg_ids: [random.int64()] }),
      () => ({ _: 'destroy_auth_key' }),
      () => ({ _: 'dh_gen_ok', nonce: random.bytes(16), server_nonce: random.bytes(16), new_nonce_hash1: random.bytes(16) }),
    ];
    for (let i = fuzzIterations(2_000); i > 0; i--) {
      const body = below(random, 4) === 0 ? random.bytes(below(random, 200)) : mtEncode(pick(random, requests)());
      const packet = writePlainMessage(random.int64(), below(random, 2) === 0 ? mutate(random, body) : body);
      const message = readPlainMessage(below(random, 5) === 0 ? mutate(random, packet) : packet);
      if (message !== undefined) expectHarmless(await runs.receive(message.body));
      expect(runs.size).toBeLessThanOrEqual(4);
    }
    expect(fixture.store.keys.size).toBe(0);
  });

  it('leaves no memory behind', async () => {
    const random = fuzzRandom('handshake-growth');
    const { runs } = createServer(random);
    const round = async (): Promise<void> => {
      for (let i = 0; i < fuzzIterations(1_000); i++) await runs.receive(mutate(random, mtEncode({ _: 'req_pq_multi', nonce: random.bytes(16) })));
    };
    await round();
    const before = memoryInUse();
    await round();
    expect(memoryInUse() - before).toBeLessThan(4_000_000);
  });
});
