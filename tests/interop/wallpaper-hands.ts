import { readFile, writeFile } from 'node:fs/promises';
import type { DriverClient, Plain } from './driver-client.ts';
import { NO_HASH, type Person, peerOf, userOf } from './people-of-libraries.ts';

/** A wallpaper as a library shows it. */
export interface ShownWallpaper {
  kind: 'picture' | 'pattern' | 'fill';
  /** The name in its link; null for fills. */
  slug: string | null;
  /** 0xRRGGBB; none for a picture. */
  colors: number[];
}

/** Which wallpaper is set for a chat. */
export type WantedWallpaper = { slug: string } | { color: number };

/** What people do with wallpapers and photos of others, with any of the libraries. */
export interface WallpaperHands {
  /** Uploads a picture or pattern of the disk, and puts it into the own list. @returns the name in its link */
  upload(path: string, mimeType: string, color?: number): Promise<string>;
  /** The own list. */
  list(): Promise<ShownWallpaper[]>;
  /** Finds a wallpaper by its link, and downloads it into a file. */
  save(slug: string, path: string): Promise<ShownWallpaper>;
  remove(slug: string): Promise<void>;
  reset(): Promise<void>;
  setInChat(other: Person, wanted: WantedWallpaper, isForBoth: boolean): Promise<void>;
  /** Takes the wallpaper of a service message of the chat. */
  takeInChat(other: Person, msgId: number): Promise<void>;
  /** Removes that of the chat; or, with `isBack`, takes the one again that the other one has replaced. */
  dropInChat(other: Person, isBack?: boolean): Promise<void>;
  /** The wallpaper of a chat, as the list of chats or the profile shows it. */
  shownInChat(other: Person): Promise<ShownWallpaper | null>;
  /** Sets the photo that only the own account sees of a contact. */
  setContactPhoto(other: Person, path: string): Promise<void>;
  suggestPhoto(other: Person, path: string): Promise<void>;
  /** Makes the photo that a message suggests that of the own profile. */
  takeSuggestion(other: Person, msgId: number): Promise<void>;
  setFallbackPhoto(path: string): Promise<void>;
  /** Says who sees the photos of the own profile. */
  showPhotosTo(whom: 'everybody' | 'nobody'): Promise<void>;
}

type Fields = Record<string, unknown>;

/** The hands for the library of a client. */
export function wallpaperHands(client: DriverClient): WallpaperHands {
  return client.library === 'tdlib' ? tdlibHands(client) : schemaHands(client);
}

const COLORS = ['background_color', 'second_background_color', 'third_background_color', 'fourth_background_color'];
const slugInput = (slug: string): Plain => ({ _: 'inputWallPaperSlug', slug });
const fillSettings = (color?: number): Plain => ({ _: 'wallPaperSettings', ...(color === undefined ? {} : { background_color: color }) });

function shownOf(wallpaper: Plain): ShownWallpaper {
  const settings = (wallpaper['settings'] ?? {}) as Plain;
  const kind = wallpaper['_'] === 'wallPaperNoFile' ? 'fill' : wallpaper['pattern'] ? 'pattern' : 'picture';
  // TDLib says that a picture is on black.
  const colors = kind === 'picture' ? [] : COLORS.flatMap((name) => (settings[name] as number | null | undefined) ?? []);
  return { kind, slug: (wallpaper['slug'] as string | undefined) ?? null, colors };
}

/** With the methods of the schema, for mtcute, GramJS and Telethon. */
function schemaHands(client: DriverClient): WallpaperHands {
  const setInChat = (other: Person, more: Fields): Promise<Plain> => client.invoke('messages.setChatWallPaper', { peer: peerOf(other), ...more });
  const setPhoto = async (other: Person, path: string, more: Fields): Promise<void> => {
    await client.invoke('photos.uploadContactProfilePhoto', { user_id: userOf(other), file: await client.uploadInput({ path }), ...more });
  };
  return {
    async upload(path, mimeType, color) {
      const settings = fillSettings(color);
      const { slug } = await client.invoke('account.uploadWallPaper', { file: await client.uploadInput({ path }), mime_type: mimeType, settings });
      await client.invoke('account.saveWallPaper', { wallpaper: slugInput(slug as string), unsave: false, settings });
      await client.invoke('account.installWallPaper', { wallpaper: slugInput(slug as string), settings });
      return slug as string;
    },
    async list() {
      const { wallpapers } = await client.invoke('account.getWallPapers', { hash: NO_HASH });
      return (wallpapers as Plain[]).map(shownOf);
    },
    async save(slug, path) {
      const wallpaper = await client.invoke('account.getWallPaper', { wallpaper: slugInput(slug) });
      await writeFile(path, Buffer.from(await client.download({ document: wallpaper['document'] as Plain }), 'base64'));
      return shownOf(wallpaper);
    },
    async remove(slug) {
      await client.invoke('account.saveWallPaper', { wallpaper: slugInput(slug), unsave: true, settings: fillSettings() });
    },
    async reset() {
      await client.invoke('account.resetWallPapers');
    },
    async setInChat(other, wanted, isForBoth) {
      const wallpaper = 'slug' in wanted ? slugInput(wanted.slug) : { _: 'inputWallPaperNoFile', id: { $long: '0' } };
      await setInChat(other, { wallpaper, for_both: isForBoth, settings: fillSettings('color' in wanted ? wanted.color : undefined) });
    },
    takeInChat: async (other, id) => void (await setInChat(other, { id })),
    dropInChat: async (other, isBack = false) => void (await setInChat(other, isBack ? { revert: true } : {})),
    async shownInChat(other) {
      const { full_user: full } = await client.invoke('users.getFullUser', { id: userOf(other) });
      const { wallpaper } = full as Plain;
      return wallpaper ? shownOf(wallpaper as Plain) : null;
    },
    setContactPhoto: (other, path) => setPhoto(other, path, { save: true }),
    suggestPhoto: (other, path) => setPhoto(other, path, { suggest: true }),
    async takeSuggestion(_other, msgId) {
      const { messages } = await client.invoke('messages.getMessages', { id: [{ _: 'inputMessageID', id: msgId }] });
      const { id, access_hash, file_reference } = ((messages as Plain[])[0]!['action'] as Plain)['photo'] as Plain;
      await client.invoke('photos.updateProfilePhoto', { id: { _: 'inputPhoto', id: { $long: String(id) }, access_hash: { $long: String(access_hash) }, file_reference: { $bytes: file_reference } } });
    },
    async setFallbackPhoto(path) {
      await client.invoke('photos.uploadProfilePhoto', { file: await client.uploadInput({ path }), fallback: true });
    },
    async showPhotosTo(whom) {
      const rule = whom === 'everybody' ? 'inputPrivacyValueAllowAll' : 'inputPrivacyValueDisallowAll';
      await client.invoke('account.setPrivacy', { key: { _: 'inputPrivacyKeyProfilePhoto' }, rules: [{ _: rule }] });
    },
  };
}

interface TdlibBackground {
  id: string;
  name: string;
  document?: { document: { id: number } };
  type: { _: string; fill?: { _: string; color?: number; top_color?: number; bottom_color?: number; colors?: number[] } };
}

const KINDS: Record<string, ShownWallpaper['kind']> = { backgroundTypeWallpaper: 'picture', backgroundTypePattern: 'pattern', backgroundTypeFill: 'fill' };

function shownInTdlib({ name, type }: TdlibBackground): ShownWallpaper {
  const { color, top_color: top, bottom_color: bottom, colors = [] } = type.fill ?? {};
  const kind = KINDS[type._]!;
  return { kind, slug: kind === 'fill' ? null : name, colors: [color, top, bottom, ...colors].filter((one) => one !== undefined) };
}

/** With TDLib's own interface. */
function tdlibHands(client: DriverClient): WallpaperHands {
  const local = (path: string): Plain => ({ _: 'inputFileLocal', path });
  const chatPhoto = (path: string): Plain => ({ _: 'inputChatPhotoStatic', photo: local(path) });
  const wallpaperType = { _: 'backgroundTypeWallpaper', is_blurred: false, is_moving: false };
  const fillOf = (color: number): Plain => ({ _: 'backgroundFillSolid', color });
  const find = (slug: string): Promise<TdlibBackground> => client.request({ _: 'searchBackground', name: slug });
  const chatOf = async ({ id }: Person): Promise<number> => (await client.request<{ id: number }>({ _: 'createPrivateChat', user_id: id, force: false })).id;
  const setInChat = async (other: Person, more: Fields): Promise<void> => {
    await client.request({ _: 'setChatBackground', chat_id: await chatOf(other), dark_theme_dimming: 0, only_for_self: true, ...more });
  };
  return {
    async upload(path, mimeType, color) {
      const type = mimeType === 'image/jpeg' ? wallpaperType : { _: 'backgroundTypePattern', fill: fillOf(color ?? 0), intensity: 50, is_inverted: false, is_moving: false };
      const { name } = await client.request<TdlibBackground>({ _: 'setDefaultBackground', background: { _: 'inputBackgroundLocal', background: local(path) }, type, for_dark_theme: false });
      return name;
    },
    async list() {
      const { backgrounds } = await client.request<{ backgrounds: TdlibBackground[] }>({ _: 'getInstalledBackgrounds', for_dark_theme: false });
      return backgrounds.map(shownInTdlib);
    },
    async save(slug, path) {
      const background = await find(slug);
      await client.saveKnown({ file: background.document!.document.id, path });
      return shownInTdlib(background);
    },
    async remove(slug) {
      await client.request({ _: 'removeInstalledBackground', background_id: (await find(slug)).id });
    },
    async reset() {
      await client.request({ _: 'resetInstalledBackgrounds' });
    },
    async setInChat(other, wanted, isForBoth) {
      const isPicture = 'slug' in wanted;
      const background = isPicture ? { _: 'inputBackgroundRemote', background_id: (await find(wanted.slug)).id } : undefined;
      await setInChat(other, { background, type: isPicture ? wallpaperType : { _: 'backgroundTypeFill', fill: fillOf(wanted.color) }, only_for_self: !isForBoth });
    },
    takeInChat: (other, msgId) => setInChat(other, { background: { _: 'inputBackgroundPrevious', message_id: msgId * 2 ** 20 } }),
    async dropInChat(other, isBack = false) {
      await client.request({ _: 'deleteChatBackground', chat_id: await chatOf(other), restore_previous: isBack });
    },
    async shownInChat(other) {
      const { background } = await client.request<{ background?: { background: TdlibBackground } }>({ _: 'getChat', chat_id: await chatOf(other) });
      return background ? shownInTdlib(background.background) : null;
    },
    async setContactPhoto({ id }, path) {
      await client.request({ _: 'setUserPersonalProfilePhoto', user_id: id, photo: chatPhoto(path) });
    },
    async suggestPhoto({ id }, path) {
      await client.request({ _: 'suggestUserProfilePhoto', user_id: id, photo: chatPhoto(path) });
    },
    async takeSuggestion(other, msgId) {
      const { content } = await client.request<{ content: { photo: { id: string } } }>({ _: 'getMessage', chat_id: await chatOf(other), message_id: msgId * 2 ** 20 });
      await client.request({ _: 'setProfilePhoto', photo: { _: 'inputChatPhotoPrevious', chat_photo_id: content.photo.id }, is_public: false });
    },
    async setFallbackPhoto(path) {
      await client.request({ _: 'setProfilePhoto', photo: chatPhoto(path), is_public: true });
    },
    async showPhotosTo(whom) {
      const rule = whom === 'everybody' ? 'userPrivacySettingRuleAllowAll' : 'userPrivacySettingRuleRestrictAll';
      await client.request({ _: 'setUserPrivacySettingRules', setting: { _: 'userPrivacySettingShowProfilePhoto' }, rules: { _: 'userPrivacySettingRules', rules: [{ _: rule }] } });
    },
  };
}

/** Whether two files have the same content. */
export async function isSameFile(path: string, other: string): Promise<boolean> {
  return Buffer.compare(await readFile(path), await readFile(other)) === 0;
}
