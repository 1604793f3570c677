import type { RawAccount, ServerInfo } from '@aerogram/dev-env/load';
import type { ClientKey } from '@aerogram/mtproto/client';
import type { tl } from '@aerogram/tl';

/** Input of an attack. */
export interface Target {
  info: ServerInfo;
  /** Accounts of the attackers, not connected. */
  accounts: readonly RawAccount[];
  /** A public supergroup of all attackers, made in advance: how each of them names it. */
  group: ReadonlyMap<RawAccount, tl.inputChannel>;
  /** A private supergroup into which very many people ask to be let in. */
  requests: AskedGroup;
  /** A file that each attacker has sent itself: where its parts are, by the key of the attacker. */
  files: ReadonlyMap<ClientKey, tl.InputFileLocation>;
  /** Keys created in advance, so that an attack does not start by waiting for them. */
  keys: readonly ClientKey[];
  /** Aborts when the attack should end. */
  signal: AbortSignal;
}

/** A supergroup of the first attacker, with requests to join. */
export interface AskedGroup {
  /** How its owner names it. */
  peer: tl.inputPeerChannel;
  /** The link by which very many people have asked. */
  link: string;
  /** Another link that needs approval, for attackers who ask again and again. */
  ownLink: string;
}

/** Runs one kind of attack. @returns how many packets, requests or connections it made */
export type Attack = (target: Target) => Promise<number>;

const abortions = new WeakMap<AbortSignal, Promise<void>>();

/** Resolves when the attack should end. Stores one promise per signal, because connections ask often. */
export function aborted(signal: AbortSignal): Promise<void> {
  let promise = abortions.get(signal);
  if (!promise) {
    promise = new Promise((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
    abortions.set(signal, promise);
  }
  return promise;
}
