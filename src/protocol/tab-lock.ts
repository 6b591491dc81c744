import type { TabId } from './ids.ts';

/** The name of the Web Lock that a tab holds while it is attached: when it falls free, the tab is gone. */
export const tabLock = (tab: TabId) => `medulla-tab:${tab}`;
