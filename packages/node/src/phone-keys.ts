import { readFileSync } from 'node:fs';
import { type ApnsKey, type PhoneKeys, readFcmKey, readKey } from '@aerogram/push';
import { type Config, ConfigError, explainFileFault } from '@aerogram/runtime';

/** Reads the keys by which apps of phones are told of messages. @throws ConfigError, OperatorError */
export function readPhoneKeys(config: Config): PhoneKeys {
  const { fcmKeyFile, noticesPlain: isPlain } = config;
  return { fcm: fcmKeyFile === undefined ? undefined : readFcmKey(readFile('AEROGRAM_FCM_KEY_FILE', fcmKeyFile)), apns: readApnsKey(config), relay: readRelay(config), isPlain };
}

function readApnsKey({ apnsKeyFile: file, apnsKeyId: keyId, apnsTeamId: teamId, apnsTopic: topic }: Config): ApnsKey | undefined {
  const given = [file, keyId, teamId, topic].filter((one) => one !== undefined);
  if (given.length === 0) return undefined;
  if (file === undefined || keyId === undefined || teamId === undefined || topic === undefined) {
    throw new ConfigError('AEROGRAM_APNS_KEY_FILE, AEROGRAM_APNS_KEY_ID, AEROGRAM_APNS_TEAM_ID and AEROGRAM_APNS_TOPIC: set all of them, or none');
  }
  return { key: readKey(readFile('AEROGRAM_APNS_KEY_FILE', file), 'AEROGRAM_APNS_KEY_FILE'), keyId, teamId, topic };
}

function readRelay({ noticesRelay: address, noticesRelayKey: key, isLocalOnly }: Config): PhoneKeys['relay'] {
  if (address === undefined) return undefined;
  if (key === undefined) throw new ConfigError('AEROGRAM_NOTICES_RELAY_KEY: is needed with AEROGRAM_NOTICES_RELAY');
  const isOpen = URL.canParse(address) && (address.startsWith('https://') || (isLocalOnly && address.startsWith('http://')));
  if (!isOpen) throw new ConfigError('AEROGRAM_NOTICES_RELAY: must be an https address');
  return { address, key };
}

function readFile(setting: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const told = explainFileFault(error);
    throw told === error ? new ConfigError(`${setting}: ${file} cannot be read`) : told;
  }
}
