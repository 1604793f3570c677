import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isText } from '@aerogram/domain';
import type { AccountReader } from '@aerogram/node';
import { type tl, toJson } from '@aerogram/tl';

import { ChatPages, type ShownChat, type ShownMessage, writeIndex } from './chat-pages.ts';
import { JsonList } from './json-list.ts';
import { fileNameOf, KnownPeers } from './peers.ts';
import { type Account, readAccount } from './read-account.ts';
import { listChats, readMessages, readScheduled } from './read-chats.ts';
import { FileSaver } from './save-files.ts';

/** What an export has written. */
export interface Exported {
  chats: number;
  messages: number;
  files: number;
}

const ABOUT =
  'All data of one account: what it says about itself, its contacts and devices, all messages of its private chats and basic groups, and its own messages in supergroups and channels that it is in, what it has scheduled there and for its contacts, and its drafts. ' +
  'Objects are those of the Telegram schema; 64-bit numbers are texts, and bytes are base64.';

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
  const target = { reader, known, dir, files, self, onMessage };
  const seen = new Map<string, tl.Peer>();
  for await (const peer of listChats(reader, known)) {
    // A chat into which somebody writes meanwhile can be in two pages of the list.
    if (seen.has(fileNameOf(peer))) continue;
    seen.set(fileNameOf(peer), peer);
    chats.push(await exportChat(target, peer));
  }
  // A chat in which nothing was sent yet is in no list.
  const people = [self, ...account.contacts.map(({ id }) => id)].map((user_id): tl.Peer => ({ _: 'peerUser', user_id }));
  for (const peer of [...people, ...account.drafts.map((draft) => draft.peer)]) seen.set(fileNameOf(peer), peer);
  const scheduled = await exportScheduled(target, [...seen.values()]);
  await writeIndex(dir, { name: known.nameOf({ _: 'peerUser', user_id: self }), facts: factsOf(account, self), chats: [...chats, ...(scheduled.messages > 0 ? [scheduled] : [])] });
  return { chats: chats.length, messages: chats.reduce((sum, { messages }) => sum + messages, 0), files: files?.count ?? 0 };
}

function factsOf({ profile, contacts, devices, drafts }: Account, self: bigint): (readonly [string, string])[] {
  const user = profile.users.find((one): one is tl.user => one._ === 'user' && one.id === self);
  const facts: (readonly [string, string | undefined])[] = [
    ['Number of the account', String(self)],
    ['Name', [user?.first_name, user?.last_name].filter(Boolean).join(' ')],
    ['Username', user?.username],
    ['Phone', user?.phone],
    ['About', profile.full_user.about],
    ['Contacts', String(contacts.length)],
    ['Drafts', String(drafts.length)],
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
  const list = new JsonList(join(dir, 'chats', `${fileNameOf(peer)}.json`));
  for await (const messages of readMessages(reader, known, input, peer._ === 'peerChannel')) {
    for (const message of messages) {
      const file = message._ === 'message' ? await files?.save(message.media) : undefined;
      await list.add({ ...message, file });
      await pages.add(showMessage(message, { known, self, file }));
      onMessage();
    }
  }
  await list.finish();
  return pages.finish();
}

/** Writes the messages that are to be sent later, as {@link exportChat} does those of a chat. */
async function exportScheduled({ reader, known, dir, files, self }: ChatExport, peers: readonly tl.Peer[]): Promise<ShownChat> {
  const pages = new ChatPages(dir, 'scheduled', 'Scheduled messages');
  const list = new JsonList(join(dir, 'chats', 'scheduled.json'));
  for (const peer of peers) {
    const input = known.inputOf(peer);
    for (const message of input === undefined ? [] : await readScheduled(reader, known, input)) {
      const file = message._ === 'message' ? await files?.save(message.media) : undefined;
      await list.add({ ...message, file });
      await pages.add({ ...showMessage(message, { known, self, file }), from: `to ${known.nameOf(peer)}` });
    }
  }
  await list.finish();
  return pages.finish();
}

function showMessage(message: tl.message | tl.messageService, { known, self, file }: { known: KnownPeers; self: bigint; file: string | undefined }): ShownMessage {
  const sender: tl.Peer = message.from_id ?? (message.out === true ? { _: 'peerUser', user_id: self } : message.peer_id);
  const common = { id: message.id, date: message.date, from: known.nameOf(sender), file };
  if (message._ === 'messageService') return { ...common, text: '', note: wordsOf(message.action._, 'messageAction'), isPhoto: false };
  const media = message.media;
  const note = media === undefined || file !== undefined || isText(media) ? undefined : wordsOf(media._, 'messageMedia');
  return { ...common, text: message.message, note, isPhoto: media?._ === 'messageMediaPhoto' };
}

/** The name of a kind in words: `messageActionChatCreate` is "chat create". */
function wordsOf(kind: string, prefix: string): string {
  return kind.slice(prefix.length).replaceAll(/(?!^)[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();
}
