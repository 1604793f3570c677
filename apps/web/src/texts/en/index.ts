import { botsTexts } from './bots.ts';
import { callingTexts } from './calling.ts';
import { chatsTexts } from './chats.ts';
import { checklistsTexts } from './checklists.ts';
import { commonTexts } from './common.ts';
import { composerTexts } from './composer.ts';
import { errorsTexts } from './errors.ts';
import { groupsTexts } from './groups.ts';
import { historyTexts } from './history.ts';
import { logInTexts } from './log-in.ts';
import type { callsTexts } from './calls.ts';
import type { devicesTexts } from './devices.ts';
import type { findingTexts } from './finding.ts';
import type { foldersTexts } from './folders.ts';
import type { manageTexts } from './manage.ts';
import { mediaTexts } from './media.ts';
import { peopleTexts } from './people.ts';
import { pollsTexts } from './polls.ts';
import type { privacyTexts } from './privacy.ts';
import { serviceTexts } from './service.ts';
import { settingsTexts } from './settings.ts';
import type { panelTexts } from './panel.ts';
import type { statusesTexts } from './statuses.ts';
import type { stickersTexts } from './stickers.ts';
import { topicsTexts } from './topics.ts';
import { threadsTexts } from './threads.ts';
import type { viewerTexts } from './viewer.ts';

/** The words of the client. `{name}` is filled in; an entry with `one` and `other` depends on the number `n`. */
export const en = {
  ...commonTexts,
  ...logInTexts,
  ...callingTexts,
  ...chatsTexts,
  ...checklistsTexts,
  ...peopleTexts,
  ...groupsTexts,
  ...settingsTexts,
  ...historyTexts,
  ...threadsTexts,
  ...mediaTexts,
  ...serviceTexts,
  ...composerTexts,
  ...botsTexts,
  ...pollsTexts,
  ...errorsTexts,
  ...topicsTexts,
} as const;

/** Keys of texts that come with the part of the page which shows them. */
export type LaterKey = keyof typeof callsTexts | keyof typeof devicesTexts | keyof typeof findingTexts | keyof typeof foldersTexts | keyof typeof manageTexts | keyof typeof panelTexts | keyof typeof privacyTexts | keyof typeof statusesTexts | keyof typeof stickersTexts | keyof typeof viewerTexts;

export type TextKey = keyof typeof en | LaterKey;
