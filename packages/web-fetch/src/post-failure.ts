/** Why whoever was asked gave no answer. */
export class PostFailure extends Error {
  override readonly name = 'PostFailure';
  /** `unreachable`: there was no connection, so every request would fail in the same way; `silent`: there was one, but no answer. */
  readonly kind: 'unreachable' | 'silent';

  /** @param text for people; bots read it in `last_error_message` */
  constructor(kind: PostFailure['kind'], text: string) {
    super(text);
    this.kind = kind;
  }
}

/** What the operating system says, by its codes. */
const TEXTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Connection refused',
  ECONNRESET: 'Connection reset by peer',
  EPIPE: 'Broken pipe',
  ETIMEDOUT: 'Connection timed out',
  EHOSTUNREACH: 'No route to host',
  ENETUNREACH: 'Network is unreachable',
  EADDRNOTAVAIL: 'Network is unreachable',
};

/** What this machine says of an address to which it has no way, such as an IPv6 address where there is only IPv4. It says nothing about the other side. */
const NO_WAY = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'EAFNOSUPPORT']);

/** The error that people should read, of those that the addresses of a name gave in their order: the first that says something about the other side. Pure. */
export function mostTelling(errors: readonly unknown[]): unknown {
  return errors.find((error) => !NO_WAY.has((error as { code?: string }).code ?? '')) ?? errors[0];
}

/** Codes of Node.js for certificates that are not trusted. */
const CERTIFICATE = /^(CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_CA$|PATH_LENGTH_|HOSTNAME_MISMATCH$|ERR_TLS_CERT_)/;

/** Turns an error of a connection into the one that people read. Nothing of the address or of the request is in it. Pure. */
export function failureOf(error: unknown, kind: PostFailure['kind'] = 'unreachable'): PostFailure {
  return error instanceof PostFailure ? error : new PostFailure(kind, textOf(error));
}

function textOf(error: unknown): string {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  if (CERTIFICATE.test(code)) return 'SSL error {error:0A000086:SSL routines::certificate verify failed}';
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_')) {
    return `SSL error {${/error:[0-9A-F]{8}:SSL routines:[\w ]*:[\w ]+/.exec(message)?.[0] ?? 'error:0A000126:SSL routines::unexpected eof while reading'}}`;
  }
  if (code.startsWith('HPE_')) return "Can't parse the response from the webhook";
  return TEXTS[code] ?? 'Connection closed';
}
