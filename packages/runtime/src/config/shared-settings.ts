import { createHmac } from 'node:crypto';
import type { Config } from './load-config.ts';
import { SETTINGS } from './settings.ts';

/**
 * Settings that may differ between the nodes of a cluster: places on a machine, addresses, secrets of other services, and how much a process takes at once. All
 * others decide what clients are told or may do, so they must be equal.
 */
const OF_THE_MACHINE: ReadonlySet<string> = new Set<keyof typeof SETTINGS>([
  'dataDir', 'host', 'port', 'httpPort', 'workers', 'databaseUrl', 'walArchiveDir', 'walArchiveDays', 'backupDir', 'backupEveryMs', 'backupKeep', 'ballastBytes', 'minFreeBytes', 'minFreePercent', 'databasePoolSize',
  'publicAddress', 'publicAddressV6', 'publicPort', 'trustedProxies', 'printCodes', 'smtpUrl', 'codeHookToken', 'codeHookUrl', 'langDir', 'logLevel', 'logFormat', 'otlpEndpoint', 'tracePercent', 'metricsToken', 'drainTimeoutMs',
  'handshakeThreads', 'packetThreads', 'partBufferMib', 'maxConnections', 'idleTimeoutMs', 'pushQueueBytes', 'masterKeys', 'masterKeysCommand', 'fileHookCommand', 'fileHookParallel',
  's3AccessKey', 's3SecretKey', 'natsUrl', 'natsCredentials', 'natsCa', 'filesDir', 'linkHost', 'linkPort', 'dcLinkHost', 'dcLinkPort', 'dcLinkAddress', 'tlsCert', 'tlsKey', 'oidcClientSecret', 'callsAddress', 'callsPort', 'callsRelayPorts', 'serverPicture',
]);

/**
 * Hashes of the settings that must be equal on all nodes of a cluster, by variable. Pure.
 * @param key that only nodes know: a short secret could be guessed from its hash without one
 */
export function hashSharedSettings(config: Config, key: Uint8Array): Record<string, string> {
  const shared = Object.entries(SETTINGS).filter(([key]) => !OF_THE_MACHINE.has(key));
  return Object.fromEntries(shared.map(([name, { env }]) => [env, hashOf(config[name as keyof Config], key)]));
}

function hashOf(value: unknown, key: Uint8Array): string {
  return createHmac('sha256', key).update(JSON.stringify(value) ?? 'none').digest('hex').slice(0, 16);
}
