import { GZIP_PACKED } from '../../packages/mtproto/src/session/constructors.ts';
import { call, Stage } from '../../packages/mtproto/test/session-stage.ts';
import { encodeContainer, type ServerMessage } from '@aerogram/mtproto/client';
import { decryptMessage, SessionLink } from '@aerogram/mtproto';
import { mtEncode, type mt } from '@aerogram/tl';
import type { Random } from '@aerogram/runtime';
import { describe, expect, it } from 'vitest';
import { below, fuzzIterations, fuzzRandom, memoryInUse, mutate, pick } from './mutation.ts';

/** Some ids, of messages that the client got and of others. */
const ids = (random: Random, known: readonly bigint[]): bigint[] =>
  Array.from({ length: below(random, 5) }, () => (known.length > 0 && below(random, 2) === 0 ? pick(random, known) : random.int64()));

/** Bodies that a client may send, valid and invalid. @param known msg_ids that the client got lately */
function anyBody(random: Random, known: readonly bigint[] = [], depth = 0): Uint8Array {
  const services: (() => mt.AnyService)[] = [
    () => ({ _: 'msgs_ack', msg_ids: ids(random, known) }),
    () => ({ _: 'ping', ping_id: random.int64() }),
    () => ({ _: 'ping_delay_disconnect', ping_id: random.int64(), disconnect_delay: random.uint31() - 2 ** 30 }),
    () => ({ _: 'msgs_state_req', msg_ids: ids(random, known) }),
    () => ({ _: 'msgs_all_info', msg_ids: ids(random, known), info: random.bytes(below(random, 8)) }),
    () => ({ _: 'msgs_state_info', req_msg_id: random.int64(), info: random.bytes(4) }),
    () => ({ _: 'msg_resend_req', msg_ids: ids(random, known) }),
    () => ({ _: 'rpc_drop_answer', req_msg_id: random.int64() }),
    () => ({ _: 'get_future_salts', num: random.uint31() - 2 ** 30 }),
    () => ({ _: 'destroy_session', session_id: random.int64() }),
    () => ({ _: 'http_wait', max_delay: random.uint31(), wait_after: 0, max_wait: -1 }),
    () => ({ _: 'gzip_packed', packed_data: random.bytes(below(random, 100)) }),
    () => ({ _: 'rpc_result', req_msg_id: random.int64(), result: random.bytes(8) }),
    () => ({ _: 'bad_server_salt', bad_msg_id: random.int64(), bad_msg_seqno: 0, error_code: 48, new_server_salt: 0n }),
    () => ({ _: 'new_session_created', first_msg_id: 1n, unique_id: 2n, server_salt: 3n }),
  ];
  const choice = below(random, 20);
  if (choice < 3) return call(random.uint31());
  if (choice === 3 && depth < 2) {
    const inner = Array.from({ length: below(random, 4) }, () => ({ msgId: random.int64(), seqNo: below(random, 200), body: anyBody(random, known, depth + 1) }));
    return encodeContainer(inner);
  }
  const body = mtEncode(pick(random, services)());
  return choice < 12 ? body : aligned(mutate(random, body));
}

/** Cuts to whole words, because encrypted messages contain only these. */
function aligned(body: Uint8Array): Uint8Array {
  return body.length < 4 ? Uint8Array.of(GZIP_PACKED & 255, 0, 0, 0) : body.subarray(0, body.length & ~3);
}

/** Acts as the server: answers some calls, pushes something, and lets the client receive everything. */
function serve(random: Random, stage: Stage, open: bigint[]): ServerMessage[] {
  while (open.length > 0 && below(random, 2) === 0) {
    const again = below(random, 2) === 0 ? { request: call(1), nowMs: stage.nowMs } : undefined;
    stage.session.reply(open.splice(below(random, open.length), 1)[0]!, call(1, 4 * below(random, 4000)), again);
  }
  if (below(random, 3) === 0) stage.session.push(call(2));
  return stage.take();
}

/** zlib frees memory only between turns of the event loop. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe('survives any message of a client that has the key, and still answers', () => {
  it('outlives any message of a client that has the key, and still answers', async () => {
    const random = fuzzRandom('session-messages');
    const stage = new Stage({ limits: { unacknowledged: 50, queuedUpdates: 50 } }).begin();
    const open: bigint[] = [];
    const links: SessionLink[] = [];
    let requests = 0;
    const known: bigint[] = [];
    const round = async (number: number): Promise<void> => {
      if (number % 100 === 0) await settle();
      const messages = Array.from({ length: 1 + below(random, 3) }, () => ({
        body: anyBody(random, known),
        content: below(random, 3) > 0,
        ...(below(random, 8) === 0 ? { seqNo: below(random, 1000) - 100 } : {}),
        ...(below(random, 8) === 0 ? { msgId: pick(random, [random.int64(), stage.client.nextMsgId() + BigInt(below(random, 4))]) } : {}),
      }));
      if (below(random, 20) === 0) {
        if (below(random, 2) === 0) stage.session.closeLink(stage.link, stage.nowMs);
        stage.link = new SessionLink();
        links.push(stage.link);
        if (links.length > 8) stage.session.closeLink(links.shift()!, stage.nowMs);
      }
      stage.nowMs += below(random, 50);
      const { packet } = stage.client.encrypt(messages);
      const events = stage.deliver(packet);
      if (below(random, 10) === 0) stage.deliver(packet);
      for (const event of Array.isArray(events) ? events : []) {
        if (event.type !== 'request') continue;
        requests += 1;
        // A call runs again only after it was answered.
        expect(open).not.toContain(event.msgId);
        open.push(event.msgId);
      }
      const got = serve(random, stage, open);
      known.push(...got.map(({ msgId }) => msgId));
      known.splice(0, known.length - 20);
      // A message that comes too early renews the salts.
      stage.client.salt = stage.salts.current(stage.nowMs);
      if (below(random, 2) === 0) stage.acknowledge(got);
    };
    const iterations = fuzzIterations(3_000);
    for (let i = 0; i < iterations / 2; i++) await round(i);
    await settle();
    const before = memoryInUse();
    for (let i = 0; i < iterations / 2; i++) await round(i);
    await settle();
    expect(memoryInUse() - before).toBeLessThan(16_000_000);
    expect(requests).toBeGreaterThan(iterations / 20);
    expect(stage.session.running).toBeLessThanOrEqual(requests);

    // After all this, a correct client must be served.
    for (const msgId of open) stage.session.reply(msgId, call(1));
    stage.link = new SessionLink();
    stage.nowMs += 60_000;
    // Above the msg_ids of all earlier messages, however many there were.
    const seqNo = 2 ** 30 + 1;
    const msgId = stage.client.nextMsgId() + (40n << 32n);
    stage.nowMs += 20_000;
    expect(stage.deliver(stage.client.encryptOne({ body: call(9), msgId, seqNo }))).toMatchObject([{ type: 'request', msgId }]);
    stage.session.reply(msgId, call(10));
    expect(stage.take().find((message) => message.answers === msgId)?.body).toEqual(call(10));
  });

  it('accepts nothing from a packet that was changed in transit', () => {
    const random = fuzzRandom('session-packets');
    const stage = new Stage().begin();
    for (let i = fuzzIterations(3_000); i > 0; i--) {
      const { packet } = stage.client.encrypt([{ body: anyBody(random) }]);
      const changed = mutate(random, packet);
      const same = Buffer.compare(packet.subarray(8), changed.subarray(8)) === 0;
      expect(decryptMessage(stage.key, changed) === undefined || same).toBe(true);
    }
  });
});
