import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, type Server } from 'node:tls';
import { type Clock, type Config, type Logger, OperatorError, SETTINGS, type TimerHandle } from '@aerogram/runtime';

/** How often the files are read again, in milliseconds. */
const READ_MS = 30_000;

/** A certificate and its private key, as PEM. */
export interface KeyPair {
  cert: Buffer;
  key: Buffer;
}

/** The certificate of the HTTP port, in files that somebody else renews. */
export class CertificateFiles {
  readonly #files: { cert: string; key: string };
  #pair: KeyPair;

  private constructor(files: { cert: string; key: string }) {
    this.#files = files;
    this.#pair = this.#read();
  }

  /** @returns undefined if the settings name no certificate @throws OperatorError when the files cannot be used */
  static open({ tlsCert: cert, tlsKey: key }: Pick<Config, 'tlsCert' | 'tlsKey'>): CertificateFiles | undefined {
    if (cert === undefined || key === undefined) return undefined;
    try {
      return new CertificateFiles({ cert, key });
    } catch (error) {
      throw new OperatorError(`${SETTINGS.tlsCert.env} and ${SETTINGS.tlsKey.env} cannot be used: ${(error as Error).message}`, { cause: error });
    }
  }

  /** When the certificate ends, in unix seconds. */
  get endDate(): number {
    return Date.parse(new X509Certificate(this.#pair.cert).validTo) / 1000;
  }

  get pair(): KeyPair {
    return this.#pair;
  }

  /** @throws Error when a file cannot be read, is not PEM, or they do not belong together */
  #read(): KeyPair {
    const pair = { cert: readFileSync(this.#files.cert), key: readFileSync(this.#files.key) };
    createSecureContext(pair);
    return pair;
  }

  /** Lets new connections of a server use files that have changed, within half a minute. If they cannot be used, the old ones stay, and the log says so. */
  follow(server: Server, { clock, log }: { clock: Clock; log: Logger }): TimerHandle {
    return clock.setInterval(() => {
      try {
        const fresh = this.#read();
        if (fresh.cert.equals(this.#pair.cert) && fresh.key.equals(this.#pair.key)) return;
        server.setSecureContext(fresh);
        this.#pair = fresh;
        log.info({ file: this.#files.cert }, 'the HTTP port uses the new certificate');
      } catch (error) {
        log.warn({ err: error, file: this.#files.cert }, 'the certificate cannot be read again: the HTTP port goes on with the one it has');
      }
    }, READ_MS);
  }
}
