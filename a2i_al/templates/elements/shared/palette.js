// Labels with their colours: read from attributes, and shown as the list a worker picks the next shape's label from.

const COLOURS = ['#1c7ed6', '#f76707', '#2f9e44', '#e03131', '#7048e8', '#f2b705', '#15aabf', '#8d5524', '#e64980', '#94d82d'];

// Past the tenth, hues a golden angle apart: near neighbours never look alike.
function colourOf(index) {
  return COLOURS[index] ?? hexOf(`hsl(${Math.round((index * 137.508) % 360)} ${60 + (index % 3) * 15}% ${38 + (index % 4) * 8}%)`);
}

// Any CSS colour as #rrggbb, as it stands in answers; '' for what is none, or is not opaque.
const colourReader = document.createElement('canvas').getContext('2d');
function hexOf(colour) {
  if (!CSS.supports('color', colour)) return '';
  colourReader.fillStyle = colour;
  return colourReader.fillStyle.startsWith('#') ? colourReader.fillStyle : '';
}

// The wished colour, unless it is taken, or white, which means nothing in a mask; then the first that is free.
function freeColour(wish, taken) {
  const free = (colour) => colour && colour !== '#ffffff' && !taken.includes(colour);
  if (free(wish)) return wish;
  let index = 0;
  while (!free(colourOf(index))) index += 1;
  return colourOf(index);
}

// `labels` are texts or objects with a label; `label-colors` are colours in the same order, or one for each label.
function readLabels(element) {
  const listed = element.parsed('labels', []);
  const wished = element.parsed('label-colors', []);
  const found = new Map();
  for (const entry of Array.isArray(listed) ? listed : [listed]) {
    const name = String(isObject(entry) ? entry.label ?? '' : entry);
    const wish = isObject(entry) ? entry.color : Array.isArray(wished) ? wished[found.size] : wished[name];
    if (!name || found.has(name)) continue;
    const taken = Array.from(found.values(), ({ colour }) => colour);
    found.set(name, { name, colour: freeColour(hexOf(String(wish ?? '')) || colourOf(found.size), taken) });
  }
  if (!found.size) element.complaint.textContent ||= `<${element.localName}> has no labels.`;
  return [...found.values()];
}

class Palette extends Options {
  constructor(labels, onchange) {
    super(labels.map(({ name }) => name), { onchange });
    this.element.classList.add('palette');
    this.buttons.forEach((button, index) => button.style.setProperty('--colour', labels[index].colour));
    this.current = this.labels[0];
  }

  get current() {
    return this.value[0];
  }

  set current(label) {
    this.value = [label];
  }

  // By key, the focus stays where the drawing is.
  press(key) {
    const index = this.keys.indexOf(key);
    if (!(index in this.labels)) return false;
    this.current = this.labels[index];
    this.onchange();
    return true;
  }
}
