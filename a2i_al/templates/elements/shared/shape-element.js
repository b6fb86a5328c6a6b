// An element whose worker draws shapes made of points: boxes, points, polygons, lines. A subclass says its `kind` (see
// shapes.js) and how one shape reads in the answer. Here: how it looks, and what is said of it.

class ShapeElement extends ShapeKeys {
  tools() {
    this.newButton = this.tool(`New ${this.noun}`, 'n', () => this.make());
    this.removeButton = this.tool('Remove', 'Delete', () => this.erase());
    return [this.newButton, this.removeButton];
  }

  refresh() {
    super.refresh();
    this.newButton.disabled = !this.editable || Boolean(this.trace);
    this.finishButton.hidden = !this.trace || this.kind.max <= 2;
    this.removeButton.disabled = !this.editable || this.selected < 0;
  }

  items() {
    return this.shapes.map(({ label, points }) => ({ label, colour: this.colour(label), detail: describe(this.kind, points, true) }));
  }

  colour(label) {
    return this.labels.find(({ name }) => name === label)?.colour ?? '#868e96';
  }

  advice() {
    const { shapes, selected, kind } = this;
    if (!this.editable) return '';
    if (this.trace && kind.max === 2) return `Click the ${kind.rect ? 'opposite corner' : 'other end'}. Escape gives up.`;
    if (this.trace) return `${this.trace.length} marked. Click the next; ${kind.closed ? 'click the first again' : 'double-click'} or press Enter to finish.`;
    if (!shapes[selected]) return `${kind.how}, or press n for one in the middle.`;
    const { label, points } = shapes[selected];
    const part = this.grip < 0 ? '' : `, point ${this.grip + 1} of ${handles(kind, points).length}`;
    return `${label}, ${kind.noun} ${selected + 1} of ${shapes.length}${part}: ${describe(kind, points)}.`;
  }

  shown([x, y]) {
    return this.stage.view.toScreen([x + this.kind.grid, y + this.kind.grid]);
  }

  draw() {
    if (!this.ready) return;
    const { kind, shapes, selected, trace } = this;
    // Small ones lie on top, where they can be reached.
    const order = shapes.map((_, index) => index).sort((a, b) => area(shapes[b].points) - area(shapes[a].points));
    const drawn = order.map((index) => ({ ...shapes[index], index, selected: index === selected }))
      .concat(trace ? [this.traced()] : [])
      .map((shape) => ({ ...shape, colour: this.colour(shape.label), at: shape.points.map((point) => this.shown(point)) }));
    const nodes = [...drawn.map(({ label, at }) => drawTag(kind, label, at)), ...drawn.map((shape) => drawShape(kind, shape, shape.at))];
    if (trace) nodes.push(s('g', { class: 'shape', style: `--colour: ${drawn.at(-1).colour}` }, ...this.corners()));
    else if (shapes[selected] && this.editable) {
      const grips = handles(kind, shapes[selected].points).map((grip) => ({ ...grip, at: this.shown(grip.at) }));
      nodes.push(...drawHandles(grips, this.grip));
    }
    this.stage.overlay.replaceChildren(...nodes);
  }

  // The shape as it would be if the pointer were pressed here.
  traced() {
    const points = this.pointer ? [...this.trace, snapped(this.kind, this.pointer, this.size)] : this.trace;
    return { label: this.palette.current, points, unfinished: true };
  }

  corners() {
    const closes = this.trace.length >= this.kind.min && this.kind.closed;
    return this.trace.map((point, index) => {
      const [cx, cy] = this.shown(point);
      return s('circle', { class: 'corner', cx, cy, r: index === 0 && closes ? 7 : 4 });
    });
  }
}
