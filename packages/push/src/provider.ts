import type { PushEnvelope, PushOutcome, PushTarget } from '@aerogram/domain';

/** Brings notices to the push services of some types of tokens. */
export interface PushProvider extends Disposable {
  readonly types: ReadonlySet<number>;
  /** Whether what it brings may show nothing. A browser shows something of its own for each notice that shows nothing. */
  readonly canCallBack: boolean;
  /** The service that a token belongs to: one that hangs does not hold up the others. */
  laneOf(token: string): string;
  /** Never rejects. */
  send(target: PushTarget, envelope: PushEnvelope): Promise<PushOutcome>;
}

/** When a push service is asked again that did not answer, in seconds; failures after that wait longer. */
export const AGAIN_S = 2;
