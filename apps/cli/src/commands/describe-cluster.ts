import { connect } from 'node:net';
import { type Config, formatEndpoint } from '@aerogram/runtime';
import { type Database, listHomes, listLinks, listNodes, sql } from '@aerogram/storage';
import { formatLink } from './homes.ts';
import { describeNode, projectNode } from './nodes.ts';
import type { Output } from '../output.ts';

/** A program that has not answered after so long, in milliseconds, counts as away. */
const ANSWER_MS = 1500;
/** If a node has not renewed its lease for so long, in milliseconds, the operator is told what to do. A node that is killed loses its row within seconds. */
const OVERDUE_MS = 15_000;
/** If frames have waited for another data centre for so long, in seconds, the operator is told what to do. */
const WAITING_S = 300;
/** If a standby is so far behind the primary, in seconds, the operator is told what that means. */
const LAG_S = 60;

/** A part of the output of `aerogram status`, with sentences about what the operator should do. */
export type Watched = Output & { problems: readonly string[] };

const NOTHING: Watched = { value: null, lines: [], problems: [] };

/** The nodes on this database. Of a server that is alone, other lines tell. */
export async function describeNodes(db: Database): Promise<Watched> {
  const nodes = await listNodes(db);
  if (nodes.length < 2 && nodes.every(({ linkAddress }) => linkAddress === '')) return NOTHING;
  const late = nodes.filter(({ isHeld, overdueMs }) => isHeld && overdueMs > OVERDUE_MS);
  return {
    value: nodes.map(projectNode),
    lines: nodes.map((node) => `node       ${node.name}  ${describeNode(node)}`),
    problems: late.map(({ name, overdueMs }) => `the node ${name} has not been heard of for ${Math.round(overdueMs / 1000)} s: docs/bad-days.md, "One of several nodes does not come back"`),
  };
}

/** The links to other data centres, and what waits for them. */
export async function describeLinks(db: Database): Promise<Watched> {
  const homes = await listHomes(db);
  if (homes.length === 0) return NOTHING;
  const links = (await listLinks(db)).filter(({ state }) => state !== 'removed');
  const stuck = links.filter(({ state, oldest_s: oldestS }) => state !== 'paused' && oldestS > WAITING_S);
  return {
    value: links,
    lines: links.map((link) => `link       ${formatLink(link, homes.find(({ dc }) => dc === link.dc)!)}`),
    problems: stuck.map(({ dc, waiting, oldest_s: oldestS }) => `what is for DC ${dc} has waited for ${Math.round(oldestS / 60)} minutes (${waiting} frames): "aerogram dc list" says more, and docs/bad-days.md what to do`),
  };
}

/** The standbys of the database, as far as the user of the database may see them. */
export async function describeStandbys(db: Database): Promise<Watched> {
  const { rows } = await sql<{ name: string; state: string | null; sync: string | null; lag_s: number | null }>`
    SELECT application_name AS name, state, sync_state AS sync, extract(epoch FROM replay_lag)::float8 AS lag_s
      FROM pg_stat_replication WHERE application_name NOT LIKE 'pg_basebackup%' AND application_name NOT LIKE 'pg_receivewal%' ORDER BY application_name`.execute(db.q);
  const lagOf = (seconds: number | null): string => (seconds === null ? '' : `, ${seconds.toFixed(1)} s behind`);
  return {
    value: rows,
    lines: rows.map(({ name, state, sync, lag_s: lagS }) => `standby    ${name}, ${state ?? 'not visible to this user of the database'}${sync === null ? '' : `, ${sync}`}${lagOf(lagS)}`),
    problems: rows.flatMap(({ name, lag_s: lagS }) => (lagS !== null && lagS > LAG_S ? [`the standby ${name} is ${Math.round(lagS)} s behind: a fail-over would wait for it, or lose that much`] : [])),
  };
}

/** Programs that nodes need beside the database: NATS and the place of files. */
export async function describeOutside({ natsUrl, s3Bucket, s3Region, s3Endpoint = `https://s3.${s3Region}.amazonaws.com` }: Pick<Config, 'natsUrl' | 's3Bucket' | 's3Region' | 's3Endpoint'>): Promise<Watched> {
  const servers = (natsUrl ?? '').split(',').filter((url) => url !== '').map((url) => new URL(url.includes('://') ? url : `nats://${url}`));
  const nats = await Promise.all(servers.map(async ({ hostname, port }) => {
    const endpoint = { host: hostname, port: Number(port === '' ? 4222 : port) };
    // It speaks first, also where it wants TLS afterwards.
    return { endpoint: formatEndpoint(endpoint), answers: await hears(endpoint, 'INFO ') };
  }));
  const s3 = s3Bucket === undefined ? undefined : { endpoint: s3Endpoint, bucket: s3Bucket, answers: await answersHttp(s3Endpoint) };
  const word = (answers: boolean): string => (answers ? 'answers' : 'does not answer');
  return {
    value: { nats, s3: s3 ?? null },
    lines: [...nats.map(({ endpoint, answers }) => `nats       ${endpoint}, ${word(answers)}`), ...(s3 === undefined ? [] : [`s3         ${s3.endpoint}, bucket ${s3.bucket}, ${word(s3.answers)}`])],
    problems: [
      ...(nats.length > 0 && nats.every(({ answers }) => !answers) ? ['no NATS server answers: nodes do not hear of each other’s changes until one does; docs/bad-days.md, "NATS, S3 or the front is away"'] : []),
      ...(s3?.answers === false ? [`S3 at ${s3.endpoint} does not answer: files cannot be read or stored until it does`] : []),
    ],
  };
}

/** Whether a server begins what it sends with these characters. */
function hears(endpoint: { host: string; port: number }, beginning: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(endpoint);
    const end = (answers: boolean): void => {
      socket.destroy();
      resolve(answers);
    };
    socket.setTimeout(ANSWER_MS, () => end(false)).once('error', () => end(false)).once('data', (data) => end(data.toString('latin1').startsWith(beginning)));
  });
}

/** Whether something answers there by HTTP, whatever it says. */
async function answersHttp(origin: string): Promise<boolean> {
  return await fetch(origin, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(ANSWER_MS) }).then(() => true, () => false);
}
