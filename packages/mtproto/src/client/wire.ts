import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import type { RandomBytes } from '@aerogram/crypto';
import { WebSocket } from 'ws';
import { type ClientStream, createClientStream } from '../transport/client-stream.ts';
import type { FramingName } from '../transport/framing.ts';

/** How a client reaches a server. */
export interface WireOptions {
  host: string;
  port: number;
  transport: 'tcp' | 'websocket' | 'http';
  /** Abridged by default. Not used over HTTP. */
  framing?: FramingName;
  /** WebSockets always are. */
  obfuscated?: boolean;
  /** Path of the WebSocket or the POST requests; `/apiws` or `/api` by default. */
  path?: string;
  /** Address to connect from, for load from one machine. */
  localAddress?: string;
  random: RandomBytes;
}

/** Receives the events of a wire. */
export interface WireOwner {
  onPacket(packet: Uint8Array): void;
  onQuickAck(token: number): void;
  /** A transport error; negative. */
  onError(code: number): void;
  onClosed(): void;
}

/** An open connection to a server. */
export interface Wire {
  send(packet: Uint8Array, quickAck?: boolean): void;
  close(): void;
}

/** Opens a wire. @throws Error when no server answers */
export function openWire(options: WireOptions, owner: WireOwner): Promise<Wire> {
  switch (options.transport) {
    case 'tcp':
      return openTcp(options, owner);
    case 'websocket':
      return openWebSocket(options, owner);
    case 'http':
      return Promise.resolve(openHttp(options, owner));
  }
}

function openStream(options: WireOptions, obfuscated: boolean): ClientStream {
  return createClientStream({ framing: options.framing ?? 'abridged', obfuscated, random: options.random });
}

function report(stream: ClientStream, chunk: Uint8Array, owner: WireOwner): void {
  for (const event of stream.push(chunk)) {
    if (event.type === 'packet') owner.onPacket(event.data);
    else if (event.type === 'quick-ack') owner.onQuickAck(event.token);
    else owner.onError(event.code);
  }
}

async function openTcp(options: WireOptions, owner: WireOwner): Promise<Wire> {
  const stream = openStream(options, options.obfuscated ?? false);
  const { host, port, localAddress } = options;
  const socket = connect({ host, port, noDelay: true, ...(localAddress === undefined ? {} : { localAddress }) });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => report(stream, chunk, owner));
  socket.once('close', () => owner.onClosed());
  socket.write(stream.header);
  return {
    send: (packet, quickAck) => void socket.write(stream.packet(packet, quickAck)),
    close: () => socket.destroy(),
  };
}

async function openWebSocket(options: WireOptions, owner: WireOwner): Promise<Wire> {
  const stream = openStream(options, options.obfuscated ?? true);
  const { host, port, path = '/apiws', localAddress } = options;
  const webSocket = new WebSocket(`ws://${host}:${port}${path}`, 'binary', localAddress === undefined ? {} : { localAddress });
  await new Promise<void>((resolve, reject) => webSocket.once('open', resolve).once('error', reject));
  webSocket.on('error', () => webSocket.terminate());
  webSocket.on('message', (data) => report(stream, data as Buffer, owner));
  webSocket.once('close', () => owner.onClosed());
  webSocket.send(stream.header);
  return {
    send: (packet, quickAck) => webSocket.send(stream.packet(packet, quickAck)),
    close: () => webSocket.terminate(),
  };
}

/** Each packet is a separate POST; the answers arrive in any order. */
function openHttp(options: WireOptions, owner: WireOwner): Wire {
  const { host, port, path = '/api', localAddress } = options;
  const agent = new Agent({ keepAlive: true });
  return {
    send(packet) {
      const headers = { 'Content-Length': packet.length };
      const post = request({ host, port, path, method: 'POST', agent, headers, ...(localAddress === undefined ? {} : { localAddress }) }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const body = Buffer.concat(chunks);
          if (response.statusCode !== 200) owner.onError(-(response.statusCode ?? 0));
          else if (body.length > 0) owner.onPacket(body);
        });
      });
      post.on('error', () => owner.onClosed());
      post.end(packet);
    },
    close: () => {
      agent.destroy();
      owner.onClosed();
    },
  };
}
