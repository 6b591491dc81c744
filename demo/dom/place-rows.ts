/**
 * Puts these elements into `parent`, in this order, moving as few as it can; what else is in it goes. A card that is
 * carried is left where the pointer has it. The one with the focus stays and the others move around it: to be taken
 * out and put back would end what somebody is typing.
 */
export function placeRows(parent: HTMLElement, rows: readonly HTMLElement[]): void {
  const wanted = new Set<Element>(rows);
  for (const child of [...parent.children]) if (!wanted.has(child) && !isCarried(child)) child.remove();
  const fixed = rows.findIndex((row) => row.parentElement === parent && row.contains(document.activeElement));
  place(parent, rows.slice(0, Math.max(0, fixed)), parent.firstElementChild);
  place(
    parent,
    rows.slice(fixed + 1),
    rows[fixed]?.nextElementSibling ?? (fixed < 0 ? parent.firstElementChild : null),
  );
}

function place(parent: HTMLElement, rows: readonly HTMLElement[], start: Element | null): void {
  let next = afterCarried(start);
  for (const row of rows) {
    if (isCarried(row)) continue;
    if (row === next) next = afterCarried(next.nextElementSibling);
    else parent.insertBefore(row, next);
  }
}

const isCarried = (row: Element): boolean => row.classList.contains('is-carried');

function afterCarried(row: Element | null): Element | null {
  let next = row;
  while (next && isCarried(next)) next = next.nextElementSibling;
  return next;
}
