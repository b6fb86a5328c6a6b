// The picture to draw on: it zooms and pans by itself, and tells its owner what one pointer does at which point of the
// picture: grab, drag, release, hover, cancel, finish.

const HIGHEST = 544; // screen pixels
const SQUARE = 24; // screen pixels; a tiny picture is not enlarged more than this by the height of its stage

// s('path', { d: 'M0 0' }): one SVG element.
function s(tag, attributes = {}, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

class Stage {
  constructor(owner, label) {
    this.owner = owner;
    this.view = new View(() => this.place());
    this.pointers = new Map();
    this.mode = 'idle';
    this.grip = false; // the space bar is held: dragging pans
    this.image = h('img', { class: 'image layer', alt: '', draggable: 'false' });
    this.overlay = s('svg', { class: 'overlay', 'aria-hidden': 'true' });
    this.element = h('div', { class: 'stage', tabindex: 0, role: 'application', 'aria-label': label,
      'aria-describedby': 'hint' }, this.image, this.overlay);
    for (const kind of ['down', 'move', 'up', 'cancel', 'leave']) {
      this.element.addEventListener(`pointer${kind}`, (event) => this[kind](event));
    }
    this.element.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
    this.element.addEventListener('dblclick', () => owner.finish());
    this.element.addEventListener('auxclick', (event) => event.preventDefault());
    this.element.onkeyup = (event) => event.key === ' ' && this.hold(false);
    this.element.onblur = () => this.hold(false);
    new ResizeObserver(([{ contentRect }]) => this.view.resize(contentRect.width, contentRect.height)).observe(this.element);
  }

  // The picture is known: layers (masks) are placed with it from now on.
  open(width, height) {
    this.view.picture = { width, height };
    this.element.style.aspectRatio = `${width} / ${height}`;
    this.element.style.maxHeight = `${Math.min(HIGHEST, Math.max(200, height * SQUARE))}px`;
    this.view.resize(this.element.clientWidth, this.element.clientHeight);
  }

  place() {
    const { scale, x, y, picture } = this.view;
    for (const layer of this.element.querySelectorAll('.layer')) {
      layer.style.width = `${picture.width}px`;
      layer.style.height = `${picture.height}px`;
      layer.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
      layer.classList.toggle('squares', scale > SMOOTH);
    }
    this.owner.draw();
  }

  hold(grip) {
    this.grip = grip;
    this.element.classList.toggle('grip', grip);
  }

  at({ clientX, clientY }) {
    const { left, top } = this.element.getBoundingClientRect();
    return [clientX - left - this.element.clientLeft, clientY - top - this.element.clientTop];
  }

  down(event) {
    const at = this.at(event);
    this.pointers.set(event.pointerId, at);
    if (this.pointers.size > 1) {
      if (this.mode === 'tool') this.owner.cancel();
      this.mode = 'pinch';
    } else if (event.button === 1 || this.grip) this.mode = 'pan';
    else if (event.button === 0) this.mode = 'tool';
    else return;
    // A pointer that a script made up cannot be captured.
    if (event.isTrusted) this.element.setPointerCapture(event.pointerId);
    if (event.button === 1) event.preventDefault();
    if (this.mode === 'tool') this.owner.grab(this.view.toPicture(at), event);
  }

  move(event) {
    const at = this.at(event);
    const before = this.pointers.get(event.pointerId);
    if (!before) return this.owner.hover(this.view.toPicture(at));
    if (this.mode === 'tool') this.owner.drag(this.view.toPicture(at), event);
    if (this.mode === 'pan') this.view.pan(at[0] - before[0], at[1] - before[1]);
    if (this.mode === 'pinch') this.pinch(event.pointerId, before, at);
    this.pointers.set(event.pointerId, at);
    return true;
  }

  pinch(id, before, at) {
    const other = [...this.pointers].find(([key]) => key !== id)?.[1];
    if (!other) return;
    const span = ([x, y]) => Math.hypot(x - other[0], y - other[1]) || 1;
    this.view.zoom(span(at) / span(before), [(at[0] + other[0]) / 2, (at[1] + other[1]) / 2]);
    this.view.pan((at[0] - before[0]) / 2, (at[1] - before[1]) / 2);
  }

  up(event) {
    if (!this.pointers.delete(event.pointerId)) return;
    if (this.mode === 'tool') this.owner.release(this.view.toPicture(this.at(event)), event);
    if (!this.pointers.size) this.mode = 'idle';
  }

  cancel(event) {
    this.pointers.delete(event.pointerId);
    if (this.mode === 'tool') this.owner.cancel();
    if (!this.pointers.size) this.mode = 'idle';
  }

  leave() {
    if (this.mode === 'idle') this.owner.hover(null);
  }

  // The page scrolls on where there is nothing left to zoom out of.
  wheel(event) {
    if (event.deltaY >= 0 && this.view.scale <= this.view.fitting) return;
    event.preventDefault();
    this.view.zoom(1.0015 ** -event.deltaY, this.at(event));
  }
}
