// What the two ends of a call say to each other, as JSON. All of it becomes part of a session description, so nothing is taken that could end a line of one.

export interface Fingerprint {
  hash: string;
  setup: 'active' | 'passive' | 'actpass';
  fingerprint: string;
}

/** How to reach an end, and by what it is known. Another one with other names restarts ICE. */
export interface InitialSetup {
  type: 'InitialSetup';
  ufrag: string;
  pwd: string;
  renomination: boolean;
  fingerprints: Fingerprint[];
}

export interface PayloadType {
  id: number;
  name: string;
  clockrate: number;
  /** 0 for pictures. */
  channels: number;
  feedbackTypes: { type: string; subtype: string }[];
  parameters: Record<string, string>;
}

/** One stream that an end sends. */
export interface MediaContent {
  type: 'audio' | 'video';
  ssrc: number;
  ssrcGroups: { semantics: string; ssrcs: number[] }[];
  payloadTypes: PayloadType[];
  rtpExtensions: { id: number; uri: string }[];
}

/** An offer of all streams that an end sends, or the answer to an offer: an answer has the `exchangeId` of the offer and the streams that are accepted. */
export interface NegotiateChannels {
  type: 'NegotiateChannels';
  exchangeId: number;
  contents: MediaContent[];
}

export interface Candidates {
  type: 'Candidates';
  candidates: string[];
}

export type VideoState = 'inactive' | 'suspended' | 'active';

export interface MediaState {
  type: 'MediaState';
  muted: boolean;
  videoState: VideoState;
  screencastState: VideoState;
  videoRotation: 0 | 90 | 180 | 270;
  lowBattery: boolean;
}

export type CallMessage = InitialSetup | NegotiateChannels | Candidates | MediaState;

/** Greatest length of a message that is read, in characters. */
const TEXT_MAX = 512 * 1024;
/** Most streams of one end: a voice, a camera and a screen are usual, and one more is allowed, because another client may send it. */
const CONTENTS_MAX = 4;

const LIST_MAX = 64;
const GROUP_MAX = 16;

const TOKEN = /^[\w!#$%&'*+.^`|~-]{1,64}$/;
const ICE = /^[A-Za-z0-9+/=_-]{4,256}$/;
const HASHES = ['sha-1', 'sha-224', 'sha-256', 'sha-384', 'sha-512'];
const HEX_PAIRS = /^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){15,63}$/;
const CANDIDATE = /^(?:a=)?(candidate:[\x20-\x7e]{1,500})$/;
const URI = /^[\x21-\x7e]{1,200}$/;
const SETTING = /^[\x20-\x7e]{0,200}$/;

/** The message is not one of this protocol, or wants too much. */
class UnreadableError extends Error {}

type Fields = Record<string, unknown>;

function fields(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new UnreadableError();
  return value as Fields;
}

function list<T>(value: unknown, max: number, read: (item: unknown) => T): T[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > max) throw new UnreadableError();
  return value.map(read);
}

function text(value: unknown, pattern: RegExp): string {
  if (typeof value !== 'string' || !pattern.test(value)) throw new UnreadableError();
  return value;
}

function oneOf<T extends string>(value: unknown, ...allowed: T[]): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw new UnreadableError();
  return found;
}

/** Numbers may come as text, and those of 32 bits as negative numbers. */
function integer(value: unknown, max: number): number {
  const number = typeof value === 'string' && /^-?\d{1,10}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number)) throw new UnreadableError();
  const positive = number < 0 && max === 0xffffffff ? number + 2 ** 32 : number;
  if (positive < 0 || positive > max) throw new UnreadableError();
  return positive;
}

function ssrc(value: unknown): number {
  const number = integer(value, 0xffffffff);
  if (number === 0) throw new UnreadableError();
  return number;
}

function payloadType(value: unknown): PayloadType {
  const { id, name, clockrate, channels, feedbackTypes, parameters } = fields(value);
  const settings = Object.entries(fields(parameters ?? {}));
  if (settings.length > LIST_MAX) throw new UnreadableError();
  return {
    id: integer(id, 127),
    name: text(name, TOKEN),
    clockrate: integer(clockrate, 1_000_000),
    channels: integer(channels ?? 0, 8),
    feedbackTypes: list(feedbackTypes, LIST_MAX, (item) => {
      const { type, subtype } = fields(item);
      return { type: text(type, TOKEN), subtype: subtype === undefined || subtype === '' ? '' : text(subtype, TOKEN) };
    }),
    parameters: Object.fromEntries(settings.map(([key, setting]) => [key === '' ? '' : text(key, TOKEN), text(typeof setting === 'number' ? String(setting) : setting, SETTING)])),
  };
}

function content(value: unknown): MediaContent {
  const from = fields(value);
  return {
    type: oneOf(from['type'], 'audio', 'video'),
    ssrc: ssrc(from['ssrc']),
    ssrcGroups: list(from['ssrcGroups'], GROUP_MAX, (item) => {
      const { semantics, ssrcs } = fields(item);
      return { semantics: text(semantics, TOKEN), ssrcs: list(ssrcs, GROUP_MAX, ssrc) };
    }),
    payloadTypes: list(from['payloadTypes'], LIST_MAX, payloadType),
    rtpExtensions: list(from['rtpExtensions'], LIST_MAX, (item) => {
      const { id, uri } = fields(item);
      return { id: integer(id, 255), uri: text(uri, URI) };
    }),
  };
}

function initialSetup({ ufrag, pwd, renomination, fingerprints }: Fields): InitialSetup {
  const read = list(fingerprints, 8, (item) => {
    const from = fields(item);
    return {
      hash: oneOf(typeof from['hash'] === 'string' ? from['hash'].toLowerCase() : '', ...HASHES),
      setup: oneOf(from['setup'], 'active', 'passive', 'actpass'),
      fingerprint: text(from['fingerprint'], HEX_PAIRS),
    };
  });
  if (read.length === 0) throw new UnreadableError();
  return { type: 'InitialSetup', ufrag: text(ufrag, ICE), pwd: text(pwd, ICE), renomination: renomination === true, fingerprints: read };
}

function candidates(from: Fields): Candidates {
  // One that cannot be read, of a kind that is not known here, leaves the others.
  const read = list(from['candidates'], LIST_MAX, (item) => {
    const { sdpString } = fields(item);
    return typeof sdpString === 'string' ? CANDIDATE.exec(sdpString.trim())?.[1] : undefined;
  });
  return { type: 'Candidates', candidates: read.filter((each) => each !== undefined) };
}

function mediaState(from: Fields): MediaState {
  const state = (name: string): VideoState => oneOf(from[name] ?? 'inactive', 'inactive', 'suspended', 'active');
  const rotation = [0, 90, 180, 270].find((each) => each === Number(from['videoRotation'] ?? 0)) ?? 0;
  return {
    type: 'MediaState',
    muted: from['muted'] === true,
    videoState: state('videoState'),
    screencastState: state('screencastState'),
    videoRotation: rotation as MediaState['videoRotation'],
    lowBattery: from['lowBattery'] === true,
  };
}

/** Reads a message; undefined if it is unknown, damaged, or larger than any honest one. */
export function parseMessage(json: string): CallMessage | undefined {
  if (json.length > TEXT_MAX) return undefined;
  try {
    const from = fields(JSON.parse(json));
    switch (from['@type']) {
      case 'InitialSetup':
        return initialSetup(from);
      case 'NegotiateChannels':
        return { type: 'NegotiateChannels', exchangeId: integer(from['exchangeId'], 0xffffffff), contents: list(from['contents'], CONTENTS_MAX, content) };
      case 'Candidates':
        return candidates(from);
      case 'MediaState':
        return mediaState(from);
      default:
        return undefined;
    }
  } catch (error) {
    if (error instanceof UnreadableError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Writes a message as native clients read it: numbers of 32 bits are text, and no field is left out. */
export function writeMessage(message: CallMessage): string {
  const { type, ...rest } = message;
  switch (message.type) {
    case 'InitialSetup':
      return JSON.stringify({ '@type': type, ...rest });
    case 'MediaState': {
      const { muted, lowBattery, videoState, videoRotation, screencastState } = message;
      return JSON.stringify({ '@type': type, muted, lowBattery, videoState, videoRotation, screencastState });
    }
    case 'Candidates':
      return JSON.stringify({ '@type': type, candidates: message.candidates.map((sdpString) => ({ sdpString })) });
    case 'NegotiateChannels':
      return JSON.stringify({
        '@type': type,
        exchangeId: String(message.exchangeId),
        contents: message.contents.map((each) => ({
          ...each,
          ssrc: String(each.ssrc),
          ssrcGroups: each.ssrcGroups.map(({ semantics, ssrcs }) => ({ semantics, ssrcs: ssrcs.map(String) })),
        })),
      });
  }
}
