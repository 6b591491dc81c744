import type { TabId } from './ids.ts';

/** What a tab and a hub have agreed on beside their messages. */

/** The name of the Web Lock that a tab holds while it is attached: when it falls free, the tab is gone. */
export const tabLock = (tab: TabId) => `medulla-tab:${tab}`;

/** The tag by which a page asks for what it leaves behind to be sent when no page is there any more. */
export const SYNC = 'medulla';

/** How many batches may be on their way to a tab: what a tab that sleeps finds when it wakes. */
export const WINDOW = 16;

/** A tab acknowledges each batch whose number this divides, and those before it with it: an answer to each would cost as much as the batch. */
export const ACKNOWLEDGED = 8;
