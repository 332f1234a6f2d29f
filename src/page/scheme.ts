/** A button that goes from the system's colours to dark, to light, and back. */
export function offerScheme(nav: HTMLElement): void {
  const root = document.documentElement;
  const choices = ['system', 'dark', 'light'] as const;
  let chosen = 0;
  const made = Object.assign(document.createElement('button'), { type: 'button', className: 'scheme' });
  const show = (): void => {
    const name = choices[chosen]!;
    made.textContent = `colours: ${name}`;
    if (name === 'system') delete root.dataset.scheme;
    else root.dataset.scheme = name;
  };
  made.addEventListener('click', () => {
    chosen = (chosen + 1) % choices.length;
    show();
  });
  show();
  nav.append(made);
}
