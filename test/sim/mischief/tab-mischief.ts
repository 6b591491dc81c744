import type { Place } from './place.ts';

export const TAB_MISCHIEF = {
  tabCrash({ world, tabs, dice }: Place): void {
    const alive = tabs.filter((tab) => !tab.process.dead);
    if (alive.length < 2) return;
    const tab = dice.pick(alive);
    world.fault(tab.name, 'crashes');
    tab.crash();
  },
  tabClose({ world, tabs, dice }: Place): void {
    const alive = tabs.filter((tab) => tab.process.running);
    if (alive.length < 2) return;
    const tab = dice.pick(alive);
    world.fault(tab.name, 'is closed');
    tab.close();
  },
  tabSleep({ world, tabs, dice }: Place): void {
    const alive = tabs.filter((tab) => tab.process.running);
    if (alive.length === 0) return;
    const tab = dice.pick(alive);
    const ms = dice.int(100, 20_000);
    world.fault(tab.name, `is put to sleep for ${ms} ms`);
    tab.sleep(ms);
  },
  tabFreeze({ world, tabs, dice }: Place): void {
    const alive = tabs.filter((tab) => tab.process.running);
    if (alive.length === 0) return;
    const tab = dice.pick(alive);
    const ms = dice.int(500, 30_000);
    world.fault(tab.name, `is frozen for ${ms} ms`);
    tab.process.freeze();
    world.clock.after(ms, () => tab.process.thaw());
  },
  openTab({ world, tabs, dice, open }: Place): void {
    const device = dice.pick(world.devices);
    if (tabs.filter((tab) => tab.device === device && !tab.process.dead).length > 2) return;
    world.fault(device.name, 'gets another tab');
    open(device);
  },
};
