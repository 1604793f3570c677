import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { readPhoneKeys } from '@aerogram/node';
import { createPhoneServices, createPushRelay, PushHosts } from '@aerogram/push';
import { createLogger, createMetrics, formatEndpoint, systemClock } from '@aerogram/runtime';
import type { CliOptions } from '../options.ts';
import type { Output } from '../output.ts';

export interface RelayChoice {
  servers: string;
  host: string;
  port: number;
}

/** Least characters of a server's key. */
const KEY_MIN = 32;

/** `aerogram push relay`: runs until it is stopped. */
export async function runRelay({ config }: CliOptions, { servers: file, host, port }: RelayChoice): Promise<Output> {
  const log = createLogger({ level: config.logLevel });
  const servers = readServers(readFileSync(file, 'utf8'));
  using hosts = new PushHosts({ places: { isLocalOnly: false, networks: config.noticesNetworks }, clock: systemClock });
  const services = createPhoneServices({ hosts, phones: { ...readPhoneKeys(config), relay: undefined }, clock: systemClock });
  if (services.length === 0) throw new Error('this relay has no key: set AEROGRAM_FCM_KEY_FILE, or AEROGRAM_APNS_KEY_FILE and what belongs to it');
  const relay = createPushRelay({ services, servers, log, metrics: createMetrics() });
  relay.listen(port, host);
  await once(relay, 'listening');
  const { address, port: bound } = relay.address() as AddressInfo;
  console.error(`relay of notices for ${servers.size === 1 ? '1 server' : `${servers.size} servers`} at http://${formatEndpoint({ host: address, port: bound })}`);
  await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  relay.close();
  relay.closeAllConnections();
  for (const service of services) service[Symbol.dispose]();
  return { value: { stopped: true }, lines: [] };
}

/** Reads who may use a relay. Pure. @returns keys by name @throws Error */
export function readServers(text: string): Map<string, string> {
  const servers = new Map<string, string>();
  for (const [at, line] of text.split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [name, key, ...rest] = line.trim().split(/\s+/);
    if (key === undefined || rest.length > 0 || key.length < KEY_MIN) throw new Error(`line ${at + 1} must be a name and a key of at least ${KEY_MIN} characters`);
    if (servers.has(name!)) throw new Error(`line ${at + 1}: there is a server ${name} already`);
    servers.set(name!, key);
  }
  if (servers.size === 0) throw new Error('no server may use this relay: its file of servers is empty');
  return servers;
}
