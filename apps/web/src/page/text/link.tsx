import type { ComponentChildren, FunctionComponent } from 'preact';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { ownRoute } from '../parts/own-links.ts';
import { isShownAs } from '../parts/safe-target.ts';
import { openSet, setOfRoute } from '../stickers/open-set.ts';
import { t } from '../ground/text.ts';

/** Shows where a link leads, and goes there if the person wants that. */
export async function askBeforeLeaving(target: string): Promise<void> {
  await openDialog((close) => (
    <Dialog title={t('openLink')} onClose={() => close()}>
      <p>{t('openLinkText')}</p>
      <p class="full-target" dir="ltr">
        {target}
      </p>
      <div class="dialog-buttons">
        <button class="button button-plain" type="button" onClick={() => close()}>
          {t('cancel')}
        </button>
        <a class="button" href={target} target="_blank" rel="noopener noreferrer" onClick={() => close()}>
          {t('open')}
        </a>
      </div>
    </Dialog>
  ));
}

interface LinkProps {
  /** A safe one. */
  target: string;
  /** What the person reads of it: a link that leads elsewhere asks first. */
  shown: string;
  class?: string;
  children?: ComponentChildren;
}

/** A link. Those of this server open in this page. */
export const Link: FunctionComponent<LinkProps> = ({ target, shown, class: className, children }) => {
  const route = ownRoute(target, location.origin);
  if (route !== undefined) {
    const set = setOfRoute(route);
    // A set is shown above the chat, which stays open.
    const show = (event: MouseEvent): void => {
      if (!set || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      void openSet(set);
    };
    return (
      <a class={className} href={route} onClick={show}>
        {children}
      </a>
    );
  }
  if (isShownAs(target, shown)) {
    return (
      <a class={className} href={target} target="_blank" rel="noopener noreferrer">
        {children}
      </a>
    );
  }
  // Without an address of its own, so that no other button of the mouse passes the question by.
  const ask = (): void => void askBeforeLeaving(target);
  return (
    <a class={`asks ${className ?? ''}`} role="link" tabIndex={0} title={target} onClick={ask} onKeyDown={({ key }) => key === 'Enter' && ask()}>
      {children}
    </a>
  );
};
