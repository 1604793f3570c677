import type { ComponentChildren, FunctionComponent } from 'preact';
import ArrowLeft from 'lucide-static/icons/arrow-left.svg';
import { t } from '../ground/text.ts';

/** The head of a page in the side panel. @param children stand at its end */
export const SideHeader: FunctionComponent<{ title: string; back?: string; children?: ComponentChildren }> = ({ title, back = '#/', children }) => (
  <header class="bar">
    <a class="round" href={back} aria-label={t('back')}>
      <ArrowLeft />
    </a>
    <h1 class="bar-title">{title}</h1>
    {children}
  </header>
);
