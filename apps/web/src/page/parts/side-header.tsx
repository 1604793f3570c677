import type { ComponentChildren, FunctionComponent } from 'preact';
import ArrowLeft from 'lucide-static/icons/arrow-left.svg';
import { leaveAddress } from '../ground/side.ts';
import { t } from '../ground/text.ts';

/** The head of a page in the side panel. @param back where its first button leads, if not to the chat that is open, or else to the list of chats @param children stand at its end */
export const SideHeader: FunctionComponent<{ title: string; back?: string; children?: ComponentChildren }> = ({ title, back = leaveAddress(), children }) => (
  <header class="bar">
    <a class="round" href={back} aria-label={t('back')}>
      <ArrowLeft />
    </a>
    <h1 class="bar-title">{title}</h1>
    {children}
  </header>
);
