// What a mouse, finger or pen does to shapes. Two clicks are as good as a drag; inside of a shape that is not selected a
// drag draws a new one, and with Shift it does everywhere.

const STILL = 4; // screen pixels that a pointer may move and still be a click

class ShapePointer extends ShapeEditor {
  hit(target) {
    const { shape, inside } = target.dataset ?? {};
    const handle = target.closest?.('[data-handle]')?.dataset.handle;
    return { handle: handle && Number(handle), shape: shape && Number(shape), inside: Boolean(inside) };
  }

  grab(at, event) {
    if (!this.ready) return;
    const { handle, shape, inside } = event.shiftKey || this.trace ? {} : this.hit(event.target);
    const before = this.shapes;
    if (handle !== undefined && this.editable) this.gesture = { does: 'handle', handle, at, before };
    else if (shape !== undefined && (!inside || shape === this.selected)) {
      this.select(shape, { reveal: false });
      this.gesture = { does: 'move', at, before };
    } else if (shape !== undefined) this.gesture = { does: 'inside', shape, at };
    else if (this.editable) this.mark(at);
    else this.select(-1);
  }

  drag(at) {
    this.pointer = at;
    if (!this.gesture || !this.editable) return;
    const [from, to] = [this.gesture.at, at].map((point) => this.stage.view.toScreen(point));
    this.gesture.far ||= Math.hypot(to[0] - from[0], to[1] - from[1]) > STILL;
    if (!this.gesture.far) return;
    if (this.gesture.does === 'inside') {
      this.mark(this.gesture.at);
      this.gesture.far = true;
    }
    if (this.gesture.before) this.shapes = this.dragTo(at);
    this.draw();
  }

  // The shapes as they would be if the pointer were released here.
  dragTo(at) {
    const { before, does, handle, at: from } = this.gesture;
    const { points, label } = before[this.selected];
    const there = does === 'move'
      ? moved(points, [at[0] - from[0], at[1] - from[1]], this.size, this.kind.grid)
      : dragged(points, handles(this.kind, points)[handle], snapped(this.kind, at, this.size));
    return before.with(this.selected, { label, points: there });
  }

  release(at) {
    const { gesture } = this;
    this.gesture = null;
    if (!gesture) return;
    if (gesture.does === 'inside') this.select(gesture.shape, { reveal: false });
    else if (gesture.does === 'trace') {
      if (gesture.far && this.kind.max === 2 && this.trace?.length === 1) this.addPoint(at);
    } else if (this.shapes !== gesture.before) this.settle(gesture.before);
  }

  settle(before) {
    const { points } = this.shapes[this.selected];
    this.shapes = before;
    if (!isEmpty(this.kind, points)) this.reshape(this.selected, points);
    else this.refresh();
  }

  hover(at) {
    this.pointer = at;
    if (this.trace) this.draw();
  }

  // A press on nothing: the first point of a new shape, or its next.
  mark(at) {
    this.gesture = { does: 'trace', at };
    if (!this.trace) {
      Object.assign(this, { trace: [], selected: -1, grip: -1, chosen: false });
    }
    this.pointer = at;
    this.addPoint(at);
  }

  addPoint(at) {
    const near = (point) => {
      const [a, b] = [this.shown(point), this.stage.view.toScreen(at)];
      return Math.hypot(a[0] - b[0], a[1] - b[1]) < REACH;
    };
    const { trace, kind } = this;
    if (trace.length >= kind.min && kind.max > 2 && kind.closed && near(trace[0])) return this.finish();
    const point = snapped(kind, at, this.size);
    // The second click of a double click, or of an unsteady hand.
    if (kind.max > 2 && trace.length && near(trace.at(-1))) return undefined;
    trace.push(point);
    return trace.length === kind.max ? this.finish() : this.refresh();
  }

  finish() {
    const points = this.trace;
    if (!points) return;
    this.trace = null;
    if (points.length >= this.kind.min && !isEmpty(this.kind, points)) this.add(points);
    else this.refresh();
  }

  add(points) {
    const shape = { label: this.palette.current, points: ordered(this.kind, points) };
    this.chosen = false;
    this.edit((shapes) => [...shapes, shape], { select: this.shapes.length });
  }

  // A second finger, or Escape: as if nothing had been begun.
  cancel() {
    if (this.gesture?.before) this.shapes = this.gesture.before;
    Object.assign(this, { gesture: null, trace: null });
    if (this.ready) this.refresh();
  }
}
