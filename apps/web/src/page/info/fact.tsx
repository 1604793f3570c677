import type { ComponentChildren, ComponentType, FunctionComponent } from 'preact';
import Copy from 'lucide-static/icons/copy.svg';
import { t } from '../ground/text.ts';

interface FactProps {
  icon: ComponentType;
  name: string;
  copy?(): void;
  /** What else can be done with it. */
  buttons?: ComponentChildren;
  children: ComponentChildren;
}

/** Something that is known of a chat, and what it is. */
export const Fact: FunctionComponent<FactProps> = ({ icon: Icon, name, copy, buttons, children }) => (
  <li class="fact">
    <Icon />
    <div class="fact-text">
      <div class="fact-value" dir="auto">
        {children}
      </div>
      <div class="fact-name">{name}</div>
    </div>
    {copy && (
      <button class="round" type="button" aria-label={t('copyFact', { name })} onClick={copy}>
        <Copy />
      </button>
    )}
    {buttons}
  </li>
);
