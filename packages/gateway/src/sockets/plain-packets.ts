import { HandshakeRuns } from '@aerogram/mtproto';
import { answerPlain, type GatewayServices, type PlainAnswer } from '../gateway-services.ts';

/** The unencrypted packets of one stream connection, with which its client creates keys. */
export class PlainPackets {
  #runs: HandshakeRuns | undefined;

  /** Whether the client has begun to create a key. */
  get hasBegun(): boolean {
    return this.#runs !== undefined;
  }

  /** Never rejects. @param address of the client */
  answer(services: GatewayServices, data: Uint8Array, address: string): Promise<PlainAnswer> {
    this.#runs ??= new HandshakeRuns(services.handshake);
    return answerPlain(services, this.#runs, data, address);
  }
}
