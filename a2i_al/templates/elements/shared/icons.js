// A few plain line icons under the names that templates use; an icon that is not drawn here shows nothing.

const ICONS = {
  add: 'M12 5v14M5 12h14',
  remove: 'M5 12h14',
  close: 'M6 6l12 12M18 6L6 18',
  check: 'M5 13l4.5 4.5L19 7',
  star: 'M12 4l2.5 5.2 5.7.7-4.2 3.9 1.1 5.7-5.1-2.8-5.1 2.8L8 13.8 3.8 9.9l5.7-.7z',
  search: 'M10.5 5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM15 15l5 5',
  info: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 11v5M12 8v.5',
  warning: 'M12 4l9 16H3zM12 10v4M12 16.5v.5',
  error: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM9 9l6 6M15 9l-6 6',
  help: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM9.5 10a2.5 2.5 0 1 1 3.5 2.3q-1 .5-1 1.7M12 16.2v.3',
  edit: 'M5 19l1-4L16 5l3 3L9 18z',
  delete: 'M5 7h14M10 7V5h4v2M7 7l1 12h8l1-12',
  refresh: 'M19 12a7 7 0 1 1-2-5M18 4v4h-4',
  favorite: 'M12 19C5 14 4 11 4 9a4 4 0 0 1 8-1 4 4 0 0 1 8 1c0 2-1 5-8 10z',
  menu: 'M4 7h16M4 12h16M4 17h16',
  'arrow-back': 'M19 12H5M11 6l-6 6 6 6',
  'arrow-forward': 'M5 12h14M13 6l6 6-6 6',
  'arrow-upward': 'M12 19V5M6 11l6-6 6 6',
  'arrow-downward': 'M12 5v14M6 13l6 6 6-6',
};
const ICON_NAMES = { create: 'edit', done: 'check', clear: 'close', success: 'check', cancel: 'error' };

function drawing(tag, attributes, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

// `icons:add`, as icon sets of other makers are written, is `add`.
function makeIcon(name) {
  const plain = name.split(':').pop();
  const path = ICONS[ICON_NAMES[plain] ?? plain];
  return path ? drawing('svg', { class: 'icon', viewBox: '0 0 24 24', 'aria-hidden': 'true' }, drawing('path', { d: path })) : null;
}
