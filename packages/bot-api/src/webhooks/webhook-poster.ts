import { checkServerIdentity } from 'node:tls';

import { equalBytes } from '@aerogram/crypto';
import type { NewWebhook } from '@aerogram/domain';
import type { Clock } from '@aerogram/runtime';
import { type PostAnswer, Poster, PostFailure } from '@aerogram/web-fetch';

import { BotError } from '../bot-error.ts';
import type { WebhookAddresses } from './webhook-address.ts';
import { derOf } from './webhook-certificate.ts';
import { parseWebhookUrl, type WebhookTarget } from './webhook-url.ts';

/** How long one attempt to reach a webhook may take, in milliseconds. */
const TIMES = { attempt: 60_000, connect: 10_000 } as const;

/** The most bytes of an answer that are read. */
const ANSWER_BYTES_MAX = 65_536;

/** Sends updates of one bot over connections that are kept. */
export class WebhookPoster implements Disposable {
  readonly #target: WebhookTarget;
  readonly #secret: string;
  readonly #poster: Poster;

  constructor(webhook: NewWebhook, { addresses, clock }: { addresses: WebhookAddresses; clock: Clock }) {
    const target = parseWebhookUrl(webhook.url);
    this.#target = target;
    this.#secret = webhook.secret;
    this.#poster = new Poster({
      target,
      find: () => addresses.find(target, webhook.ip_address),
      clock,
      connections: webhook.max_connections,
      times: TIMES,
      answerBytes: ANSWER_BYTES_MAX,
      trust: trustOf(webhook, target),
    });
  }

  /** The address that updates are sent to; undefined if it is not known. */
  get address(): string | undefined {
    return this.#poster.address;
  }

  /**
   * Finds the addresses, unless they were found a short time ago.
   * @throws BotError 400 if they must not be asked
   */
  async resolve(): Promise<readonly string[]> {
    return this.#poster.resolve();
  }

  /**
   * Sends one update. Redirects are not followed.
   * @throws PostFailure if there is no answer
   */
  async post(json: string): Promise<PostAnswer> {
    const { path, authorization } = this.#target;
    const headers = {
      'content-type': 'application/json',
      ...(this.#secret === '' ? {} : { 'x-telegram-bot-api-secret-token': this.#secret }),
      ...(authorization === undefined ? {} : { authorization }),
    };
    try {
      return await this.#poster.post({ method: 'POST', path, headers, body: Buffer.from(json) });
    } catch (error) {
      if (!(error instanceof BotError)) throw error;
      throw new PostFailure('unreachable', error.message.replace(/^Bad Request: bad webhook: /, ''));
    }
  }

  /** Gives the attempts that run a few seconds more, instead of up to a minute: the bot has set the same webhook again, and the program that has not answered yet may have been replaced. */
  hurry(): void {
    this.#poster.hurry();
  }

  /** Ends the connections, also those on which answers are awaited. */
  [Symbol.dispose](): void {
    this.#poster[Symbol.dispose]();
  }
}

/** Whom an encrypted connection trusts: those whom everybody trusts, or only the certificate that the bot has uploaded. */
function trustOf({ certificate }: NewWebhook, { host }: WebhookTarget) {
  const own = certificate === null ? [] : derOf(certificate);
  return {
    ...(certificate === null ? {} : { ca: certificate }),
    checkServerIdentity: (_name: string, peer: Parameters<typeof checkServerIdentity>[1]): Error | undefined =>
      // The very certificate that was uploaded may be for any name.
      own.some((der) => equalBytes(der, peer.raw)) ? undefined : checkServerIdentity(host, peer),
  };
}
