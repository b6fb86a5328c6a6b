// The keyboard: digits choose, Enter submits, ? lists the keys, s skips. An element may add keys of its own: `keys` are
// its rows of the list, `hotkey(event)` says whether it took the key. Everything else is left to the browser.

const CHOOSING = [
  ['0 … 9', 'choose the category marked with that digit'],
  ['↑ ↓', 'move through the categories'],
];
const KEYS = [
  ['Tab', 'go to the next part of the form'],
  ['Enter', 'submit'],
  ...(SENDS ? [['s', 'skip this task']] : []),
  ['?', 'show this list'],
];

// A button or link does its own thing on Enter, and so does a category that has the focus but is not chosen yet.
const ACTS_ON_ENTER = 'a, summary, button:not([role]), input:not([type="radio"], [type="checkbox"], [type="range"]), '
  + '[role="radio"][aria-checked="false"]';
const NOT_WRITTEN = ['radio', 'checkbox', 'range', 'button', 'submit', 'reset', 'image'];

const keysList = h('dl');
const keysDialog = makeDialog('Keys', keysList);

function deepTarget(event) {
  return event.composedPath()[0];
}

function isTyping(target) {
  return target.isContentEditable || target.matches?.('textarea, select')
    || (target.matches?.('input') && !NOT_WRITTEN.includes(target.type));
}

function enabled(member) {
  const form = pageForm();
  return (form ? partsOf(form) : [...document.querySelectorAll('*')]).filter((element) => element[member] && !element.disabled);
}

// The elements that digits choose in have a method press(key): the one in use, else the first without an answer.
function picker(path) {
  const all = enabled('press');
  return all.find((element) => path.includes(element)) ?? all.find((element) => element.open) ?? all[0];
}

// The element in use is asked first, then the others: u undoes wherever the focus is.
function takenByElement(event) {
  const path = event.composedPath();
  if (event.altKey && !event.key.startsWith('Arrow')) return false;
  const all = enabled('hotkey').sort((a, b) => path.includes(b) - path.includes(a));
  return all.some((element) => element.hotkey(event));
}

function onKey(event) {
  const target = deepTarget(event);
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.isComposing) return;
  const path = event.composedPath();
  if (path.some((node) => node.localName === 'dialog') || document.querySelector('dialog[open]')) return;
  const form = path.find((node) => node.localName === 'crowd-form') ?? pageForm();
  const handled = isTyping(target) ? onKeyWhileTyping(event, target, form) : onFreeKey(event, target, form);
  if (handled) event.preventDefault();
}

function onKeyWhileTyping(event, target, form) {
  if (event.key !== 'Enter' || event.altKey || !target.matches('input')) return false;
  form?.requestSubmit();
  return Boolean(form);
}

function onFreeKey(event, target, form) {
  const digit = /^[0-9]$/.test(event.key) && !event.altKey;
  if (digit && picker(event.composedPath())?.press(event.key)) return true;
  if (takenByElement(event)) return true;
  if (event.altKey) return false;
  if (event.key === '?') return showKeys();
  if (event.key === 's' && SENDS && form) return post('skip') ?? true;
  if (event.key !== 'Enter' || target.matches?.(ACTS_ON_ENTER)) return false;
  form?.requestSubmit();
  return Boolean(form);
}

// What the elements of this page have to say first, then the choosing of categories where there are any.
function showKeys() {
  const rows = enabled('keys').flatMap((element) => element.keys);
  if (!rows.length || enabled('press').some((element) => !element.keys)) rows.push(...CHOOSING);
  rows.push(...KEYS.filter(([key]) => !rows.some(([own]) => own === key)));
  const unique = new Map(rows);
  keysList.replaceChildren(...[...unique].flatMap(([key, does]) => [h('dt', {}, h('kbd', {}, key)), h('dd', {}, does)]));
  const host = pageForm()?.shadowRoot ?? document.body;
  if (!keysDialog.isConnected) host.append(keysDialog);
  openDialog(keysDialog);
  return true;
}
