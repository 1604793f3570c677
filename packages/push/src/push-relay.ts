import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { defineCounter, type Logger, type Metrics } from '@aerogram/runtime';

import type { PhoneService } from './phone-service.ts';
import { AGAIN_S } from './provider.ts';
import { readJson } from './read-answer.ts';
import { readRelayed, RELAY_PATH, writeOutcome } from './relay-protocol.ts';

const relayedMetric = defineCounter({ name: 'aerogram_relayed_notices_total', help: 'Notices that servers gave to this relay, by type of token and outcome.', labels: ['kind', 'outcome'] });

/** Most bytes of a request: a token, what is sealed, and what stands around them. */
const BODY_MAX = 16_384;
/** Requests that are worked on at once, of one server and of all. */
const [SERVER_MAX, ALL_MAX] = [64, 512];
/** How long a request may take to arrive, in milliseconds. */
const ARRIVE_MS = 10_000;

interface PushRelayOptions {
  /** The push services for which it has keys. */
  services: readonly PhoneService[];
  /** The servers that may use the relay: the key of each, by its name. Requests that run are limited for each name. */
  servers: ReadonlyMap<string, string>;
  log: Logger;
  metrics: Metrics;
}

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The program of whoever builds an app: takes sealed notices from servers that do not have its keys, and gives them to the push services. Stores nothing. */
export function createPushRelay({ services, servers, log, metrics }: PushRelayOptions): Server {
  const counter = metrics.counter(relayedMetric);
  const known = [...servers].map(([name, key]) => ({ name, hash: hashOf(key) }));
  const working = new Map<string, number>();
  let all = 0;
  const serverOf = ({ headers: { authorization = '' } }: IncomingMessage): string | undefined => {
    const given = hashOf(/^Bearer ([!-~]{16,256})$/.exec(authorization)?.[1] ?? '');
    return known.find(({ hash }) => timingSafeEqual(hash, given))?.name;
  };
  const relay = async (request: IncomingMessage): Promise<{ status: number; body: object }> => {
    const read = await readBody(request);
    const relayed = read && readRelayed(readJson(read));
    if (!relayed) return { status: 400, body: { error: 'malformed, or not sealed' } };
    const { tokenType, notice } = relayed;
    const service = services.find(({ types }) => types.has(tokenType));
    if (!service) return { status: 400, body: { error: 'this relay has no key for this type of token' } };
    const outcome = await service.deliver(tokenType, notice);
    counter.inc({ kind: String(tokenType), outcome: outcome.kind });
    return { status: 200, body: writeOutcome(outcome) };
  };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const answer = (status: number, body: object, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    };
    if (request.url !== RELAY_PATH || request.method !== 'POST') return answer(404, { error: 'not found' });
    const server = serverOf(request);
    if (server === undefined) return answer(401, { error: 'unknown key' });
    const own = working.get(server) ?? 0;
    if (own >= SERVER_MAX || all >= ALL_MAX) return answer(429, { error: 'too many at once' }, { 'retry-after': String(AGAIN_S) });
    working.set(server, own + 1);
    all++;
    try {
      const { status, body } = await relay(request);
      answer(status, body);
    } finally {
      all--;
      working.set(server, working.get(server)! - 1);
    }
  };
  const server = createServer({ requestTimeout: ARRIVE_MS, headersTimeout: ARRIVE_MS, maxHeaderSize: BODY_MAX }, (request, response) => {
    serve(request, response).catch((error: unknown) => {
      log.warn({ err: error }, 'a notice could not be relayed');
      response.destroy();
    });
  });
  return server;
}

/** @returns undefined if it is too long */
async function readBody(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > BODY_MAX) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
