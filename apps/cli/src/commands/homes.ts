import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { countCards } from '@aerogram/domain';
import { doChangeHome, doInitHome, doIssueTicket, doJoinHomes, type HomeChange, ownAddresses, parseTicket, readHomePorts, requireOwn, writeTicket } from '@aerogram/node';
import { createLogger, formatEndpoint, OperatorError, readServerFile, systemClock } from '@aerogram/runtime';
import { type HomeRow, type ListedLink, listHomes, listLinkAddresses, listLinks } from '@aerogram/storage';
import { isProcessAlive, withDatabase } from '../open-database.ts';
import type { CliOptions } from '../options.ts';
import type { Output } from '../output.ts';

/** `aerogram dc init`: makes the server the first of several data centres. */
export function initHome(options: CliOptions, given: number | undefined): Promise<Output> {
  const { config } = options;
  return withDatabase(
    options,
    async (db) => {
      await db.migrate();
      const { host, tlsCert, dcLinkHost, dcLinkPort } = config;
      const { port, httpPort, linkPort } = readHomePorts(config.dataDir) ?? {};
      const http = { host, port: config.httpPort || (httpPort ?? 0), ...(tlsCert !== undefined && { tls: true as const }) };
      const addresses = ownAddresses(config, { mtproto: { host, port: config.port || (port ?? 0) }, http, link: { host: dcLinkHost, port: dcLinkPort || (linkPort ?? 0) } });
      const dc = await doInitHome({ db, dataDir: config.dataDir, clock: systemClock, log: createLogger({ level: 'error' }) }, { dc: given, fallback: config.homeDcId, addresses });
      return { value: { dc }, lines: [`first      DC ${dc} of a community`, 'next       start the server; "aerogram dc ticket" adds the other data centres'] };
    },
    { canCreate: true },
  );
}

/** `aerogram dc ticket`: adds a data centre, and writes its ticket. @param revokes whether its certificates from before are refused from now on */
export function issueTicket(options: CliOptions, dc: number, file: string, revokes = false): Promise<Output> {
  const path = resolve(file);
  return withDatabase(options, async (db) => {
    if (existsSync(path)) throw new OperatorError(`${file} exists already`);
    if (!existsSync(dirname(path))) throw new OperatorError(`there is no directory ${dirname(file)}`);
    const ticket = await doIssueTicket({ db, dataDir: options.config.dataDir, clock: systemClock }, dc, { revokes });
    await writeTicket(dirname(path), basename(path), ticket);
    return {
      value: { dc, file: path, revoked: revokes },
      lines: [
        `ticket     ${path}, of DC ${dc}`,
        'secret     whoever has it can speak for that data centre: bring it there, run "aerogram dc join", and delete it',
        ...(revokes ? [`revoked    the certificates of DC ${dc} from before: it is cut off until "aerogram dc join" was run there with this ticket; what people send waits`, '           the other data centres hear it within a minute', whenSeen(options)] : []),
      ],
    };
  });
}

/** `aerogram dc join`: makes the server the data centre that a ticket is for. */
export async function joinHomes(options: CliOptions, file: string): Promise<Output> {
  const ticket = parseTicket(await readFile(file, 'utf8'));
  const { dataDir } = options.config;
  return withDatabase(
    options,
    async (db) => {
      await db.migrate();
      const hadJoined = await doJoinHomes({ db, dataDir, clock: systemClock }, ticket);
      const others = ticket.homes.filter((home) => home.dc !== ticket.dc && !home.is_removed).map(({ dc }) => dc);
      const lines = hadJoined ? [`renewed    the certificate of DC ${ticket.dc}`, 'next       start the server'] : [`joined     as DC ${ticket.dc}, beside DC ${others.join(', ')}`, 'next       start the server'];
      return { value: { dc: ticket.dc, others, renewed: hadJoined }, lines };
    },
    { canCreate: true },
  );
}

/** `aerogram dc pause` and `aerogram dc resume`. */
export function changeHome(options: CliOptions, dc: number, change: Exclude<HomeChange, 'remove'>): Promise<Output> {
  return withDatabase(options, async (db) => {
    await doChangeHome({ db, clock: systemClock }, dc, change);
    const words = change === 'pause' ? 'paused     the link to' : 'resumed    the link to';
    return { value: { dc, state: change === 'pause' ? 'paused' : 'joined' }, lines: [`${words} DC ${dc}`, whenSeen(options)] };
  });
}

/** `aerogram dc remove`: ends the membership of another data centre. */
export async function removeHome(options: CliOptions, dc: number, yes: boolean): Promise<Output> {
  if (!yes) throw new OperatorError(`people here and in DC ${dc} will not reach one another any more, and what waits for them there is never brought over: say --yes if that is meant`);
  return withDatabase(options, async (db) => {
    await doChangeHome({ db, clock: systemClock }, dc, 'remove');
    return { value: { dc, state: 'removed' }, lines: [`removed    DC ${dc}: the other data centres hear it within a minute`, whenSeen(options)] };
  });
}

/** When the server does what was asked. */
function whenSeen({ config }: CliOptions): string {
  const file = readServerFile(config.dataDir);
  return file && isProcessAlive(file.pid) ? 'server     sees it within a second' : 'server     not running: it sees it when it starts';
}

/** `aerogram dc list`: the other data centres, and what waits for them. */
export function showHomes(options: CliOptions): Promise<Output> {
  return withDatabase(options, async (db) => {
    const homes = await listHomes(db);
    if (homes.length === 0) return { value: [], lines: ['this server is alone: it belongs to no community of data centres'] };
    const own = requireOwn(homes);
    const cards = new Map((await countCards(db)).map((of) => [of.dc, of.cards]));
    const links = (await listLinks(db)).filter(({ state }) => state !== 'removed').map((link) => ({ ...link, cards: cards.get(link.dc) ?? 0 }));
    const removed = homes.filter(({ state }) => state === 'removed').map(({ dc }) => `DC ${dc}  removed  ${describeCards(cards.get(dc) ?? 0)}`);
    return { value: links, lines: [`DC ${own.dc}  this server${own.of_names ? ', which decides who has a name' : ''}`, ...links.map((link) => describe(link, homes.find(({ dc }) => dc === link.dc)!)), ...removed] };
  });
}

function describe(link: ListedLink & { cards: number }, home: HomeRow): string {
  return `${formatLink(link, home)}  ${describeCards(link.cards)}`;
}

/** A link to another data centre in words. Pure. */
export function formatLink({ dc, state, waiting, oldest_s: oldestS, sent_seq: sent, applied_seq: applied, epoch, lost, stopped_by: unknown }: ListedLink, home: HomeRow): string {
  const places = listLinkAddresses(home).map(formatEndpoint);
  const place = places.length === 0 ? 'address not known yet' : places.join(', ');
  const queue = waiting === 0 ? 'nothing waits' : `${waiting} wait, the oldest for ${oldestS} s`;
  const stopped = unknown === '' ? '' : `  what it sends waits: this program is too old for "${unknown}"`;
  return `DC ${dc}  ${state}  ${place}  ${queue}  (sent ${sent}, applied there ${applied}, epoch ${epoch})${lost === 0 ? '' : `  ${lost} lost: they were needed again after they had been dropped`}${stopped}`;
}

const describeCards = (cards: number): string => `${cards} ${cards === 1 ? 'card' : 'cards'} of its people`;
