import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MasterKeyFile, MasterKeys } from '@aerogram/blob';
import { HINT_NAMES } from '@aerogram/bus';
import { CLUSTER_KEY_FILE } from '@aerogram/link';
import { HOME_IDENTITY_FILE, type HomeIdentity } from '@aerogram/relay';
import { type Config, hashSharedSettings, OperatorError, type Random } from '@aerogram/runtime';
import { type Membership, type NodeFacts, type OtherNode, SCHEMA_VERSION } from '@aerogram/storage';
import { filesDirectory, masterKeySource } from './open-files.ts';
import { keysDirectory } from './open-server-keys.ts';

interface JoinDeps {
  config: Config;
  lease: Pick<Membership, 'self' | 'members' | 'introduce'>;
  random: Random;
  clusterKey: KeyObject;
  /** Who the data centre is, if it is one of several. */
  identity: Pick<HomeIdentity, 'authority'> | undefined;
  /** Fingerprints of the RSA keys. */
  fingerprints: readonly bigint[];
  /** Where this node accepts links (host:port). */
  linkAddress: string;
}

/**
 * Checks that a node has the same keys, settings and files as those that serve already, and tells the others what it has.
 * @returns how many names of the dictionary of hints all of them know
 * @throws OperatorError that names what differs
 */
export async function joinNodes({ config, lease, random, clusterKey, identity, fingerprints, linkAddress }: JoinDeps): Promise<number> {
  const hasFiles = config.s3Bucket === undefined;
  const facts: NodeFacts = {
    schema: SCHEMA_VERSION,
    hintNames: HINT_NAMES,
    rsaKeys: fingerprints.map((fingerprint) => BigInt.asUintN(64, fingerprint).toString(16).padStart(16, '0')).toSorted(),
    masterKeys: await readMasterKeys(config, random, hasOtherMembers(lease)),
    clusterKey: hashOf(createPublicKey(clusterKey).export({ type: 'spki', format: 'der' })).slice(0, 16),
    settings: hashSharedSettings(config, createHash('sha256').update('settings').update(clusterKey.export({ type: 'pkcs8', format: 'der' })).digest()),
    homeAuthority: identity === undefined ? null : hashOf(identity.authority).slice(0, 16),
    filesMark: hasFiles ? await leaveMark(filesDirectory(config), lease.self, random) : null,
  };
  let hintNames = HINT_NAMES;
  await lease.introduce({ facts, linkAddress }, async (others) => {
    for (const other of others) {
      const reason = describeDifference(facts, other) ?? (await findOtherFiles(config, other));
      if (reason !== undefined) throw new OperatorError(`this server cannot serve beside the node ${other.name} on ${other.host}: ${reason}`);
      hintNames = Math.min(hintNames, other.facts.hintNames);
    }
  });
  return hintNames;
}

/** Whether another node serves already, whose keys this one must have. */
export function hasOtherMembers({ self, members }: Pick<Membership, 'self' | 'members'>): boolean {
  return members.some(({ name }) => name !== self);
}

/**
 * Says what differs between two nodes that must be the same; undefined if nothing does. A setting that the program of only one of them knows, because it is newer,
 * cannot differ. Pure.
 */
export function describeDifference(own: NodeFacts, { facts }: OtherNode): string | undefined {
  const list = (values: readonly string[]): string => values.join(', ');
  const differs = (one: readonly string[], other: readonly string[]): boolean => list(one.toSorted()) !== list(other.toSorted());
  if (differs(own.rsaKeys, facts.rsaKeys)) return `its RSA keys have the fingerprints ${list(facts.rsaKeys)}, those of this server ${list(own.rsaKeys)}. Copy the directory of keys`;
  if (differs(own.masterKeys, facts.masterKeys)) return `its master keys of files have the ids ${list(facts.masterKeys)}, those of this server ${list(own.masterKeys)}. Give both the same`;
  if (own.clusterKey !== facts.clusterKey) return `its ${CLUSTER_KEY_FILE} is another one. Copy the directory of keys`;
  if (facts.homeAuthority !== undefined && own.homeAuthority !== facts.homeAuthority) return `its ${HOME_IDENTITY_FILE} is of another cluster of data centres. Copy the directory of keys`;
  const names = Object.keys(own.settings).filter((name) => facts.settings[name] !== undefined);
  const different = names.filter((name) => own.settings[name] !== facts.settings[name]).toSorted();
  return different.length === 0 ? undefined : `these settings differ: ${list(different)}`;
}

/** The ids of the master keys of files. A node that joins others makes none. @throws OperatorError */
async function readMasterKeys(config: Config, random: Random, hasOthers: boolean): Promise<string[]> {
  const source = masterKeySource(config, random);
  if (source instanceof MasterKeyFile && !hasOthers) await source.create();
  try {
    return (await MasterKeys.open(source, random)).ids;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new OperatorError(`there is no master key of files in ${keysDirectory(config.dataDir)}, but other nodes serve from this database: copy their directory of keys`);
  }
}

/** Where a node shows that it sees the same directory of files as the others. */
const markPath = (directory: string, name: string): string => join(directory, '.nodes', name);

const hashOf = (line: string | Uint8Array): string => createHash('sha256').update(line).digest('hex');

/** Writes a new line into the directory of files. @returns its hash */
async function leaveMark(directory: string, name: string, random: Random): Promise<string> {
  const line = Buffer.from(random.bytes(16)).toString('hex');
  await mkdir(join(directory, '.nodes'), { recursive: true, mode: 0o700 });
  await writeFile(markPath(directory, name), line, { mode: 0o600 });
  return hashOf(line);
}

/** Says that another node uses a different directory of files; undefined if it uses the same one. */
async function findOtherFiles(config: Config, { name, facts }: OtherNode): Promise<string | undefined> {
  // In S3 or not, and where: settings that are the same.
  if (facts.filesMark === null) return undefined;
  const directory = filesDirectory(config);
  const line = await readFile(markPath(directory, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  });
  if (line !== undefined && hashOf(line) === facts.filesMark) return undefined;
  return `it has its files in another directory than ${directory} (AEROGRAM_FILES_DIR), where its mark is not to be found`;
}
