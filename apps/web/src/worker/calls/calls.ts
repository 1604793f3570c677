import type { tl } from '@mtcute/core';
import Long from 'long';
import type { CallEnd, CallEndReason, CallMaterial, CallView, PeerId } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import { Refused, refusalOf } from '../refusal.ts';
import { askOnce } from '../ask-once.ts';
import { type KeptCall, keepCalls, takeKeptCalls } from './kept-calls.ts';
import { checkGroup, type DhGroup, emojiOf, fingerprintOf, type Hashes, isSameBytes, makeKey, makeSide } from './key-exchange.ts';
import { type CallPlace, OneCall, PROTOCOL, readServers } from './one-call.ts';

/** How long the caller waits until a device of the other side rings, and until somebody answers, in milliseconds, if the server does not say it. */
const WAITS = { receive: 20_000, ring: 90_000 };
/** How long both wait for the keys after an answer, in milliseconds. */
const EXCHANGE_MS = 25_000;
/** A call rings here no longer, in milliseconds, also if nobody says that it has ended. */
const RING_MAX_MS = 95_000;
/** Calls that ring at once. */
const RINGING_MAX = 8;
/** Ended calls that are remembered, because the server may tell of their beginning again. */
const ENDED_MAX = 64;
/** What the server may tell of a call before it has answered the request for it. */
const EARLY_MAX = 16;

const DISCARDS = {
  missed: { _: 'phoneCallDiscardReasonMissed' },
  busy: { _: 'phoneCallDiscardReasonBusy' },
  hangup: { _: 'phoneCallDiscardReasonHangup' },
  lost: { _: 'phoneCallDiscardReasonDisconnect' },
} as const satisfies Record<string, tl.TypePhoneCallDiscardReason>;

export interface CallsDeps {
  account: Account;
  hashes: Hashes;
  /** Fills an array with random bytes. */
  random(bytes: Uint8Array): void;
  /** The page that is most likely looked at. */
  pageInSight(): CallPlace | undefined;
}

const loadWaits = askOnce(async (account) => {
  const { callReceiveTimeoutMs, callRingTimeoutMs } = await account.call({ _: 'help.getConfig' });
  return { receive: callReceiveTimeoutMs, ring: callRingTimeoutMs };
});

/** The calls of the account: one that was begun or answered in a page, and those that ring. Signalling goes through here; sound and pictures are the page's. */
export class Calls {
  readonly #deps: CallsDeps;
  #current: OneCall | undefined;
  #ringing: OneCall[] = [];
  #end: CallEnd | undefined;
  #lastId = 0;
  /** Calls that have ended, as the server names them. */
  readonly #ended = new Set<string>();
  /** What the server has told while it was asked for a call. */
  #early: tl.TypePhoneCall[] = [];
  /** Which call is heard in which page. */
  #heard: { call: number; page: CallPlace } | undefined;

  constructor(deps: CallsDeps) {
    this.#deps = deps;
  }

  /** What all pages show. */
  get view(): CallView {
    return { call: this.#first?.shown, end: this.#end };
  }

  get #first(): OneCall | undefined {
    return this.#current ?? this.#ringing[0];
  }

  /** Looks at an update that has been taken over. */
  consider(update: tl.TypeUpdate): void {
    if (update._ === 'updatePhoneCall') this.#note(update.phoneCall);
    else if (update._ === 'updatePhoneCallSignalingData' && this.#current?.isNamed({ id: update.phoneCallId }) === true) this.#current.hear(update.data);
  }

  /** Goes on after a start: what had rung rings still, and a call whose page is gone has ended. */
  async resume(): Promise<void> {
    const { ringing, open } = await takeKeptCalls(this.#deps.account.database);
    if (open) this.#discard(open, open.isTalking ? DISCARDS.hangup : DISCARDS.missed);
    for (const call of ringing) if (Date.now() - call.heardAt < RING_MAX_MS) this.#ring(call);
  }

  /** Calls somebody. @throws Refused CALL_BUSY (there is a call already), and what the server refuses */
  async begin(page: CallPlace, peer: PeerId, isVideo: boolean): Promise<{ call: number }> {
    if (this.#first) throw new Refused({ code: 'CALL_BUSY' });
    const call = new OneCall({ id: ++this.#lastId, peer, isOut: true, isVideo, stage: 'asking' });
    call.page = page;
    this.#current = call;
    this.#changed();
    try {
      await this.#request(call, isVideo);
    } catch (error) {
      if (this.#current === call) this.#drop(call, undefined);
      throw error;
    }
    return { call: call.shown.id };
  }

  async #request(call: OneCall, video: boolean): Promise<void> {
    const { account, hashes, random } = this.#deps;
    const [group, userId, waits] = await Promise.all([this.#loadGroup(), account.inputUser(call.peer), loadWaits(account).catch(() => WAITS)]);
    call.side = makeSide(group, random);
    const number = new Int32Array(1);
    random(new Uint8Array(number.buffer));
    const { phoneCall } = await account.call({ _: 'phone.requestCall', userId, randomId: number[0]!, gAHash: hashes.sha256(call.side.power), protocol: PROTOCOL, video });
    if (phoneCall._ === 'phoneCallEmpty' || phoneCall._ === 'phoneCallDiscarded') throw new Refused({ code: 'CALL_ENDED' });
    call.ref = { _: 'inputPhoneCall', id: phoneCall.id, accessHash: phoneCall.accessHash };
    const early = this.#early;
    this.#early = [];
    // Somebody has given it up meanwhile.
    if (this.#current !== call) return this.#discard(call.ref, DISCARDS.missed);
    call.set({ stage: 'waiting' });
    call.waitFor(waits.receive, () => void this.#give(call, 'noAnswer'));
    this.#changed();
    for (const told of [phoneCall, ...early]) this.#note(told);
  }

  /** Answers a call in a page. Others that ring are told that this account is busy. @throws Refused CALL_ENDED (it rings no more, or another page was first) */
  async accept(page: CallPlace, id: number): Promise<void> {
    const call = this.#ringing.find(({ shown }) => shown.id === id);
    if (!call?.ref || this.#current) throw new Refused({ code: 'CALL_ENDED' });
    const others = this.#ringing.filter((other) => other !== call);
    call.page = page;
    call.set({ stage: 'exchanging' });
    call.waitFor(EXCHANGE_MS, () => void this.#give(call, 'lost'));
    this.#current = call;
    this.#ringing = [];
    for (const other of others) this.#declineBusy(other);
    this.#changed();
    try {
      call.side = makeSide(await this.#loadGroup(), this.#deps.random);
      const { phoneCall } = await this.#deps.account.call({ _: 'phone.acceptCall', peer: call.ref, gB: call.side.power, protocol: PROTOCOL });
      this.#note(phoneCall);
    } catch (error) {
      if (this.#current !== call) return;
      const { code } = refusalOf(error);
      if (code === 'CALL_ALREADY_ACCEPTED' || code === 'CALL_ALREADY_DECLINED') this.#drop(call, code === 'CALL_ALREADY_ACCEPTED' ? 'elsewhere' : 'missed');
      else await this.#give(call, 'lost');
    }
  }

  /** Hands the page of a call what it needs to talk. @throws Refused CALL_ENDED */
  join(page: CallPlace, id: number): CallMaterial {
    const call = this.#current;
    if (!call?.key || !call.talk || call.shown.id !== id || call.page !== page) throw new Refused({ code: 'CALL_ENDED' });
    const { connections, p2pAllowed, protocol, customParameters } = call.talk;
    // What the other side has said comes after this answer.
    setTimeout(() => call.beginToHear());
    return {
      key: call.key.bytes,
      isOut: call.shown.isOut,
      isVideo: call.shown.isVideo,
      version: protocol.libraryVersions[0] ?? '',
      servers: readServers(connections),
      allowsP2p: p2pAllowed === true,
      ...(customParameters === undefined ? {} : { parameters: customParameters.data }),
      emoji: emojiOf(call.key.bytes, call.key.power, this.#deps.hashes),
    };
  }

  /** Says something to the other side. What is lost, engines say again. */
  signal(id: number, data: Uint8Array): void {
    const call = this.#current;
    if (call?.ref && call.shown.id === id && call.stage === 'talking') void this.#deps.account.call({ _: 'phone.sendSignalingData', peer: call.ref, data }).catch(() => undefined);
  }

  /** Hangs up, declines or gives up. */
  async end(id: number, isLost: boolean): Promise<void> {
    const call = this.#current?.shown.id === id ? this.#current : this.#ringing.find(({ shown }) => shown.id === id);
    if (call) await this.#give(call, isLost ? 'lost' : 'over');
  }

  /** A page is gone, and its call with it. Another one is heard in its place. */
  leave(page: CallPlace): void {
    if (this.#current?.page === page) void this.#give(this.#current, 'over');
    if (this.#heard?.page !== page) return;
    this.#heard = undefined;
    this.#changed();
  }

  #note(told: tl.TypePhoneCall): void {
    if (told._ === 'phoneCallRequested') return this.#ringOf(told);
    if (told._ === 'phoneCallEmpty') return;
    if (told._ === 'phoneCallDiscarded') this.#remember(told.id);
    const call = [this.#current, ...this.#ringing].find((each) => each?.isNamed(told));
    if (call) this.#move(call, told);
    else if (this.#current?.stage === 'asking' && this.#early.length < EARLY_MAX) this.#early.push(told);
  }

  #move(call: OneCall, told: Exclude<tl.TypePhoneCall, tl.RawPhoneCallRequested | tl.RawPhoneCallEmpty>): void {
    const { isOut } = call.shown;
    switch (told._) {
      case 'phoneCallDiscarded':
        return this.#drop(call, endOf(call, told));
      case 'phoneCallWaiting':
        if (isOut && call.stage === 'waiting' && told.receiveDate !== undefined) void this.#letRing(call);
        return;
      case 'phoneCallAccepted':
        if (isOut && (call.stage === 'waiting' || call.stage === 'ringing')) void this.#confirm(call, told);
        return;
      case 'phoneCall':
        if (call.stage === 'exchanging' && !isOut) this.#complete(call, told);
    }
  }

  /** A device of the other side rings. */
  async #letRing(call: OneCall): Promise<void> {
    call.set({ stage: 'ringing' });
    this.#changed();
    const { ring } = await loadWaits(this.#deps.account).catch(() => WAITS);
    if (call.stage === 'ringing' && this.#current === call) call.waitFor(ring, () => void this.#give(call, 'noAnswer'));
  }

  /** The other side has answered: shows it the power whose hash came with the request. */
  async #confirm(call: OneCall, { gB }: tl.RawPhoneCallAccepted): Promise<void> {
    const { account, hashes } = this.#deps;
    const { side, ref } = call;
    const key = side && makeKey(side.secret, gB);
    if (!key || !ref) return void this.#give(call, 'insecure');
    call.key = { bytes: key, power: side.power };
    call.set({ stage: 'exchanging' });
    call.waitFor(EXCHANGE_MS, () => void this.#give(call, 'lost'));
    this.#changed();
    try {
      const { low, high } = fingerprintOf(key, hashes);
      const { phoneCall } = await account.call({ _: 'phone.confirmCall', peer: ref, gA: side.power, keyFingerprint: new Long(low, high), protocol: PROTOCOL });
      if (phoneCall._ === 'phoneCall' && this.#current === call) this.#talk(call, phoneCall);
      else this.#note(phoneCall);
    } catch {
      if (this.#current === call) await this.#give(call, 'lost');
    }
  }

  /** The caller has shown its power: checks that it is the one that was promised, and makes the key. */
  #complete(call: OneCall, told: tl.RawPhoneCall): void {
    const { hashes } = this.#deps;
    const { side, hash } = call;
    const key = side && hash && isSameBytes(hashes.sha256(told.gAOrB), hash) ? makeKey(side.secret, told.gAOrB) : undefined;
    const { low, high } = key ? fingerprintOf(key, hashes) : { low: 0, high: 0 };
    if (!key || !told.keyFingerprint.eq(new Long(low, high))) return void this.#give(call, 'insecure');
    call.key = { bytes: key, power: told.gAOrB };
    this.#talk(call, told);
  }

  #talk(call: OneCall, told: tl.RawPhoneCall): void {
    call.stopWaiting();
    call.talk = told;
    call.set({ stage: 'talking', startDate: this.#deps.account.context.now() });
    this.#changed();
  }

  #ringOf({ id, accessHash, adminId, gAHash, video }: tl.RawPhoneCallRequested): void {
    if (adminId === this.#deps.account.me) return;
    this.#ring({ id: id.toString(), accessHash: accessHash.toString(), peer: adminId, hash: gAHash, isVideo: video === true, heardAt: Date.now() });
  }

  /** Lets a call ring, or says that this account is busy. */
  #ring(told: KeptCall): void {
    const ref: tl.RawInputPhoneCall = { _: 'inputPhoneCall', id: Long.fromString(told.id), accessHash: Long.fromString(told.accessHash) };
    if (this.#ended.has(told.id) || [this.#current, ...this.#ringing].some((call) => call?.isNamed(ref))) return;
    const call = new OneCall({ id: ++this.#lastId, peer: told.peer, isOut: false, isVideo: told.isVideo, stage: 'ringing' }, told.heardAt);
    call.ref = ref;
    call.hash = told.hash;
    if (this.#current) return this.#declineBusy(call);
    if (this.#ringing.length >= RINGING_MAX) return;
    const { account } = this.#deps;
    this.#ringing.push(call);
    call.waitFor(RING_MAX_MS - (Date.now() - told.heardAt), () => this.#drop(call, 'missed'));
    if (!account.store.peers.has(told.peer)) account.refresh.refreshPeers([told.peer]);
    void account.call({ _: 'phone.receivedCall', peer: ref }).catch(() => undefined);
    this.#changed();
  }

  #declineBusy(call: OneCall): void {
    call.stopWaiting();
    if (!call.ref) return;
    this.#remember(call.ref.id);
    this.#discard(call.ref, DISCARDS.busy);
  }

  /** Ends a call from here. */
  async #give(call: OneCall, end: CallEndReason): Promise<void> {
    const { ref, shown } = call;
    this.#drop(call, end);
    if (!ref) return;
    this.#remember(ref.id);
    const duration = shown.startDate === undefined ? 0 : Math.max(0, this.#deps.account.context.now() - shown.startDate);
    await this.#tellEnd(ref, discardOf(call, end), duration).catch(() => undefined);
  }

  #discard(ref: tl.RawInputPhoneCall | KeptCall, reason: tl.TypePhoneCallDiscardReason): void {
    const named: tl.RawInputPhoneCall = 'heardAt' in ref ? { _: 'inputPhoneCall', id: Long.fromString(ref.id), accessHash: Long.fromString(ref.accessHash) } : ref;
    void this.#tellEnd(named, reason, 0).catch(() => undefined);
  }

  async #tellEnd(peer: tl.RawInputPhoneCall, reason: tl.TypePhoneCallDiscardReason, duration: number): Promise<void> {
    await this.#deps.account.change({ _: 'phone.discardCall', peer, duration, reason, connectionId: Long.ZERO });
  }

  /** Shows a call no more. @param reason undefined if it was refused: whoever has asked for it is told why */
  #drop(call: OneCall, reason: CallEndReason | undefined): void {
    call.stopWaiting();
    if (this.#current === call) this.#current = undefined;
    this.#ringing = this.#ringing.filter((each) => each !== call);
    this.#early = [];
    if (reason !== undefined) this.#end = { call: call.shown.id, reason };
    this.#changed();
  }

  #remember(id: Long): void {
    this.#ended.add(id.toString());
    for (const first of this.#ended) {
      if (this.#ended.size <= ENDED_MAX) return;
      this.#ended.delete(first);
    }
  }

  /** Stores the current calls, so that they survive a reload, updates what pages show, and has the page that the person most likely looks at play the tone of a call that rings. */
  #changed(): void {
    const { account, pageInSight } = this.#deps;
    keepCalls(account.database, { current: this.#current, ringing: this.#ringing });
    account.store.noteGathered();
    const first = this.#first;
    if (!first || first.shown.isOut || first.stage !== 'ringing' || this.#heard?.call === first.shown.id) return;
    const page = pageInSight();
    if (!page) return;
    this.#heard = { call: first.shown.id, page };
    page.ring(first.shown.id);
  }

  async #loadGroup(): Promise<DhGroup> {
    const config = await this.#deps.account.call({ _: 'messages.getDhConfig', version: 0, randomLength: 0 });
    const group = config._ === 'messages.dhConfig' ? checkGroup(config) : undefined;
    if (!group) throw new Refused({ code: 'CALL_INSECURE' });
    return group;
  }
}

/** What the server is told when a call ends from here. Pure. */
function discardOf({ shown: { isOut, stage } }: OneCall, end: CallEndReason): tl.TypePhoneCallDiscardReason {
  if (end === 'lost' || end === 'insecure') return DISCARDS.lost;
  if (stage === 'exchanging' || stage === 'talking') return DISCARDS.hangup;
  return isOut ? DISCARDS.missed : DISCARDS.busy;
}

/** Why a call ended, as seen from here. Pure. */
function endOf({ shown: { isOut, stage } }: OneCall, { reason }: tl.RawPhoneCallDiscarded): CallEndReason {
  if (reason === undefined) return stage === 'ringing' && !isOut ? 'elsewhere' : 'over';
  switch (reason._) {
    case 'phoneCallDiscardReasonMissed':
      return isOut ? 'noAnswer' : 'missed';
    case 'phoneCallDiscardReasonBusy':
      return isOut ? 'declined' : 'elsewhere';
    case 'phoneCallDiscardReasonDisconnect':
      return 'lost';
    default:
      return 'over';
  }
}
