// How texts of a call go to the other end: sealed, numbered, and framed as the agreed version says. What comes is read by what it is, since clients disagree about versions.
import { AckedSender, readAcked } from './acked-framing.ts';
import { concat, uint32 } from './bytes.ts';
import { CallCipher, numberOf, ReplayWindow } from './call-crypto.ts';
import { pack, unpack } from './gzip.ts';
import { Sctp } from './sctp.ts';
import { isSctp } from './sctp-packet.ts';

/** How long an acknowledgement is waited for, in milliseconds. */
const RESEND_MS = 3_000;
/** Packets of the other end that wait to be opened. */
const WAITING_MAX = 512;
/** Greatest length of an own packet. */
const PACKET_MAX = 16 * 1024;

export interface SignallingOptions {
  key: Uint8Array;
  isCaller: boolean;
  version: string;
  /** False: neither end puts SCTP around its packets. */
  hasSctp: boolean;
  send(data: Uint8Array): void;
  onText(text: string): void;
  /** Something could not be sent, because the other end takes nothing. */
  onBroken(): void;
  /** First wait before something is sent again, in milliseconds. */
  resendMs?: number | undefined;
}

type Framing = 'acked' | 'packed';

/** Version 12 and later pack their texts, and send them by SCTP. */
export const framingOf = (version: string): Framing => (Number.parseInt(version, 10) >= 12 ? 'packed' : 'acked');

export class Signalling {
  readonly #options: SignallingOptions;
  readonly #cipher: CallCipher;
  readonly #framing: Framing;
  readonly #acked = new AckedSender();
  /** Packets come once; messages inside of acknowledged packets may come again under their old number. */
  readonly #packets = new ReplayWindow();
  readonly #messages = new ReplayWindow();
  readonly #sctp: Sctp | undefined;
  #last = 0;
  #sending: Promise<void> = Promise.resolve();
  #receiving: Promise<void> = Promise.resolve();
  #waiting = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  constructor(options: SignallingOptions) {
    this.#options = options;
    this.#cipher = new CallCipher(options.key, options.isCaller);
    this.#framing = framingOf(options.version);
    if (this.#framing === 'packed' && options.hasSctp) {
      this.#sctp = new Sctp({ send: options.send, onMessage: (packet) => this.#enqueue(packet, 2 * WAITING_MAX), ...(options.resendMs === undefined ? {} : { retryMs: options.resendMs }) });
      this.#sctp.open();
    }
  }

  /** Sends a text. Texts come in the order in which they are given here. */
  send(text: string): void {
    const bytes = new TextEncoder().encode(text);
    this.#chain(async () => {
      if (this.#framing === 'acked') {
        this.#acked.add(bytes);
        await this.#sendNext();
        return;
      }
      const packet = await this.#cipher.seal(concat(uint32(++this.#last), await pack(bytes)));
      if (packet.length > PACKET_MAX) throw new RangeError('a message of a call is too long');
      if (this.#isClosed) return;
      if (this.#sctp) this.#sctp.sendMessage(packet);
      else this.#options.send(packet);
    });
  }

  /** Takes bytes from the other end. */
  receive(data: Uint8Array): void {
    if (this.#isClosed) return;
    if (!isSctp(data)) this.#enqueue(new Uint8Array(data));
    else this.#sctp?.receive(data);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#sctp?.close();
  }

  #chain(step: () => Promise<void>): void {
    this.#sending = this.#sending.then(async () => {
      if (!this.#isClosed) await step();
    }).catch(() => this.#options.onBroken());
  }

  async #sendNext(): Promise<void> {
    const packet = this.#acked.next();
    if (packet) await this.#sendAcked(packet);
  }

  async #sendAcked(packet: Uint8Array<ArrayBuffer>): Promise<void> {
    const sealed = await this.#cipher.seal(packet);
    if (this.#isClosed) return;
    this.#options.send(sealed);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#chain(async () => {
      const again = this.#acked.again();
      if (again) await this.#sendAcked(again);
    }), this.#options.resendMs ?? RESEND_MS);
  }

  /** @param max packets that may wait: more for those of SCTP, which were acknowledged and come only once */
  #enqueue(packet: Uint8Array<ArrayBuffer>, max = WAITING_MAX): void {
    if (this.#waiting >= max) return;
    this.#waiting++;
    this.#receiving = this.#receiving.then(() => this.#open(packet)).catch(() => undefined).finally(() => this.#waiting--);
  }

  async #open(packet: Uint8Array<ArrayBuffer>): Promise<void> {
    const plain = await this.#cipher.open(packet);
    if (!plain || plain.length < 5 || this.#isClosed || !this.#packets.accept(numberOf(plain))) return;
    const body = plain.subarray(4);
    if (body[0] === 0x1f && body[1] === 0x8b) return this.#tell(await unpack(body));
    if (body[0] === 0x7b) return this.#tell(body);
    const acked = readAcked(plain);
    if (!acked) return;
    for (const { seq, needsAck } of acked.messages) if (needsAck) this.#acked.acknowledge(seq);
    this.#chain(async () => {
      for (const ack of acked.acks) this.#acked.drop(ack);
      const acks = this.#acked.takeAcks();
      const sealed = acks && (await this.#cipher.seal(acks));
      if (sealed && !this.#isClosed) this.#options.send(sealed);
      await this.#sendNext();
    });
    for (const { seq, text } of acked.messages) if (this.#messages.accept(seq)) this.#tell(text);
  }

  #tell(bytes: Uint8Array | undefined): void {
    if (bytes && !this.#isClosed) this.#options.onText(new TextDecoder().decode(bytes));
  }
}
