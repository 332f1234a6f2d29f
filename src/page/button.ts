/** A button; where its text is a sign, `label` says what it does. */
export function button(text: string, onClick: (button: HTMLButtonElement) => void, label?: string): HTMLButtonElement {
  const made = Object.assign(document.createElement('button'), { type: 'button', textContent: text });
  if (label !== undefined) {
    made.setAttribute('aria-label', label);
    made.title = label;
  }
  made.addEventListener('click', () => onClick(made));
  return made;
}
