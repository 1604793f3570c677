// Between session descriptions, of which a browser has one for each end, and the messages of calls, in which each end lists the streams that it sends.
import type { Fingerprint, InitialSetup, MediaContent, PayloadType } from './signalling-messages.ts';

/** One part of a description: the data channel, a stream that this end sends, or one that it receives. */
export type Section =
  | { mid: string; kind: 'data' }
  /** @property content as the other end has accepted it; undefined if it has not */
  | { mid: string; kind: 'sent'; media: 'audio' | 'video'; own: MediaContent; accepted: MediaContent | undefined }
  /** @property content of the stream; undefined if the other end sends it no longer */
  | { mid: string; kind: 'received'; media: 'audio' | 'video'; content: MediaContent | undefined; last: MediaContent };

/** What this client says and understands. */
const isOpus = ({ name, clockrate }: PayloadType): boolean => name.toLowerCase() === 'opus' && clockrate === 48_000;

const isVp8 = ({ name }: PayloadType): boolean => name.toUpperCase() === 'VP8';
const isRtx = ({ name }: PayloadType): boolean => name.toLowerCase() === 'rtx';

const FEEDBACK = ['nack', 'ccm', 'goog-remb', 'transport-cc'];
/** Extensions whose meaning does not hang on a description. The others, such as the name of a section, would contradict the one that is made here. */
const EXTENSIONS = [
  'urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  'urn:3gpp:video-orientation',
];

/** A stream without the codecs and extensions that this client leaves out; undefined if there is nothing left to hear or see. */
export function narrow(content: MediaContent): MediaContent | undefined {
  const codec = content.payloadTypes.find(content.type === 'audio' ? isOpus : isVp8);
  if (!codec) return undefined;
  const repair = content.payloadTypes.find((each) => isRtx(each) && each.parameters['apt'] === String(codec.id));
  const payloadTypes = [codec, ...(repair ? [repair] : [])].map((each) => ({
    ...each,
    channels: content.type === 'audio' ? 2 : 0,
    feedbackTypes: each.feedbackTypes.filter(({ type }) => FEEDBACK.includes(type)),
  }));
  const ids = new Set<number>();
  const rtpExtensions = content.rtpExtensions.filter(({ id, uri }) => id > 0 && id < 15 && EXTENSIONS.includes(uri) && !ids.has(id) && ids.add(id));
  const ssrcGroups = content.ssrcGroups.filter(({ semantics, ssrcs }) => repair && semantics === 'FID' && ssrcs.length === 2 && ssrcs[0] === content.ssrc);
  return { ...content, payloadTypes, rtpExtensions, ssrcGroups };
}

/** What both descriptions of a stream have: that which was accepted may lack extensions and feedback of that which was offered. */
function agreed(own: MediaContent, accepted: MediaContent): MediaContent {
  const payloadTypes = own.payloadTypes.flatMap((each) => {
    const same = accepted.payloadTypes.find(({ id, name }) => id === each.id && name.toLowerCase() === each.name.toLowerCase());
    const has = (type: string, subtype: string): boolean => same!.feedbackTypes.some((other) => other.type === type && other.subtype === subtype);
    return same ? [{ ...each, feedbackTypes: each.feedbackTypes.filter(({ type, subtype }) => has(type, subtype)) }] : [];
  });
  const rtpExtensions = own.rtpExtensions.filter(({ id, uri }) => accepted.rtpExtensions.some((other) => other.id === id && other.uri === uri));
  return { ...own, payloadTypes: payloadTypes.some((each) => !isRtx(each)) ? payloadTypes : own.payloadTypes, rtpExtensions };
}

function codecLines({ payloadTypes, rtpExtensions, type }: MediaContent): string[] {
  return [
    ...rtpExtensions.map(({ id, uri }) => `a=extmap:${id} ${uri}`),
    ...payloadTypes.flatMap(({ id, name, clockrate, feedbackTypes, parameters }) => {
      const settings = Object.entries(parameters).map(([key, value]) => (key === '' ? value : `${key}=${value}`)).join(';');
      return [
        `a=rtpmap:${id} ${name}/${clockrate}${type === 'audio' ? '/2' : ''}`,
        ...feedbackTypes.map((feedback) => `a=rtcp-fb:${id} ${feedback.type}${feedback.subtype && ` ${feedback.subtype}`}`),
        ...(settings === '' ? [] : [`a=fmtp:${id} ${settings}`]),
      ];
    }),
  ];
}

function sourceLines({ ssrc, ssrcGroups }: MediaContent, mid: string): string[] {
  const sources = new Set([ssrc, ...ssrcGroups.flatMap(({ ssrcs }) => ssrcs)]);
  return [
    `a=msid:${mid} ${mid}`,
    ...ssrcGroups.map(({ semantics, ssrcs }) => `a=ssrc-group:${semantics} ${ssrcs.join(' ')}`),
    ...[...sources].map((each) => `a=ssrc:${each} cname:${mid}`),
  ];
}

/** The lines of one part, without those of the transport. */
function sectionLines(section: Section): string[] {
  if (section.kind === 'data') return ['m=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'c=IN IP4 0.0.0.0', `a=mid:${section.mid}`, 'a=sctp-port:5000', 'a=max-message-size:262144'];
  const isSent = section.kind === 'sent';
  const content = isSent ? (section.accepted ? agreed(section.own, section.accepted) : section.own) : (section.content ?? section.last);
  const isUsed = isSent ? section.accepted !== undefined : section.content !== undefined;
  return [
    `m=${section.media} 9 UDP/TLS/RTP/SAVPF ${content.payloadTypes.map(({ id }) => id).join(' ')}`,
    'c=IN IP4 0.0.0.0',
    `a=mid:${section.mid}`,
    'a=rtcp-mux',
    'a=rtcp-rsize',
    `a=${isUsed ? (isSent ? 'recvonly' : 'sendonly') : 'inactive'}`,
    ...codecLines(content),
    ...(isUsed && !isSent ? sourceLines(content, section.mid) : []),
  ];
}

export interface RemoteEnd {
  /** As the other end has said it. */
  setup: InitialSetup;
  /** What it does in DTLS: as the client (`active`), as the server (`passive`), or as this end likes. */
  role: Fingerprint['setup'];
}

/** Drops header extensions of received streams whose number has another meaning in an earlier section: a browser refuses a description in which one number means two extensions. */
export function withoutClashes(sections: Section[]): Section[] {
  const known = new Map<number, string>();
  const keep = (content: MediaContent): MediaContent => ({
    ...content,
    rtpExtensions: content.rtpExtensions.filter(({ id, uri }) => {
      if (!known.has(id)) known.set(id, uri);
      return known.get(id) === uri;
    }),
  });
  for (const section of sections) if (section.kind === 'sent') keep(section.own);
  return sections.map((section) => (section.kind === 'received' ? { ...section, content: section.content && keep(section.content), last: keep(section.last) } : section));
}

/** Whether a stream uses the number of a codec for which another section has another codec: a browser refuses a description in which one number means two codecs. */
export function clashes(content: MediaContent, sections: Section[]): boolean {
  const names = new Map(content.payloadTypes.map(({ id, name }) => [id, name.toLowerCase()]));
  if (names.size < content.payloadTypes.length) return true;
  const used = sections.flatMap((section) => (section.kind === 'data' ? [] : section.kind === 'sent' ? section.own.payloadTypes : (section.content?.payloadTypes ?? [])));
  return used.some(({ id, name }) => names.has(id) && names.get(id) !== name.toLowerCase());
}

/** The description of the other end, as its browser would give it if it had one. @param version grows with each description */
export function writeRemote(sections: Section[], { setup, role }: RemoteEnd, version: number): string {
  const transport = [
    `a=ice-ufrag:${setup.ufrag}`,
    `a=ice-pwd:${setup.pwd}`,
    `a=ice-options:trickle${setup.renomination ? ' renomination' : ''}`,
    ...setup.fingerprints.map(({ hash, fingerprint }) => `a=fingerprint:${hash} ${fingerprint.toUpperCase()}`),
    `a=setup:${role}`,
  ];
  const lines = [
    'v=0',
    `o=- 1 ${version} IN IP4 127.0.0.1`,
    's=-',
    't=0 0',
    `a=group:BUNDLE ${sections.map(({ mid }) => mid).join(' ')}`,
    'a=msid-semantic: WMS *',
    ...sections.flatMap((section) => [...sectionLines(section), ...transport]),
  ];
  return `${lines.join('\r\n')}\r\n`;
}

/** The lines of each part of a description; the first are those of the session. */
function split(sdp: string): string[][] {
  return sdp.split(/\r?\n(?=m=)/).map((part) => part.split(/\r?\n/).filter((line) => line !== ''));
}

const valuesOf = (lines: string[], name: string): string[] => lines.filter((line) => line.startsWith(`a=${name}:`)).map((line) => line.slice(name.length + 3));

/** Reads how this end is reached from its own description; undefined if the description is not complete. */
export function readSetup(sdp: string): InitialSetup | undefined {
  const lines = split(sdp).flat();
  const [ufrag] = valuesOf(lines, 'ice-ufrag');
  const [pwd] = valuesOf(lines, 'ice-pwd');
  const [setup] = valuesOf(lines, 'setup');
  const [hash, fingerprint] = (valuesOf(lines, 'fingerprint')[0] ?? '').split(' ');
  if (!ufrag || !pwd || !hash || !fingerprint || (setup !== 'active' && setup !== 'passive' && setup !== 'actpass')) return undefined;
  return { type: 'InitialSetup', ufrag, pwd, renomination: false, fingerprints: [{ hash: hash.toLowerCase(), setup, fingerprint }] };
}

function readParameters(line: string | undefined): Record<string, string> {
  if (!line) return {};
  return Object.fromEntries(line.split(';').map((part) => {
    const [key, ...value] = part.trim().split('=');
    return value.length === 0 ? ['', key!] : [key!, value.join('=')];
  }));
}

function readPayloadType(id: string, lines: string[]): PayloadType | undefined {
  const valueOf = (name: string): string | undefined => valuesOf(lines, name).find((value) => value.startsWith(`${id} `))?.slice(id.length + 1);
  const [name, clockrate, channels] = (valueOf('rtpmap') ?? '').split('/');
  if (!name || !clockrate) return undefined;
  const feedbackTypes = valuesOf(lines, 'rtcp-fb').filter((value) => value.startsWith(`${id} `)).map((value) => {
    const [, type, ...subtype] = value.split(' ');
    return { type: type!, subtype: subtype.join(' ') };
  });
  return { id: Number(id), name, clockrate: Number(clockrate), channels: Number(channels ?? 0), feedbackTypes, parameters: readParameters(valueOf('fmtp')) };
}

/** Reads which streams this end sends from its own description, by the `mid` of their section. Sections in which it sends nothing are left out. */
export function readSent(sdp: string): Map<string, MediaContent> {
  const sent = new Map<string, MediaContent>();
  for (const lines of split(sdp).slice(1)) {
    const [, type, ids] = /^m=(audio|video) \d+ \S+ (.+)$/.exec(lines[0]!) ?? [];
    const [mid] = valuesOf(lines, 'mid');
    const ssrc = Number.parseInt(valuesOf(lines, 'ssrc')[0] ?? '', 10);
    if ((type !== 'audio' && type !== 'video') || !mid || !ids || !ssrc) continue;
    const groups = valuesOf(lines, 'ssrc-group').map((value) => {
      const [semantics, ...ssrcs] = value.trim().split(' ');
      return { semantics: semantics!, ssrcs: ssrcs.map(Number) };
    });
    const content = narrow({
      type,
      ssrc: groups.find(({ semantics }) => semantics === 'FID')?.ssrcs[0] ?? ssrc,
      ssrcGroups: groups,
      payloadTypes: ids.split(' ').map((id) => readPayloadType(id, lines)).filter((each) => each !== undefined),
      rtpExtensions: valuesOf(lines, 'extmap').map((value) => {
        const [id, uri] = value.split(' ');
        return { id: Number.parseInt(id!, 10), uri: uri! };
      }),
    });
    if (content) sent.set(mid, content);
  }
  return sent;
}

/** The names of the parts of a description, in order. */
export const readMids = (sdp: string): string[] => split(sdp).slice(1).map((lines) => valuesOf(lines, 'mid')[0] ?? '');
