import { createHash } from 'node:crypto';
import type { RandomBytes } from '@aerogram/crypto';
import { mtEncode, type mt } from '@aerogram/tl';
import { ClientSession, type ServerMessage, serviceMessage } from '../src/client/client-session.ts';
import { createAuthKey, type DecryptedMessage, decryptMessage, sealHere } from '../src/session/envelope.ts';
import { refuseMessage } from '../src/session/message-checks.ts';
import { DEFAULT_SESSION_LIMITS, type SessionLimits } from '../src/session/outbox.ts';
import type { RefusedMessages } from '../src/session/refused-messages.ts';
import { KeySalts, SaltSource } from '../src/session/salts.ts';
import { ServerMessageIds } from '../src/session/server-message-ids.ts';
import { ServerSession } from '../src/session/server-session.ts';
import type { SessionEvent } from '../src/session/session-event.ts';
import { SessionLink } from '../src/session/session-link.ts';

export const TOO_LONG = Uint8Array.of(0x7e, 0xaf, 0x17, 0xe3);

/** Reproducible bytes from a seed. */
export function seededBytes(seed: string): RandomBytes {
  let block = 0;
  return {
    bytes(length) {
      const parts: Uint8Array[] = [];
      for (let done = 0; done < length; done += 32) parts.push(createHash('sha256').update(`${seed}:${block++}`).digest());
      return Uint8Array.from(Buffer.concat(parts).subarray(0, length));
    },
  };
}

/** A request that no service schema knows, with a number to identify it. */
export function call(number: number, padding = 0): Uint8Array {
  const body = Buffer.alloc(8 + padding);
  body.writeUInt32LE(0xaabbccdd, 0);
  body.writeUInt32LE(number, 4);
  return Uint8Array.from(body);
}

/** One client and its session on the server, with a clock that the test sets. */
export class Stage {
  nowMs = 1_750_000_000_000;
  readonly random = seededBytes('stage');
  readonly key = createAuthKey(this.random.bytes(256));
  readonly salts = new KeySalts(new SaltSource(this.random.bytes(32)), this.key.id);
  readonly client: ClientSession;
  readonly session: ServerSession;
  link = new SessionLink();

  constructor(options: { limits?: Partial<SessionLimits>; receivedFloor?: bigint; knows?: (constructor: number) => boolean; refused?: RefusedMessages } = {}) {
    this.client = new ClientSession({ key: this.key, sessionId: 77n, salt: this.salts.current(this.nowMs), random: this.random, nowMs: () => this.nowMs });
    this.session = new ServerSession({
      key: this.key,
      sessionId: 77n,
      salts: this.salts,
      msgIds: new ServerMessageIds(),
      random: this.random,
      limits: { ...DEFAULT_SESSION_LIMITS, ...options.limits },
      overflowNotice: TOO_LONG,
      ...(options.receivedFloor === undefined ? {} : { receivedFloor: options.receivedFloor }),
      ...(options.refused === undefined ? {} : { refused: options.refused }),
      ...(options.knows === undefined ? {} : { knows: options.knows }),
    });
  }

  open(packet: Uint8Array): DecryptedMessage {
    const message = decryptMessage(this.key, packet);
    if (!message) throw new Error('the server cannot decrypt this');
    return message;
  }

  /** Delivers a packet; a refusal before the session is returned as a service message. */
  deliver(packet: Uint8Array, link = this.link): SessionEvent[] | mt.AnyService {
    const message = this.open(packet);
    const refusal = refuseMessage(message, this.salts, this.nowMs);
    if (refusal) return serviceMessage({ msgId: 0n, seqNo: 0, body: refusal })!;
    return [...this.session.receive(link, message, this.nowMs).events];
  }

  /** Sends messages in one packet. @returns the session's events. */
  send(bodies: readonly Parameters<ClientSession['encrypt']>[0][number][], link = this.link): { events: SessionEvent[]; msgIds: bigint[] } {
    const { packet, msgIds } = this.client.encrypt(bodies);
    const events = this.deliver(packet, link);
    if (!Array.isArray(events)) throw new Error(`refused: ${JSON.stringify(events, (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v))}`);
    return { events, msgIds };
  }

  /** Sends one call. @returns its msg_id. */
  call(number: number): bigint {
    return this.send([{ body: call(number) }]).msgIds[0]!;
  }

  service(message: mt.AnyService, content = true, link = this.link): { events: SessionEvent[]; msgId: bigint } {
    const { events, msgIds } = this.send([{ body: mtEncode(message), content }], link);
    return { events, msgId: msgIds[0]! };
  }

  /** Everything that the server has for the client now. */
  take(link = this.link): ServerMessage[] {
    const messages: ServerMessage[] = [];
    while (this.session.hasOutgoing(link, this.nowMs)) {
      messages.push(...this.client.open(sealHere(this.session.takeOutgoing(link, this.nowMs)!)));
    }
    return messages;
  }

  /** The service messages in what the server has for the client now. */
  takeService(link = this.link): mt.AnyService[] {
    return this.take(link).map(serviceMessage).filter((message) => message !== undefined);
  }

  acknowledge(messages: readonly ServerMessage[]): void {
    const body = this.client.acksFor(messages);
    if (body) this.send([{ body, content: false }]);
  }

  /** A session after its first messages, with nothing queued. */
  begin(): this {
    this.session.reply(this.call(0), call(0));
    this.acknowledge(this.take());
    return this;
  }
}
