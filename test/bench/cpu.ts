import { readdirSync, readFileSync } from 'node:fs';

/** Seconds of processor time that a process and all its living descendants have used. */
export function cpuOfTree(root: number): number {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(read);
  const tree = new Set([root]);
  for (let grown = true; grown; ) {
    const before = tree.size;
    for (const { pid, parent } of processes) if (tree.has(parent)) tree.add(pid);
    grown = tree.size > before;
  }
  let ticks = 0;
  for (const process of processes) if (tree.has(process.pid)) ticks += process.ticks;
  return ticks / TICKS_PER_SECOND;
}

/** Linux's USER_HZ: the same on every machine that runs Chromium. */
const TICKS_PER_SECOND = 100;

function read(name: string) {
  try {
    const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
    // The second field is the program's name in parentheses, which may hold blanks.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return [{ pid: Number(name), parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) }];
  } catch {
    return []; // It ended while we looked.
  }
}
