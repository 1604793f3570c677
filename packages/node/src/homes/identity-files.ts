import { mkdir, mkdtemp, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CertificateAndKey, HOME_IDENTITY_FILE, type HomeIdentity, openHomeIdentity } from '@aerogram/relay';
import { OperatorError } from '@aerogram/runtime';

/** The file in `keys` of the first home that holds the authority: whoever has it can make a certificate for every home. */
export const AUTHORITY_FILE = 'home-authority.json';

/** A key of the server as a file. */
export interface KeyFile {
  name: string;
  pem: string;
}

/** Writes a file that only its owner can read: completely, or not at all. */
async function writeSecretFile(directory: string, name: string, text: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const draft = join(directory, `.${name}.${process.pid}.tmp`);
  const file = await open(draft, 'w', 0o600);
  try {
    // A draft that a killed process left keeps its mode.
    await file.chmod(0o600);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, join(directory, name));
}

const asText = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

/** Writes a ticket, which only its owner can read. */
export function writeTicket(directory: string, name: string, ticket: object): Promise<void> {
  return writeSecretFile(directory, name, asText(ticket));
}

/** Writes an identity into a new directory and has it read as a server reads it. @throws OperatorError if certificate, key and authority do not fit together */
async function writeDraft({ dc, authority, cert, key }: HomeIdentity, draft: string): Promise<void> {
  await writeSecretFile(draft, HOME_IDENTITY_FILE, asText({ dc, authority, cert, key }));
  const opened = await openHomeIdentity(draft).catch(() => undefined);
  if (opened === undefined) throw new OperatorError('certificate, key and authority of the data centre do not fit together');
}

/** @throws OperatorError if certificate, key and authority of an identity do not fit together */
export async function checkIdentity(identity: HomeIdentity): Promise<void> {
  const draft = await mkdtemp(join(tmpdir(), 'aerogram-home-'));
  try {
    await writeDraft(identity, draft);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Replaces who the home is. @throws OperatorError if certificate, key and authority do not fit together; then nothing was changed */
export async function writeIdentity(keysDir: string, identity: HomeIdentity): Promise<void> {
  await mkdir(keysDir, { recursive: true, mode: 0o700 });
  const draft = await mkdtemp(join(keysDir, '.home-'));
  try {
    await writeDraft(identity, draft);
    await rename(join(draft, HOME_IDENTITY_FILE), join(keysDir, HOME_IDENTITY_FILE));
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Writes the certificate and the private key of the authority that signs the certificates of all data centres. */
export function writeAuthority(keysDir: string, { cert, key }: CertificateAndKey): Promise<void> {
  return writeSecretFile(keysDir, AUTHORITY_FILE, asText({ cert, key }));
}

/** Reads the authority. @throws OperatorError if the file is not there or is none */
export async function readAuthority(keysDir: string): Promise<CertificateAndKey> {
  const file = join(keysDir, AUTHORITY_FILE);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new OperatorError(`${file} is missing, without which nobody can be given a certificate: bring it back from a backup, or copy it from another node of this data centre`);
  }
  const { cert, key } = parseObject(text);
  // The error of a parser might quote the file, which holds a key.
  if (typeof cert !== 'string' || typeof key !== 'string') throw new OperatorError(`${file} is not the authority of data centres: bring it back from a backup`);
  return { cert, key };
}

function parseObject(text: string): Record<string, unknown> {
  try {
    return (JSON.parse(text) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** The RSA keys of a server, by the names of their files. */
export async function readKeyFiles(keysDir: string): Promise<KeyFile[]> {
  const names = (await readdir(keysDir)).filter((name) => name.endsWith('.pem')).sort();
  return Promise.all(names.map(async (name) => ({ name, pem: await readFile(join(keysDir, name), 'utf8') })));
}

/** Gives a server these RSA keys and no others. */
export async function replaceKeyFiles(keysDir: string, keys: readonly KeyFile[]): Promise<void> {
  for (const { name, pem } of keys) await writeSecretFile(keysDir, name, pem);
  const wanted = new Set(keys.map(({ name }) => name));
  for (const { name } of await readKeyFiles(keysDir)) if (!wanted.has(name)) await rm(join(keysDir, name));
}
