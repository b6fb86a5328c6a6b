// The keyboard: digits choose, Enter submits, ? lists the keys, s skips. Everything else is left to the browser.

const KEYS = [
  ['0 … 9', 'choose the category marked with that digit'],
  ['↑ ↓', 'move through the categories'],
  ['Tab', 'go to the next part of the form'],
  ['Enter', 'submit'],
  ['?', 'show this list'],
];
if (SENDS) KEYS.splice(4, 0, ['s', 'skip this task']);

// A button or link does its own thing on Enter, and so does a category that has the focus but is not chosen yet.
const ACTS_ON_ENTER = 'a, summary, button:not([role]), input:not([type="radio"], [type="checkbox"]), '
  + '[role="radio"][aria-checked="false"]';
const NOT_WRITTEN = ['radio', 'checkbox', 'button', 'submit', 'reset', 'image'];

const keysDialog = makeDialog('Keys', h('dl', {}, ...KEYS.flatMap(([key, does]) =>
  [h('dt', {}, h('kbd', {}, key)), h('dd', {}, does)])));

function deepTarget(event) {
  return event.composedPath()[0];
}

function isTyping(target) {
  return target.isContentEditable || target.matches?.('textarea, select')
    || (target.matches?.('input') && !NOT_WRITTEN.includes(target.type));
}

// The elements that digits choose in have a method press(key): the one in use, else the first without an answer.
function picker(path) {
  const form = document.querySelector('crowd-form');
  const all = [...(form ?? document).querySelectorAll('*')].filter((element) => element.press && !element.disabled);
  return all.find((element) => path.includes(element)) ?? all.find((element) => element.open) ?? all[0];
}

function onKey(event) {
  const target = deepTarget(event);
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (target.closest?.('dialog') || document.querySelector('dialog[open]')) return;
  const path = event.composedPath();
  const form = path.find((node) => node.localName === 'crowd-form') ?? document.querySelector('crowd-form');
  const handled = isTyping(target) ? onKeyWhileTyping(event, target, form) : onFreeKey(event, target, form);
  if (handled) event.preventDefault();
}

function onKeyWhileTyping(event, target, form) {
  if (event.key !== 'Enter' || !target.matches('input')) return false;
  form?.requestSubmit();
  return Boolean(form);
}

function onFreeKey(event, target, form) {
  if (/^[0-9]$/.test(event.key)) return picker(event.composedPath())?.press(event.key) ?? false;
  if (event.key === '?') return showKeys();
  if (event.key === 's' && SENDS && form) return post('skip') ?? true;
  if (event.key !== 'Enter' || target.matches?.(ACTS_ON_ENTER)) return false;
  form?.requestSubmit();
  return Boolean(form);
}

function showKeys() {
  const host = document.querySelector('crowd-form')?.shadowRoot ?? document.body;
  if (!keysDialog.isConnected) host.append(keysDialog);
  openDialog(keysDialog);
  return true;
}
