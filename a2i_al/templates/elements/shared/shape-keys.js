// What keys do to shapes: everything that a pointer can, so that nobody needs one.

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

class ShapeKeys extends ShapePointer {
  drawingKey(event) {
    if (!this.ready) return false;
    const { key } = event;
    if (key === 'Tab') return deepTarget(event) === this.stage.element && this.cycle(event.shiftKey ? -1 : 1);
    if (key in ARROWS) return this.isDrawingKey(event) && this.nudge(ARROWS[key], event);
    if (key === 'Enter') return Boolean(this.trace) && (this.finish(), true);
    if (key === 'Escape') return this.back();
    if (!this.editable) return false;
    if (key === 'n') return this.make();
    if (key === 'v') return this.nextGrip();
    return ['Delete', 'Backspace'].includes(key) && this.erase();
  }

  get drawingKeys() {
    return [
      ['n', `a new ${this.noun} in the middle`],
      ['Tab', `on the picture: the next ${this.noun}, then the next part of the form`],
      ['← → ↑ ↓', `move the ${this.noun}; with Shift: by 10 pixels`],
      ...(this.kind.max === 1 ? [] : [['Alt + ← → ↑ ↓', this.kind.rect ? 'resize it' : 'move its last point'],
        ['v', 'take hold of the next point or edge: the arrows move that one']]),
      ...(this.kind.max > 2 ? [['Enter', `finish the ${this.noun}; submit when nothing is being drawn`]] : []),
      ['Escape', 'give up what is being drawn, or let go'],
      ['Delete', `remove the ${this.noun}, or the point taken hold of`],
      ['Shift + drag', 'draw, even on top of another'],
    ];
  }

  // From none through all and out again, so that the Tab key is never caught here.
  cycle(step) {
    const next = this.selected + step;
    if (this.trace || !this.shapes.length || (this.selected < 0 && step < 0)) return false;
    this.select(next in this.shapes ? next : -1);
    return next in this.shapes;
  }

  nudge([right, down], { shiftKey, altKey }) {
    const shape = this.shapes[this.selected];
    if (!shape || this.trace || !this.editable) return false;
    const by = [right, down].map((value) => value * (shiftKey ? 10 : 1));
    const grips = handles(this.kind, shape.points);
    const last = shape.points.length - 1;
    const handle = altKey ? { x: last, y: last, at: shape.points[last] } : grips[this.grip];
    const points = handle && grips.length
      ? dragged(shape.points, handle, snapped(this.kind, [handle.at[0] + by[0] + this.kind.grid, handle.at[1] + by[1] + this.kind.grid], this.size))
      : moved(shape.points, by, this.size, this.kind.grid);
    if (isEmpty(this.kind, points)) return true;
    if (handle?.insert !== undefined) this.grip = handle.insert;
    this.reshape(this.selected, points, { merge: `${this.selected} ${this.grip} ${altKey}` });
    this.stage.view.reveal(handle?.at ?? middleOf(points));
    return true;
  }

  nextGrip() {
    const shape = this.shapes[this.selected];
    const count = shape ? handles(this.kind, shape.points).length : 0;
    if (!count) return false;
    this.grip = (this.grip + 1) % count;
    this.refresh();
    return true;
  }

  back() {
    if (this.trace || this.gesture) this.cancel();
    else if (this.grip >= 0) this.grip = -1;
    else if (this.selected >= 0) this.selected = -1;
    else return false;
    this.refresh();
    return true;
  }

  erase() {
    const { selected, grip, kind } = this;
    const points = this.shapes[selected]?.points;
    if (!points || this.trace) return false;
    if (kind.max > 2 && grip in points && points.length > kind.min) this.reshape(selected, points.toSpliced(grip, 1));
    else this.remove(selected);
    return true;
  }

  // Without a pointer: a shape of a sixth of what is seen, a little aside from the one made before.
  make() {
    if (!this.editable || this.trace) return false;
    const { x, y, size } = this.stage.view.middle;
    const half = Math.max(1, size / 6);
    const aside = (this.shapes.length % 5) * half * 0.3;
    this.add(this.kind.make(x + aside, y + aside, half).map((point) => snapped(this.kind, point, this.size)));
    return true;
  }
}
