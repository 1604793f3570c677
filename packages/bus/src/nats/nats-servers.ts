import { readFileSync } from 'node:fs';
import { isLoopbackHost, OperatorError } from '@aerogram/runtime';

/** Where NATS is, and how this node shows who it is. */
export interface NatsServers {
  /** `host:port` of each server, at least one; IPv6 addresses in brackets. */
  readonly servers: readonly string[];
  /** Whether connections must be encrypted. */
  readonly tls: boolean;
  readonly user?: string;
  readonly password?: string;
  readonly token?: string;
  /** Content of a credentials file of NATS: a JWT and a seed. */
  readonly credentials?: string;
  /** PEM of the authority that signed the servers' certificates; otherwise those that Node.js trusts. */
  readonly ca?: string;
}

const DEFAULT_PORT = 4222;

/**
 * Parses the setting that says where NATS is: `nats://` or `tls://` with a host, a port (4222 by default), and `user:password@` or `token@`;
 * several servers with commas between them, all of one cluster of NATS, so with the same scheme and the same credentials.
 * @throws Error that says what is wrong, without the password: a text that is not such a URL, or another host than this machine without TLS
 */
export function parseNatsUrl(text: string): NatsServers {
  const urls = text.split(',').map((part) => parseOne(part.trim()));
  const [first] = urls;
  if (first === undefined) throw new Error('must name a server');
  for (const url of urls) {
    if (url.protocol !== first.protocol) throw new Error('must have nats:// for all servers or tls:// for all');
    const namesSomebody = url.username !== '' || url.password !== '';
    if (namesSomebody && (url.username !== first.username || url.password !== first.password)) {
      throw new Error('must have the same user and password, or token, for all servers; once, at the first, is enough');
    }
  }
  const [user, password] = [decode(first.username), decode(first.password)];
  return {
    servers: urls.map(({ hostname, port }) => `${hostname}:${port === '' ? DEFAULT_PORT : port}`),
    tls: first.protocol === 'tls:',
    ...(user !== '' && password !== '' && { user, password }),
    ...(user !== '' && password === '' && { token: user }),
  };
}

function parseOne(text: string): URL {
  if (!/^(nats|tls):\/\//.test(text) || !URL.canParse(text)) throw new Error('must be nats://host:4222 or tls://host:4222, with commas between several');
  const url = new URL(text);
  const { hostname, pathname, search, hash } = url;
  if (hostname === '') throw new Error('must name a host');
  if ((pathname !== '' && pathname !== '/') || search !== '' || hash !== '') throw new Error(`must end after the port: ${url.host}`);
  if (url.username === '' && url.password !== '') throw new Error(`must name a user before the password: ${url.host}`);
  if (url.protocol === 'nats:' && !isLoopbackHost(hostname.replace(/^\[|\]$/g, ''))) {
    throw new Error(`must use tls:// for ${url.host}, which is another machine: whoever reads or writes what goes over NATS can deceive every client`);
  }
  return url;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Error('has a % in its user, password or token that begins no character: write %25 for it');
  }
}

/** The settings about NATS, as the operator wrote them. */
export interface NatsSettings {
  /** AEROGRAM_NATS_URL, see {@link parseNatsUrl}. */
  url: string;
  /** Path of a credentials file of NATS. */
  credentialsFile?: string | undefined;
  /** Path of the PEM of the authority that signed the servers' certificates. */
  caFile?: string | undefined;
}

/**
 * Reads what the settings about NATS name.
 * @throws OperatorError that says what is wrong with which setting
 */
export function readNatsSettings({ url, credentialsFile, caFile }: NatsSettings): NatsServers {
  let servers: NatsServers;
  try {
    servers = parseNatsUrl(url);
  } catch (error) {
    throw new OperatorError(`AEROGRAM_NATS_URL ${(error as Error).message}`);
  }
  if (credentialsFile !== undefined && (servers.user !== undefined || servers.token !== undefined)) {
    throw new OperatorError('AEROGRAM_NATS_URL names a user or a token, and there is a credentials file as well: leave one of them out');
  }
  if (caFile !== undefined && !servers.tls) throw new OperatorError('there is a file with an authority for NATS, but AEROGRAM_NATS_URL has no tls://');
  return {
    ...servers,
    ...(credentialsFile !== undefined && { credentials: readText(credentialsFile, 'the credentials for NATS') }),
    ...(caFile !== undefined && { ca: readText(caFile, 'the authority of NATS') }),
  };
}

function readText(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new OperatorError(`${what} cannot be read: ${(error as Error).message}`);
  }
}
