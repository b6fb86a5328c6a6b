// What the elements that draw on a picture share: the picture, labels, tools, list of what was drawn, undo, keys, and
// the frame of the answer. A kind of drawing adds how it is drawn (see shape-editor.js and segmentation.js).

class AnnotationElement extends FieldElement {
  render(root) {
    this.slotChildren('full-instructions', 'short-instructions');
    this.labels = readLabels(this);
    this.history = new History();
    this.palette = new Palette(this.labels, () => this.onLabel(this.palette.current));
    this.stage = new Stage(this, `Picture to draw on. ${this.attribute('header')}`);
    this.list = new ItemList(this.listTitle, { onselect: (index) => this.select(index), onremove: (index) => this.remove(index) });
    this.hint = h('p', { class: 'hint', id: 'hint', role: 'status' });
    this.trouble = h('p', { class: 'problem', role: 'alert' });
    this.finishButton = this.tool('Finish', 'Enter', () => this.finish());
    this.finishButton.classList.add('primary');
    this.finishButton.hidden = true;
    this.undoButton = this.tool('Undo', 'u', () => this.step('undo'));
    this.redoButton = this.tool('Redo', 'Shift+u', () => this.step('redo'));
    root.append(h('section', { class: 'task annotation' },
      h('header', {}, h('h2', { id: 'question' }, this.attribute('header')), h('slot', { name: 'full-instructions' })),
      this.brief(),
      h('div', { class: 'labels' }, this.palette.element),
      h('div', { class: 'drawing' },
        h('div', { class: 'tools', role: 'group', 'aria-label': 'Tools' }, ...this.tools(),
          h('span', { class: 'tool-pair' }, this.undoButton, this.redoButton)),
        this.stage.element, this.trouble,
        h('div', { class: 'tools below' }, this.hint, this.finishButton, h('span', { class: 'tool-pair' },
          this.tool('−', 'Shift+z', () => this.stage.view.zoom(1 / 1.5), 'Zoom out'),
          this.tool('+', 'z', () => this.stage.view.zoom(1.5), 'Zoom in'),
          this.tool('Fit', '0', () => this.stage.view.fit(), 'Show the whole picture'))),
        this.complaint),
      this.list.element, h('slot')));
    this.openPicture();
  }

  tool(text, key, onclick, name = text) {
    return h('button', { class: 'tool', type: 'button', onclick, title: key ? `${name} (${key})` : name,
      'aria-label': name === text ? null : name }, text);
  }

  openPicture() {
    const { image } = this.stage;
    const src = this.attribute('src');
    image.onload = async () => {
      // A picture without a size of its own (some SVG) is what the browser makes of it.
      this.size = { width: image.naturalWidth || 300, height: image.naturalHeight || 150 };
      this.stage.open(this.size.width, this.size.height);
      const initial = this.hasAttribute('initial-value') ? this.parsed('initial-value', null) : null;
      await this.begin(initial);
      this.ready = true;
      this.stage.element.classList.add('ready');
      if (this.early !== undefined) this.value = this.early;
      this.refresh();
    };
    image.onerror = () => {
      this.unseen = `The picture cannot be shown: ${addressOf(src)}`;
      this.trouble.textContent = this.unseen;
      for (const part of [this.stage.element, ...this.shadowRoot.querySelectorAll('.tools')]) part.hidden = true;
    };
    if (src) image.src = src;
    else image.onerror();
  }

  get editable() {
    return this.ready && !this.disabled && this.labels.length > 0;
  }

  // Something was drawn or changed, and can be undone.
  did(step, merge) {
    this.history.did(step, merge);
    this.changed();
    this.refresh();
  }

  step(direction) {
    this.cancel();
    if (this.editable && this.history[direction]()) this.changed();
    this.refresh();
    return true;
  }

  refresh() {
    this.undoButton.disabled = !this.history.done.length;
    this.redoButton.disabled = !this.history.undone.length;
    this.draw();
    this.list.show(this.items(), this.selected, { fixed: !this.editable, nothing: 'Nothing yet.' });
    this.hint.textContent = this.advice();
  }

  get value() {
    return this.ready ? { ...this.payload(), inputImageProperties: { height: this.size.height, width: this.size.width } } : this.early;
  }

  // What a script sets before the picture is there waits for it.
  set value(value) {
    if (this.ready) this.take(value);
    else this.early = value;
  }

  get answer() {
    const { value } = this;
    if (this.hasAttribute('initial-value')) value.initialValueModified = this.modified;
    return value;
  }

  problem() {
    if (!this.ready) return this.unseen ?? 'The picture is still loading.';
    return this.required && !this.items().length ? `Draw at least one ${this.noun}.` : '';
  }

  press(key) {
    return this.palette.press(key);
  }

  focus() {
    this.stage.element.focus();
  }

  // Whether arrow keys are meant for the drawing: not while a list or a slider has the focus.
  isDrawingKey(event) {
    const target = deepTarget(event);
    return target === this.stage.element || target === document.body || Boolean(target.closest?.('.tools button'));
  }

  hotkey(event) {
    if (this.drawingKey(event)) return true;
    const actions = {
      z: () => this.stage.view.zoom(event.shiftKey ? 1 / 1.5 : 1.5, this.pointer && !event.shiftKey ? this.stage.view.toScreen(this.pointer) : undefined),
      '+': () => this.stage.view.zoom(1.5),
      '-': () => this.stage.view.zoom(1 / 1.5),
      0: () => this.stage.view.fit(),
      u: () => this.step(event.shiftKey ? 'redo' : 'undo'),
      ' ': () => deepTarget(event) === this.stage.element && (this.stage.hold(true), true),
    };
    const action = actions[event.key.toLowerCase()];
    return action ? action() !== false : false;
  }

  get keys() {
    return [['1 … 9', 'take the label marked with that digit'], ...this.drawingKeys,
      ['u', 'undo; with Shift: do again'], ['z', 'zoom in; with Shift: zoom out. The mouse wheel does both'],
      ['Space', 'hold and drag to move the picture; so does the middle button, or two fingers'],
      ...(this.labels.length < 10 ? [['0', 'show the whole picture']] : [])];
  }
}
