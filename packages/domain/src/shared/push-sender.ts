/** Where a notice goes. */
export interface PushTarget {
  tokenType: number;
  token: string;
  secret: Uint8Array;
  sandbox: boolean;
}

/** What is sent. */
export interface PushEnvelope {
  /** The payload as JSON, which the sender seals if the device has a secret. */
  json: string;
  /** A shorter payload, for push services to which the other one is too long. */
  shortJson: string;
  /** The same for what replaces each other on the device: at most 32 characters of base64url, which say nothing. */
  collapse: string;
  isUrgent: boolean;
  /** It shows nothing and makes no sound, such as what takes a notification away. */
  isQuiet: boolean;
  /** How long the push service may keep it, in seconds. */
  ttlS: number;
}

/** What has become of it. gone: the token has not been valid any more, since `atDate` if that is said; refused: it never will be taken. */
export type PushOutcome = { kind: 'sent' } | { kind: 'gone'; atDate?: number } | { kind: 'later'; afterS: number } | { kind: 'refused'; reason: string };

/** Sends to push services. The package `push` implements it. */
export interface PushSender extends Disposable {
  /** The key with which browsers subscribe to the notices of this server: a point on P-256, in base64url. */
  readonly publicKey: string;
  /** Whether tokens of this type can be served here. */
  serves(tokenType: number): boolean;
  /** Whether apps with tokens of this type can be told, without showing anything, that a message was read, deleted or edited. */
  canCallBack(tokenType: number): boolean;
  /** The service that a target belongs to: one that hangs does not hold up the others. */
  laneOf(target: Pick<PushTarget, 'tokenType' | 'token'>): string;
  /** Never rejects. */
  send(target: PushTarget, envelope: PushEnvelope): Promise<PushOutcome>;
}
