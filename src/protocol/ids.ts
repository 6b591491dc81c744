declare const brand: unique symbol;
type Branded<T, Name extends string> = T & { readonly [brand]: Name };

/** One page; random; lives as long as the page. */
export type TabId = Branded<string, 'TabId'>;
/** `${tabId}:${n}`: one intended write, for ever. */
export type MutationId = Branded<string, 'MutationId'>;
/** One path, as `/projects/7/tasks`: a collection's url; for ever. */
export type Topic = Branded<string, 'Topic'>;
/** A record's id as the application has it; ids compare as strings and keep their type. */
export type RecordId = string | number;
/** `String(recordId)`: what ids are compared and looked up by. */
export type RecordKey = Branded<string, 'RecordKey'>;
/** Whom the server authenticated; `''` is nobody in particular. */
export type UserId = Branded<string, 'UserId'>;
/** One start of a hub; random. */
export type Boot = Branded<string, 'Boot'>;
/** One life of a server's database, as one user may see it; random. */
export type Epoch = Branded<string, 'Epoch'>;
/** One log entry; random: tells a log from another log that has reached the same offset. Short: each change carries one. */
export type Mark = Branded<string, 'Mark'>;

/** The record id of a model that has a url of its own and no id. */
export const SINGLETON: RecordId = '.';
export const ANONYMOUS = '' as UserId;

/** `~` and the uuid that the client would have given it: a record that waits for its id from the server. Unmistakable anywhere. */
const TEMPORARY = /^~[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
export const isTemporary = (record: unknown): record is string =>
  typeof record === 'string' && record[0] === '~' && TEMPORARY.test(record);
/** Whether the topic is under such a record. */
export const isUnderTemporary = (topic: Topic): boolean =>
  topic.includes('/~') && topic.split('/').some(isTemporary);

export const recordKey = (record: RecordId): RecordKey => String(record) as RecordKey;
export const mutationId = (tab: TabId, n: number): MutationId => `${tab}:${n}` as MutationId;
/** The number that the tab gave the mutation: mutations of one tab count from 1. */
export const mutationNumber = (id: MutationId): number => Number(id.slice(id.lastIndexOf(':') + 1));
export const mutationTab = (id: MutationId): TabId => id.slice(0, id.lastIndexOf(':')) as TabId;
