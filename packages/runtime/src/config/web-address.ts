/** The page of the HTTP port at which people log in with the account of their company. */
export const ENTER_PATH = '/enter';

/** The settings that say where browsers reach the HTTP port. */
export interface WebAddressConfig {
  webAddress: string | undefined;
  httpPort: number;
  tlsCert: string | undefined;
}

/**
 * The origin at which browsers reach the HTTP port: the one that the operator named, otherwise localhost. Nothing that a request says counts. Pure.
 * @param port on which the HTTP port listens, if the system has chosen it
 */
export function webAddressOf({ webAddress, httpPort, tlsCert }: WebAddressConfig, port: number = httpPort): string {
  return webAddress ?? `${tlsCert === undefined ? 'http' : 'https'}://localhost:${port}`;
}
