import type { Host } from '../../../src/client/host.ts';
import { leaderHost } from '../../../src/client/hosts/leader/leader-host.ts';
import type { Boot } from '../../../src/protocol/ids.ts';
import type { Port } from '../../../src/protocol/port.ts';
import type { Tabs, TestTab } from './tabs.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Lets locks and channels do what they are about to. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 50; i++) await turn();
}

/** A tab that joins. */
export class Joined {
  readonly tab: TestTab;
  readonly host: Host;
  readonly heard: unknown[] = [];
  port: Port | undefined;

  constructor(tabs: Tabs, id: string, visible = true, protocol?: number) {
    this.tab = tabs.open(id, visible, protocol);
    this.host = leaderHost(this.tab.parts, null);
  }

  async join(dead: Boot | null = null): Promise<void> {
    this.heard.length = 0;
    this.port = await this.host.join(dead);
    this.port.listen((message) => this.heard.push(message));
  }

  /** The hub that answers. */
  async hub(): Promise<unknown> {
    this.port?.post('who');
    for (;;) {
      const answer = this.heard.find((message) => (message as { boot?: Boot }).boot);
      if (answer) return (answer as { boot: Boot }).boot;
      await turn();
    }
  }
}

export async function opened(tabs: Tabs, ...ids: string[]): Promise<Joined[]> {
  const all: Joined[] = [];
  for (const id of ids) {
    const one = new Joined(tabs, id);
    await one.join();
    all.push(one);
  }
  return all;
}
