import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { encodeContainer } from '@aerogram/mtproto/client';
import type { Random } from '@aerogram/runtime';
import { encode, METHODS, mtEncode, type mt } from '@aerogram/tl';
import { GZIP_PACKED, MSG_CONTAINER } from '../../packages/mtproto/src/session/constructors.ts';
import type { HostileTl } from './hostile-tl.ts';
import { below, mutate, pick } from './mutation.ts';

/** A message before encoding, so that its fields can be changed. */
export interface Part {
  msgId: bigint;
  seqNo: number;
  body: Body;
}

export type Body =
  | { kind: 'plain'; bytes: Uint8Array }
  | { kind: 'gzip'; inner: Body; form: 'gzip' | 'zlib' | 'raw' | 'cut' | 'trailing' | 'nested' }
  | { kind: 'container'; parts: Part[]; countOff: number; lengthOff: number };

/** A packet before encryption. */
export interface Draft {
  salt: bigint;
  sessionId: bigint;
  part: Part;
}

/** What the client knows, to create plausible packets. */
export interface ClientView {
  nowMs(): number;
  nextMsgId(): bigint;
  nextSeqNo(content: boolean): number;
  /** The valid salt, and some invalid ones. */
  salts: readonly bigint[];
  sessionIds: readonly bigint[];
  /** Message ids that both sides know: the client's and the server's. */
  sent: bigint[];
  received: bigint[];
}

const NAMES = Object.keys(METHODS);
const INIT = { api_id: 1, device_model: 'd', system_version: '1', app_version: '1', system_lang_code: 'en', lang_pack: '', lang_code: 'en' };

/**
 * A client that has the key and follows the protocol, with exceptions: it creates the packets of a session (layer, calls, acknowledgements,
 * pings, containers, packed bodies, resends), each changed in some places inside the encryption.
 */
export class HostileClient {
  readonly #random: Random;
  readonly #tl: HostileTl;
  readonly #view: ClientView;
  #step = 0;

  constructor(random: Random, tl: HostileTl, view: ClientView) {
    this.#random = random;
    this.#tl = tl;
    this.#view = view;
  }

  /** The next packet of the session, changed. */
  next(): Draft {
    const draft: Draft = { salt: this.#view.salts[0]!, sessionId: this.#view.sessionIds[0]!, part: this.#honest() };
    for (let changes = pick(this.#random, [0, 0, 1, 1, 2, 4]); changes > 0; changes--) this.#change(draft);
    return draft;
  }

  #part(body: Uint8Array, content = true): Part {
    return { msgId: this.#view.nextMsgId(), seqNo: this.#view.nextSeqNo(content), body: { kind: 'plain', bytes: body } };
  }

  #service(message: mt.AnyService, content = false): Part {
    return this.#part(mtEncode(message), content);
  }

  /** The usual actions of a client, in a loop. */
  #honest(): Part {
    const random = this.#random;
    const own = (): bigint => (this.#view.sent.length > 0 ? pick(random, this.#view.sent) : 4n);
    const theirs = (): bigint => (this.#view.received.length > 0 ? pick(random, this.#view.received) : 1n);
    const steps: (() => Part)[] = [
      () => this.#part(encode({ _: 'invokeWithLayer', layer: pick(random, [229, 228, 214, 185]), query: { _: 'initConnection', ...INIT, query: { _: 'help.getNearestDc' } } })),
      () => this.#call(),
      () => this.#container([this.#service({ _: 'msgs_ack', msg_ids: Array.from({ length: 1 + below(random, 4) }, theirs) }), this.#call()]),
      () => this.#service({ _: 'ping_delay_disconnect', ping_id: random.int64(), disconnect_delay: 75 }),
      () => ({ ...this.#call(), body: { kind: 'gzip', inner: this.#call().body, form: 'gzip' } }),
      () => this.#container([this.#call(), this.#call(), this.#service({ _: 'http_wait', max_delay: 0, wait_after: 0, max_wait: 25_000 })]),
      () => this.#service({ _: 'msgs_state_req', msg_ids: [own(), own()] }, true),
      () => this.#service({ _: 'msg_resend_req', msg_ids: [theirs(), theirs()] }, true),
      () => this.#part(encode({ _: 'invokeAfterMsg', msg_id: own(), query: { _: 'help.getNearestDc' } })),
      () => this.#part(encode({ _: 'invokeAfterMsgs', msg_ids: [own(), own()], query: { _: 'help.getNearestDc' } })),
      () => this.#service({ _: 'msgs_ack', msg_ids: [theirs()] }),
      () => this.#service({ _: 'get_future_salts', num: 8 }, true),
      () => this.#service({ _: 'rpc_drop_answer', req_msg_id: own() }, true),
      () => this.#service({ _: 'msgs_all_info', msg_ids: [theirs(), theirs()], info: Uint8Array.of(4, 2) }),
      () => this.#service({ _: 'destroy_session', session_id: pick(random, this.#view.sessionIds) }, true),
    ];
    this.#step += 1;
    return steps[below(random, 3) === 0 ? below(random, steps.length) : this.#step % 4]!();
  }

  #call(): Part {
    return this.#part(this.#tl.request(pick(this.#random, NAMES)));
  }

  #container(parts: Part[]): Part {
    return { msgId: this.#view.nextMsgId(), seqNo: this.#view.nextSeqNo(false), body: { kind: 'container', parts, countOff: 0, lengthOff: 0 } };
  }

  #change(draft: Draft): void {
    const random = this.#random;
    const parts = collect(draft.part);
    const part = pick(random, parts);
    switch (below(random, 14)) {
      case 0:
        part.msgId = this.#anyId();
        return;
      case 1:
        part.seqNo = pick(random, [0, 1, -1, part.seqNo ^ 1, part.seqNo + 2, part.seqNo - 2, 2 ** 31 - 1, -(2 ** 31), random.uint31()]) | 0;
        return;
      case 2:
        draft.salt = pick(random, [...this.#view.salts, 0n, random.int64()]);
        return;
      case 3:
        draft.sessionId = pick(random, [...this.#view.sessionIds, 0n, -1n]);
        return;
      case 4:
        part.body = { kind: 'gzip', inner: part.body, form: pick(random, ['gzip', 'zlib', 'raw', 'cut', 'trailing', 'nested']) };
        return;
      case 5:
        draft.part = this.#container(Array.from({ length: 1 + below(random, 4) }, () => part));
        return;
      case 6:
        if (part.body.kind === 'container') part.body.countOff = pick(random, [1, -1, 1_000, 2 ** 31 - 2, -(2 ** 31)]);
        return;
      case 7:
        if (part.body.kind === 'container') part.body.lengthOff = pick(random, [4, -4, 1, -1, 2 ** 30, -(2 ** 31), 2 ** 31 - 64]);
        return;
      case 8:
        if (part.body.kind === 'container') part.body.parts.push(this.#container([this.#call()]));
        return;
      case 9:
        if (part.body.kind === 'plain') part.body.bytes = aligned(mutate(random, part.body.bytes));
        return;
      case 10:
        if (part.body.kind === 'plain') part.body.bytes = this.#wrap(part.body.bytes);
        return;
      case 11:
        part.body = { kind: 'plain', bytes: this.#oddService() };
        return;
      case 12:
        if (part.body.kind === 'container') part.body.parts.reverse();
        return;
      default:
        if (part.body.kind === 'container') part.body.parts = part.body.parts.flatMap((one) => [one, one]);
    }
  }

  #anyId(): bigint {
    const nowS = BigInt(Math.floor(this.#view.nowMs() / 1000));
    const at = (secondsOff: number): bigint => (nowS + BigInt(secondsOff)) << 32n;
    const known = this.#view.sent.length > 0 ? pick(this.#random, this.#view.sent) : 4n;
    return BigInt.asIntN(64, pick(this.#random, [known, known, known + 4n, known - 4n, known | 1n, 0n, -4n, at(-299), at(-301), at(29), at(31), at(10_000), (1n << 63n) - 4n, 1n << 63n]));
  }

  /** Adds invokeWith… wrappers, sometimes more than any client needs. */
  #wrap(inner: Uint8Array): Uint8Array {
    const random = this.#random;
    const word = (value: number): Buffer => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32LE(value >>> 0);
      return bytes;
    };
    let bytes = Buffer.from(inner);
    for (let deep = pick(random, [1, 1, 2, 9, 40]); deep > 0; deep--) {
      const heads = [
        [word(0xbf9459b7)], // invokeWithoutUpdates
        [word(0xda9b0d0d), word(pick(random, [0, 1, 144, 229, 10_001, -1]))], // invokeWithLayer
        [word(0xcb9f372d), random.bytes(8)], // invokeAfterMsg
        [word(0x3dc4b4f0), word(0x1cb5c415), word(2), random.bytes(16)], // invokeAfterMsgs
        [word(0x3dc4b4f0), word(0x1cb5c415), word(pick(random, [2 ** 31 - 1, 2 ** 32 - 1, 100_000]))],
        [word(0x365275f2), random.bytes(8), random.bytes(8)], // invokeWithMessagesRange
      ];
      bytes = Buffer.concat([...pick(random, heads), bytes]);
    }
    return bytes;
  }

  #oddService(): Uint8Array {
    const random = this.#random;
    const many = below(random, 100) === 0 ? 4_000 : pick(random, [0, 1, 2, 3, 40]);
    const ids = Array.from({ length: many }, () => (below(random, 2) === 0 ? random.int64() : this.#anyId()));
    const messages: mt.AnyService[] = [
      { _: 'msgs_ack', msg_ids: ids },
      { _: 'msgs_state_req', msg_ids: ids },
      { _: 'msg_resend_req', msg_ids: ids },
      { _: 'msgs_all_info', msg_ids: ids, info: random.bytes(below(random, many + 4)) },
      { _: 'msgs_state_info', req_msg_id: random.int64(), info: random.bytes(8) },
      { _: 'get_future_salts', num: pick(random, [0, -1, 64, 65, 2 ** 31 - 1, -(2 ** 31)]) },
      { _: 'http_wait', max_delay: pick(random, [-1, 2 ** 31 - 1]), wait_after: random.uint31(), max_wait: pick(random, [-5, 0, 2 ** 31 - 1]) },
      { _: 'ping_delay_disconnect', ping_id: -1n, disconnect_delay: pick(random, [-1, 0, 2 ** 31 - 1, -(2 ** 31)]) },
      { _: 'rpc_drop_answer', req_msg_id: this.#anyId() },
      { _: 'destroy_session', session_id: random.int64() },
      { _: 'rpc_result', req_msg_id: this.#anyId(), result: random.bytes(8) },
      { _: 'bad_server_salt', bad_msg_id: random.int64(), bad_msg_seqno: 0, error_code: 48, new_server_salt: 0n },
      { _: 'new_session_created', first_msg_id: 1n, unique_id: 2n, server_salt: 3n },
      { _: 'req_pq_multi', nonce: random.bytes(16) },
      { _: 'msg_copy', orig_message: { _: 'message', msg_id: this.#anyId(), seqno: 1, bytes: 4, body: random.bytes(4) } },
      { _: 'future_salts', req_msg_id: 1n, now: 2, salts: [] },
    ];
    return mtEncode(pick(random, messages));
  }
}

/** The part and everything it contains. */
function collect(part: Part): Part[] {
  return part.body.kind === 'container' ? [part, ...part.body.parts.flatMap(collect)] : [part];
}

/** The body of an encrypted message always has whole words. */
function aligned(body: Uint8Array): Uint8Array {
  return body.length < 4 ? Uint8Array.of(0, 0, 0, 0) : body.subarray(0, body.length & ~3);
}

/** The bytes of a body, with all changes. */
export function encodeBody(body: Body): Uint8Array {
  switch (body.kind) {
    case 'plain':
      return aligned(body.bytes);
    case 'gzip':
      return packed(encodeBody(body.inner), body.form);
    case 'container': {
      const parts = body.parts.map((part) => ({ ...part, body: encodeBody(part.body) }));
      const bytes = Buffer.from(encodeContainer(parts));
      bytes.writeInt32LE((parts.length + body.countOff) | 0, 4);
      if (parts.length > 0 && body.lengthOff !== 0) bytes.writeInt32LE((bytes.readInt32LE(20) + body.lengthOff) | 0, 20);
      bytes.writeUInt32LE(MSG_CONTAINER, 0);
      return bytes;
    }
  }
}

const QUICK = { level: 1, windowBits: 9, memLevel: 1 } as const;

function packed(bytes: Uint8Array, form: Extract<Body, { kind: 'gzip' }>['form']): Uint8Array {
  let data: Buffer;
  if (form === 'zlib') data = deflateSync(bytes, QUICK);
  else if (form === 'raw') data = deflateRawSync(bytes, QUICK);
  else data = gzipSync(form === 'nested' ? packed(bytes, 'gzip') : bytes, QUICK);
  if (form === 'cut') data = data.subarray(0, data.length >> 1);
  if (form === 'trailing') data = Buffer.concat([data, Buffer.alloc(9, 7)]);
  const head = Buffer.alloc(8);
  head.writeUInt32LE(GZIP_PACKED, 0);
  head.writeUInt32LE(((data.length << 8) | 0xfe) >>> 0, 4);
  return Buffer.concat([head, data, Buffer.alloc(-data.length & 3)]);
}
