import { channel } from 'node:diagnostics_channel';
import type { Owners } from '@aerogram/cluster';
import type { ErrorName } from '@aerogram/errors';
import type { CpuAccounts } from '@aerogram/media';
import { type Clock, TokenBuckets } from '@aerogram/runtime';

/**
 * Where a quota is counted when several nodes serve. `each-node`: by each of them in memory, so with N nodes up to N times as many uses pass. `rows`: in the database, by all
 * together. `owner-or-refuse`, `owner-or-share`: in memory by the node that owns `quota:<name>:<whom>`, so no more pass than with one process; see {@link ExactQuota}. If that node cannot
 * be asked, the first refuses, as limits on codes and guesses must; with the second each node grants a share, as limits must that keep one person from being flooded by others.
 */
type Counted = 'each-node' | 'rows' | 'owner-or-refuse' | 'owner-or-share';

/** A quota that refills continuously (token bucket). */
export interface RefillQuota {
  readonly counted: Counted;
  /** What is counted, and per whom; shown in docs/coverage.md. */
  readonly counts: string;
  /** Maximum number of uses in a burst. */
  readonly capacity: number;
  readonly tokensPerSecond: number;
  /** The error for a call beyond the quota. Absent if such a call succeeds but does less. */
  readonly error?: ErrorName;
}

/** A quota per period. */
export interface PeriodQuota {
  readonly counted: Counted;
  /** What is counted, and per whom; shown in docs/coverage.md. */
  readonly counts: string;
  readonly most: number;
  /** The period in seconds. Absent if the quota covers the whole life of the counted object. */
  readonly periodS?: number;
  /** The error for a call beyond the quota. Absent if such a call succeeds but does less. */
  readonly error?: ErrorName;
}

const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;

/**
 * All quotas of the domain, which apply in addition to the tokens that each call costs. A method declares the quotas that a call may use
 * (`quotas` of `defineMethod`), and docs/coverage.md lists them. Test numbers, service accounts and bots are exempt from most quotas.
 */
export const QUOTAS = {
  inboundMessages: { counted: 'owner-or-share', counts: 'messages, edits and reactions that one user gets from everybody', capacity: 1000, tokensPerSecond: 50, error: 'FLOOD_WAIT_%d' },
  inboundFromStrangers: { counted: 'owner-or-share', counts: 'messages, edits and reactions that one user gets from strangers', capacity: 60, tokensPerSecond: 1, error: 'FLOOD_WAIT_%d' },
  firstContacts: { counted: 'rows', counts: 'strangers whom one user writes to or adds to groups, and who do not answer', most: 100, periodS: DAY_S, error: 'PEER_FLOOD' },
  firstContactsWhenNew: { counted: 'rows', counts: 'the same in the first week of an account', most: 25, periodS: DAY_S, error: 'PEER_FLOOD' },
  secretRequests: { counted: 'rows', counts: 'secret chats that one user has asked for and nobody has accepted; as many with one person, accepted or not', most: 20, periodS: DAY_S, error: 'FLOOD_WAIT_%d' },
  openSecretRequests: { counted: 'rows', counts: 'secret chats that one user is asked for and has not answered', most: 100, error: 'FLOOD_WAIT_%d' },
  // A peer whose device is away for long does not fill the database, and one peer does not take the room of another.
  queuedSecretMessages: { counted: 'rows', counts: 'messages that wait for one device in one secret chat, of 16 MiB together', most: 2000, error: 'FLOOD_WAIT_%d' },
  queuedForDevice: { counted: 'rows', counts: 'messages that wait for one device in all its secret chats, of 64 MiB together', most: 10_000, error: 'FLOOD_WAIT_%d' },
  strangerPlaces: { counted: 'rows', counts: 'groups and channels to which one stranger has added a user who has not accepted them; beyond it the user is not added', most: 40 },
  strangerPlacesWhenNew: { counted: 'rows', counts: 'the same in the first week of the account of the stranger', most: 5 },
  unacceptedPlaces: { counted: 'rows', counts: 'groups and channels to which all strangers have added a user who has not accepted them; beyond it the user is not added', most: 100 },
  // A member with too many unaccepted messages must not stop others from posting in the group. So the group is archived and muted for that member instead. Counted in `unaccepted_places`.
  placeMessages: {
    counted: 'rows',
    counts: 'messages that one user gets from strangers in one group or channel to which a stranger has added the user, until the user accepts it; beyond it, the chat is archived and muted for the user',
    capacity: 100,
    tokensPerSecond: 300 / DAY_S,
  },
  chatMessages: { counted: 'owner-or-share', counts: 'messages that one user sends to one group or channel, edits there, and reacts to in a basic group; the same of one bot to one person', capacity: 1200, tokensPerSecond: 20, error: 'FLOOD_WAIT_%d' },
  // Whoever fills a basic group adds up to 199 people, one by one.
  chatNotices: { counted: 'owner-or-share', counts: 'service messages that one user causes in one group or channel, joins, and changes that other members are told of; beyond it whoever leaves or is removed does so without one', capacity: 200, tokensPerSecond: 1 / 10, error: 'FLOOD_WAIT_%d' },
  // Somebody who answers in a group must not be refused because of a person outside of it. So answers beyond the quota are not brought to that person.
  commentAnswers: { counted: 'owner-or-share', counts: 'answers to comments that one user gets from all groups that the user is not in; beyond it they are not brought', capacity: 60, tokensPerSecond: 1 / 12 },
  commentAnswersOfGroup: { counted: 'owner-or-share', counts: 'the same from one group', capacity: 20, tokensPerSecond: 1 / 60 },
  proximityAlerts: { counted: 'owner-or-share', counts: 'alerts that two people have come close to each other in one chat; beyond it a move causes none', capacity: 1, tokensPerSecond: 1 / 300 },
  // Nobody can guess a link, but whoever has many could watch how the groups behind them grow.
  inviteLinks: { counted: 'owner-or-share', counts: 'invite links that one user opens or joins by', capacity: 200, tokensPerSecond: 1 / 5, error: 'FLOOD_WAIT_%d' },
  pollVotes: { counted: 'each-node', counts: 'votes of one user in polls, changed ones and those taken back among them', capacity: 200, tokensPerSecond: 2, error: 'FLOOD_WAIT_%d' },
  // Bots are told of each of these changes, and have them in their boxes: one person must not fill these.
  votesToldToBot: { counted: 'each-node', counts: 'changes of the vote of one user in one public poll of a bot', capacity: 100, tokensPerSecond: 1 / 60, error: 'FLOOD_WAIT_%d' },
  // Clients repeat "typing" every five seconds and report taps on an emoji every second.
  typing: { counted: 'each-node', counts: 'actions such as typing that one user shows to another', capacity: 30, tokensPerSecond: 1, error: 'FLOOD_WAIT_%d' },
  inboundTyping: { counted: 'owner-or-share', counts: 'actions that one user is shown by everybody', capacity: 300, tokensPerSecond: 20, error: 'FLOOD_WAIT_%d' },
  // Programs show each few words of an answer while it is generated, always the whole text so far. KiB are rounded up for each text.
  liveDrafts: { counted: 'owner-or-share', counts: 'texts that one bot shows one person while it writes them', capacity: 100, tokensPerSecond: 10, error: 'FLOOD_WAIT_%d' },
  liveDraftBytes: { counted: 'owner-or-share', counts: 'KiB of these texts and their formatting', capacity: 1024, tokensPerSecond: 64, error: 'FLOOD_WAIT_%d' },
  // Each rings, and leaves a message.
  callRequests: { counted: 'owner-or-share', counts: 'calls of one user to another', capacity: 20, tokensPerSecond: 1 / 30, error: 'FLOOD_WAIT_%d' },
  // A device that connects sends its addresses in a burst, and all that is lost again. KiB are rounded up for each packet.
  callSignals: { counted: 'each-node', counts: 'packets that one person sends to the other one of a call before they are connected; beyond it they are lost', capacity: 300, tokensPerSecond: 60 },
  callSignalBytes: { counted: 'each-node', counts: 'KiB of these packets', capacity: 2048, tokensPerSecond: 256 },
  pageFetches: { counted: 'each-node', counts: 'pages that one user has the server fetch for previews; beyond it a link has no preview', capacity: 30, tokensPerSecond: 1 / 5 },
  // Photos of pages count for no limit of their readers, and are kept for eight days if nobody sends the link.
  pagePictures: { counted: 'each-node', counts: 'pictures of pages that one user has the server fetch for previews; beyond it a preview has no picture', capacity: 100, tokensPerSecond: 1 / 120 },
  pageFetchesOfSite: { counted: 'each-node', counts: 'pages, pictures of pages, and redirects to either, that the server fetches from one host; beyond it a link has no preview, or one without its picture', capacity: 120, tokensPerSecond: 2 },
  webFiles: { counted: 'each-node', counts: 'files of other sites, at URLs that the server has signed, that one user has the server fetch', capacity: 60, tokensPerSecond: 1, error: 'FLOOD_WAIT_%d' },
  // A file that cannot be fetched counts as if it had the greatest length, because what was read of it is not known.
  urlFiles: { counted: 'each-node', counts: 'mebibytes of files at URLs that one user has the server fetch to send them', capacity: 300, tokensPerSecond: 1, error: 'FLOOD_WAIT_%d' },
  urlFilesOfBot: { counted: 'each-node', counts: 'the same for one bot that sends files by their URL', capacity: 3000, tokensPerSecond: 20, error: 'FLOOD_WAIT_%d' },
  urlFilesOfSite: { counted: 'each-node', counts: 'files to send, and redirects to them, that the server fetches from one host; beyond it a redirect is not followed', capacity: 300, tokensPerSecond: 10, error: 'FLOOD_WAIT_%d' },
  // Enough for any address book, but not for trying all phone numbers of a country.
  phoneLookups: { counted: 'owner-or-share', counts: 'phone numbers that one user looks up; an import answers the rest as `retry_contacts`', most: 10_000, periodS: DAY_S, error: 'FLOOD_WAIT_%d' },
  phoneLookupsOfAddress: { counted: 'owner-or-share', counts: 'phone numbers that all users of one address look up', most: 50_000, periodS: DAY_S, error: 'FLOOD_WAIT_%d' },
  publicSearches: { counted: 'each-node', counts: 'searches of one user in the posts of public channels by text; a setting changes it', most: 100, periodS: DAY_S, error: 'FLOOD_WAIT_%d' },
  unsentFiles: { counted: 'rows', counts: 'documents that one user has made of uploads and that are in no message; settings change the number, and limit their bytes', most: 5000, error: 'FLOOD_WAIT_%d' },
  // A photo of 12 megapixels takes 300 to 400 ms: hundreds at once, then one in two seconds.
  fileCpu: { counted: 'each-node', counts: 'milliseconds of CPU time that processes spend on the files of one user; beyond it, audio, video and GIF files go out as their client describes them', capacity: 300_000, tokensPerSecond: 200, error: 'FLOOD_WAIT_%d' },
  codeRequests: { counted: 'owner-or-refuse', counts: 'codes that one device or account asks for', capacity: 20, tokensPerSecond: 1 / 180, error: 'FLOOD_WAIT_%d' },
  // A whole office may log in from one address.
  codeRequestsOfAddress: { counted: 'owner-or-refuse', counts: 'codes that one address asks for', capacity: 100, tokensPerSecond: 1 / 20, error: 'FLOOD_WAIT_%d' },
  codesOfNumber: { counted: 'rows', counts: 'codes for one phone number', most: 8, periodS: HOUR_S, error: 'FLOOD_WAIT_%d' },
  // Counted by address first: otherwise a stranger could keep an admin out.
  adminLogIns: { counted: 'owner-or-refuse', counts: 'log-ins at the admin page that one address begins with one phone number', capacity: 5, tokensPerSecond: 1 / 600, error: 'FLOOD_WAIT_%d' },
  adminLogInsOfNumber: { counted: 'rows', counts: 'log-ins at the admin page that begin with one phone number', most: 40, periodS: HOUR_S, error: 'FLOOD_WAIT_%d' },
  // Whoever has an admin's session does not empty the server with it, nor write to everybody again and again.
  adminChanges: { counted: 'each-node', counts: 'changes that one admin makes on the admin page', capacity: 100, tokensPerSecond: 1 / 5, error: 'FLOOD_WAIT_%d' },
  adminNotices: { counted: 'each-node', counts: 'notices to everybody that one admin orders on the admin page', capacity: 5, tokensPerSecond: 1 / 600, error: 'FLOOD_WAIT_%d' },
  adminCodeGuesses: { counted: 'rows', counts: 'wrong codes of one log-in at the admin page', most: 5, error: 'PHONE_CODE_EXPIRED' },
  // Everybody of a class or an office may open the same link at once.
  invitePages: { counted: 'each-node', counts: 'requests of one address for pages of invitation links', capacity: 300, tokensPerSecond: 2, error: 'FLOOD_WAIT_%d' },
  inviteForms: { counted: 'owner-or-refuse', counts: 'forms that one address sends on these pages', capacity: 100, tokensPerSecond: 1 / 10, error: 'FLOOD_WAIT_%d' },
  deliveriesOfCode: { counted: 'rows', counts: 'attempts to deliver one code in one way', most: 5, error: 'SMS_CODE_CREATE_FAILED' },
  codeGuesses: { counted: 'rows', counts: 'wrong codes for one phone number; no more codes are sent to it either (`PHONE_NUMBER_FLOOD`)', most: 25, periodS: DAY_S, error: 'PHONE_CODE_EXPIRED' },
  guessesOfCode: { counted: 'rows', counts: 'wrong guesses of one code', most: 5, error: 'PHONE_CODE_EXPIRED' },
  emailCodes: { counted: 'rows', counts: 'e-mail codes of one account or number for one purpose', most: 10, periodS: DAY_S, error: 'FLOOD_WAIT_%d' },
  emailCodeGuesses: { counted: 'rows', counts: 'wrong e-mail codes of one account or number for one purpose', most: 15, periodS: DAY_S, error: 'FLOOD_WAIT_%d' },
  // Each is a job, and those of one person are done one after the other: many would keep the jobs of everybody waiting.
  toBotFather: { counted: 'each-node', counts: 'messages of one user to BotFather, and edits and reactions there', capacity: 100, tokensPerSecond: 2, error: 'FLOOD_WAIT_%d' },
  buttonPresses: { counted: 'each-node', counts: 'buttons of bots that one user presses', capacity: 60, tokensPerSecond: 2, error: 'FLOOD_WAIT_%d' },
  pressesOfBot: { counted: 'each-node', counts: 'pressed buttons of one bot', capacity: 2000, tokensPerSecond: 200, error: 'FLOOD_WAIT_%d' },
  // Clients ask with each pause of typing.
  inlineQueries: { counted: 'each-node', counts: 'inline queries of one user that bots have to answer', capacity: 120, tokensPerSecond: 2, error: 'FLOOD_WAIT_%d' },
  inlineEdits: { counted: 'each-node', counts: 'edits by one bot of messages that were sent via it', capacity: 300, tokensPerSecond: 30, error: 'FLOOD_WAIT_%d' },
  inlineBytesOfBot: { counted: 'each-node', counts: 'KiB of inline results that one bot stores, for each hour for which they are kept', capacity: 16_384, tokensPerSecond: 256, error: 'FLOOD_WAIT_%d' },
  inlineQueriesOfBot: { counted: 'each-node', counts: 'inline queries that one bot has to answer', capacity: 2000, tokensPerSecond: 200, error: 'FLOOD_WAIT_%d' },
  // The secret of a token cannot be guessed; these keep the tries from costing anything.
  tokenGuesses: { counted: 'owner-or-refuse', counts: 'wrong tokens for one bot', capacity: 20, tokensPerSecond: 1 / 60, error: 'FLOOD_WAIT_%d' },
  tokenGuessesOfAddress: { counted: 'owner-or-refuse', counts: 'wrong tokens of bots from one address', capacity: 20, tokensPerSecond: 1 / 60, error: 'FLOOD_WAIT_%d' },
  webTokenGuesses: { counted: 'owner-or-refuse', counts: 'wrong web tokens from one address, where there are such tokens', capacity: 20, tokensPerSecond: 1 / 60, error: 'FLOOD_WAIT_%d' },
  passwordGuesses: { counted: 'rows', counts: 'wrong passwords of one account, by devices that log in; as many by those that are logged in', most: 5, periodS: HOUR_S, error: 'FLOOD_WAIT_%d' },
} as const satisfies Record<string, RefillQuota | PeriodQuota>;

export type QuotaName = keyof typeof QUOTAS;
type Counting<C extends Counted> = { [N in QuotaName]: (typeof QUOTAS)[N] extends RefillQuota & { counted: C } ? N : never }[QuotaName];

/** The refilling quotas that are exact over all nodes. */
export type ExactName = Counting<'owner-or-refuse' | 'owner-or-share'>;

/** Diagnostics channel on which the name of each used quota is published. Tests compare it with the quotas that the method declares. */
export const QUOTA_CHANNEL = 'aerogram.quota';

const uses = channel(QUOTA_CHANNEL);

/** Returns a quota and publishes that the present call uses it. */
export function useQuota<N extends QuotaName>(name: N): (typeof QUOTAS)[N] {
  if (uses.hasSubscribers) uses.publish(name);
  return QUOTAS[name];
}

/** Maximum number of users, devices, addresses or hosts whose use of one quota is tracked. */
export const MAX_BUCKETS = 100_000;

/** Whether limits on how much somebody does hold for a person or bot. Rights, and limits on guessing, hold for everybody. */
export type HasLimits = (userId: bigint) => boolean;

/** What {@link QuotaBuckets} and {@link ExactQuota} need. */
export interface QuotaDeps {
  readonly clock: Clock;
  /** Undefined for a server that is alone. */
  readonly owners?: Owners | undefined;
  /** If absent, limits hold for everybody. */
  readonly hasLimits?: HasLimits | undefined;
}

/** The id of the person or bot that an owner of a bucket begins with, alone or before that of a chat. Addresses and hosts have other forms. */
const USER = /^(\d+)(?::-?\d+)?$/;

/** Whether a person or bot that somebody's bucket begins with has no limits. @param whom whose bucket it is */
export function isWithoutLimits(hasLimits: HasLimits | undefined, whom: string): boolean {
  if (hasLimits === undefined) return false;
  const userId = USER.exec(whom)?.[1];
  return userId !== undefined && !hasLimits(BigInt(userId));
}

/** The token buckets of one refilling quota that each node counts for itself, one per owner. */
export class QuotaBuckets {
  readonly #name: Counting<'each-node'>;
  readonly #buckets: TokenBuckets;
  readonly #hasLimits: HasLimits | undefined;

  constructor({ clock, hasLimits }: QuotaDeps, name: Counting<'each-node'>) {
    this.#name = name;
    this.#hasLimits = hasLimits;
    this.#buckets = new TokenBuckets(clock, { ...QUOTAS[name], maxBuckets: MAX_BUCKETS });
  }

  /**
   * Takes `count` tokens from the bucket of `owner`, unless it begins with the id of a user without limits.
   * @returns 0 on success; otherwise the seconds to wait, and nothing was taken
   */
  take(owner: string, count: number): number {
    useQuota(this.#name);
    return this.#isFree(owner) ? 0 : this.#buckets.take(owner, count);
  }

  /** Takes tokens for what became known afterwards. The bucket may go negative. */
  charge(owner: string, count: number): void {
    if (!this.#isFree(owner)) this.#buckets.charge(owner, count);
  }

  /** Tokens that the bucket of `owner` has spent and not got back yet. */
  spent(owner: string): number {
    return this.#buckets.spent(owner);
  }

  #isFree(owner: string): boolean {
    return isWithoutLimits(this.#hasLimits, owner);
  }
}

/** The CPU time that processes for files spend, by the user who has sent the file or made the server fetch it. */
export class FileCpu implements CpuAccounts {
  readonly #buckets: QuotaBuckets;

  constructor(deps: QuotaDeps) {
    this.#buckets = new QuotaBuckets(deps, 'fileCpu');
  }

  usedMs(userId: bigint): number {
    return this.#buckets.spent(String(userId));
  }

  waitS(userId: bigint): number {
    const { capacity, tokensPerSecond } = useQuota('fileCpu');
    const leftMs = capacity - this.usedMs(userId);
    return leftMs > 0 ? 0 : Math.floor(-leftMs / tokensPerSecond) + 1;
  }

  charge(userId: bigint, ms: number): void {
    this.#buckets.charge(String(userId), ms);
  }
}
