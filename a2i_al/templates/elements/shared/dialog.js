// A modal dialog inside an element's shadow root: for instructions and the list of keys.

function makeDialog(title, ...content) {
  const heading = h('h2', { id: 'title' }, title);
  const close = h('button', { class: 'quiet', type: 'button', onclick: () => dialog.close(), 'aria-label': 'Close' }, '✕');
  const dialog = h('dialog', { 'aria-labelledby': 'title' }, h('header', {}, heading, close),
    h('div', { class: 'content', tabindex: 0 }, ...content));
  dialog.onclick = (event) => event.target === dialog && dialog.close();
  dialog.onclose = () => { document.body.style.minHeight = ''; };
  return dialog;
}

function openDialog(dialog) {
  if (dialog.open) return;
  dialog.showModal();
  // The frame is as high as the page, which does not count what floats above it.
  document.body.style.minHeight = `${Math.min(dialog.scrollHeight + 48, 900)}px`;
}
