// The PeerConnection of a call. The descriptions of the other end are made here from its messages: the data channel comes first and brings the transport up, then each end adds
// the streams that it sends. A browser takes both as renegotiations with an end that answers at once, so the two lists of the protocol never wait for each other.
import { type CallMessage, type InitialSetup, type MediaContent, type NegotiateChannels } from './signalling-messages.ts';
import { clashes, narrow, readMids, readSent, readSetup, type RemoteEnd, type Section, withoutClashes, writeRemote } from './sdp.ts';

/** Messages of the other end that wait. */
const INBOX_MAX = 256;
/** Streams of one kind that the other end may have sent in the course of a call; places of those that ended are used again. */
const RECEIVED_MAX = 8;
/** For how long ICE candidates of this end are collected before they are sent in one message, in milliseconds. */
const CANDIDATES_MS = 50;
/** How long the callee lets the caller offer its streams first, in milliseconds. */
const FIRST_OFFER_MS = 2_000;

export interface ConnectionOptions {
  isCaller: boolean;
  configuration: RTCConfiguration;
  send(message: CallMessage): void;
  /** The state of the connection or the streams of the other end have changed. */
  onChange(): void;
  onData(text: string): void;
  /** The data channel can be used. */
  onOpen(): void;
  onFailure(): void;
}

export type StreamName = 'audio' | 'camera' | 'screen';
/** In the order in which they are offered: other clients take the first picture for the camera and the second for the screen. */
const ORDER: StreamName[] = ['audio', 'camera', 'screen'];

/** Says only opus, or VP8 with its repair stream. */
function preferCodecs(transceiver: RTCRtpTransceiver, kind: string): void {
  const wanted = kind === 'audio' ? ['audio/opus'] : ['video/vp8', 'video/rtx'];
  const codecs = RTCRtpReceiver.getCapabilities(kind)?.codecs.filter(({ mimeType }) => wanted.includes(mimeType.toLowerCase()));
  if (codecs && codecs.length > 0) transceiver.setCodecPreferences(codecs);
}

export class Connection {
  readonly pc: RTCPeerConnection;
  readonly #options: ConnectionOptions;
  #sections: Section[] = [];
  #remote: RemoteEnd | undefined;
  #version = 1;
  #data: RTCDataChannel | undefined;
  readonly #inbox: CallMessage[] = [];
  #held: CallMessage[] = [];
  /** The caller has told its names and waits for those of the callee. */
  #awaitsSetup = false;
  #wantsSetup: boolean;
  #needsOffer = false;
  #needsAnswer = false;
  #mayOffer: boolean;
  #offer: NegotiateChannels | undefined;
  readonly #wanted = new Map<StreamName, MediaStreamTrack | null>();
  readonly #senders = new Map<StreamName, RTCRtpTransceiver>();
  readonly #received = new Map<string, MediaStream>();
  #candidates: string[] = [];
  #hasToldSetup = false;
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #isRunning = false;
  #isClosed = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#wantsSetup = this.#mayOffer = options.isCaller;
    this.pc = new RTCPeerConnection(options.configuration);
    this.pc.onconnectionstatechange = () => options.onChange();
    this.pc.onicecandidate = ({ candidate }) => candidate && this.#tellCandidate(candidate.candidate);
    this.pc.ondatachannel = ({ channel }) => this.#useData(channel);
    if (options.isCaller) this.#useData(this.pc.createDataChannel('data', { id: 0 }));
    this.#kick();
  }

  /** Takes a message of the other end. */
  receive(message: CallMessage): void {
    if (this.#isClosed || this.#inbox.length + this.#held.length >= INBOX_MAX) return;
    this.#inbox.push(message);
    this.#kick();
  }

  /** Sends a track, or nothing in its place. A stream that was offered once stays offered. */
  setTrack(name: StreamName, track: MediaStreamTrack | null): void {
    // The camera keeps its place before the screen, even if there is none.
    if (name === 'screen' && !this.#wanted.has('camera')) this.#wanted.set('camera', null);
    this.#wanted.set(name, track);
    this.#needsOffer ||= ORDER.some((each) => this.#wanted.has(each) && !this.#senders.has(each));
    void this.#senders.get(name)?.sender.replaceTrack(track).catch(() => undefined);
    this.#kick();
  }

  /** What the other end sends, in its order. */
  remoteStreams(media: 'audio' | 'video'): MediaStream[] {
    const sections = this.#sections.filter((section) => section.kind === 'received' && section.media === media && section.content);
    return sections.map(({ mid }) => this.#received.get(mid)).filter((stream) => stream !== undefined);
  }

  /** False if the data channel is not open. */
  sendData(text: string): boolean {
    if (this.#data?.readyState !== 'open') return false;
    this.#data.send(text);
    return true;
  }

  /** Looks for new ways to the other end. Only the caller does. */
  restart(): void {
    if (!this.#options.isCaller || this.#awaitsSetup) return;
    this.#wantsSetup = true;
    this.#kick();
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.pc.onconnectionstatechange = this.pc.onicecandidate = this.pc.ondatachannel = null;
    this.pc.close();
  }

  #later(action: () => void, ms: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, ms);
    this.#timers.add(timer);
  }

  #useData(channel: RTCDataChannel): void {
    if (channel.label !== 'data') return channel.close();
    this.#data = channel;
    channel.binaryType = 'arraybuffer';
    channel.onopen = () => this.#options.onOpen();
    channel.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => this.#options.onData(typeof data === 'string' ? data : new TextDecoder().decode(data));
    if (channel.readyState === 'open') this.#options.onOpen();
  }

  /** An address that is not to be told may stand in a candidate of a relay, too. */
  #tellCandidate(candidate: string): void {
    if (candidate === '') return;
    const isHidden = this.#options.configuration.iceTransportPolicy === 'relay';
    this.#candidates.push(isHidden ? candidate.replace(/ raddr \S+ rport \d+/, ' raddr 0.0.0.0 rport 9') : candidate);
    if (this.#candidates.length === 1) this.#later(() => this.#flushCandidates(), CANDIDATES_MS);
  }

  #flushCandidates(): void {
    if (!this.#hasToldSetup || this.#candidates.length === 0) return;
    const candidates = this.#candidates.splice(0, 32);
    this.#options.send({ type: 'Candidates', candidates });
    this.#flushCandidates();
  }

  #kick(): void {
    if (this.#isRunning || this.#isClosed) return;
    this.#isRunning = true;
    void this.#run().catch(() => {
      if (!this.#isClosed) this.#options.onFailure();
    });
  }

  async #run(): Promise<void> {
    // Other tasks may have something more to say before this begins.
    await Promise.resolve();
    while (!this.#isClosed && (await this.#step()));
    this.#isRunning = false;
  }

  /** Does the next thing. False if there is nothing to do until a message comes. */
  async #step(): Promise<boolean> {
    const message = this.#inbox.shift();
    if (message) {
      await this.#take(message);
      return true;
    }
    if (this.#wantsSetup) {
      await this.#tellSetup();
      return true;
    }
    if (this.#awaitsSetup || !this.#remote) return false;
    if (this.#needsOffer && this.#mayOffer && !this.#offer) {
      await this.#makeOffer();
      return true;
    }
    if (!this.#needsAnswer) return false;
    this.#needsAnswer = false;
    await this.#describeOwn();
    return true;
  }

  async #take(message: CallMessage): Promise<void> {
    if (message.type === 'InitialSetup') {
      await (this.#options.isCaller ? this.#takeAnswer(message) : this.#takeSetup(message));
      return;
    }
    if (this.#awaitsSetup || !this.#remote) {
      this.#held.push(message);
      return;
    }
    if (message.type === 'Candidates') {
      const sdpMid = this.#sections[0]!.mid;
      for (const candidate of message.candidates) await this.pc.addIceCandidate({ candidate, sdpMid, sdpMLineIndex: 0 }).catch(() => undefined);
    } else if (message.type === 'NegotiateChannels') {
      if (message.exchangeId === this.#offer?.exchangeId) this.#takeAccepted(message);
      else await this.#takeOffer(message);
    }
  }

  #release(): void {
    this.#inbox.unshift(...this.#held);
    this.#held = [];
  }

  /** The caller tells how to reach it: at first, and when it looks for new ways. */
  async #tellSetup(): Promise<void> {
    this.#wantsSetup = false;
    this.#hasToldSetup = false;
    this.#candidates = [];
    await this.pc.setLocalDescription(await this.pc.createOffer({ iceRestart: this.#remote !== undefined }));
    const sdp = this.pc.localDescription!.sdp;
    if (this.#sections.length === 0) this.#sections = [{ mid: readMids(sdp)[0]!, kind: 'data' }];
    this.#awaitsSetup = true;
    this.#tell(readSetup(sdp)!, 'actpass');
  }

  #tell(setup: InitialSetup, role: 'actpass' | 'active' | 'passive'): void {
    this.#options.send({ ...setup, fingerprints: setup.fingerprints.map((each) => ({ ...each, setup: role })) });
    this.#hasToldSetup = true;
    this.#flushCandidates();
  }

  /** The callee has told how to reach it. */
  async #takeAnswer(setup: InitialSetup): Promise<void> {
    if (!this.#awaitsSetup) return;
    const said = setup.fingerprints[0]!.setup;
    // The role of an end in DTLS stays when new ways are looked for.
    this.#remote = { setup, role: this.#remote?.role ?? (said === 'active' ? 'active' : 'passive') };
    await this.#setRemote('answer');
    this.#awaitsSetup = false;
    this.#release();
  }

  /** The caller has told how to reach it: at first, or because it looks for new ways. */
  async #takeSetup(setup: InitialSetup): Promise<void> {
    const known = this.#remote?.setup;
    if (known && known.ufrag === setup.ufrag && known.pwd === setup.pwd) return;
    const said = setup.fingerprints[0]!.setup;
    this.#remote = { setup, role: this.#remote?.role ?? (said === 'passive' ? 'passive' : 'active') };
    if (this.#sections.length === 0) this.#sections = [{ mid: '0', kind: 'data' }];
    this.#hasToldSetup = false;
    this.#candidates = [];
    await this.#answerRemote();
    this.#tell(readSetup(this.pc.localDescription!.sdp)!, this.#remote.role === 'active' ? 'passive' : 'active');
    this.#release();
    if (!known) this.#later(() => this.#allowOffer(), FIRST_OFFER_MS);
  }

  #allowOffer(): void {
    this.#mayOffer = true;
    this.#kick();
  }

  async #setRemote(type: 'offer' | 'answer'): Promise<void> {
    await this.pc.setRemoteDescription({ type, sdp: writeRemote(this.#sections, this.#remote!, this.#version++) });
  }

  /** Takes what the other end would offer if it had descriptions. */
  async #answerRemote(): Promise<void> {
    await this.#setRemote('offer');
    await this.pc.setLocalDescription(await this.pc.createAnswer());
  }

  /** Takes what this end would offer, and answers it for the other end. */
  async #describeOwn(): Promise<void> {
    await this.pc.setLocalDescription(await this.pc.createOffer());
    const { sdp } = this.pc.localDescription!;
    const sent = readSent(sdp);
    for (const mid of readMids(sdp).slice(this.#sections.length)) {
      const own = sent.get(mid);
      if (own) this.#sections.push({ mid, kind: 'sent', media: own.type, own, accepted: undefined });
    }
    await this.#setRemote('answer');
  }

  /** Offers the own streams to the other end. */
  async #makeOffer(): Promise<void> {
    this.#needsOffer = false;
    for (const name of ORDER) {
      const track = this.#wanted.get(name);
      if (track === undefined || this.#senders.has(name)) continue;
      const kind = name === 'audio' ? 'audio' : 'video';
      const transceiver = this.pc.addTransceiver(track ?? kind, { direction: 'sendonly' });
      preferCodecs(transceiver, kind);
      this.#senders.set(name, transceiver);
    }
    await this.#describeOwn();
    const contents = this.#sections.flatMap((section) => (section.kind === 'sent' ? [section.own] : []));
    if (contents.length === 0) return;
    this.#offer = { type: 'NegotiateChannels', exchangeId: crypto.getRandomValues(new Uint32Array(1))[0]! || 1, contents };
    this.#options.send(this.#offer);
  }

  /** The other end has accepted some of the own streams. */
  #takeAccepted({ contents }: NegotiateChannels): void {
    this.#offer = undefined;
    this.#sections = this.#sections.map((section) => {
      if (section.kind !== 'sent') return section;
      const accepted = contents.find(({ ssrc }) => ssrc === section.own.ssrc);
      return { ...section, accepted: accepted && narrow(accepted) };
    });
    this.#needsAnswer = true;
  }

  /** The other end offers its streams. If both do at once, the caller's offer counts, and the callee offers again after it. */
  async #takeOffer({ exchangeId, contents }: NegotiateChannels): Promise<void> {
    if (this.#offer) {
      if (this.#options.isCaller) return;
      this.#offer = undefined;
      this.#needsOffer = true;
    }
    const known = this.#sections.filter((section) => section.kind === 'sent');
    const accepted = contents.map(narrow).filter((content) => content !== undefined).filter((content) => !clashes(content, known));
    this.#place(accepted);
    await this.#answerRemote();
    this.#findReceived();
    const placed = this.#sections.flatMap((section) => (section.kind === 'received' && section.content ? [section.content] : []));
    const answer = accepted.flatMap(({ ssrc }) => placed.filter((content) => content.ssrc === ssrc));
    this.#options.send({ type: 'NegotiateChannels', exchangeId, contents: answer });
    this.#mayOffer = true;
    this.#options.onChange();
  }

  /** Gives each stream of the other end a part of the description. */
  #place(contents: MediaContent[]): void {
    const left = [...contents];
    const sections = this.#sections.map((section): Section => {
      if (section.kind !== 'received') return section;
      const at = left.findIndex(({ ssrc }) => ssrc === section.last.ssrc);
      const [content] = at < 0 ? [undefined] : left.splice(at, 1);
      return { ...section, content, last: content ?? section.last };
    });
    for (const content of left) {
      const free = sections.findIndex((section) => section.kind === 'received' && section.media === content.type && !section.content);
      const received: Section = { mid: `r${sections.length}`, kind: 'received', media: content.type, content, last: content };
      if (free >= 0) sections[free] = { ...received, mid: sections[free]!.mid };
      else if (sections.filter(({ kind }) => kind === 'received').length < RECEIVED_MAX) sections.push(received);
    }
    this.#sections = withoutClashes(sections);
  }

  #findReceived(): void {
    for (const { mid, receiver } of this.pc.getTransceivers()) {
      const isReceived = this.#sections.some((section) => section.kind === 'received' && section.mid === mid);
      if (mid !== null && isReceived && !this.#received.has(mid)) this.#received.set(mid, new MediaStream([receiver.track]));
    }
  }
}
