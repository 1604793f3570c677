import { connectWs } from '@fuman/net';
import { IntermediatePacketCodec, ObfuscatedPacketCodec, type TelegramTransport } from '@mtcute/core';
import type { ServerFacts } from '../server.ts';

/**
 * The WebSocket of a data centre: of the server that the page came from, which plays all that no other home does, or of another home.
 * @param origin of the page
 * @throws Error if the data centre is another home, and it is not known where
 */
export function socketOf(dc: number, origin: string, { dc_id: own, homes = [] }: Pick<ServerFacts, 'dc_id' | 'homes'>): string {
  const home = homes.find((other) => other.dc === dc);
  if (home === undefined && dc !== own && homes.length > 0) throw new Error(`nobody knows where data centre ${dc} is`);
  return `${home?.socket ?? origin.replace(/^http/, 'ws')}/apiws`;
}

/**
 * MTProto over WebSockets.
 * @see https://core.telegram.org/mtproto/transports#websocket
 */
export function socketTransport(origin: string, facts: ServerFacts): TelegramTransport {
  return {
    connect: async ({ id }) => await connectWs({ url: socketOf(id, origin, facts), protocols: 'binary' }),
    packetCodec: () => new ObfuscatedPacketCodec(new IntermediatePacketCodec()),
  };
}
