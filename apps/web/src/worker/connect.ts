import { BaseTelegramClient } from '@mtcute/core/client.js';
import type { ITelegramStorageProvider, tl } from '@mtcute/core';
import { addPublicKey } from '@mtcute/core/utils.js';
import { WebCrypto } from './platform/crypto.ts';
import { socketTransport } from './platform/transport.ts';
import { webPlatform } from './platform/web-platform.ts';
import type { ServerFacts } from './server.ts';

/** Number and hash of this client: the server takes any. */
const API = { apiId: 1, apiHash: 'aerogram-web-client-of-this-server' };
/** How many events of a channel may be missing before its messages are loaded anew. */
const CHANNEL_EVENTS_MAX = 1000;

export interface ConnectOptions {
  origin: string;
  facts: ServerFacts;
  storage: ITelegramStorageProvider;
  build: string;
  language: string;
  onChannelTooLong(channelId: number, difference: tl.updates.RawChannelDifferenceTooLong): void;
  onRefusal(error: unknown): void;
}

/**
 * Creates the client of mtcute that talks to the server which the page came from, and trusts its keys. An account of another data centre is sent there when it logs in,
 * and is connected there from then on.
 */
export async function createClient({ origin, facts, storage, build, language, onChannelTooLong, onRefusal }: ConnectOptions): Promise<BaseTelegramClient> {
  const crypto = new WebCrypto();
  await crypto.initialize();
  for (const { pem } of facts.public_keys) addPublicKey(crypto, pem);
  const { hostname, port, protocol } = new URL(origin);
  const dc = { id: facts.dc_id, ipAddress: hostname, port: Number(port || (protocol === 'https:' ? 443 : 80)) };
  const client = new BaseTelegramClient({
    ...API,
    crypto,
    storage,
    platform: webPlatform,
    transport: socketTransport(origin, facts),
    defaultDcs: { main: dc, media: { ...dc, mediaOnly: true } },
    initConnectionOptions: { deviceModel: webPlatform.getDeviceModel(), appVersion: `Aerogram Web ${build}`, langPack: 'aeroweb', langCode: language, systemLangCode: language, systemVersion: '' },
    updates: { catchUp: true, channelPtsLimit: CHANNEL_EVENTS_MAX, onChannelTooLong },
    logLevel: 0,
  });
  watchCalls(client, onRefusal);
  return client;
}

/** Hears of each refused call, also of those that the client of mtcute makes for its updates and whose errors it keeps to itself. */
function watchCalls(client: BaseTelegramClient, onRefusal: (error: unknown) => void): void {
  const { call } = client;
  const watched = async (...said: Parameters<typeof call>): Promise<unknown> => {
    try {
      return (await call.apply(client, said)) as unknown;
    } catch (error) {
      onRefusal(error);
      throw error;
    }
  };
  client.call = watched;
}
