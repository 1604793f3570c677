import type { AccountsTables } from './accounts.ts';
import type { BotsTables } from './bots.ts';
import type { CallTables } from './calls.ts';
import type { CdnTables } from './cdn.ts';
import type { ChatsTables } from './chats.ts';
import type { FilesTables } from './files.ts';
import type { FolderLinksTables } from './folder-links.ts';
import type { FoundationTables } from './foundation.ts';
import type { GroupsTables } from './groups.ts';
import type { HomesTables } from './homes.ts';
import type { InvitesTables } from './invites.ts';
import type { MessagesTables } from './messages.ts';
import type { ModerationTables } from './moderation.ts';
import type { PeopleTables } from './people.ts';
import type { PollsTables } from './polls.ts';
import type { SearchTables } from './search.ts';
import type { CompanyTables } from './company.ts';
import type { SecretChatsTables } from './secret-chats.ts';
import type { SecurityTables } from './security.ts';
import type { StickerTables } from './stickers.ts';
import type { ThreadsTables } from './threads.ts';
import type { WebPagesTables } from './web-pages.ts';

/** All tables, for Kysely. */
export interface Tables extends FoundationTables, AccountsTables, MessagesTables, SecurityTables, CompanyTables, PeopleTables, SearchTables, ChatsTables, WebPagesTables, GroupsTables, ThreadsTables, PollsTables, ModerationTables, FolderLinksTables, InvitesTables, FilesTables, CdnTables, BotsTables, HomesTables, StickerTables, SecretChatsTables, CallTables {}
