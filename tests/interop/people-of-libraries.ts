import { type DriverClient, DriverError, type Library, type Plain } from './driver-client.ts';
import { LIBRARIES, TRANSPORT, type Libraries } from './libraries.ts';

/** An account and a client logged in to it. */
export interface Person {
  client: DriverClient;
  id: number;
  phone: string;
  code: string;
  firstName: string;
}

/** Two devices of Alice and one of Bob, on three different libraries if available; they have each other as contacts. */
export interface Household {
  alice: Person;
  tablet: Person;
  bob: Person;
}

let named = 0;

/** What a client needs to log in: the processes of the libraries, and where the server is. */
export type Entrance = Pick<Libraries, 'drivers' | 'world'> & { server: Pick<Libraries['server'], 'info'> };

/** Logs a user in or signs them up; `account` adds a device to an existing account. */
export async function enter(libraries: Entrance, library: Library, firstName: string, account?: { phone: string; code: string }): Promise<Person> {
  const client = libraries.drivers.get(library)!.client(`${library}-${firstName}-${named++}`);
  await client.open({ server: libraries.server.info, transport: TRANSPORT[library] });
  const { phone, code } = account ?? libraries.world.freshPhone();
  const { id } = await client.login({ phone, code, firstName });
  return { client, id, phone, code, firstName };
}

/** Two people on two libraries who know each other. */
export async function enterPair(libraries: Entrance, acts: Library, other: Library): Promise<[Person, Person]> {
  const alice = await enter(libraries, acts, 'Alice');
  const bob = await enter(libraries, other, 'Bob');
  await alice.client.addContact({ phone: bob.phone, firstName: 'Bob' });
  await bob.client.addContact({ phone: alice.phone, firstName: 'Alice' });
  return [alice, bob];
}

/** One test per library: that library acts, the next one is the other device, and the one after that is the other user. */
export const TURNS: readonly (readonly [acts: Library, sees: Library, other: Library])[] = LIBRARIES.map((library, at) => [
  library, LIBRARIES[(at + 1) % LIBRARIES.length]!, LIBRARIES[(at + 2) % LIBRARIES.length]!,
]);

/** Signs up Alice with two devices and Bob, and adds them as each other's contacts. */
export async function enterHousehold(libraries: Libraries, [acts, sees, other]: readonly [Library, Library, Library]): Promise<Household> {
  const alice = await enter(libraries, acts, 'Alice');
  const tablet = await enter(libraries, sees, 'Alice', alice);
  const bob = await enter(libraries, other, 'Bob');
  for (const device of [alice, tablet]) await device.client.addContact({ phone: bob.phone, firstName: 'Bob' });
  await bob.client.addContact({ phone: alice.phone, firstName: 'Alice' });
  return { alice, tablet, bob };
}

export async function leave(household: Household): Promise<void> {
  await closeAll(...(Object.values(household) as Person[]));
}

export async function closeAll(...people: Person[]): Promise<void> {
  for (const { client } of people) await client.close();
}

/** Names of users in requests; see `Plain`. */
export const peerOf = ({ id }: Person): object => ({ $peer: id });
export const userOf = ({ id }: Person): object => ({ $user: id });
export const dialogOf = (person: Person): object => ({ _: 'inputDialogPeer', peer: peerOf(person) });
export const NO_HASH = { $long: '0' };
/** Random enough to be unique. */
export const randomId = (): object => ({ $long: String(Math.floor(Math.random() * 2 ** 52)) });

/** The library with the oldest layer, in which some forms differ: reactions and folder titles are plain text. */
export const isOld = (library: Library): boolean => library === 'telethon';
/** A reaction in the layer of a library, in requests and answers. */
export const reactionOf = (library: Library, emoticon: string): unknown => (isOld(library) ? emoticon : { _: 'reactionEmoji', emoticon });

/** The newest messages of a chat, newest first, in the form of the library. */
export async function getHistory(client: DriverClient, peer: Person): Promise<Plain[]> {
  const answer = await client.invoke('messages.getHistory', { peer: peerOf(peer), offset_id: 0, offset_date: 0, add_offset: 0, limit: 100, max_id: 0, min_id: 0, hash: NO_HASH });
  return answer['messages'] as Plain[];
}

/** The error of a call as text: its code and the server's text, or the library's own; 'no error' if there was none. */
export async function textOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(() => 'no error', (error: unknown) => (error instanceof DriverError ? `${error.code} ${error.text}` : String(error)));
}
