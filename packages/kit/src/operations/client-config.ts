import { type ClientSettings, EXAMPLE_APP, listClientSettings } from '@aerogram/node';
import { z } from 'zod';
import { defineOperation, type Operation } from '../define-operation.ts';

const clientConfig = defineOperation({
  name: 'server.clientConfig',
  summary: 'Returns what MTProto clients need to connect, as plain data and as text for several libraries.',
  params: z.strictObject({}),
  result: z.strictObject({
    dcId: z.int().describe('The only data centre that clients need to know'),
    host: z.string(),
    port: z.int().describe('MTProto over TCP, HTTP and WebSocket'),
    layer: z.int().describe('The newest layer of the server; older clients are served as well'),
    testMode: z.boolean().describe('Numbers 99966XYYYY log in with the code XXXXX'),
    publicKeys: z.array(z.strictObject({ pem: z.string(), fingerprint: z.string().describe('Decimal') })),
    apiId: z.int().describe('The server takes any'),
    apiHash: z.string(),
    settings: z
      .strictObject({ mtcute: z.string(), gramjs: z.string(), telethon: z.string(), tdlib: z.string(), tdesktop: z.string() })
      .describe('Programs, or changes of a source, that connect each client'),
  }),
  async run({ kit }) {
    const server = kit.server;
    const { dc_id: dcId, mtproto, layer, test_mode: testMode, public_keys: keys } = server;
    // The list has each client once.
    const settings = Object.fromEntries(listClientSettings(server).map(({ client, text }) => [client, text])) as Record<ClientSettings['client'], string>;
    return {
      dcId,
      host: mtproto.host,
      port: mtproto.port,
      layer,
      testMode,
      publicKeys: keys.map(({ pem, fingerprint }) => ({ pem, fingerprint })),
      ...EXAMPLE_APP,
      settings,
    };
  },
});

/** The operation for tests of clients. */
export const CLIENT_CONFIG_OPERATIONS: readonly Operation[] = [clientConfig];
