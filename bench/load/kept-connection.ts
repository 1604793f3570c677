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

/** After this time without a request a connection is opened again, in milliseconds. Servers close idle ones after some seconds, perhaps while the next request is on its way. */
const IDLE_MS = 2000;

/** Where a connection goes to and comes from. */
export interface ConnectionPlace {
  host: string;
  port: number;
  /** Such as 127.0.0.3, so that the range of ports is no bound. */
  localAddress: string;
}

/**
 * One HTTP connection that is used for one request after the other, and opened again where the server has closed it in between. It reads only what our servers
 * write, and so costs the generator little.
 */
export class KeptConnection implements Disposable {
  readonly #place: ConnectionPlace;
  #socket: Socket | undefined;
  #came = '';
  /** When the last answer came. */
  #usedMs = 0;
  #waiting: Waiting | undefined;
  #isDisposed = false;

  private constructor(place: ConnectionPlace) {
    this.#place = place;
  }

  static async open(place: ConnectionPlace): Promise<KeptConnection> {
    const connection = new KeptConnection(place);
    await connection.#connect();
    return connection;
  }

  /** Sends JSON to a path, and returns the answer whatever its status. The request before must have been answered. */
  async post(path: string, params: object): Promise<JsonAnswer> {
    if (performance.now() - this.#usedMs > IDLE_MS) this.#leave();
    const socket = this.#socket ?? (await this.#connect());
    const body = JSON.stringify(params);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      socket.write(`POST ${path} HTTP/1.1\r\nHost: ${this.#place.host}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    });
  }

  /** Closes the connection; what is asked fails. */
  [Symbol.dispose](): void {
    this.#isDisposed = true;
    this.#socket?.destroy();
  }

  /** The next request opens another connection. */
  #leave(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  async #connect(): Promise<Socket> {
    if (this.#isDisposed) throw new Error('the HTTP connection was given up');
    const socket = connect(this.#place);
    socket.setNoDelay(true);
    // One character a byte, as Content-Length counts.
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.#read(text));
    socket.once('close', () => {
      if (this.#socket !== socket) return;
      this.#socket = undefined;
      this.#waiting?.reject(new Error('the HTTP connection was closed'));
      this.#waiting = undefined;
    });
    await once(socket, 'connect');
    socket.on('error', () => {});
    this.#usedMs = performance.now();
    return (this.#socket = socket);
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
    this.#usedMs = performance.now();
    if (/^connection: close/im.test(head)) this.#leave();
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve({ status: Number(head.slice(9, 12)), body });
  }
}
