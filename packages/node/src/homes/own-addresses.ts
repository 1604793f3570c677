import { type Config, type Endpoint, formatOrigin, isEveryAddress, webAddressOf, type WebEndpoint } from '@aerogram/runtime';
import type { HomeAddresses } from '@aerogram/storage';

/** What a server listens on; a port that is not known yet is 0. */
export interface Listening {
  mtproto: Endpoint;
  http: WebEndpoint;
  link: Endpoint;
}

const UNKNOWN: Endpoint = { host: '', port: 0 };

/** An address that others can use: nobody can connect to all addresses, or to a port that is not known yet. */
const reachable = (endpoint: Endpoint): Endpoint => (isEveryAddress(endpoint.host) || endpoint.port === 0 ? UNKNOWN : endpoint);

/** The addresses at which a data centre is reached: those of the settings, or, where none is set, those on which it listens. Pure. */
export function ownAddresses(config: Pick<Config, 'publicAddress' | 'publicAddressV6' | 'publicPort' | 'webAddress' | 'httpPort' | 'tlsCert' | 'dcLinkAddress'>, { mtproto, http, link }: Listening): HomeAddresses {
  const linked = reachable(config.dcLinkAddress ?? link);
  const client = reachable({ host: config.publicAddress ?? config.publicAddressV6 ?? mtproto.host, port: config.publicPort || mtproto.port });
  const origin = isEveryAddress(http.host) ? webAddressOf(config, http.port) : formatOrigin(http);
  return { link_host: linked.host, link_port: linked.port, link_nodes: [], client_host: client.host, client_port: client.port, web_address: config.webAddress ?? (http.port === 0 ? '' : origin) };
}
