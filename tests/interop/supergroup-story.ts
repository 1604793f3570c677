import { expect } from 'vitest';
import type { DriverClient, DriverEvent, DriverMessage, Library } from './driver-client.ts';
import { MISSING, TDLIB_ID_STEP, TRANSPORT, type Libraries } from './libraries.ts';
import { enter, type Person } from './people-of-libraries.ts';

/** The libraries that are installed. */
export const ALL = (['mtcute', 'gramjs', 'telethon', 'tdlib'] as const).filter((library) => MISSING[library] === undefined);

/** Who is in a supergroup: Alice owns it, Bob and Carol watch, Dora goes offline. */
export interface Circle {
  alice: Person;
  bob: Person;
  carol: Person;
  dora: Person;
}

/** One cast per library: it owns the group, and the next ones take the other parts. */
export const CASTS = ALL.map((library, at) => [library, ...[1, 2, 3].map((step) => ALL[(at + step) % ALL.length]!)] as [Library, Library, Library, Library]);

/** Signs up the four, and adds all of them to Alice's contacts and her to theirs. */
export async function enterCircle(libraries: Libraries, cast: readonly [Library, Library, Library, Library]): Promise<Circle> {
  const [alice, bob, carol, dora] = (await Promise.all(['Alice', 'Bob', 'Carol', 'Dora'].map((name, at) => enter(libraries, cast[at]!, name)))) as [Person, Person, Person, Person];
  for (const other of [bob, carol, dora]) await befriend(alice, other);
  return { alice, bob, carol, dora };
}

/** Adds two people to each other's contacts. */
export async function befriend(one: Person, other: Person): Promise<void> {
  await one.client.addContact({ phone: other.phone, firstName: other.firstName });
  await other.client.addContact({ phone: one.phone, firstName: one.firstName });
}

/** Brings a client back that was closed. */
export async function comeBack(libraries: Libraries, { client }: Person): Promise<void> {
  client.events.length = 0;
  await client.open({ server: libraries.server.info, transport: TRANSPORT[client.library] });
}

/** Ends all clients, and expects that TDLib found nothing wrong with what the server said. */
export async function leave(...people: Person[]): Promise<void> {
  const onTdlib = people.find(({ client }) => client.library === 'tdlib');
  if (onTdlib) expect(await onTdlib.client.complaints()).toEqual([]);
  await Promise.all(people.map(({ client }) => client.close()));
}

/** Waits until a person's library has a group: it reports a message there, or, in TDLib, the last message of the chat that it has loaded. */
export async function knowsGroup({ client }: Person, peer: number): Promise<void> {
  await client.sees('the group', (event) => {
    if (event.kind === 'message') return event.peer === peer;
    return event.kind === 'update' && event.update['_'] === 'updateChatLastMessage' && event.update['chat_id'] === peer;
  });
}

/** Posts in a group, and waits until others have heard it under the same id. @returns the id */
export async function say(speaker: Person, peer: number, text: string, listeners: readonly Person[] = []): Promise<number> {
  const { id } = await speaker.client.send({ peer, text });
  for (const { client } of listeners) expect(await hears(client, peer, text)).toMatchObject({ id, out: false });
  return id;
}

/** Waits for a message in a group: TDLib reports what it fetched after being offline as the last message of the chat. */
export async function hears(client: DriverClient, peer: number, text: string): Promise<Partial<DriverMessage>> {
  const event = await client.sees(`"${text}"`, (one) => (one.kind === 'message' && one.peer === peer && one.text === text) || lastMessageOf(one, peer)?.text === text);
  return lastMessageOf(event, peer) ?? (event as unknown as DriverMessage);
}

/** What TDLib shows as the last message of a chat. */
function lastMessageOf(event: DriverEvent, peer: number): Pick<DriverMessage, 'id' | 'from' | 'out' | 'text'> | undefined {
  if (event.kind !== 'update' || event.update._ !== 'updateChatLastMessage' || event.update['chat_id'] !== peer) return undefined;
  const message = event.update['last_message'] as { id: number; sender_id: { user_id?: number; chat_id?: number }; is_outgoing: boolean; content: { text?: { text: string } } } | null;
  if (message?.content.text === undefined) return undefined;
  const { user_id, chat_id } = message.sender_id;
  return { id: message.id / TDLIB_ID_STEP, from: (user_id ?? chat_id)!, text: message.content.text.text, out: message.is_outgoing };
}

/** The texts of a group, oldest first, without service messages. */
export async function textsOf({ client }: Person, peer: number, limit = 50): Promise<string[]> {
  return (await client.history({ peer, limit })).map(({ text }) => text).filter((text) => !text.startsWith('action:')).toReversed();
}

/** The group as a person's library shows it, with sorted members. */
export async function groupOf({ client }: Person, peer: number): Promise<{ title: string; isMember: boolean; members: number[] }> {
  const { title, isMember, members } = await client.group({ peer });
  return { title, isMember, members: members.toSorted((a, b) => a - b) };
}

export const idsOf = (...people: Person[]): number[] => people.map(({ id }) => id).toSorted((a, b) => a - b);

/** Waits until a library gives an answer that changes by itself, because it is told of a change after the call that made it. */
export async function eventually<T>(what: string, ask: () => Promise<T>, fits: (answer: T) => boolean): Promise<T> {
  for (let tries = 0; ; tries++) {
    const answer = await ask();
    if (fits(answer)) return answer;
    if (tries === 100) throw new Error(`${what}: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}
