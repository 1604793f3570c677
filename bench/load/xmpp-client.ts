import { connect as connectTcp } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';

/** One XMPP connection over TLS, in raw XML with as little processing as possible, so that the server is measured. */
export class XmppClient {
  readonly name: string;
  /** Called with the body of each message. */
  onBody: (body: string) => void = () => {};
  #socket: TLSSocket;
  #text = '';
  #sent = 0;
  #acked = 0;
  #waiting: { till: number; resolve: () => void; reject: (error: Error) => void }[] = [];
  #reading: ((text: string) => void) | undefined;

  private constructor(name: string, socket: TLSSocket) {
    this.name = name;
    this.#socket = socket;
    socket.setEncoding('utf8');
    socket.on('close', () => {
      for (const { reject } of this.#waiting) reject(new Error(`${name}: the peer closed`));
    });
    socket.on('data', (text: string) => {
      this.#text += text;
      if (this.#reading) this.#reading(this.#text);
      else this.#take();
    });
  }

  /** Logs in and sends presence. @param withAcks asks the server to acknowledge what it has archived */
  static async logIn(options: { port: number; name: string; password: string; localAddress: string; withAcks: boolean }): Promise<XmppClient> {
    const { port, name, password, localAddress } = options;
    const socket = connect({ socket: connectTcp({ host: '127.0.0.1', port, localAddress }), rejectUnauthorized: false });
    await new Promise<void>((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
    socket.setNoDelay(true);
    const client = new XmppClient(name, socket);
    const open = `<?xml version='1.0'?><stream:stream to='localhost' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>`;
    await client.#ask(open, '</stream:features>');
    const secret = Buffer.from(`\0${name}\0${password}`).toString('base64');
    await client.#ask(`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${secret}</auth>`, '<success');
    await client.#ask(open, '</stream:features>');
    await client.#ask(`<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>bench</resource></bind></iq>`, '</iq>');
    if (options.withAcks) await client.#ask(`<enable xmlns='urn:xmpp:sm:3'/>`, '<enabled');
    await client.#ask(`<presence/>`, '<presence');
    client.#text = '';
    return client;
  }

  /** Sends a text; resolves when the server has acknowledged it. */
  send(to: string, body: string): Promise<void> {
    this.#sent += 1;
    this.#socket.write(`<message to='${to}@localhost' type='chat' id='${this.#sent}'><body>${body}</body></message><r xmlns='urn:xmpp:sm:3'/>`);
    const till = this.#sent;
    return new Promise((resolve, reject) => this.#waiting.push({ till, resolve, reject }));
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Sends XML and waits for an answer that contains `wanted`. */
  #ask(xml: string, wanted: string): Promise<void> {
    this.#text = '';
    return new Promise((resolve, reject) => {
      this.#socket.once('close', () => reject(new Error(`${this.name}: the peer closed`)));
      this.#reading = (text) => {
        if (text.includes('<failure') || text.includes('<stream:error')) reject(new Error(`${this.name}: ${text}`));
        if (!text.includes(wanted)) return;
        this.#reading = undefined;
        resolve();
      };
      this.#socket.write(xml);
    });
  }

  #take(): void {
    const end = this.#text.lastIndexOf('>') + 1;
    const whole = this.#text.slice(0, end);
    let used = 0;
    for (const match of whole.matchAll(/<a [^>]*h='(\d+)'[^>]*>|<r [^>]*>|<message .*?<\/message>/gs)) {
      used = match.index + match[0].length;
      if (match[1] !== undefined) this.#acked = Number(match[1]);
      // The server closes connections that never answer its acknowledgement requests; any count is accepted.
      else if (match[0].startsWith('<r ')) this.#socket.write(`<a xmlns='urn:xmpp:sm:3' h='0'/>`);
      else this.onBody(/<body>([^<]*)<\/body>/.exec(match[0])?.[1] ?? '');
    }
    // Anything else (presence, acknowledgement requests) is discarded with the next complete stanza, or when it becomes long.
    this.#text = used > 0 || this.#text.length > 65_536 ? this.#text.slice(used > 0 ? used : end) : this.#text;
    while (this.#waiting[0] && this.#waiting[0].till <= this.#acked) this.#waiting.shift()!.resolve();
  }
}
