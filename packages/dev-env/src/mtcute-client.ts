import { setMaxListeners } from 'node:events';
import { connectWs } from '@fuman/net';
import {
  BaseTelegramClient,
  IntermediatePacketCodec,
  MemoryStorage,
  ObfuscatedPacketCodec,
  PaddedIntermediatePacketCodec,
  TcpTransport,
  type TelegramTransport,
} from '@mtcute/node';
import { NodeCryptoProvider, addPublicKey } from '@mtcute/node/utils.js';
import { WebSocket } from 'ws';
import type { ServerInfo } from './server-info.ts';

/** The transports of mtcute on Node; WebSocket is its browser transport (obfuscated, over `/apiws`). */
export type MtcuteTransport = 'intermediate' | 'padded' | 'obfuscated' | 'websocket';

/** Options of a mtcute client, in addition to the server's address and keys. */
export interface MtcuteClientOptions {
  transport?: MtcuteTransport;
  /** Use temporary keys bound to the permanent one. */
  pfs?: boolean;
  /** The DC that the client believes it is connected to; the server serves all of them. By default the home DC. */
  dcId?: number;
  /** Use a test DC: the handshake names dc + 10000. */
  testMode?: boolean;
  /** Use this layer instead of the library's own. */
  layer?: number;
  /** The language that the client says it has. */
  langCode?: string;
  /** The storage of an earlier client with its keys and peers; by default a new one. */
  storage?: MemoryStorage;
}

class TcpWithCodec extends TcpTransport {
  private readonly create: () => IntermediatePacketCodec | ObfuscatedPacketCodec;
  constructor(create: () => IntermediatePacketCodec | ObfuscatedPacketCodec) {
    super();
    this.create = create;
  }
  override packetCodec(): IntermediatePacketCodec {
    // The base class narrows the type to its own codec, but the library only uses the interface.
    return this.create() as IntermediatePacketCodec;
  }
}

function createTransport(kind: MtcuteTransport): TelegramTransport {
  switch (kind) {
    case 'intermediate':
      return new TcpTransport();
    case 'padded':
      return new TcpWithCodec(() => new PaddedIntermediatePacketCodec());
    case 'obfuscated':
      return new TcpWithCodec(() => new ObfuscatedPacketCodec(new IntermediatePacketCodec()));
    case 'websocket':
      return {
        connect: (dc) =>
          connectWs({
            url: `ws://${dc.ipAddress}:${dc.port}/apiws`,
            // The library needs the browser's class, which the npm package imitates.
            implementation: WebSocket as unknown as typeof globalThis.WebSocket,
            protocols: ['binary'],
          }),
        packetCodec: () => new ObfuscatedPacketCodec(new IntermediatePacketCodec()),
      };
  }
}

/**
 * Creates a mtcute client for our server: custom primary DC, RSA keys registered, storage in memory, fast reconnects. The library does not
 * process updates (`updates: false`): an actor builds its own strict state from the raw ones.
 *
 * @param server address and keys from `server.json`
 */
export async function createMtcuteClient(server: ServerInfo, options: MtcuteClientOptions = {}): Promise<BaseTelegramClient> {
  const id = options.dcId ?? server.dc_id;
  const dc = { id, ipAddress: server.mtproto.host, port: server.mtproto.port };
  const crypto = new NodeCryptoProvider();
  await crypto.initialize();
  for (const key of server.public_keys) addPublicKey(crypto, key.pem);
  const client = new BaseTelegramClient({
    apiId: 1,
    apiHash: '0123456789abcdef0123456789abcdef',
    crypto,
    storage: options.storage ?? new MemoryStorage(),
    transport: createTransport(options.transport ?? 'intermediate'),
    defaultDcs: { main: dc, media: { ...dc, mediaOnly: true } },
    updates: false,
    ...(options.testMode ? { testMode: true } : {}),
    ...(options.langCode === undefined ? {} : { initConnectionOptions: { langCode: options.langCode } }),
    ...(options.layer === undefined ? {} : { overrideLayer: options.layer }),
    logLevel: 0,
    network: { usePfs: options.pfs ?? false, floodControl: false },
    reconnectionStrategy: () => 100,
  });
  // Each call that waits before it is repeated listens to this signal. Tests make more of them at once than Node takes for ordinary.
  setMaxListeners(0, client.stopSignal);
  return client;
}
