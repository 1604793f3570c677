import { isIP } from 'node:net';
import { readRsaPrivateKey } from '@aerogram/crypto';
import { OperatorError } from '@aerogram/runtime';
import type { HomeAddresses, HomeVersions } from '@aerogram/storage';
import { z } from 'zod';

/** The number of a data centre. */
export const DC = z.int().min(1).max(5);

const MAX_HOST = 253;
const HOST = z.string().max(MAX_HOST).regex(/^[\w.:-]*$/);
const PORT = z.int().min(0).max(65_535);
/** The most nodes of a data centre of which another one knows where they listen. */
export const MAX_LINK_NODES = 32;

const MAX_ORIGIN = 300;

function isOrigin(text: string): boolean {
  if (text === '') return true;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) && url.origin === text;
}

/** Where a home is reached, as homes tell each other and as a ticket says; with bounds, because whoever tells it may have been broken into. */
export const ADDRESSES = z.object({
  link_host: HOST,
  link_port: PORT,
  // A program that knows nothing of it tells the one address.
  link_nodes: z.array(z.object({ host: HOST, port: PORT })).max(MAX_LINK_NODES).default([]),
  client_host: HOST.refine((host) => host === '' || isIP(host) !== 0),
  client_port: PORT,
  web_address: z.string().max(MAX_ORIGIN).refine(isOrigin),
}) satisfies z.ZodType<HomeAddresses>;

const MAX_VERSION = 64;

/** What a home runs, as it tells the others; a program that does not tell it is not known. */
export const VERSIONS = z.object({
  program: z.string().max(MAX_VERSION).regex(/^[\w.+-]*$/).default(''),
  schema_version: z.int().min(0).max(1_000_000).default(0),
}) satisfies z.ZodType<HomeVersions>;

const LAST_DATE = 2 ** 31 - 1;

/** A member of the community, as the first home tells the others. */
export const MEMBER = ADDRESSES.extend({
  dc: DC,
  of_names: z.boolean(),
  is_removed: z.boolean(),
  // Older programs do not send it, and cannot have revoked any.
  certificates_from: z.int().min(0).max(LAST_DATE).default(0),
});

const MAX_PEM = 16_384;
const PEM = z.string().min(1).max(MAX_PEM);
const MAX_KEYS = 16;

/** See {@link MEMBER}. */
export type HomeMember = z.infer<typeof MEMBER>;

const TICKET = z.object({
  aerogram_ticket: z.literal(1),
  dc: DC,
  authority: PEM,
  cert: PEM,
  key: PEM,
  server_keys: z.array(z.object({ name: z.string().max(100).regex(/^\w[\w.-]*\.pem$/), pem: PEM })).min(1).max(MAX_KEYS),
  homes: z.array(MEMBER).min(2).max(5),
});

/** What a new home needs to join: its certificate and key, the RSA keys that all homes have, and who the others are. Whoever has it can speak for the home. */
export type HomeTicket = z.infer<typeof TICKET>;

/** Reads a ticket. @throws OperatorError, which quotes nothing of it, because it holds keys */
export function parseTicket(text: string): HomeTicket {
  const refusal = new OperatorError('this is not a ticket of a data centre: make another one with "aerogram dc ticket"');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refusal;
  }
  const { data } = TICKET.safeParse(value);
  const members = new Set(data?.homes.map(({ dc }) => dc));
  if (data === undefined || members.size !== data.homes.length || !members.has(data.dc) || data.homes.filter((home) => home.of_names).length !== 1) throw refusal;
  try {
    for (const { pem } of data.server_keys) readRsaPrivateKey(pem);
  } catch {
    throw refusal;
  }
  return data;
}
