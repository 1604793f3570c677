import { isIP } from 'node:net';

import { choiceSetting, intSetting, listSetting, optionalIpSetting, optionalTextSetting, portRangeSetting } from './setting-types.ts';

/** A server by which the devices of a call find a way to each other, or which passes on what they send. */
export interface TurnUrl {
  kind: 'stun' | 'turn';
  /** An IP address without brackets, or a name. */
  host: string;
  port: number;
}

const DEFAULT_PORT = 3478;
const URL_FORM = /^(stun|turn):(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+))(?::(\d{1,5}))?$/i;

/** Parses `turn:192.0.2.7:3478`, `stun:calls.example.org` or `turn:[2001:db8::7]`. @throws Error */
export function parseTurnUrl(text: string): TurnUrl {
  const [, kind = '', v6, name, digits] = URL_FORM.exec(text) ?? [];
  const host = v6 ?? name ?? '';
  const port = digits === undefined ? DEFAULT_PORT : Number(digits);
  if (host === '' || (v6 !== undefined && isIP(v6) !== 6)) throw new Error(`must look like turn:192.0.2.7:3478, not ${text}`);
  if (port < 1 || port > 65_535) throw new Error(`must have a port from 1 to 65535, not ${port}`);
  return { kind: kind.toLowerCase() as TurnUrl['kind'], host, port };
}

/** Settings of calls. */
export const CALL_SETTINGS = {
  calls: choiceSetting({
    env: 'AEROGRAM_CALLS',
    choices: ['on', 'off'],
    default: 'on',
    doc: 'Whether people can call each other (docs/calls.md). Off: apps show no buttons for calls, and whoever calls is told that the other one does not accept calls.',
  }),
  turnUrls: listSetting({
    env: 'AEROGRAM_TURN_URLS',
    default: '',
    item: 'URL, such as turn:192.0.2.7:3478 or stun:192.0.2.7:3478',
    most: 8,
    parseItem: parseTurnUrl,
    doc: 'Other relays for calls than the one of this server, such as a coturn (docs/calls.md). Addresses are safer than names, which some apps do not look up.',
  }),
  turnSecret: optionalTextSetting({
    env: 'AEROGRAM_TURN_SECRET',
    secret: true,
    doc: 'The secret that this server shares with these relays (static-auth-secret of coturn). Each call gets a user and a password of its own, which end after two days. Without it, relays are only asked for addresses.',
  }),
  callsAddress: optionalIpSetting({
    env: 'AEROGRAM_CALLS_ADDRESS',
    doc: 'IP address at which clients reach the relay of this server; by default the public addresses, and for a server that listens on one address, that one. Without any of them, there is no relay.',
  }),
  callsPort: intSetting({
    env: 'AEROGRAM_CALLS_PORT',
    default: 4450,
    min: 0,
    max: 65_535,
    doc: 'UDP and TCP port of the relay of calls (STUN and TURN). It is opened with the first call. 0 picks a free port.',
  }),
  callsRelayPorts: portRangeSetting({
    env: 'AEROGRAM_CALLS_RELAY_PORTS',
    default: '49160-49259',
    doc: 'UDP ports from which calls are relayed; a call takes two when both sides are relayed. 0 picks free ports; none: this server relays nothing.',
  }),
};
