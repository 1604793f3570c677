import type { FunctionComponent } from 'preact';
import Palette from 'lucide-static/icons/palette.svg';
import type { ChatTheme, PeerId } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { attempt } from '../parts/notice.tsx';
import { Fact } from './fact.tsx';

/** Lets the person choose how a private chat looks, for both who are in it. */
async function chooseTheme(peer: PeerId): Promise<void> {
  const asked = ask('themes.list', undefined);
  if (!(await attempt(asked))) return;
  const themes = await asked;
  const chosen = await openDialog<string>((close) => (
    <Dialog title={t('chatTheme')} onClose={() => close()}>
      <ul class="choices">
        {[undefined, ...themes].map((theme) => (
          <li key={theme?.emoji ?? ''}>
            <button type="button" autofocus={theme === undefined} onClick={() => close(theme?.emoji ?? '')}>
              {theme ? <ThemeName theme={theme} /> : t('noTheme')}
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  ));
  if (chosen !== undefined) await attempt(ask('themes.set', { peer, emoji: chosen === '' ? undefined : chosen }));
}

const ThemeName: FunctionComponent<{ theme: ChatTheme }> = ({ theme: { emoji, title } }) => (
  <>
    <span class="emoji">{emoji}</span> {title}
  </>
);

/** How a private chat looks. */
export const ThemeFact: FunctionComponent<{ peer: PeerId; theme: ChatTheme | undefined }> = ({ peer, theme }) => (
  <Fact icon={Palette} name={t('chatTheme')}>
    <button class="link" type="button" title={t('changeTheme')} onClick={() => void chooseTheme(peer)}>
      {theme ? <ThemeName theme={theme} /> : t('noTheme')}
    </button>
  </Fact>
);
