import { isDeepStrictEqual } from 'node:util';
import { SERVICE_USER_IDS } from '@aerogram/cluster';
import { noteOperator } from '@aerogram/domain';
import { certificateStart, createHomeAuthority, type HomeIdentity, issueHomeCertificate, nextCertificateStart, openHomeIdentity } from '@aerogram/relay';
import { type Clock, type Logger, OperatorError } from '@aerogram/runtime';
import { type Database, findServingState, type HomeAddresses, type HomeRow, type HomeVersions, insertHome, listHomes, listNodeNames, lockHomes, NO_ADDRESSES, projectAddresses, raiseCertificatesFrom, saveHomeAddresses, saveHomeState, saveHomeVersions, sql } from '@aerogram/storage';
import { keysDirectory, openServerKeys } from '../open-server-keys.ts';
import { type HomeMember, type HomeTicket, MAX_LINK_NODES } from './home-ticket.ts';
import { checkIdentity, readAuthority, readKeyFiles, replaceKeyFiles, writeAuthority, writeIdentity } from './identity-files.ts';

/** What the commands about data centres work with. */
export interface HomesDeps {
  db: Database;
  dataDir: string;
  clock: Clock;
  log: Logger;
}

/** What others are told of a member. Of its nodes, not their names. */
export const projectMember = (row: HomeRow): HomeMember => ({ dc: row.dc, of_names: row.of_names, is_removed: row.state === 'removed', certificates_from: row.certificates_from, ...projectAddresses(row), link_nodes: row.link_nodes.map(({ host, port }) => ({ host, port })) });

/** The row of this server. @throws OperatorError if it is alone */
export function requireOwn(rows: readonly HomeRow[]): HomeRow {
  const own = rows.find((row) => row.is_own);
  if (own === undefined) throw new OperatorError('this server is alone: "aerogram dc init" makes it the first data centre of a community, "aerogram dc join" makes it one more');
  return own;
}

/** @throws OperatorError while a server serves from the database */
async function checkStopped(db: Database): Promise<void> {
  const state = await findServingState(db);
  if (state?.isHeld === true) throw new OperatorError(`a server uses the database (process ${state.pid} on ${state.host}): stop it first, because it must start as another data centre`);
}

/** The DCs in which accounts of this database are; service accounts are in all of them. */
async function listUsedDcs({ q }: Pick<Database, 'q'>): Promise<number[]> {
  const { rows } = await sql<{ dc: number }>`SELECT DISTINCT (user_id & 7)::integer AS dc FROM users WHERE user_id <> ALL (${[...SERVICE_USER_IDS]}::bigint[])`.execute(q);
  return rows.map(({ dc }) => dc);
}

/**
 * Makes a server that is alone the first data centre of a community, which decides who has a name.
 * @param wanted.dc its number; by default the one in which its accounts are, otherwise `fallback`
 * @param wanted.addresses where it is reached, as far as that is known
 * @returns its number
 * @throws OperatorError in words
 */
export async function doInitHome({ db, dataDir, clock, log }: HomesDeps, { dc: given, fallback, addresses = NO_ADDRESSES }: { dc?: number | undefined; fallback: number; addresses?: HomeAddresses }): Promise<number> {
  await checkStopped(db);
  const keysDir = keysDirectory(dataDir);
  const rows = await listHomes(db);
  const before = rows.find((row) => row.is_own);
  // Its files are written last, so without them, and as long as nobody has a ticket, the command was broken off.
  const isBrokenOff = before?.of_names === true && rows.length === 1 && (await openHomeIdentity(keysDir)) === undefined;
  if (before !== undefined && !(isBrokenOff && (given ?? before.dc) === before.dc)) throw new OperatorError(`this server is data centre ${before.dc} of a community already`);
  const used = await listUsedDcs(db);
  const dc = given ?? before?.dc ?? (used.length === 1 ? used[0]! : fallback);
  const other = used.find((one) => one !== dc);
  if (other !== undefined) throw new OperatorError(`accounts of this server are at home in data centre ${other}, which their ids say for ever: it cannot become data centre ${dc}`);
  await openServerKeys({ dataDir, db, log });
  if (before === undefined) {
    await db.transact('init-home', async (tx) => {
      await insertHome(tx, { dc, is_own: true, of_names: true, state: 'joined', ...projectAddresses(addresses) });
      await noteOperator(tx, `make this server data centre ${dc}, the first of a community`, clock.now());
    });
  }
  const authority = createHomeAuthority();
  await writeAuthority(keysDir, authority);
  await writeIdentity(keysDir, { dc, authority: authority.cert, ...issueHomeCertificate(authority, dc, nextCertificateStart(clock.now())) });
  return dc;
}

/**
 * Makes a data centre a member, and the ticket with which it joins. A second ticket for one that has joined gives it a new certificate.
 * @param options.revokes whether its certificates from before are refused from now on. Then it is cut off until it has joined with this ticket
 * @throws OperatorError in words
 */
export function doIssueTicket({ db, dataDir, clock }: Omit<HomesDeps, 'log'>, dc: number, { revokes = false }: { revokes?: boolean } = {}): Promise<HomeTicket> {
  const keysDir = keysDirectory(dataDir);
  return db.transact('issue-ticket', async (tx) => {
    const known = await lockHomes(tx);
    const own = requireOwn(known);
    if (!own.of_names) throw new OperatorError(`tickets are made at the data centre that began the community, which is ${known.find((row) => row.of_names)?.dc}`);
    if (own.dc === dc) throw new OperatorError(`this server is data centre ${dc} itself`);
    if (own.link_port === 0) throw new OperatorError('the addresses of this server are not known yet: start it once, so that it notes them');
    const row = known.find((one) => one.dc === dc);
    if (row?.state === 'removed') throw new OperatorError(`data centre ${dc} was removed: ids of its people may be known still, so another one cannot have its number`);
    if (row === undefined && revokes) throw new OperatorError(`data centre ${dc} is no member, so it has no certificates that could be revoked: "aerogram dc ticket" without --revoke adds it`);
    if (row === undefined && (await listUsedDcs(tx)).includes(dc)) throw new OperatorError(`ids of bots that were imported here would be taken for ids of data centre ${dc}: choose another number`);
    if (row === undefined) await insertHome(tx, { dc, is_own: false, of_names: false, state: 'joined', ...NO_ADDRESSES });
    const start = nextCertificateStart(clock.now(), row?.certificates_from, revokes);
    if (revokes) await raiseCertificatesFrom(tx, dc, start);
    const doing = row === undefined ? `add data centre ${dc}, and make its ticket` : `make another ticket of data centre ${dc}`;
    await noteOperator(tx, revokes ? `${doing}, and revoke its certificates from before` : doing, clock.now());
    // Before the commit, so that nothing is revoked without a new certificate.
    const authority = await readAuthority(keysDir);
    return {
      aerogram_ticket: 1 as const,
      dc,
      authority: authority.cert,
      ...issueHomeCertificate(authority, dc, start),
      server_keys: await readKeyFiles(keysDir),
      homes: (await lockHomes(tx)).map(projectMember),
    };
  });
}

/**
 * Makes an empty server a data centre of the community that the ticket is of. A data centre that has joined takes only its certificate from another ticket, and where the first one is.
 * @returns whether it had joined before
 * @throws OperatorError in words
 */
export async function doJoinHomes({ db, dataDir, clock }: Omit<HomesDeps, 'log'>, ticket: HomeTicket): Promise<boolean> {
  await checkStopped(db);
  const { dc, authority, cert, key } = ticket;
  const identity: HomeIdentity = { dc, authority, cert, key };
  const keysDir = keysDirectory(dataDir);
  const own = (await listHomes(db)).find((row) => row.is_own);
  if (own !== undefined) {
    const former = await openHomeIdentity(keysDir).catch(() => undefined);
    if (own.dc !== dc || own.of_names || (former !== undefined && former.authority !== authority)) throw new OperatorError(`this server is data centre ${own.dc} of a community already, and the ticket is for data centre ${dc} of ${own.dc === dc ? 'another one' : 'a community'}`);
    await checkIdentity(identity);
    if (certificateStart(cert) < own.certificates_from) throw new OperatorError(`the certificate of this ticket was revoked by a later one: use the newest ticket of data centre ${dc}`);
    // Without an identity the server never served as this data centre, or has lost its keys.
    if (former === undefined) await replaceKeyFiles(keysDir, ticket.server_keys);
    await writeIdentity(keysDir, identity);
    const first = ticket.homes.find((home) => home.of_names);
    await db.transact('renew-home', async (tx) => {
      // Both may have moved at once, so that neither can tell the other.
      if (first !== undefined) await saveHomeAddresses(tx, first.dc, first);
      // The first home tells these dates too, but until it has, somebody could connect with a certificate that was revoked while this server was stopped.
      for (const home of ticket.homes) await raiseCertificatesFrom(tx, home.dc, home.certificates_from);
      await noteOperator(tx, `take a new certificate of data centre ${dc} from its ticket`, clock.now());
    });
    return true;
  }
  if ((await listUsedDcs(db)).length > 0) throw new OperatorError('this server has accounts: only an empty one can join, because names and numbers would be taken twice');
  await checkIdentity(identity);
  await replaceKeyFiles(keysDir, ticket.server_keys);
  await db.transact('join-homes', async (tx) => {
    for (const { is_removed: isRemoved, dc: one, of_names, ...addresses } of ticket.homes) {
      await insertHome(tx, { dc: one, is_own: one === dc, of_names, state: isRemoved ? 'removed' : 'joined', ...addresses });
    }
    await noteOperator(tx, `join a community as data centre ${dc}`, clock.now());
  });
  // Last, because a server with it takes itself for a member.
  await writeIdentity(keysDir, identity);
  return false;
}

/** What an operator can do with the membership of another data centre. */
export type HomeChange = 'pause' | 'resume' | 'remove';

const STATE_AFTER = { pause: 'paused', resume: 'joined', remove: 'removed' } as const;

/** Cuts or mends the link to another data centre, or ends its membership for ever. The running server sees it within a second. @throws OperatorError in words */
export function doChangeHome({ db, clock }: Pick<HomesDeps, 'db' | 'clock'>, dc: number, change: HomeChange): Promise<void> {
  return db.transact('change-home', async (tx) => {
    const rows = await lockHomes(tx);
    const own = requireOwn(rows);
    const row = rows.find((one) => one.dc === dc);
    if (row === undefined) throw new OperatorError(`there is no data centre ${dc} in the community: "aerogram dc list" names those that there are`);
    if (row.is_own) throw new OperatorError(`this server is data centre ${dc} itself`);
    if (row.state === 'removed') throw new OperatorError(`data centre ${dc} was removed`);
    if (change === 'remove' && !own.of_names) throw new OperatorError(`data centres are removed at the one that began the community, which is ${rows.find((one) => one.of_names)?.dc}`);
    await saveHomeState(tx, dc, STATE_AFTER[change]);
    await noteOperator(tx, change === 'remove' ? `remove data centre ${dc} from the community` : `${change} the link to data centre ${dc}`, clock.now());
  });
}

/**
 * Notes where a data centre is reached.
 * @returns whether that has changed
 */
export function doNoteAddresses(db: Database, dc: number, addresses: HomeAddresses): Promise<boolean> {
  return db.transact('note-addresses', async (tx) => {
    const row = (await lockHomes(tx)).find((one) => one.dc === dc);
    if (row === undefined || row.state === 'removed' || isDeepStrictEqual(projectAddresses(row), projectAddresses(addresses))) return false;
    await saveHomeAddresses(tx, dc, addresses);
    return true;
  });
}

/** Notes where this data centre is reached now that a node of it has started, which may be one of several. @param node its name */
export function doNoteOwnAddresses(db: Database, dc: number, node: string, addresses: HomeAddresses): Promise<void> {
  return db.transact('note-own-addresses', async (tx) => {
    const row = (await lockHomes(tx)).find((one) => one.dc === dc);
    if (row === undefined) return;
    const names = await listNodeNames(tx);
    const others = row.link_nodes.filter((other) => other.node !== undefined && other.node !== node && names.includes(other.node));
    const { link_host: host, link_port: port } = addresses;
    const own = port === 0 ? [] : [{ node, host, port }];
    // If there are more nodes than another data centre takes, this one, which has just started, is kept.
    const link_nodes = [...own, ...others].slice(0, MAX_LINK_NODES).toSorted((a, b) => (a.node! < b.node! ? -1 : 1));
    const noted = { ...addresses, link_nodes };
    if (!isDeepStrictEqual(projectAddresses(row), noted)) await saveHomeAddresses(tx, dc, noted);
  });
}

/** Notes which versions a data centre runs. */
export async function doNoteVersions(db: Database, dc: number, { program, schema_version }: HomeVersions): Promise<void> {
  await db.transact('note-versions', async (tx) => {
    const row = (await lockHomes(tx)).find((one) => one.dc === dc);
    if (row === undefined || (row.program === program && row.schema_version === schema_version)) return;
    await saveHomeVersions(tx, dc, { program, schema_version });
  });
}

/** Notes what the first home says about who is a member: new ones, addresses that were not known, who was removed, and which certificates were revoked. */
export function doNoteMembers(db: Database, members: readonly HomeMember[]): Promise<void> {
  return db.transact('note-members', async (tx) => {
    const rows = await lockHomes(tx);
    for (const { dc, is_removed: isRemoved, of_names: _, ...addresses } of members) {
      const row = rows.find((one) => one.dc === dc);
      if (row === undefined) await insertHome(tx, { dc, is_own: false, of_names: false, state: isRemoved ? 'removed' : 'joined', ...addresses });
      else if (!row.is_own && isRemoved && row.state !== 'removed') await saveHomeState(tx, dc, 'removed');
      else if (!row.is_own && row.link_port === 0) await saveHomeAddresses(tx, dc, addresses);
      // The date of this home itself is noted as well: `dc join` refuses an older ticket by it.
      if (row !== undefined && row.certificates_from < addresses.certificates_from) await raiseCertificatesFrom(tx, dc, addresses.certificates_from);
    }
  });
}
