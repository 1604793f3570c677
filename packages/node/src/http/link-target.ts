/** A link whose page the HTTP port serves. */
export type LinkTarget =
  /**
   * `topicId` is the topic of the message in a forum. `query` says what to do with a bot, such as `start=param` or `startgroup=param&admin=pin_messages`, or in which
   * thread the message is shown. It is rebuilt, and never what came.
   */
  | { kind: 'name'; username: string; topicId?: number; msgId: number | undefined; query?: string }
  | { kind: 'invite'; hash: string }
  | { kind: 'folder'; slug: string }
  | { kind: 'set'; isEmoji: boolean; name: string };

/** `/+<hash>` and `/joinchat/<hash>`; some programs write the plus sign as `%2B`. */
const INVITE = /^\/(?:\+|%2B|joinchat\/)([\w-]{1,64})$/i;

const FOLDER = /^\/addlist\/([\w-]{1,64})$/;
/** `/addstickers/<name>` and `/addemoji/<name>`. */
const SET = /^\/add(stickers|emoji)\/(\w{1,64})$/;
/** `/<username>`, `/<username>/<message>` and `/<username>/<topic>/<message>`. */
const NAME = /^\/([a-z]\w{3,31})(?:\/(\d{1,9}))?(?:\/(\d{1,9}))?$/i;
/** Pages and folders of the HTTP port that have the form of a username; nobody can take these names. */
const OWN_PAGES = new Set(['about', 'admin', 'assets', 'enter', 'healthz', 'invite', 'readyz', 'metrics']);

const MESSAGE_ID = /^\d{1,9}$/;
/** What a bot can be started with. */
const START = /^[\w-]{1,64}$/;
/** Names of admin rights, joined by plus signs, which are decoded as spaces. */
const ADMIN_RIGHTS = /^[a-z_]{1,32}(?: [a-z_]{1,32}){0,29}$/;

/** Returns the link of a request; undefined for other requests. Pure. @param query of the address, without the question mark */
export function findLinkTarget(path: string, query = ''): LinkTarget | undefined {
  const hash = INVITE.exec(path)?.[1];
  if (hash !== undefined) return { kind: 'invite', hash };
  const slug = FOLDER.exec(path)?.[1];
  if (slug !== undefined) return { kind: 'folder', slug };
  const [, setKind, name] = SET.exec(path) ?? [];
  if (setKind !== undefined && name !== undefined) return { kind: 'set', isEmoji: setKind === 'emoji', name };
  const [, username, ...ids] = NAME.exec(path) ?? [];
  if (username === undefined || OWN_PAGES.has(username.toLowerCase())) return undefined;
  const named = ids.flatMap((id: string | undefined) => (id === undefined ? [] : [Number(id)]));
  const msgId = named.at(-1);
  const kept = msgId === undefined ? keptQuery(new URLSearchParams(query)) : keptThread(new URLSearchParams(query));
  return { kind: 'name', username, msgId, ...(named.length > 1 ? { topicId: named[0]! } : {}), ...(kept === undefined ? {} : { query: kept }) };
}

/** The thread in which the message of a link is shown, or the comment to it. Pure. */
function keptThread(said: URLSearchParams): string | undefined {
  const name = ['comment', 'thread'].find((one) => MESSAGE_ID.test(said.get(one) ?? ''));
  return name && `${name}=${said.get(name)}`;
}

/** What the query of a link wants done with a bot: to start it, or to add it to a group or channel of one's own. Pure. */
function keptQuery(said: URLSearchParams): string | undefined {
  const start = said.get('start') ?? '';
  if (START.test(start)) return `start=${start}`;
  const group = said.get('startgroup');
  if (group === null && !said.has('startchannel')) return undefined;
  const place = group === null ? 'startchannel' : `startgroup${START.test(group) ? `=${group}` : ''}`;
  const rights = said.get('admin') ?? '';
  return ADMIN_RIGHTS.test(rights) ? `${place}&admin=${rights.replaceAll(' ', '+')}` : place;
}

const pathOfSet = ({ isEmoji }: { isEmoji: boolean }): string => (isEmoji ? 'addemoji' : 'addstickers');

/** The address by which an app opens a link. Pure. */
export function appLinkOf(target: LinkTarget): string {
  switch (target.kind) {
    case 'invite':
      return `tg://join?invite=${target.hash}`;
    case 'folder':
      return `tg://addlist?slug=${target.slug}`;
    case 'set':
      return `tg://${pathOfSet(target)}?set=${target.name}`;
    case 'name':
      return `tg://resolve?domain=${target.username}${target.msgId === undefined ? '' : `&post=${target.msgId}`}${target.topicId === undefined ? '' : `&thread=${target.topicId}`}${target.query === undefined ? '' : `&${target.query}`}`;
  }
}

/** The address by which the web client of this server opens a link: its route, with the path of the link behind it. Pure. */
export function webLinkOf(target: LinkTarget): string {
  switch (target.kind) {
    case 'invite':
      return `/#/link/+${target.hash}`;
    case 'folder':
      return `/#/link/addlist/${target.slug}`;
    case 'set':
      return `/#/${pathOfSet(target)}/${target.name}`;
    case 'name':
      return `/#/link/${target.username}${target.topicId === undefined ? '' : `/${target.topicId}`}${target.msgId === undefined ? '' : `/${target.msgId}`}${target.query === undefined ? '' : `?${target.query}`}`;
  }
}
