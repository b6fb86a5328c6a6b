// What lies over a picture without being edited: boxes with their labels in fractions of the picture, and masks.

// {left, top, width, height} of 0 … 1, a label and a colour.
function makeBox({ left, top, width, height }, label, colour, attributes = {}) {
  const percent = (part) => `${(100 * part).toFixed(3)}%`;
  const box = h('span', { class: 'box', ...attributes }, label ? h('b', {}, label) : '');
  Object.assign(box.style, { left: percent(left), top: percent(top), width: percent(width), height: percent(height) });
  box.style.setProperty('--colour', colour);
  return box;
}

// The overlay of a verification task: {boundingBox | semanticSegmentation | instanceSegmentation: {…}}.
function showOverlay(overlay, image, frame) {
  const { boundingBox, semanticSegmentation, instanceSegmentation } = isObject(overlay) ? overlay : {};
  const named = new Map();
  const layers = [];
  const boxes = boundingBox?.value ?? boundingBox?.boundingBoxes ?? [];
  for (const { label, left, top, width, height } of boxes) {
    const place = (boundingBox.labels ?? []).indexOf(label);
    const colour = named.get(label) ?? colourOf(place < 0 ? named.size : place);
    named.set(label, colour);
    const { naturalWidth: across, naturalHeight: down } = image;
    layers.push(makeBox({ left: left / across, top: top / down, width: width / across, height: height / down }, label, colour));
  }
  const mask = semanticSegmentation ?? instanceSegmentation;
  if (mask?.src) {
    const missing = () => frame.append(h('p', { class: 'problem', role: 'alert' }, `The mask cannot be shown: ${addressOf(String(mask.src))}`));
    layers.push(h('img', { class: 'mask', alt: '', onerror: missing, src: mask.src }));
  }
  for (const [label, { color }] of Object.entries(semanticSegmentation?.labelMappings ?? {})) named.set(label, color);
  (instanceSegmentation?.instances ?? []).forEach(({ label, color }, index) => named.set(`${label} ${index + 1}`, color));
  const stack = h('div', { class: 'stack' });
  image.replaceWith(stack);
  stack.append(image, ...layers);
  if (named.size) frame.append(h('ul', { class: 'legend', 'aria-label': 'Shown on the picture' },
    ...[...named].map(([label, colour]) => h('li', { style: `--colour: ${colour}` }, h('span', { class: 'swatch' }), String(label)))));
}
