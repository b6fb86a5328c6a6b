// Painting regions of a picture with a brush, an eraser, or by outlining an area; by pointer, or by a cursor that keys
// move. How regions and labels go together is for segmentation.js to say.

const VEIL = 150; // of 255: how much of a region's colour lies over the picture

class MaskPainter extends AnnotationElement {
  using = 'brush';
  breadth = 1; // of the brush, pixels of the picture
  regions = []; // {label, colour}; the pixels of a region hold its place in this list, from 1
  region = 0;
  trace = null; // corners of an area being outlined
  cursor = null; // where keys paint
  pointer = null;

  async begin(initial) {
    const { width, height } = this.size;
    this.mask = new Mask(width, height);
    this.canvas = h('canvas', { class: 'layer', width, height });
    this.stage.overlay.before(this.canvas);
    this.stage.place();
    this.setBreadth(Math.max(1, Math.round(Math.min(width, height) / 20)));
    await this.start(initial);
    this.initial = this.mask.pixels.slice();
    this.show();
  }

  show(box = this.mask.whole) {
    this.counted = null;
    const colours = [[0, 0, 0, 0], ...this.regions.map(({ colour }) => rgba(colour, VEIL))];
    this.mask.paint(this.canvas.getContext('2d'), colours, box);
  }

  get counts() {
    return (this.counted ??= this.mask.counts(this.regions.length + 1));
  }

  get modified() {
    return this.mask.pixels.some((region, index) => region !== this.initial[index]);
  }

  // Changes pixels, as one step to undo.
  alter(change) {
    const before = this.mask.pixels.slice();
    change();
    this.keep(before);
  }

  keep(before) {
    if (this.mask.touched) this.show(this.mask.touched);
    const step = this.mask.step(before, (box) => this.show(box));
    if (step) this.did(step);
  }

  reset() {
    if (this.ready) {
      this.alter(() => {
        this.mask.pixels.set(this.initial);
        this.mask.touched = this.mask.whole;
      });
    }
    this.complain('');
  }

  setBreadth(breadth) {
    const { width, height } = this.size;
    this.breadth = Math.min(Math.max(1, breadth), Math.ceil(Math.max(width, height) / 4));
    this.slider.max = Math.ceil(Math.max(width, height) / 4);
    this.slider.value = this.breadth;
    this.output.textContent = `${this.breadth} px`;
    this.draw();
  }

  use(what) {
    this.cancel();
    this.using = what;
    this.refresh();
    return true;
  }

  // The middle of the pixel at a point: even the thinnest brush marks the one it is on.
  spot(at) {
    return at.map((value) => Math.floor(value) + 0.5);
  }

  grab(at, event) {
    if (!this.editable) return;
    this.pointer = at;
    this.cursor = null;
    if (this.using === 'area') this.addCorner(at);
    else this.stroke = { before: this.mask.pixels.slice(), last: at, erasing: this.using === 'eraser' || event.buttons === 32 };
    this.drag(at);
  }

  drag(at) {
    this.pointer = at;
    if (this.stroke) {
      this.paint(this.stroke.last, at, this.stroke.erasing);
      this.stroke.last = at;
    }
    this.draw();
  }

  paint(from, to, erasing = this.using === 'eraser') {
    const seen = this.mask.touched;
    this.mask.touched = null;
    this.mask.stroke(this.spot(from), this.spot(to), this.breadth / 2, erasing ? 0 : this.regionToPaint());
    if (this.mask.touched) this.show(this.mask.touched);
    this.mask.touched = around(seen, this.mask.touched);
  }

  release() {
    const { stroke } = this;
    this.stroke = null;
    if (stroke) this.keep(stroke.before);
  }

  hover(at) {
    this.pointer = at;
    if (at) this.cursor = null;
    this.draw();
  }

  addCorner(at) {
    this.trace ??= [];
    const near = (point) => Math.hypot(...[0, 1].map((axis) => (point[axis] - at[axis]) * this.stage.view.scale)) < REACH;
    if (this.trace.length > 2 && near(this.trace[0])) return this.finish();
    if (!this.trace.length || !near(this.trace.at(-1))) this.trace.push(at.map(Math.round));
    return this.refresh();
  }

  finish() {
    const corners = this.trace;
    this.trace = null;
    if (corners?.length > 2) this.alter(() => this.mask.area(corners, this.regionToPaint()));
    else if (corners) this.refresh();
  }

  cancel() {
    if (this.stroke) {
      this.mask.pixels.set(this.stroke.before);
      this.mask.touched = null;
      this.show();
    }
    Object.assign(this, { stroke: null, trace: null });
    if (this.ready) this.refresh();
  }
}
