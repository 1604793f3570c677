import type { tl } from '@aerogram/tl';

import type { Crowd, Follower, Run } from './crowd.ts';
import type { ChannelQueueSource, PushClass, PushClasses } from './update-source.ts';

/** Sessions in one turn of the event loop, so that a post to thousands does not hold up everything else. */
const SESSIONS_A_TURN = 64;

/** The encoded form of a class for one layer. */
interface Encoded {
  body: Uint8Array;
  /** The offset of each mark; undefined if the marks cannot be replaced. */
  places: readonly number[] | undefined;
}

type Encode = (layer: number, updates: tl.Updates) => Uint8Array;

/** The bytes of a push that several users get. They are encoded once per layer; the numbers of each user are written over the marks of a copy. */
class SharedBody {
  readonly #one: PushClass;
  readonly #encode: Encode;
  readonly #encoded = new Map<number, Encoded>();
  /** Bytes that each viewer has in `own` of the class. */
  readonly #ownBytes: number;

  constructor(one: PushClass, encode: Encode) {
    this.#one = one;
    this.#encode = encode;
    this.#ownBytes = one.marks.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** The bytes for the viewer at a place of the class; undefined if the marks cannot be replaced in this layer. */
  for(viewer: number, layer: number): Uint8Array | undefined {
    const { body, places } = this.#ofLayer(layer);
    if (places === undefined || places.length === 0) return places && body;
    const copy = Buffer.allocUnsafe(body.length);
    copy.set(body);
    const { marks, own } = this.#one;
    let from = viewer * this.#ownBytes;
    for (let at = 0; at < places.length; at++) {
      let place = places[at]!;
      for (const end = place + marks[at]!.bytes; place < end; place++) copy[place] = own[from++]!;
    }
    return copy;
  }

  #ofLayer(layer: number): Encoded {
    let found = this.#encoded.get(layer);
    if (found === undefined) {
      const body = this.#encode(layer, this.#one.updates);
      this.#encoded.set(layer, (found = { body, places: findMarks(body, this.#one) }));
    }
    return found;
  }
}

/** Finds each mark; undefined if one of them is not there exactly once. */
function findMarks(body: Uint8Array, { marks }: PushClass): number[] | undefined {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const places: number[] = [];
  for (const mark of marks) {
    const wanted = bytesOf(mark.value, mark.bytes);
    const place = bytes.indexOf(wanted);
    if (place < 0 || bytes.includes(wanted, place + 1)) return undefined;
    places.push(place);
  }
  return places;
}

function bytesOf(value: bigint, size: 4 | 8): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  if (size === 8) bytes.writeBigInt64LE(BigInt.asIntN(64, value));
  else bytes.writeInt32LE(Number(value));
  return bytes;
}

/** Where a user finds the bytes of a push. */
interface Share {
  body: SharedBody;
  /** The place in the class. */
  at: number;
}

/** Finds the bytes by user. Users who see the push as nobody else does have `alone`; others without an entry get nothing. */
function sharesOf({ classes, others }: PushClasses, encode: Encode): Map<bigint, Share | 'alone'> {
  const shares = new Map<bigint, Share | 'alone'>();
  for (const one of classes) {
    const body = new SharedBody(one, encode);
    for (let at = 0; at < one.viewers.length; at++) shares.set(one.viewers[at]!, { body, at });
  }
  for (const viewerId of others) shares.set(viewerId, 'alone');
  return shares;
}

/** How a feed pushes to its followers. */
export interface Pushing {
  /** Hands one session its bytes. */
  hand(follower: Follower, body: Uint8Array): void;
  /** Called for a session whose user gets nothing of the push. */
  onHidden(follower: Follower): void;
  encode: Encode;
  /** Called with the number of classes of users, where each who sees the push as nobody else does counts as one. A class takes one encoding per layer. */
  onClasses(count: number): void;
}

/**
 * Pushes to the followers in a crowd, a part of them in each turn of the event loop. If this throws, the rest of them have not got the push.
 */
export async function pushShared(source: Pick<ChannelQueueSource, 'projectClasses'>, crowd: Crowd, run: Run, { hand, onHidden, encode, onClasses }: Pushing): Promise<void> {
  const { push } = run;
  const viewers = crowd.viewersOf(run);
  if (viewers.length === 0) return;
  const found = push.isShared ? await source.projectClasses(viewers, push.events) : undefined;
  onClasses(found === undefined ? viewers.length : found.classes.length + found.others.length);
  const shares = found && sharesOf(found, encode);
  let inTurn = 0;
  for (let follower = crowd.take(run); follower !== undefined; follower = crowd.take(run)) {
    const share = shares === undefined ? 'alone' : shares.get(follower.viewerId);
    if (share === undefined) {
      onHidden(follower);
      continue;
    }
    const { layer } = follower.session;
    const body = share === 'alone' ? undefined : share.body.for(share.at, layer);
    if (body !== undefined) {
      hand(follower, body);
    } else {
      run.pending = follower;
      const updates = await push.project(follower.viewerId);
      run.pending = undefined;
      if (updates === undefined) onHidden(follower);
      else if (crowd.isTaken(run, follower)) hand(follower, encode(layer, updates));
    }
    if (++inTurn < SESSIONS_A_TURN) continue;
    inTurn = 0;
    // What was handed over is sealed and sent at the end of the turn.
    await new Promise((turn) => setImmediate(turn));
  }
}
