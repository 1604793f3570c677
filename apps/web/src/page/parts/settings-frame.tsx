import type { ComponentChildren, FunctionComponent } from 'preact';
import ArrowLeft from 'lucide-static/icons/arrow-left.svg';
import { t } from '../ground/text.ts';

/** A page of the settings. @param back the address of the page above it; on a wide window the list of pages stands beside those of the first level, and needs no way back */
export const SettingsFrame: FunctionComponent<{ title: string; back?: string; children: ComponentChildren }> = ({ title, back, children }) => (
  <main class="settings-page" aria-label={title}>
    <header class="bar">
      <a class={back === undefined ? 'round back' : 'round'} href={back ?? '#/settings'} aria-label={t('back')}>
        <ArrowLeft />
      </a>
      <h1 class="bar-title">{title}</h1>
    </header>
    <div class="settings-scroll">
      <div class="settings-content">{children}</div>
    </div>
  </main>
);
