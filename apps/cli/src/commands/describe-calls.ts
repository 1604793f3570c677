import { answersStun, isUdpPortFree, listClosedAddresses, readRelayNote, relayPlaceOf, type RelayPlace } from '@aerogram/node';
import { type Config, formatEndpoint } from '@aerogram/runtime';

import { isProcessAlive } from '../open-database.ts';
import type { CliOptions } from '../options.ts';
import type { Output } from '../output.ts';

/** What `aerogram status` says of calls, and what of it the operator should mend. */
export type DescribedCalls = Output & { problem: string | undefined };

const EVERY_ADDRESS: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };
/** A call takes so many ports if both sides are relayed. */
const PORTS_OF_CALL = 2;

/** Whether calls can work from outside: where the relay is, and whether it answers. */
export async function describeCalls({ config }: CliOptions): Promise<DescribedCalls> {
  const place = relayPlaceOf(config);
  switch (place) {
    case 'calls are off':
      return plain({ relay: 'off' }, 'off');
    case 'others relay':
      return describeOthers(config);
    case 'no relay ports':
      return plain({ relay: 'none' }, 'without a relay (AEROGRAM_CALLS_RELAY_PORTS): they connect only where networks let two devices reach each other');
    case 'no address': {
      const problem = 'calls have no relay: set AEROGRAM_CALLS_ADDRESS to the address at which clients reach this server';
      return { ...plain({ relay: 'none' }, 'without a relay, because its address is not known'), problem };
    }
    default:
      return describeOwn(config, place);
  }
}

function plain(value: object, words: string): DescribedCalls {
  return { value, lines: [`calls      ${words}`], problem: undefined };
}

function describeOthers({ turnUrls, turnSecret }: Config): DescribedCalls {
  const urls = turnUrls.map(({ kind, ...endpoint }) => `${kind}:${formatEndpoint(endpoint)}`);
  const hasRelay = turnSecret !== undefined && turnUrls.some(({ kind }) => kind === 'turn');
  return plain({ relay: 'others', urls, has_secret: turnSecret !== undefined }, `${hasRelay ? 'relayed by' : 'without a relay; addresses by'} ${urls.join(', ')}`);
}

async function describeOwn(config: Config, place: RelayPlace): Promise<DescribedCalls> {
  const note = readRelayNote(config.dataDir);
  const isRunning = note !== undefined && note.pid > 0 && isProcessAlive(note.pid);
  const port = isRunning ? note.port : place.listen.port;
  const addresses = [place.addresses[4], place.addresses[6]].filter((address) => address !== undefined);
  const shown = addresses.map((host) => (port === 0 ? host : formatEndpoint({ host, port }))).join(' and ');
  const { from, to } = place.relayPorts;
  const ports = from === 0 ? undefined : to - from + 1;
  const room = ports === undefined ? 'any ports' : `${ports} ports (${from}-${to}, UDP), up to ${Math.floor(ports / PORTS_OF_CALL)} relayed calls`;
  const value = { relay: 'own', addresses, port, running: isRunning, relay_ports: ports ?? null, allocations: isRunning ? note.allocations : 0 };
  const closed = listClosedAddresses(place);
  const reach = closed.length === 0 ? '' : `; only devices in its network reach ${closed.join(' and ')}`;
  if (!isRunning) {
    const listen = { host: place.listen.host, port };
    const isFree = port === 0 || (await isUdpPortFree(listen));
    const problem = isFree ? undefined : `calls cannot be relayed: another program has UDP port ${port} (AEROGRAM_CALLS_PORT)`;
    const failed = note?.problem === undefined ? '' : `; the last start failed: ${note.problem}`;
    return { value: { ...value, self_test: isFree ? 'not begun' : 'port taken' }, lines: [`calls      relay at ${shown}, begins with the first call: ${room}${reach}${failed}`], problem };
  }
  const within = await answersStun({ host: EVERY_ADDRESS[place.listen.host] ?? place.listen.host, port });
  const outside = await Promise.all(addresses.map((host) => answersStun({ host, port })));
  const silent = addresses.filter((_, index) => !outside[index]);
  // A router may not lead packets of its own network back in.
  const test = !within ? 'does not answer' : silent.length === 0 ? 'answers' : `answers on this machine, but not at ${silent.join(' and ')} asked from here: look whether UDP and TCP port ${port} are open`;
  return {
    value: { ...value, self_test: !within ? 'no answer' : silent.length === 0 ? 'ok' : 'only on this machine' },
    lines: [`calls      relay at ${shown} ${test}: ${room}, ${note.allocations} ports in use${reach}`],
    problem: within ? undefined : `the relay of calls does not answer at port ${port}: see the log of the server`,
  };
}
