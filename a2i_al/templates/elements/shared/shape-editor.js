// The shapes of an element, and their changes: each can be undone. What a pointer does stands in shape-pointer.js, what
// keys do in shape-keys.js.

class ShapeEditor extends AnnotationElement {
  shapes = [];
  selected = -1;
  grip = -1; // the handle that arrow keys move, if not the whole shape
  chosen = false; // selected on purpose: a label picked now is meant for this shape, not only for the next
  trace = null; // the points of a shape being drawn
  gesture = null;
  pointer = null;

  get kind() {
    return this.constructor.kind;
  }

  get noun() {
    return this.kind.noun;
  }

  get listTitle() {
    return this.kind.nouns[0].toUpperCase() + this.kind.nouns.slice(1);
  }

  begin(initial) {
    this.shapes = this.read(initial);
    this.initial = JSON.stringify(this.shapes);
  }

  // A list of shapes, or an object that holds it under the answer's key.
  read(given) {
    const listed = Array.isArray(given) ? given : given?.[this.kind.key] ?? [];
    return listed.filter(isObject).flatMap((entry) => {
      const points = this.constructor.points(entry).map((point) => snapped({ grid: 0 }, point.map(Number), this.size));
      const whole = points.length >= this.kind.min && points.flat().every(Number.isFinite);
      return whole ? [{ label: String(entry.label ?? ''), points: ordered(this.kind, points) }] : [];
    });
  }

  payload() {
    return { [this.kind.key]: this.shapes.map(({ label, points }) => this.constructor.entry(label, points)) };
  }

  take(value) {
    this.edit(() => this.read(value));
  }

  get modified() {
    return JSON.stringify(this.shapes) !== this.initial;
  }

  reset() {
    if (this.ready) this.edit(() => JSON.parse(this.initial));
    this.complain('');
  }

  // Puts other shapes in place of these; as one step with the latest where `merge` is the same.
  edit(change, { select = -1, before = this.shapes, merge = null } = {}) {
    const after = change(before);
    if (JSON.stringify(after) === JSON.stringify(before)) return this.refresh();
    const restore = (shapes, selected) => () => Object.assign(this, { shapes, selected, grip: -1 });
    const step = { undo: restore(before, -1), redo: restore(after, select) };
    const { grip } = this;
    step.redo();
    if (merge !== null) this.grip = grip;
    return this.did(step, merge);
  }

  reshape(index, points, options = {}) {
    const { label } = this.shapes[index];
    this.edit((shapes) => shapes.with(index, { label, points: ordered(this.kind, points) }), { select: index, ...options });
  }

  select(index, { reveal = true } = {}) {
    if (this.trace) this.cancel();
    Object.assign(this, { selected: index, grip: -1, chosen: index >= 0 });
    if (index >= 0 && reveal) this.stage.view.reveal(middleOf(this.shapes[index].points));
    this.refresh();
  }

  remove(index) {
    if (this.editable) this.edit((shapes) => shapes.toSpliced(index, 1));
  }

  onLabel(label) {
    const shape = this.shapes[this.selected];
    if (shape && this.chosen && this.editable) {
      this.edit((shapes) => shapes.with(this.selected, { ...shape, label }), { select: this.selected });
    }
    if (this.trace) this.draw();
  }
}
