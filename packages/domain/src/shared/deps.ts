import type { BlobStore, MasterKeys, UnfinishedUploads } from '@aerogram/blob';
import type { Bus } from '@aerogram/bus';
import type { CdnNodes } from '@aerogram/cdn-origin';
import type { OtherHomes, Owners } from '@aerogram/cluster';
import type { FileHook, MediaLane, PhotoLane } from '@aerogram/media';
import type { Clock, ClockDoubt, Config, Logger, Metrics, Random } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';

import type { PageFetcher } from './page-fetcher.ts';
import type { PushSender } from './push-sender.ts';
import type { HasLimits } from './quotas.ts';

/** The part of the configuration that the domain uses. */
export type DomainConfig = Pick<
  Config,
  | 'homeDcId'
  | 'dcIds'
  | 'testMode'
  | 'testAnywhere'
  | 'testLimits'
  | 'testDc'
  | 'publicAddress'
  | 'publicAddressV6'
  | 'publicPort'
  | 'allowedApps'
  | 'guestKeyDays'
  | 'takeoutDelay'
  | 'fileHookFailure'
  | 'groupMembersMax'
  | 'supergroupMembersMax'
  | 'channelsPerUserMax'
  | 'botsPerGroupMax'
  | 'botsPerOwnerMax'
  | 'botApiLocal'
  | 'gigagroupMembersMin'
  | 'channelBehindMax'
  | 'channelLogEvents'
  | 'channelLogDays'
  | 'adminLogHours'
  | 'adminLogEvents'
  | 'adminLogBytes'
  | 'ownerReturnDays'
  | 'publicSearchesPerDay'
  | 'uploadPartsMax'
  | 'unsentFilesMax'
  | 'unsentFileBytes'
  | 'blobCheckDays'
  | 'cdnMinSubscribers'
  | 'cdnMinRequests'
  | 'walArchiveDays'
  | 'langDir'
  | 'premium'
  | 'loginCodeTtlMs'
  | 'loginEmailRequired'
  | 'signUp'
  | 'mailDomains'
  | 'webAddress'
  | 'enterUrl'
  | 'oidcName'
  | 'oidcClientId'
  | 'oidcCheckEveryS'
  | 'passkeyDomain'
  | 'passkeyOrigins'
  | 'workers'
  | 'calls'
  | 'turnUrls'
  | 'turnSecret'
>;

/** Where clients reach another data centre. */
export interface DcAddress {
  dc: number;
  /** An IP address. */
  host: string;
  port: number;
  /** The origin of its web client; '' if it is not known. */
  webAddress: string;
}

/** Where clients reach the other data centres of the cluster, as far as that is known now. */
export interface DcAddresses {
  list(): readonly DcAddress[];
}

/** How a code is delivered: to devices that are logged in, by e-mail, by SMS or by phone call. `enter`: it is only shown at /enter, to people of the company. */
export type CodeWay = 'app' | 'email' | 'sms' | 'call' | 'enter';

/** A log-in code for a phone number. */
export interface OutgoingCode {
  phone: string;
  code: string;
  /** With 'app', the account's devices get the code itself, and this call is only a notification. */
  way: CodeWay;
}

/** A code to be sent to an e-mail address. */
export interface OutgoingEmail {
  email: string;
  code: string;
  subject: string;
  /** The complete message, including the code. */
  text: string;
}

/**
 * Delivers codes outside the server. Codes are never logged, and errors of `deliver` and `deliverEmail` must not contain phone numbers,
 * addresses or codes.
 */
export interface CodeDelivery {
  /** The available ways over the telephone network, best first; at least one. */
  readonly ways: readonly CodeWay[];
  /** Whether e-mail is actually delivered, so that users may be asked for an address. Defaults to false. */
  readonly sendsEmail?: boolean;
  deliver(code: OutgoingCode): Promise<void>;
  deliverEmail(mail: OutgoingEmail): Promise<void>;
}

/** Where the bytes of files are. */
export interface FileStorage {
  /** Files whose parts still arrive. */
  uploads: UnfinishedUploads;
  /** The encrypted blobs. */
  store: BlobStore;
  /** The keys that encrypt the keys of blobs. */
  keys: MasterKeys;
  /** Why no file may be written now: the disk is nearly full. Absent, or undefined: files may be written. */
  refusal?(): Error | undefined;
}

/** The device that shows a web token. */
export interface WebTokenDevice {
  address: string;
  /** The user as whom it is logged in. */
  userId: bigint | undefined;
  /** The user whose password it has yet to prove. */
  pendingUserId: bigint | undefined;
}

/** Tokens with each of which one browser logs in as one user, by `auth.importWebTokenAuthorization`. */
export interface WebTokens {
  /**
   * Spends a token. The device that has spent it may repeat its call.
   * @returns the user whom it is for; undefined if it is not valid for this device
   */
  take(token: string, device: WebTokenDevice): bigint | undefined;
}

/** A server by which devices learn their address (STUN), or which passes on what they send (TURN). */
export interface CallRelay {
  kind: 'stun' | 'turn';
  /** An IP address without brackets, or a name. */
  host: string;
  port: number;
}

/** The relay of this server for calls. */
export interface OwnRelay {
  /** The secret from which passwords are made. */
  readonly secret: string;
  /** How clients reach it; empty if that is not known yet. */
  list(): readonly CallRelay[];
  /** Begins it if it does not run. Resolves when it listens, cannot, or some seconds later; never rejects. */
  begin(): Promise<void>;
}

/** The dependencies of all parts of the domain. */
export interface DomainDeps {
  db: Database;
  bus: Bus;
  clock: Clock;
  /** The clock of the lifetimes of keys; if absent, it is `clock`. */
  sessionClock?: Clock | undefined;
  random: Random;
  log: Logger;
  metrics: Metrics;
  config: DomainConfig;
  codeDelivery: CodeDelivery;
  fileStorage: FileStorage;
  /** Makes the sizes of photos, and looks into patterns and animated stickers; absent if all are refused. */
  photos?: Pick<PhotoLane, 'make' | 'readShape'> | undefined;
  /** Reads audio and video; absent if the server takes the word of clients for what is in these files, and refuses videos for profiles. */
  media?: Pick<MediaLane, 'describe' | 'makeAvatar'> | undefined;
  /** Judges new files; absent if all are accepted. */
  fileHook?: Pick<FileHook, 'ask'> | undefined;
  /** The home of a new account by its phone number; if absent, it is the home DC. Only tests replace it. */
  homeOfPhone?: ((phone: string) => number) | undefined;
  /** The nodes of the cluster; absent for a server that is alone. */
  owners?: Owners | undefined;
  /** The other data centres of the cluster; absent if there are none. */
  homes?: OtherHomes | undefined;
  /** Where clients reach those data centres; undefined for a server that is alone. */
  dcAddresses?: DcAddresses | undefined;
  /** For whom limits hold; if absent, for everybody, except as the settings say of test numbers. */
  hasLimits?: HasLimits | undefined;
  /** Tells whether the clock can be trusted; if absent, it always is. */
  doubt?: ClockDoubt | undefined;
  /** Whether this process does the hourly clean-up, which one does for all; by default it does. */
  cleansUp?: (() => boolean) | undefined;
  /** The CDN nodes; absent if there are none. */
  cdnNodes?: CdnNodes | undefined;
  /** The web tokens; absent if no token is valid, as in every server but those for tests of bots. */
  webTokens?: WebTokens | undefined;
  /** Fetches pages for link previews; absent if there are none. */
  pageFetcher?: PageFetcher | undefined;
  /** Sends to push services, given the keys by which the server is known to them, by version; undefined: devices get no notices. */
  pushSender?: ((keys: ReadonlyMap<number, Uint8Array>) => PushSender) | undefined;
  /** Relays calls, unless the settings name other relays; absent if nobody does. */
  ownRelay?: OwnRelay | undefined;
  /** Fetches files that are sent by their URL, and pictures of inline results; absent if the server fetches none. */
  fileFetcher?: Pick<PageFetcher, 'fetchFile'> | undefined;
}
