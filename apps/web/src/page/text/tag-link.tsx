import type { FunctionComponent } from 'preact';
import { useContext } from 'preact/hooks';
import { tagAddress } from '../ground/route.ts';
import { ChatContext } from '../open-chat/open-chat.ts';

/** A hashtag or cashtag in a text: leads to the messages of the open chat that have it, or to those of all chats. */
export const TagLink: FunctionComponent<{ tag: string }> = ({ tag, children }) => <a href={tagAddress(tag, useContext(ChatContext)?.peer)}>{children}</a>;
