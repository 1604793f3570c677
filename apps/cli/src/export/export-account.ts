import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import type { AccountReader } from '@aerogram/node';
import { type tl, toJson } from '@aerogram/tl';

import { ChatPages, type ShownChat, type ShownMessage, writeIndex } from './chat-pages.ts';
import { fileNameOf, KnownPeers } from './peers.ts';
import { listChats, readMessages } from './read-chats.ts';
import { FileSaver } from './save-files.ts';

/** What an export has written. */
export interface Exported {
  chats: number;
  messages: number;
  files: number;
}

const ABOUT =
  'All data of one account: what it says about itself, its contacts and devices, all messages of its private chats and basic groups, and its own messages in supergroups and channels. ' +
  'Objects are those of the Telegram schema; 64-bit numbers are texts, and bytes are base64.';

const SELF = { _: 'inputUserSelf' } as const;

/** Makes the directory for an export. @throws Error when it exists and has something in it */
export async function openDirectory(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  if ((await readdir(dir)).length > 0) throw new Error(`${dir} is not empty`);
}

/**
 * Writes everything that belongs to an account into an empty directory: `index.html` for people, `account.json` for programs, and in `chats` and `files`
 * the rest.
 * @param options.withFiles false: without the bytes of files
 */
export async function exportAccount(reader: AccountReader, dir: string, { withFiles, onMessage = () => undefined }: { withFiles: boolean; onMessage?: () => void }): Promise<Exported> {
  for (const name of ['chats', 'files']) await mkdir(join(dir, name), { mode: 0o700 });
  const known = new KnownPeers();
  const account = await readAccount(reader, known);
  await writeFile(join(dir, 'account.json'), JSON.stringify(toJson({ about: ABOUT, exported: new Date().toISOString(), ...account }), undefined, 2), { mode: 0o600 });
  const files = withFiles ? new FileSaver(reader, dir) : undefined;
  const chats: ShownChat[] = [];
  const self = account.profile.full_user.id;
  const seen = new Set<string>();
  for await (const peer of listChats(reader, known)) {
    // A chat into which somebody writes meanwhile can be in two pages of the list.
    if (seen.has(fileNameOf(peer))) continue;
    seen.add(fileNameOf(peer));
    chats.push(await exportChat({ reader, known, dir, files, self, onMessage }, peer));
  }
  await writeIndex(dir, { name: known.nameOf({ _: 'peerUser', user_id: self }), facts: factsOf(account, self), chats });
  return { chats: chats.length, messages: chats.reduce((sum, { messages }) => sum + messages, 0), files: files?.count ?? 0 };
}

/** Reads what belongs to the account but to no chat. */
async function readAccount(reader: AccountReader, known: KnownPeers) {
  const profile = await reader.invoke({ _: 'users.getFullUser', id: SELF });
  const contacts = await reader.invoke({ _: 'contacts.getContacts', hash: 0n });
  const { authorizations: devices } = await reader.invoke({ _: 'account.getAuthorizations' });
  const { photos } = await reader.invoke({ _: 'photos.getUserPhotos', user_id: SELF, offset: 0, max_id: 0n, limit: 100 });
  const { filters: folders } = await reader.invoke({ _: 'messages.getDialogFilters' });
  const blocked = await reader.invoke({ _: 'contacts.getBlocked', offset: 0, limit: 100 });
  known.add(profile);
  const people = contacts._ === 'contacts.contacts' ? contacts : { users: [], contacts: [] };
  known.add({ users: people.users, chats: [] });
  return { profile, contacts: people.users, devices, photos, folders, blocked: blocked.blocked };
}

type Account = Awaited<ReturnType<typeof readAccount>>;

function factsOf({ profile, contacts, devices }: Account, self: bigint): (readonly [string, string])[] {
  const user = profile.users.find((one): one is tl.user => one._ === 'user' && one.id === self);
  const facts: (readonly [string, string | undefined])[] = [
    ['Number of the account', String(self)],
    ['Name', [user?.first_name, user?.last_name].filter(Boolean).join(' ')],
    ['Username', user?.username],
    ['Phone', user?.phone],
    ['About', profile.full_user.about],
    ['Contacts', String(contacts.length)],
    ['Devices', devices.map(({ device_model: model, app_name: app }) => `${model} (${app})`).join(', ')],
  ];
  return facts.flatMap(([what, value]) => (value === undefined || value === '' ? [] : [[what, value] as const]));
}

interface ChatExport {
  reader: AccountReader;
  known: KnownPeers;
  dir: string;
  files: FileSaver | undefined;
  /** The id of the account. */
  self: bigint;
  onMessage(): void;
}

/** Writes the messages of one chat, as one JSON array with a message in each line, and as pages. */
async function exportChat({ reader, known, dir, files, self, onMessage }: ChatExport, peer: tl.Peer): Promise<ShownChat> {
  const title = peer._ === 'peerUser' && peer.user_id === self ? 'Saved Messages' : known.nameOf(peer);
  const pages = new ChatPages(dir, fileNameOf(peer), title);
  const input = known.inputOf(peer);
  if (input === undefined) return pages.finish();
  const output = createWriteStream(join(dir, 'chats', `${fileNameOf(peer)}.json`), { mode: 0o600 });
  let isFirst = true;
  for await (const messages of readMessages(reader, known, input, peer._ === 'peerChannel')) {
    for (const message of messages) {
      const file = message._ === 'message' ? await files?.save(message.media) : undefined;
      await writeText(output, `${isFirst ? '[\n' : ',\n'}${JSON.stringify(toJson({ ...message, file }))}`);
      isFirst = false;
      await pages.add(showMessage(message, { known, self, file }));
      onMessage();
    }
  }
  await writeText(output, isFirst ? '[]\n' : '\n]\n');
  output.end();
  await once(output, 'close');
  return pages.finish();
}

async function writeText(output: WriteStream, text: string): Promise<void> {
  if (!output.write(text)) await once(output, 'drain');
}

function showMessage(message: tl.message | tl.messageService, { known, self, file }: { known: KnownPeers; self: bigint; file: string | undefined }): ShownMessage {
  const sender: tl.Peer = message.from_id ?? (message.out === true ? { _: 'peerUser', user_id: self } : message.peer_id);
  const common = { id: message.id, date: message.date, from: known.nameOf(sender), file };
  if (message._ === 'messageService') return { ...common, text: '', note: wordsOf(message.action._, 'messageAction'), isPhoto: false };
  const media = message.media;
  const note = media === undefined || file !== undefined || media._ === 'messageMediaWebPage' ? undefined : wordsOf(media._, 'messageMedia');
  return { ...common, text: message.message, note, isPhoto: media?._ === 'messageMediaPhoto' };
}

/** The name of a kind in words: `messageActionChatCreate` is "chat create". */
function wordsOf(kind: string, prefix: string): string {
  return kind.slice(prefix.length).replaceAll(/(?!^)[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();
}
