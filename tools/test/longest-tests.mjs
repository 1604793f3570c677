// The test files that `.ci/run` leaves to `npm run test:all`. Beside each group of them stand the tests of `.ci/run` that check most of the same. Whoever adds a
// test that makes CI slower than its budget (docs/testing.md) moves another one here.
import { paths } from './paths.mjs';

const BENCH = 'tests/bench';
const CLI = 'apps/cli/test/db';
const DOMAIN = 'packages/domain/test/db';
const HANDLERS = 'packages/rpc-handlers/test/db';
const LIBRARIES = 'tests/interop';
const MEDIA = 'packages/media/test';
const NATS = 'packages/bus/test/nats';
const NODE = 'packages/node/test/db';
const SCENARIOS = 'tests/scenarios';
const STORAGE = 'packages/storage/test/db';
const WEB = 'tests/web';

/** Names of test files, by folder: `tests` are left to `test:all`, and `by` are in `.ci/run` and check most of the same. */
export const SHOWN_BY_OTHERS = [
  // Servers and databases that are killed.
  {
    by: { [SCENARIOS]: ['bot-crashes', 'crash', 'file-crashes', 'repeat-after-kill'], 'packages/relay/test/db': ['streams'] },
    tests: { [SCENARIOS]: ['cluster-crashes', 'faults', 'home-crashes', 'home-node-crashes', 'media-crashes', 'notice-crashes', 'operator-jobs-after-kill'], [LIBRARIES]: ['cluster-crashes', 'interrupted-files'] },
  },
  {
    by: { [SCENARIOS]: ['cluster', 'cluster-limits'], [STORAGE]: ['failover', 'node-fence', 'nodes'] },
    tests: { [SCENARIOS]: ['cluster-bots', 'cluster-decisions', 'cluster-relay', 'cluster-uploads', 'failover', 'home-nodes', 'one-server'], [STORAGE]: ['membership'], [LIBRARIES]: ['cluster-clients', 'haproxy', 'try-cluster'] },
  },
  {
    by: { [CLI]: ['backup'], [STORAGE]: ['disk-full'] },
    tests: { [CLI]: ['json', 'verify-backup'], [SCENARIOS]: ['full-disk', 'restore', 'scheduled-backups'], [STORAGE]: ['backup'] },
  },
  {
    by: { [DOMAIN]: ['clean-up'], [STORAGE]: ['jobs', 'retention'] },
    tests: { [DOMAIN]: ['auth-log', 'keys', 'log-retention', 'long-rows'] },
  },
  {
    by: { [CLI]: ['chats', 'program', 'users'], [SCENARIOS]: ['operator'], 'packages/node/test': ['admin-requests'] },
    tests: { [CLI]: ['homes'], [DOMAIN]: ['operated-accounts', 'operators', 'reports', 'server-figures'], [SCENARIOS]: ['admin-page', 'bad-days', 'operated-accounts', 'operated-chats', 'operator-marks', 'operators-guide'] },
  },
  {
    by: { [SCENARIOS]: ['crash'], [WEB]: ['groups', 'interruptions'] },
    tests: { [WEB]: ['upgraded-group'] },
  },
  // Several homes, and the data centres of one.
  {
    by: { [SCENARIOS]: ['dcs'], [DOMAIN]: ['card-races', 'homes-differential', 'names-authority'], 'packages/relay/test/db': ['links', 'stolen-certificate', 'streams'] },
    tests: { [DOMAIN]: ['cards', 'names'], 'packages/relay/test/db': ['ended-sessions', 'frame-receiver', 'revoked-certificate'], [SCENARIOS]: ['bots-elsewhere', 'company', 'company-checks', 'dcs-link', 'dcs-process', 'reply-elsewhere', 'restored-home', 'rough-links', 'revoked-certificate', 'stolen-certificate', 'two-homes-devices'], [LIBRARIES]: ['bots-elsewhere'], [WEB]: ['between-homes', 'company', 'two-homes'] },
  },
  // Chats and channels.
  {
    by: { [SCENARIOS]: ['channel-outsiders', 'channel-posts', 'channel-secrecy', 'channels'], [HANDLERS]: ['rights'], [LIBRARIES]: ['channels', 'supergroups', 'tdlib-channels'] },
    tests: { [SCENARIOS]: ['admin-log', 'channel-behind', 'channel-chores', 'channel-clearing', 'channel-forwards', 'channel-history', 'channel-lifetime', 'channel-mentions', 'channel-named-peers', 'channel-names', 'channel-owner', 'channel-participants', 'channel-pins', 'channel-powers', 'channel-previews', 'channel-readers', 'channel-scheduled', 'channel-search', 'channel-send-as', 'channel-toggles', 'channel-views', 'group-creator', 'group-settings'], [DOMAIN]: ['admin-log'], [LIBRARIES]: ['admin-log', 'public-supergroups', 'supergroup-owners', 'supergroups-behind'] },
  },
  {
    by: { [SCENARIOS]: ['comments', 'forum'], [HANDLERS]: ['comment-rights'], [LIBRARIES]: ['tdlib-topics', 'topics'] },
    tests: { [DOMAIN]: ['comment-answers', 'post-counts', 'posts-of', 'topic-marks'], [SCENARIOS]: ['commenters', 'topic-marks', 'topics-in-use'], [LIBRARIES]: ['comments', 'tdlib-comments'], [WEB]: ['threads', 'topics'] },
  },
  {
    by: { [SCENARIOS]: ['basic-groups', 'group-messages', 'invite-links'], [LIBRARIES]: ['groups', 'tdlib-groups'] },
    tests: { [DOMAIN]: ['chat-photos', 'invitation-links'], [SCENARIOS]: ['chat-photos', 'group-mentions', 'invite-errors', 'invite-makers', 'join-requests', 'link-races'], [LIBRARIES]: ['invite-links', 'invite-photos'], [WEB]: ['invite-page', 'open-link'] },
  },
  {
    by: { [SCENARIOS]: ['polls', 'polls-secrecy'] },
    tests: { [DOMAIN]: ['poll-media', 'polls'], [SCENARIOS]: ['bot-polls', 'checklists'], [LIBRARIES]: ['tdlib-polls'], [WEB]: ['polls'] },
  },
  {
    by: { [SCENARIOS]: ['available-reactions', 'reactions'] },
    tests: { [LIBRARIES]: ['reactions'] },
  },
  // People and their settings.
  {
    by: { [SCENARIOS]: ['people', 'private-chat', 'two-factor'], [LIBRARIES]: ['people'] },
    tests: { [DOMAIN]: ['named-pages', 'people'], [SCENARIOS]: ['account-repeats', 'app-settings', 'archive', 'chat-extras', 'contact-photos', 'exported-account', 'find-chats', 'language-packs', 'message-ttl', 'personal-channel', 'presence', 'recommendations', 'shared-folders', 'support-accounts'], [LIBRARIES]: ['accounts', 'settings', 'shared-folders', 'takeout', 'two-factor'] },
  },
  {
    by: { [SCENARIOS]: ['saved-dialogs', 'scheduled'] },
    tests: { [DOMAIN]: ['scheduled-unsent'], [LIBRARIES]: ['saved'] },
  },
  {
    by: { [SCENARIOS]: ['search'], [DOMAIN]: ['search', 'search-everywhere'] },
    tests: { [DOMAIN]: ['public-posts'], [SCENARIOS]: ['public-posts', 'search-media'], [LIBRARIES]: ['discovery', 'search', 'tdlib-discovery'], [WEB]: ['around'] },
  },
  // Bots.
  {
    by: { [SCENARIOS]: ['bot-api-hostile', 'bot-api-messages', 'bot-events', 'bot-hostile', 'bot-privacy', 'bots', 'webhooks'], [LIBRARIES]: ['bot-api', 'bots'] },
    tests: { [SCENARIOS]: ['bot-api-chats', 'bot-api-equal', 'bot-api-front', 'bot-api-local', 'bot-api-threads', 'bot-father', 'bot-info', 'bot-inline', 'bot-inline-url', 'bot-keyboards', 'bot-limits', 'bot-reactions', 'bot-requested-peer'], [WEB]: ['bot-requests', 'bots', 'bots-inline'] },
  },
  // Files, pictures and previews.
  {
    by: { [SCENARIOS]: ['file-rights', 'files'], [DOMAIN]: ['content-gate', 'file-collection'], [LIBRARIES]: ['files', 'media'], [WEB]: ['media'] },
    tests: { [DOMAIN]: ['blob-jobs', 'blob-moderation', 'card-photos', 'kept-documents', 'page-photos', 'photo-uploads', 'profile-photos', 'unsent-files', 'video-avatars', 'wallpapers', 'web-files'], [SCENARIOS]: ['albums', 'audio-video', 'blob-moderation', 'chat-wallpapers', 'file-limit', 'file-links', 'file-origins', 'files-in-s3', 'kept-documents', 'passing-media', 'photos', 'played-media', 'profile-photos', 'shown-media', 'stickers', 'thumbnails', 'video-avatars', 'wallpapers', 'web-files'], [LIBRARIES]: ['audio-video', 'avatars', 'opened-content', 'photos', 'video-avatars', 'wallpapers'], [WEB]: ['hostile-files', 'other-origin', 'writing'] },
  },
  {
    by: { [SCENARIOS]: ['link-previews'] },
    tests: { [DOMAIN]: ['web-pages'], [SCENARIOS]: ['link-pages', 'preview-pictures'], [LIBRARIES]: ['link-previews', 'preview-pictures'] },
  },
  {
    by: { [SCENARIOS]: ['cdn-node'], [HANDLERS]: ['cdn'] },
    tests: { [NODE]: ['open-cdn'], [SCENARIOS]: ['cdn-downloads', 'cdn-many-clients', 'cdn-nodes', 'cdn-reader', 'cdn-secrets'], [LIBRARIES]: ['cdn'] },
  },
  // Load, programs around the server such as proxies, and how pages look.
  {
    by: { [SCENARIOS]: ['connections', 'long-packets', 'send-limits'] },
    tests: { [DOMAIN]: ['send-limits'], [SCENARIOS]: ['attacks-load', 'far-behind', 'message-bomb'], [LIBRARIES]: ['idle-clients'] },
  },
  {
    by: { 'tests/scenarios/client-forms': ['client-forms', 'older-layers'], [SCENARIOS]: ['layer-152'] },
    tests: { 'tests/scenarios/client-boot': ['client-boot'] },
  },
  {
    by: { [SCENARIOS]: ['secrets-in-logs', 'security'] },
    tests: { [SCENARIOS]: ['external-database', 'proxies', 'traces'], [LIBRARIES]: ['fail2ban', 'nginx', 'prometheus'] },
  },
  {
    by: { [WEB]: ['chats', 'groups', 'messages', 'people'] },
    tests: { [WEB]: ['checklists', 'people-details', 'screens'] },
  },
  {
    by: { 'tests/web/other-browsers': ['other-browsers'], [WEB]: ['interruptions', 'media'] },
    tests: { 'tests/web/other-browsers': ['long-stories'] },
  },
  {
    by: { [SCENARIOS]: ['installed-stickers', 'made-stickers', 'sticker-laws'], [MEDIA]: ['hostile-animations'], [WEB]: ['stickers'] },
    tests: { [SCENARIOS]: ['attached-stickers', 'bundled-stickers', 'custom-emoji-uses', 'emoji-photos', 'emoji-statuses', 'hostile-stickers', 'sent-bundled-stickers'], [WEB]: ['sticker-sets'] },
  },
  {
    by: { [SCENARIOS]: ['chat-themes'], [WEB]: ['chats', 'media'] },
    tests: { [WEB]: ['chat-themes'] },
  },
  {
    by: { [SCENARIOS]: ['calls', 'secret-crashes'], [LIBRARIES]: ['turn'], [WEB]: ['call-media', 'call-talk'], 'packages/node/test': ['serve-relay'] },
    tests: { [SCENARIOS]: ['call-crashes', 'call-relay'], [WEB]: ['calls'] },
  },
  {
    by: { [BENCH]: ['against', 'row', 'sent-calls'] },
    tests: { [BENCH]: ['more-rows', 'smoke'] },
  },
  // Without a database.
  {
    by: { [MEDIA]: ['make-photo', 'media-facts', 'media-lane'], [NATS]: ['nats-interest'] },
    tests: { [MEDIA]: ['make-avatar', 'media-extras'], [NATS]: ['nats-away'], 'tools/pictures/test': ['pictures'] },
  },
];

/** Paths of the files that only `test:all` runs. */
export const LONGEST_TESTS = SHOWN_BY_OTHERS.flatMap(({ tests }) => paths(tests));
