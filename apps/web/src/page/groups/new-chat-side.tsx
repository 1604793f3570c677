import type { FunctionComponent } from 'preact';
import { NewChannel } from './new-channel.tsx';
import { NewContact } from './new-contact.tsx';
import { NewGroup } from './new-group.tsx';

/** Makes a group, a channel, or a contact. */
export const NewChatSide: FunctionComponent<{ kind: 'group' | 'channel' | 'contact' }> = ({ kind }) => {
  switch (kind) {
    case 'group':
      return <NewGroup />;
    case 'channel':
      return <NewChannel />;
    case 'contact':
      return <NewContact />;
  }
};
