// Which part of a picture is seen, and how large: from pixels of the picture to those of the screen and back.

const CLOSEST = 40; // screen pixels for one of the picture's
const SMOOTH = 3; // up to here pixels are blended, above they are squares

class View {
  scale = 1;
  x = 0;
  y = 0;
  moved = false;

  constructor(onchange) {
    this.onchange = onchange;
    this.picture = { width: 1, height: 1 };
    this.screen = { width: 1, height: 1 };
  }

  // The whole picture, in whole squares where it is tiny.
  get fitting() {
    const scale = Math.min(this.screen.width / this.picture.width, this.screen.height / this.picture.height);
    return scale > SMOOTH ? Math.floor(scale) : scale;
  }

  resize(width, height) {
    const centre = this.toPicture([this.screen.width / 2, this.screen.height / 2]);
    this.screen = { width, height };
    if (!this.moved) return this.fit();
    this.x = width / 2 - centre[0] * this.scale;
    this.y = height / 2 - centre[1] * this.scale;
    return this.settle();
  }

  fit() {
    this.moved = false;
    this.scale = this.fitting;
    this.settle();
  }

  zoom(factor, at = [this.screen.width / 2, this.screen.height / 2]) {
    const held = this.toPicture(at);
    this.scale = Math.min(Math.max(this.scale * factor, this.fitting), Math.max(CLOSEST, this.fitting * 4));
    this.moved = this.scale > this.fitting;
    this.x = at[0] - held[0] * this.scale;
    this.y = at[1] - held[1] * this.scale;
    this.settle();
  }

  pan(right, down) {
    this.moved = true;
    this.x += right;
    this.y += down;
    this.settle();
  }

  // Pans as little as it takes to see a point.
  reveal([x, y]) {
    const [left, top] = this.toScreen([x, y]);
    const { width, height } = this.screen;
    const right = left < 0 ? 24 - left : Math.min(0, width - 24 - left);
    const down = top < 0 ? 24 - top : Math.min(0, height - 24 - top);
    if (this.moved && (right || down)) this.pan(right, down);
  }

  // No empty margin where there is more to see, and an equal one on both sides where there is not.
  settle() {
    const within = (offset, shown, whole) => (whole <= shown ? (shown - whole) / 2 : Math.min(0, Math.max(shown - whole, offset)));
    this.x = within(this.x, this.screen.width, this.picture.width * this.scale);
    this.y = within(this.y, this.screen.height, this.picture.height * this.scale);
    this.onchange();
  }

  toScreen([x, y]) {
    return [x * this.scale + this.x, y * this.scale + this.y];
  }

  toPicture([x, y]) {
    return [(x - this.x) / this.scale, (y - this.y) / this.scale];
  }

  // The middle of what is seen, and the length of its shorter side.
  get middle() {
    const from = this.toPicture([0, 0]).map((value) => Math.max(0, value));
    const seen = this.toPicture([this.screen.width, this.screen.height]);
    const to = [Math.min(seen[0], this.picture.width), Math.min(seen[1], this.picture.height)];
    return { x: (from[0] + to[0]) / 2, y: (from[1] + to[1]) / 2, size: Math.min(to[0] - from[0], to[1] - from[1]) };
  }
}
