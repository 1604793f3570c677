import type { Config } from './load-config.ts';

/** The page of the HTTP port at which people log in with the account of their company. */
export const ENTER_PATH = '/enter';

/**
 * The origin at which browsers reach the HTTP port: the one that the operator named, otherwise localhost. Nothing that a request says counts. Pure.
 * @param port on which the HTTP port listens, if the system has chosen it
 */
export function webAddressOf({ webAddress, httpPort, tlsCert }: Pick<Config, 'webAddress' | 'httpPort' | 'tlsCert'>, port: number = httpPort): string {
  return webAddress ?? `${tlsCert === undefined ? 'http' : 'https'}://localhost:${port}`;
}
