import bigInt from 'big-integer';
import { __tlReaderMap, __tlWriterMap, addPublicKey } from '@mtcute/core/utils.js';
import { NodeCryptoProvider } from '@mtcute/node/utils.js';
import Long from 'long';
import { _serverKeys } from 'telegram/crypto/RSA.js';
import { Logger } from 'telegram/extensions/index.js';
import { LogLevel } from 'telegram/extensions/Logger.js';
import { doAuthentication } from 'telegram/network/Authenticator.js';
import { MTProtoPlainSender } from 'telegram/network/MTProtoPlainSender.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { systemRandom } from '@aerogram/runtime';
import { type AuthKeyRecord, HandshakeRuns, readPlainMessage, writePlainMessage } from '../src/index.ts';
import { bodyOf, type HandshakeFixture, handshakeFixture, inlineCrypto } from './handshake-fixture.ts';

/** The part of mtcute that creates keys; the package does not export it by name. */
interface MtcuteAuthorization {
  doAuthorization(connection: unknown, crypto: NodeCryptoProvider, expiresIn?: number): Promise<[Uint8Array, Long, number]>;
}

let server: HandshakeFixture;
let runs: HandshakeRuns;
/** Every key that was agreed on, including those that were not kept. */
let agreed: Uint8Array[] = [];

beforeEach(() => {
  server = handshakeFixture(systemRandom, {
    ...inlineCrypto,
    async agree(secret, gB) {
      const key = await inlineCrypto.agree(secret, gB);
      agreed.push(key);
      return key;
    },
  });
  runs = new HandshakeRuns(server);
});

/** Answers one packet of a client as a connection would. */
async function answer(packet: Uint8Array): Promise<Uint8Array> {
  const message = readPlainMessage(packet);
  if (message === undefined) throw new Error('no plain message');
  return writePlainMessage(((message.msgId >> 32n) << 32n) + 1n, bodyOf(await runs.receive(message.body)));
}

/**
 * Both clients treat a key with a leading zero as one of 255 bytes and fail (also with the official server): one key in 256, including keys
 * that the server refuses. Such an attempt is repeated.
 */
async function untilKeyIsWhole<T>(attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    server.store.keys.clear();
    agreed = [];
    try {
      return await attempt();
    } catch (error) {
      if (!agreed.some((key) => key[0] === 0)) throw error;
    }
  }
}

const onlyRecord = (): AuthKeyRecord | undefined => [...server.store.keys.values()][0];

describe('mtcute creates a key', () => {
  const negotiate = async (expiresIn?: number): Promise<[Uint8Array, Long, number]> => {
    const url = new URL('network/authorization.js', import.meta.resolve('@mtcute/core')).href;
    const { doAuthorization } = (await import(url)) as MtcuteAuthorization;
    const crypto = new NodeCryptoProvider();
    await crypto.initialize();
    addPublicKey(crypto, server.key.pem);
    const answers: Uint8Array[] = [];
    const silent = { create: () => silent, verbose() {}, debug() {}, info() {}, warn() {}, error() {}, prefix: '' };
    const connection = {
      _session: {
        _readerMap: __tlReaderMap,
        _writerMap: __tlWriterMap,
        getMessageId: () => Long.fromString('7000000000000000000'),
        updateTimeOffset() {},
      },
      log: silent,
      params: { dc: { id: 4, mediaOnly: true }, testMode: false },
      send: async (packet: Uint8Array) => void answers.push(await answer(packet)),
      waitForUnencryptedMessage: () => Promise.resolve(answers.shift()),
    };
    return doAuthorization(connection, crypto, expiresIn);
  };

  it('permanently', async () => {
    const [authKey, salt] = await untilKeyIsWhole(() => negotiate());
    expect(onlyRecord()).toMatchObject({ key: Uint8Array.from(authKey), kind: 'perm', dcId: 4, media: true });
    expect(salt).toBeInstanceOf(Long);
  });

  it('for a day', async () => {
    const [authKey] = await untilKeyIsWhole(() => negotiate(86_400));
    expect(onlyRecord()).toMatchObject({ key: Uint8Array.from(authKey), kind: 'temp', expires_date: 1_700_086_400 });
  });

  it('a second time when the first one is taken', async () => {
    const [authKey] = await untilKeyIsWhole(() => {
      server.store.collisions = 1;
      return negotiate();
    });
    expect(onlyRecord()?.key).toEqual(Uint8Array.from(authKey));
  });
});

describe('GramJS creates a key', () => {
  it('without naming a DC', async () => {
    const { n } = server.key.keyObject.export({ format: 'jwk' });
    _serverKeys.set(server.key.fingerprint.toString(), {
      n: bigInt(Buffer.from(n!, 'base64url').toString('hex'), 16),
      e: 65_537,
    });
    const answers: Buffer[] = [];
    const connection = {
      send: async (packet: Buffer) => void answers.push(Buffer.from(await answer(packet))),
      recv: () => Promise.resolve(answers.shift()),
    };
    const log = new Logger(LogLevel.NONE);
    const sender = new MTProtoPlainSender(connection, log);
    const { authKey } = await untilKeyIsWhole(() => doAuthentication(sender, log));
    expect(onlyRecord()).toMatchObject({ key: Uint8Array.from(authKey.getKey()!), kind: 'perm', dcId: 2 });
  });
});
