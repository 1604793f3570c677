import { describe, expect, test } from 'vitest';
import type { Library, Plain } from './driver-client.ts';
import { MISSING, useLibraries } from './libraries.ts';
import { enter, type Person } from './people-of-libraries.ts';
import { ALL, befriend, eventually, groupOf, leave } from './supergroup-story.ts';

const libraries = useLibraries({}, ALL);
const TIMEOUT_MS = 180_000;
/** The library that owns the folder, and the one that adds it. Telethon's layer has no shared folders: it shows them as ordinary ones. */
const CASTS: readonly (readonly [Library, Library])[] = [['mtcute', 'gramjs'], ['gramjs', 'tdlib'], ['tdlib', 'mtcute']];
const casts = CASTS.filter((cast) => cast.every((library) => MISSING[library] === undefined));

const CHANNEL_BASE = 1_000_000_000_000;
const onTdlib = ({ client }: Person): boolean => client.library === 'tdlib';
const listOf = (id: number): object => ({ _: 'inputChatlistDialogFilter', filter_id: id });
const slugOf = (link: string): string => link.slice(link.lastIndexOf('/') + 1);
const inputsOf = (chats: readonly number[]): object[] => chats.map((id) => ({ $peer: id }));
const idsOf = (peers: unknown): number[] => (peers as { channel_id: number | string }[]).map(({ channel_id }) => -CHANNEL_BASE - Number(channel_id));

/** Creates a folder of these chats. @returns its number */
async function makeFolder(person: Person, title: string, chats: readonly number[]): Promise<number> {
  const { client } = person;
  if (!onTdlib(person)) {
    const text = { _: 'textWithEntities', text: title, entities: [] };
    await client.invoke('messages.updateDialogFilter', { id: 2, filter: { _: 'dialogFilter', id: 2, title: text, pinned_peers: [], include_peers: inputsOf(chats), exclude_peers: [] } });
    return 2;
  }
  const name = { _: 'chatFolderName', text: { _: 'formattedText', text: title, entities: [] }, animate_custom_emoji: false };
  const folder = { _: 'chatFolder', name, icon: null, color_id: -1, is_shareable: false, pinned_chat_ids: [], included_chat_ids: chats, excluded_chat_ids: [] };
  return (await client.request<{ id: number }>({ _: 'createChatFolder', folder })).id;
}

/** Makes a link that shares chats of a folder. */
async function share(person: Person, id: number, chats: readonly number[]): Promise<string> {
  const { client } = person;
  if (onTdlib(person)) {
    // The library tells the server of a new folder after the call that creates it.
    const made = await eventually(
      'the link', () => client.request<{ invite_link?: string }>({ _: 'createChatFolderInviteLink', chat_folder_id: id, name: '', chat_ids: chats }).catch(() => ({ invite_link: undefined })),
      ({ invite_link }) => invite_link !== undefined,
    );
    return made.invite_link!;
  }
  const { invite } = (await client.invoke('chatlists.exportChatlistInvite', { chatlist: listOf(id), title: '', peers: inputsOf(chats) })) as Plain & { invite: { url: string } };
  return invite.url;
}

async function reshare(person: Person, id: number, link: string, chats: readonly number[]): Promise<void> {
  const { client } = person;
  if (onTdlib(person)) await client.request({ _: 'editChatFolderInviteLink', chat_folder_id: id, invite_link: link, name: 'more', chat_ids: chats });
  else await client.invoke('chatlists.editExportedInvite', { chatlist: listOf(id), slug: slugOf(link), title: 'more', peers: inputsOf(chats) });
}

/** How many links a folder has, and the chats of the first. */
async function linksOf(person: Person, id: number): Promise<{ count: number; chats: number[] }> {
  const { client } = person;
  if (onTdlib(person)) {
    const { invite_links: links } = await client.request<{ invite_links: { chat_ids: number[] }[] }>({ _: 'getChatFolderInviteLinks', chat_folder_id: id });
    return { count: links.length, chats: links[0]?.chat_ids ?? [] };
  }
  const { invites } = (await client.invoke('chatlists.getExportedInvites', { chatlist: listOf(id) })) as Plain & { invites: { peers: unknown }[] };
  return { count: invites.length, chats: idsOf(invites[0]?.peers ?? []) };
}

async function unshare(person: Person, id: number, link: string): Promise<void> {
  const { client } = person;
  if (onTdlib(person)) await client.request({ _: 'deleteChatFolderInviteLink', chat_folder_id: id, invite_link: link });
  else await client.invoke('chatlists.deleteExportedInvite', { chatlist: listOf(id), slug: slugOf(link) });
}

/** What a link shows: the title of a folder that is not known yet, and its chats. */
async function look(person: Person, link: string): Promise<{ title: string | undefined; missing: number[]; already: number[] }> {
  const { client } = person;
  if (onTdlib(person)) {
    type Info = { chat_folder_info: { id: number; name: { text: { text: string } } }; missing_chat_ids: number[]; added_chat_ids: number[] };
    const { chat_folder_info: info, missing_chat_ids: missing, added_chat_ids: already } = await client.request<Info>({ _: 'checkChatFolderInviteLink', invite_link: link });
    return { title: info.id === 0 ? info.name.text.text : undefined, missing, already };
  }
  const answer = (await client.invoke('chatlists.checkChatlistInvite', { slug: slugOf(link) })) as Plain & { title?: { text: string } };
  return { title: answer.title?.text, missing: idsOf(answer['peers'] ?? answer['missing_peers']), already: idsOf(answer['already_peers'] ?? []) };
}

/** Adds chats of a link. @returns the number of the folder */
async function join(person: Person, link: string, chats: readonly number[]): Promise<number> {
  const { client } = person;
  if (onTdlib(person)) {
    await client.request({ _: 'addChatFolderByInviteLink', invite_link: link, chat_ids: chats });
    const event = await client.sees('the folder', (one) => one.kind === 'update' && one.update._ === 'updateChatFolders' && (one.update['chat_folders'] as unknown[]).length > 0);
    return ((event as unknown as { update: { chat_folders: { id: number }[] } }).update.chat_folders[0]!).id;
  }
  const { updates } = (await client.invoke('chatlists.joinChatlistInvite', { slug: slugOf(link), peers: inputsOf(chats) })) as Plain & { updates: (Plain & { id: number })[] };
  return updates.find((update) => update._ === 'updateDialogFilter')!.id;
}

async function newsOf(person: Person, id: number): Promise<number[]> {
  const { client } = person;
  if (onTdlib(person)) return (await client.request<{ chat_ids: number[] }>({ _: 'getChatFolderNewChats', chat_folder_id: id })).chat_ids;
  return idsOf((await client.invoke('chatlists.getChatlistUpdates', { chatlist: listOf(id) }))['missing_peers']);
}

async function joinNews(person: Person, id: number, chats: readonly number[]): Promise<void> {
  const { client } = person;
  if (onTdlib(person)) await client.request({ _: 'processChatFolderNewChats', chat_folder_id: id, added_chat_ids: chats });
  else if (chats.length > 0) await client.invoke('chatlists.joinChatlistUpdates', { chatlist: listOf(id), peers: inputsOf(chats) });
  else await client.invoke('chatlists.hideChatlistUpdates', { chatlist: listOf(id) });
}

/** The chats that the library suggests to leave with the folder. */
async function suggestionsOf(person: Person, id: number): Promise<number[]> {
  const { client } = person;
  if (onTdlib(person)) return (await client.request<{ chat_ids: number[] }>({ _: 'getChatFolderChatsToLeave', chat_folder_id: id })).chat_ids;
  return idsOf(await client.invoke('chatlists.getLeaveChatlistSuggestions', { chatlist: listOf(id) }));
}

async function leaveFolder(person: Person, id: number, chats: readonly number[]): Promise<void> {
  const { client } = person;
  if (onTdlib(person)) await client.request({ _: 'deleteChatFolder', chat_folder_id: id, leave_chat_ids: chats });
  else await client.invoke('chatlists.leaveChatlist', { chatlist: listOf(id), peers: inputsOf(chats) });
}

const sorted = (ids: readonly number[]): number[] => ids.toSorted((a, b) => a - b);

describe('a folder is shared from one library to another', () => {
  for (const [owner, joiner] of casts) {
    test(`${owner} shares it; ${joiner} adds it, keeps up and leaves`, { timeout: TIMEOUT_MS }, async () => {
      const alice = await enter(libraries, owner, 'Alice');
      const bob = await enter(libraries, joiner, 'Bob');
      await befriend(alice, bob);
      const { peer: group } = await alice.client.createSupergroup({ title: 'Climbing' });
      const { peer: second } = await alice.client.createSupergroup({ title: 'Bouldering' });
      const folder = await makeFolder(alice, 'Hobbies', [group, second]);
      const link = await share(alice, folder, [group]);
      expect(link).toMatch(/^https:\/\/t\.me\/addlist\/[\w-]{22}$/);

      // A chat of which Bob knows nothing but the link.
      expect(await look(bob, link)).toEqual({ title: 'Hobbies', missing: [group], already: [] });
      const own = await join(bob, link, [group]);
      await eventually('that he is a member', () => groupOf(bob, group).catch(() => ({ isMember: false })), ({ isMember }) => isMember);
      await alice.client.send({ peer: group, text: 'welcome' });
      await bob.client.seesMessage('welcome');
      expect(await look(bob, link)).toEqual({ title: undefined, missing: [], already: [group] });
      expect(await newsOf(bob, own)).toEqual([]);

      await reshare(alice, folder, link, [group, second]);
      expect(await linksOf(alice, folder)).toEqual({ count: 1, chats: [group, second] });
      // TDLib asks seldom, so only the link tells it.
      if (!onTdlib(bob)) {
        expect(await newsOf(bob, own)).toEqual([second]);
        await joinNews(bob, own, []);
        expect(await newsOf(bob, own)).toEqual([]);
      }
      expect(await look(bob, link)).toEqual({ title: undefined, missing: [second], already: [group] });
      await join(bob, link, [second]);
      await eventually('that he is in both', () => groupOf(bob, second).catch(() => ({ isMember: false })), ({ isMember }) => isMember);
      await joinNews(bob, own, []);

      // An old layer shows it as an ordinary folder.
      if (ALL.includes('telethon')) {
        const tablet = await enter(libraries, 'telethon', 'Bob', bob);
        const filters = (await tablet.client.invoke('messages.getDialogFilters')) as unknown as (Plain & { include_peers?: unknown[] })[];
        expect(filters.find((filter) => filter['id'] === own)).toMatchObject({ _: 'dialogFilter', title: 'Hobbies', include_peers: [{}, {}] });
        await leave(tablet);
      }

      expect(sorted(await suggestionsOf(bob, own))).toEqual(sorted([group, second]));
      await leaveFolder(bob, own, [second]);
      await eventually('that he has left', () => groupOf(bob, second).catch(() => ({ isMember: false })), ({ isMember }) => !isMember);
      expect(await groupOf(bob, group)).toMatchObject({ isMember: true });
      // TDLib tells the server after the call.
      await eventually('that the folder is gone', () => look(bob, link).catch(() => ({ title: undefined })), ({ title }) => title === 'Hobbies');
      await unshare(alice, folder, link);
      await expect(look(bob, link)).rejects.toThrow(/INVITE_SLUG_EXPIRED|InviteSlugExpired/);
      await leave(alice, bob);
    });
  }
});
