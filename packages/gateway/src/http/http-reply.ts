import type { ServerResponse } from 'node:http';

/** Where the response to one HTTP request goes: to the client, or to the node that the client is connected to. */
export interface HttpReply {
  /** Whether nothing can be sent any more. */
  readonly isClosed: boolean;
  send(status: number, body: Uint8Array): void;
  /** Closes the connection without a response. */
  destroy(): void;
  /** Calls `listener` when the client has the response, or has closed the connection before. */
  onClosed(listener: (isSent: boolean) => void): void;
}

/** CORS headers that let pages of other origins use the server. */
export const CORS_HEADERS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'POST, OPTIONS',
  'Access-Control-Allow-Headers': 'origin, content-type',
  'Access-Control-Max-Age': '1728000',
};

/** The response to a client of this node. */
export class ClientReply implements HttpReply {
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  get isClosed(): boolean {
    return this.#response.destroyed;
  }

  send(status: number, body: Uint8Array): void {
    const response = this.#response;
    if (response.destroyed) return;
    // Telethon reads the body right after the Content-Length line, so that has to be the last header. The headers that Node would add after
    // it are written here.
    response.writeHead(status, {
      ...CORS_HEADERS,
      'Content-Type': 'application/octet-stream',
      Date: new Date().toUTCString(),
      Connection: response.shouldKeepAlive ? 'keep-alive' : 'close',
      'Content-Length': body.length,
    });
    this.#response.end(body);
  }

  destroy(): void {
    this.#response.destroy();
  }

  onClosed(listener: (isSent: boolean) => void): void {
    this.#response.once('close', () => listener(this.#response.writableFinished));
  }
}
