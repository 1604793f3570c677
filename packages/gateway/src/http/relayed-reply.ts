import type { HttpReply } from './http-reply.ts';
import { readMessage, type RelayMessage, writeMessage } from '../relay/messages.ts';
import type { RelayChannel, RelayEvents } from '../relay/other-nodes.ts';

/** A packet that came to another node by HTTP. */
export interface RelayedRequest {
  data: Uint8Array;
  /** The generation by which that node has chosen this one. */
  generation: number;
}

/** The response to a request that came to another node. The channel ends when the client has it, or has gone. */
export class RelayedReply implements HttpReply, RelayEvents {
  readonly #channel: RelayChannel;
  readonly #onRequest: (request: RelayedRequest) => void;
  readonly #listeners: ((isSent: boolean) => void)[] = [];
  #isSent = false;
  isClosed = false;

  /** @param onRequest called once, with the packet */
  constructor(channel: RelayChannel, onRequest: (request: RelayedRequest) => void) {
    this.#channel = channel;
    this.#onRequest = onRequest;
  }

  message(body: Uint8Array): void {
    const message = readMessage(body);
    this.#channel.consumed(body.length);
    if (message.kind === 'packet') this.#onRequest(message);
    else if (message.kind === 'lost') this.#isSent = false;
  }

  room(): void {}

  closed(by: 'self' | 'other' | 'link'): void {
    this.isClosed = true;
    for (const listener of this.#listeners.splice(0)) listener(this.#isSent && by !== 'link');
  }

  send(status: number, data: Uint8Array): void {
    this.#isSent = true;
    this.#send({ kind: 'response', value: status, data });
  }

  /** The packet was not looked at: its key belongs to another node. */
  refuse(generation: number): void {
    this.#send({ kind: 'wrong', value: generation });
    this.#channel.close();
  }

  destroy(): void {
    this.#channel.destroy();
  }

  onClosed(listener: (isSent: boolean) => void): void {
    this.#listeners.push(listener);
  }

  #send(message: RelayMessage): void {
    if (!this.isClosed) this.#channel.send(writeMessage(message));
  }
}
