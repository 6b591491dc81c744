/** Asks for a name; `choose` is called with it, unless the dialog is left. */
export function askName(dialog: HTMLDialogElement, name: string, choose: (name: string) => void): void {
  const input = dialog.querySelector('input');
  const form = dialog.querySelector('form');
  if (!input || !form) return;
  input.value = name;
  form.onsubmit = () => {
    const chosen = input.value.trim();
    if (chosen !== '') choose(chosen.slice(0, 40));
  };
  dialog.showModal();
  input.select();
}
