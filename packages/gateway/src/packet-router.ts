import type { AuthKeyStore, DecryptedMessage, SessionEvent } from '@aerogram/mtproto';
import type { Clock, Logger } from '@aerogram/runtime';
import type { CloseReason } from './close-reason.ts';
import type { CallRunner } from './call-runner.ts';
import type { Carrier, GatewaySession, KeyEntry } from './sessions/gateway-session.ts';
import type { KeyDirectory } from './sessions/key-directory.ts';
import type { Received, SessionTable } from './sessions/session-table.ts';

export interface PacketRouterDeps {
  clock: Clock;
  log: Logger;
  keys: KeyDirectory;
  store: Pick<AuthKeyStore, 'destroy'>;
  table: SessionTable;
  calls: CallRunner;
}

/** Passes decrypted packets to their sessions and carries out the session's events, in the same way for all transports. */
export class PacketRouter {
  readonly #deps: PacketRouterDeps;

  constructor(deps: PacketRouterDeps) {
    this.#deps = deps;
  }

  /** Handles a packet that was decrypted with the key of `entry`; `message` is undefined if decryption failed. */
  receive(carrier: Carrier, entry: KeyEntry, message: DecryptedMessage | undefined, nowMs: number): Received {
    const received = this.#deps.table.receive(carrier, entry, message, nowMs);
    if (received.kind === 'accepted') {
      for (const event of received.events) this.#act(carrier, received.session, event, nowMs);
    }
    return received;
  }

  #act(carrier: Carrier, session: GatewaySession, event: SessionEvent, nowMs: number): void {
    switch (event.type) {
      case 'request':
        return this.#deps.calls.run(session, carrier, event.msgId, event.body);
      case 'unreadable':
        return carrier.budget?.chargePenalty();
      case 'disconnect-after':
        return carrier.disconnectAfter(event.delayMs);
      case 'http-wait':
        return carrier.httpWait(event);
      case 'destroy-session': {
        const { sessionId } = event;
        const destroyed = sessionId !== session.sessionId && this.#deps.table.destroy(session.entry, sessionId, nowMs);
        session.mtproto.destroySessionResult(carrier.linkOf(session), sessionId, destroyed);
        return carrier.notify(session);
      }
      case 'destroy-auth-key':
        void this.#destroyKey(carrier, session);
    }
  }

  /** Never rejects. */
  async #destroyKey(carrier: Carrier, session: GatewaySession): Promise<void> {
    const { entry } = session;
    let result: 'ok' | 'none' | 'fail';
    try {
      result = (await this.#deps.store.destroy(entry.key.id)) ? 'ok' : 'none';
    } catch (error) {
      this.#deps.log.warn({ err: error }, 'a key could not be destroyed');
      result = 'fail';
    }
    session.mtproto.destroyKeyResult(carrier.linkOf(session), result);
    carrier.notify(session);
    if (result === 'fail') return;
    this.#deps.keys.remove(entry);
    carrier.finish('key-destroyed');
    this.end(entry, 'key-destroyed');
  }

  /** Called when another process serves the key: closes its connections here, and the clients reconnect to that process. */
  disown(authKeyId: bigint): void {
    const entry = this.#deps.keys.disown(authKeyId);
    if (entry) this.end(entry, 'moved');
  }

  /** Ends all sessions of a key that no longer exists or is no longer served here, and closes their connections. */
  end(entry: KeyEntry, reason: CloseReason): void {
    const carriers = new Set([...entry.sessions.values()].flatMap((session) => [...session.carriers]));
    for (const carrier of carriers) carrier.finish(reason);
    const nowMs = this.#deps.clock.nowMs();
    for (const session of entry.sessions.values()) this.#deps.table.remove(session, nowMs);
  }
}
