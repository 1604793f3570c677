/** Names of the service itself and of accounts that seem to speak for it. */
const SERVICE = [
  'abuse', 'account', 'accounts', 'admin', 'administration', 'administrator', 'admins', 'antispam', 'billing', 'botfather', 'botsupport', 'codes', 'helpdesk', 'hostmaster',
  'moderation', 'moderator', 'moderators', 'nobody', 'noreply', 'notification', 'notifications', 'official', 'operator', 'owner', 'postmaster',
  'press', 'privacy', 'replies', 'security', 'server', 'service', 'services', 'spambot', 'spaminfobot', 'staff', 'support', 'supportteam',
  'sysadmin', 'system', 'verification', 'verificationcodes', 'verify', 'verified', 'webmaster',
];

/** Brand names, which are reserved alone and combined with each word of OFFICES. */
const BRANDS = ['telegram', 'aerogram'];

const OFFICES = ['', 'admin', 'app', 'bot', 'help', 'news', 'notifications', 'official', 'premium', 'security', 'service', 'staff', 'support', 'team', 'tips', 'web'];

/** First path segments used on the HTTP port, on web sites that may be served beside it, and in links to users, chats and settings. */
const PATHS = [
  'about', 'addcontact', 'addemoji', 'addlist', 'addstickers', 'addtheme', 'assets', 'auction', 'blog', 'boost', 'confirmphone', 'contact', 'download',
  'enter', 'export', 'favicon', 'file', 'files', 'fragment', 'giftcode', 'health', 'healthz', 'help', 'import', 'index', 'instantview', 'invite', 'invoice', 'joinchat',
  'login', 'logout', 'media', 'message', 'metrics', 'oauth', 'passport', 'password', 'payments', 'premium', 'privatepost', 'proxy', 'readyz', 'register',
  'resolve', 'robots', 'rules', 'setlanguage', 'settings', 'share', 'signin', 'signup', 'sitemap', 'socks', 'stars', 'static', 'status', 'stickers',
  'story', 'terms', 'theme', 'themes', 'username', 'video', 'voice', 'webapp', 'webhook', 'webhooks', 'wellknown', 'widget',
];

/** Names of the service that stay reserved with digits in them. */
const BRANDED: ReadonlySet<string> = new Set([
  'botfather',
  ...BRANDS.flatMap((brand) => OFFICES.flatMap((office) => [brand + office, office + brand])),
]);

const RESERVED: ReadonlySet<string> = new Set([...SERVICE, ...SERVICE.map((name) => `${name}bot`), ...PATHS, ...BRANDED]);

/** The paths of MTProto over HTTP and WebSocket, with all their suffixes. */
const API_PATH = /^api(?:w(?:1|s|test1)?)?(?:test)?(?:premium)?$/;

/**
 * Whether a username is reserved because it could be mistaken for the service or collide with one of its paths. Ignores case and
 * underscores. Pure.
 */
export function isReservedUsername(username: string): boolean {
  const name = username.toLowerCase().replaceAll('_', '');
  return RESERVED.has(name) || BRANDED.has(name.replaceAll(/\d/g, '')) || API_PATH.test(name);
}
