import { connectWs } from '@fuman/net';
import { IntermediatePacketCodec, ObfuscatedPacketCodec, type TelegramTransport } from '@mtcute/core';

/**
 * MTProto over the WebSocket of the server that the page came from: every data centre is reached through it.
 * @param origin of the page
 * @see https://core.telegram.org/mtproto/transports#websocket
 */
export function ownSocketTransport(origin: string): TelegramTransport {
  const url = `${origin.replace(/^http/, 'ws')}/apiws`;
  return {
    connect: async () => await connectWs({ url, protocols: 'binary' }),
    packetCodec: () => new ObfuscatedPacketCodec(new IntermediatePacketCodec()),
  };
}
