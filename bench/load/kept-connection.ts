import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** An HTTP answer with a body of JSON. */
export interface JsonAnswer {
  status: number;
  /** The body, as it came. */
  body: string;
}

interface Waiting {
  resolve: (answer: JsonAnswer) => void;
  reject: (error: Error) => void;
}

/** One HTTP connection that is used for one request after the other. It reads only what our servers write, and so costs the generator little. */
export class KeptConnection implements Disposable {
  readonly #socket: Socket;
  readonly #host: string;
  #came = '';
  #waiting: Waiting | undefined;

  private constructor(socket: Socket, host: string) {
    this.#socket = socket;
    this.#host = host;
    socket.setNoDelay(true);
    // One character a byte, as Content-Length counts.
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.#read(text));
    socket.on('error', () => {});
    socket.once('close', () => this.#waiting?.reject(new Error('the HTTP connection was closed')));
  }

  /** @param localAddress such as 127.0.0.3, so that the range of ports is no bound */
  static async open({ host, port, localAddress }: { host: string; port: number; localAddress?: string }): Promise<KeptConnection> {
    const socket = connect({ host, port, ...(localAddress === undefined ? {} : { localAddress }) });
    await once(socket, 'connect');
    return new KeptConnection(socket, `${host}:${port}`);
  }

  /** Sends JSON to a path, and returns the answer whatever its status. The request before must have been answered. */
  post(path: string, params: object): Promise<JsonAnswer> {
    const body = JSON.stringify(params);
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) return reject(new Error('the HTTP connection is closed'));
      this.#waiting = { resolve, reject };
      this.#socket.write(`POST ${path} HTTP/1.1\r\nHost: ${this.#host}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    });
  }

  [Symbol.dispose](): void {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  #read(text: string): void {
    this.#came += text;
    const headEnd = this.#came.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const head = this.#came.slice(0, headEnd);
    const bodyEnd = headEnd + 4 + Number(/^content-length: (\d+)/im.exec(head)?.[1]);
    if (this.#came.length < bodyEnd) return;
    const body = Buffer.from(this.#came.slice(headEnd + 4, bodyEnd), 'latin1').toString();
    this.#came = this.#came.slice(bodyEnd);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve({ status: Number(head.slice(9, 12)), body });
  }
}
