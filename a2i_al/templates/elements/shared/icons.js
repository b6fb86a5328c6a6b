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
  'add-circle': 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v8M8 12h8',
  'remove-circle': 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM8 12h8',
  'check-circle': 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM8 12.5l3 3 5-6',
  block: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM6.5 6.5l11 11',
  schedule: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4.5l3 2',
  language: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM4 12h16M12 4c5 5 5 11 0 16c-5-5-5-11 0-16',
  flag: 'M6 20V5h12l-3 4 3 4H6',
  bookmark: 'M7 5h10v15l-5-4-5 4z',
  label: 'M4 6h11l5 6-5 6H4z',
  home: 'M4 12l8-7 8 7M6.5 10v9h11v-9M10.5 19v-5h3v5',
  save: 'M5 5h11l3 3v11H5zM8 5v5h7V5M8 19v-5h8v5',
  mail: 'M4 6h16v12H4zM4 7l8 6 8-6',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  link: 'M10.5 13.5l3-3M9 11l-3 3a3 3 0 0 0 4 4l3-3M15 13l3-3a3 3 0 0 0-4-4l-3 3',
  launch: 'M10 5H5v14h14v-5M13 5h6v6M19 5l-9 9',
  visibility: 'M2.5 12q9.5-13 19 0q-9.5 13-19 0zM12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z',
  'visibility-off': 'M2.5 12q9.5-13 19 0q-9.5 13-19 0zM5 5l14 14',
  'thumb-up': 'M4 11h3v8H4zM7 11l4-7q3 0 2 3l-.6 3H19q1.5 0 1 2l-1.5 6q-.3 1-1.5 1H7',
  'thumb-down': 'M20 13h-3V5h3zM17 13l-4 7q-3 0-2-3l.6-3H5q-1.5 0-1-2l1.5-6q.3-1 1.5-1h10',
  undo: 'M8 6l-4 4 4 4M4 10h10a5 5 0 0 1 0 10h-4',
  redo: 'M16 6l4 4-4 4M20 10H10a5 5 0 0 0 0 10h4',
  'zoom-in': 'M10.5 5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM15 15l5 5M10.5 8v5M8 10.5h5',
  'zoom-out': 'M10.5 5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM15 15l5 5M8 10.5h5',
  'file-download': 'M12 4v11M7 10l5 5 5-5M5 20h14',
  'file-upload': 'M12 16V5M7 10l5-5 5 5M5 20h14',
  'content-copy': 'M9 8h10v12H9zM6 16H5V4h10v1',
  'play-arrow': 'M8 5l11 7-11 7z',
  pause: 'M8 5v14M16 5v14',
  stop: 'M6 6h12v12H6z',
  'expand-more': 'M6 9l6 6 6-6',
  'expand-less': 'M6 15l6-6 6 6',
  'chevron-left': 'M15 6l-6 6 6 6',
  'chevron-right': 'M9 6l6 6-6 6',
  'more-vert': 'M12 5v1M12 11.5v1M12 18v1',
  'more-horiz': 'M5 12h1M11.5 12h1M18 12h1',
  'arrow-back': 'M19 12H5M11 6l-6 6 6 6',
  'arrow-forward': 'M5 12h14M13 6l6 6-6 6',
  'arrow-upward': 'M12 19V5M6 11l6-6 6 6',
  'arrow-downward': 'M12 5v14M6 13l6 6 6-6',
};
const ICON_NAMES = {
  create: 'edit', done: 'check', clear: 'close', success: 'check', cancel: 'error', 'highlight-off': 'error',
  'add-circle-outline': 'add-circle', 'remove-circle-outline': 'remove-circle', 'info-outline': 'info', 'help-outline': 'help',
  'error-outline': 'error', 'report-problem': 'warning', 'star-border': 'star', 'favorite-border': 'favorite',
  'bookmark-border': 'bookmark', 'delete-forever': 'delete', send: 'arrow-forward', 'open-in-new': 'launch',
  autorenew: 'refresh', cached: 'refresh', replay: 'refresh', 'label-outline': 'label', 'lock-outline': 'lock',
  'check-box': 'check', 'get-app': 'file-download', 'cloud-download': 'file-download', 'cloud-upload': 'file-upload',
  'access-time': 'schedule', 'arrow-drop-down': 'expand-more', 'arrow-drop-up': 'expand-less',
};

function drawing(tag, attributes, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

// `icons:add`, as icon sets of other makers are written, is `add`.
function makeIcon(name) {
  const plain = name.split(':').pop();
  const known = Object.hasOwn(ICON_NAMES, plain) ? ICON_NAMES[plain] : plain;
  const path = Object.hasOwn(ICONS, known) && ICONS[known];
  return path ? drawing('svg', { class: 'icon', viewBox: '0 0 24 24', 'aria-hidden': 'true' }, drawing('path', { d: path })) : null;
}
