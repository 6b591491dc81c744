import type { TabDown, Value } from '../protocol/tab-down.ts';

const isList = (list: unknown) => Array.isArray(list) && list.every((item) => item?.topic ?? item?.type);

/**
 * Whether a tab can apply the message whole. The shapes of the protocol would say more, and weigh a tenth of the page's
 * script: their place is where less is known of the other side.
 */
export function isTabDown(message: unknown): message is TabDown {
  const { type, boot, lock, count, n, values, settlements, answers, topics } = Object(message);
  if (type === 'batch')
    return (
      n >= 0 &&
      [values, settlements, answers, topics].every(isList) &&
      values.every(({ attrs }: Partial<Value>) => attrs !== undefined)
    );
  return type === 'received' ? count >= 0 : type !== 'welcome' || (boot && lock);
}
