import type { FunctionComponent } from 'preact';
import { useEffect } from 'preact/hooks';
import { CallBarPlace, CallStagePlace, IncomingPlace } from './call-places.tsx';
import { ChatPlace } from './chat-place.tsx';
import { InfoPlace } from './info-place.tsx';
import { SidePanel } from './side-panel.tsx';
import { ThreadPage } from '../chats/thread-page.tsx';
import { LinkPage } from '../groups/link-page.tsx';
import { askToDelete } from '../history/delete-messages.ts';
import { askToForward } from '../history/forward-dialog.tsx';
import { NowPlaying } from '../media/now-playing.tsx';
import { viewerActions } from '../media/viewer-actions.ts';
import { isSection, SettingsPage } from '../settings/settings-page.tsx';
import { startAlerts } from '../notices/alerts.ts';
import { startPush } from '../notices/push.ts';
import { startBadge } from '../notices/badge.ts';
import { followKeyboard } from './follow-keyboard.ts';
import { ConnectionBar } from './connection-bar.tsx';
import { NoChat } from './no-chat.tsx';
import { route, type Route } from '../ground/route.ts';
import { shownRoute } from '../ground/side.ts';
import { isWide } from '../ground/wide.ts';
import { TagPlace } from './tag-places.tsx';
import { UpgradeBar } from './upgrade-bar.tsx';

viewerActions.current = { forward: askToForward, delete: askToDelete };

/** Which of the columns a narrow window shows. */
function columnOf(at: Route): 'side' | 'main' | 'info' {
  if (at.page === 'chat') return at.info ? 'info' : 'main';
  if (at.page === 'thread' || at.page === 'call') return 'main';
  return at.page === 'settings' && isSection(at.section) ? 'main' : 'side';
}

const Main: FunctionComponent<{ at: Route }> = ({ at }) => {
  if (at.page === 'chat' && at.tag !== undefined) return <TagPlace key={`${at.peer} ${at.tag}`} peer={at.peer} tag={at.tag} />;
  if (at.page === 'chat') return <ChatPlace key={at.peer} peer={at.peer} topic={at.topic} message={at.message} />;
  if (at.page === 'call') return <CallStagePlace key={at.peer} peer={at.peer} />;
  if (at.page === 'thread') return <ThreadPage key={`${at.peer}/${at.root}`} peer={at.peer} root={at.root} message={at.message} />;
  if (at.page === 'settings' && isSection(at.section)) return <SettingsPage key={at.section.split('/')[0]} section={at.section} />;
  return <NoChat />;
};

/** The page of somebody who is logged in: a list, a chat or a page of settings, and what is known of the chat. */
export const Home: FunctionComponent = () => {
  const at = route.value;
  const shown = shownRoute.value;
  useEffect(() => {
    startAlerts();
    startPush();
    startBadge();
    followKeyboard();
  }, []);
  return (
    <div class="frame">
      <ConnectionBar />
      <UpgradeBar />
      {!isWide.value && columnOf(at) !== 'side' && <CallBarPlace />}
      <div class={`home home-${columnOf(at)}`}>
        <SidePanel isMain={columnOf(at) === 'side' && shown === at} />
        <NowPlaying />
        <Main at={shown} />
        {at.page === 'chat' && at.info && <InfoPlace key={at.peer} peer={at.peer} info={at.info} />}
      </div>
      {at.page === 'link' && <LinkPage path={at.path} />}
      <IncomingPlace />
    </div>
  );
};
