import type { Snapshot } from '../../protocol/change.ts';
import type { Topic as TopicName } from '../../protocol/ids.ts';
import type { HubContext } from '../context.ts';
import type { Endings } from '../outbox/endings.ts';
import type { Follower } from '../replica/follower.ts';
import type { Topic } from '../replica/topic.ts';
import type { Tab } from './tab.ts';
import type { Tabs } from './tabs.ts';

/** `snapshot`: what the tab's page came with. */
interface Wish {
  readonly topic: TopicName;
  readonly snapshot?: Snapshot;
}

export interface FollowsParts {
  readonly hub: HubContext;
  readonly tabs: Tabs;
  readonly follower: Follower;
  readonly endings: Endings;
  readonly ended: () => boolean;
}

/** Which topics tabs follow: the server is asked for a topic once for all of them. */
export class Follows {
  readonly #parts: FollowsParts;

  constructor(parts: FollowsParts) {
    this.#parts = parts;
  }

  async follow(tab: Tab, { topic: name, snapshot }: Wish): Promise<Topic | undefined> {
    const { tabs, follower, hub } = this.#parts;
    // It has said hello again on another port, and this came late on the old one.
    if (tabs.get(tab.id) !== tab) return undefined;
    tabs.follow(tab, name);
    const topic = await hub.replica.load(name);
    const first = topic.followers === 0;
    topic.followers = tabs.followers(name);
    if (snapshot) this.#begin(topic, snapshot);
    if (first && topic.followers > 0) follower.want(topic);
    // An answer's rows do not say how a record stands: those that have writes are shown besides.
    for (const key of hub.outbox.lanesOf(name)) tab.touch(name, key);
    tab.topic(name);
    return topic;
  }

  /** It goes on from what the page came with, where that is more than there is. */
  #begin(topic: Topic, { rows, cursor }: Snapshot): void {
    const { hub, endings } = this.#parts;
    const { epoch, offset = 0 } = topic.cursor ?? {};
    const isMore = epoch ? epoch === cursor.epoch && offset < cursor.offset : topic.isEmpty;
    if (!isMore) return;
    const { changed, ops } = topic.replace(rows, cursor, hub.clock.now());
    endings.moved(topic, changed, ops);
  }

  release(tab: Tab, name: TopicName): void {
    if (this.#parts.tabs.release(tab, name)) this.released(name);
    else this.#count(name);
  }

  /** No tab follows it any more. */
  released(name: TopicName): void {
    const topic = this.#count(name);
    if (!topic || this.#parts.ended()) return;
    this.#parts.follower.release(topic);
    this.#parts.endings.released(topic);
  }

  /** There are new aliases: what tabs follow may have another name now, under which the server knows it. */
  renamed(): void {
    const { tabs, hub } = this.#parts;
    for (const before of [...tabs.topics()]) {
      const name = hub.aliases.topic(before);
      if (name === before) continue;
      for (const tab of [...tabs.of(before)]) {
        tabs.release(tab, before);
        this.follow(tab, { topic: name }).then((topic) => {
          for (const key of topic?.records.keys() ?? []) tab.touch(name, key);
        });
      }
      hub.replica.drop(before);
    }
  }

  #count(name: TopicName): Topic | undefined {
    const topic = this.#parts.hub.replica.get(name);
    if (topic) topic.followers = this.#parts.tabs.followers(name);
    return topic;
  }
}
