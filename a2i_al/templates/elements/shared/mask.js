// A number for each pixel of a picture: 0 for nothing, else which region it belongs to. Strokes and areas are filled here,
// pixel by pixel: a canvas would blend the colours at their edges, and a mask has no colours in between.

const NOTHING = [255, 255, 255, 255]; // the colour of unmarked pixels in the answer's picture
const ALIKE = 24; // how far a colour of a given mask may be off, summed over red, green and blue

// The rectangle round two; either may be null.
function around(a, b) {
  if (!a || !b) return a ?? b;
  return { left: Math.min(a.left, b.left), top: Math.min(a.top, b.top), right: Math.max(a.right, b.right), bottom: Math.max(a.bottom, b.bottom) };
}

class Mask {
  constructor(width, height) {
    Object.assign(this, { width, height, pixels: new Uint16Array(width * height) });
    this.touched = null;
  }

  span(y, from, to, region) {
    const [left, right] = [Math.max(0, from), Math.min(this.width - 1, to)];
    if (y < 0 || y >= this.height || left > right) return;
    this.pixels.fill(region, y * this.width + left, y * this.width + right + 1);
    this.touched = around(this.touched, { left, top: y, right, bottom: y });
  }

  // All pixels whose middle is within `radius` of the line from one point to the other.
  stroke([x0, y0], [x1, y1], radius, region) {
    const [dx, dy] = [x1 - x0, y1 - y0];
    const length = dx * dx + dy * dy;
    for (let y = Math.floor(Math.min(y0, y1) - radius); y <= Math.max(y0, y1) + radius; y += 1) {
      let [from, to] = [Infinity, -Infinity];
      for (let x = Math.floor(Math.min(x0, x1) - radius); x <= Math.max(x0, x1) + radius; x += 1) {
        const along = length ? Math.min(1, Math.max(0, ((x + 0.5 - x0) * dx + (y + 0.5 - y0) * dy) / length)) : 0;
        if (Math.hypot(x + 0.5 - x0 - along * dx, y + 0.5 - y0 - along * dy) > radius) continue;
        from = Math.min(from, x);
        to = x;
      }
      this.span(y, from, to, region);
    }
  }

  // All pixels whose middle is inside.
  area(points, region) {
    const ys = points.map(([, y]) => y);
    for (let y = Math.floor(Math.min(...ys)); y <= Math.max(...ys); y += 1) {
      const crossings = points.flatMap(([x0, y0], index) => {
        const [x1, y1] = points[(index + 1) % points.length];
        return (y0 <= y + 0.5) === (y1 <= y + 0.5) ? [] : [x0 + ((y + 0.5 - y0) / (y1 - y0)) * (x1 - x0)];
      }).sort((a, b) => a - b);
      for (let i = 0; i + 1 < crossings.length; i += 2) {
        this.span(y, Math.ceil(crossings[i] - 0.5), Math.ceil(crossings[i + 1] - 0.5) - 1, region);
      }
    }
  }

  // Every pixel of one region to another.
  recolour(from, to) {
    for (let index = this.pixels.indexOf(from); index >= 0; index = this.pixels.indexOf(from, index + 1)) {
      const x = index % this.width;
      this.span((index - x) / this.width, x, x, to);
    }
  }

  // What `change` did, as a step that can be undone: it keeps the rectangle that was touched, before and after.
  step(before, show) {
    const box = this.touched;
    this.touched = null;
    if (!box) return null;
    const old = this.cut(before, box);
    const now = this.cut(this.pixels, box);
    const put = (patch) => () => (this.paste(patch, box), show(box));
    return { undo: put(old), redo: put(now), weight: old.byteLength * 2 };
  }

  cut(pixels, { left, top, right, bottom }) {
    const width = right - left + 1;
    const patch = new Uint16Array(width * (bottom - top + 1));
    for (let y = top; y <= bottom; y += 1) {
      patch.set(pixels.subarray(y * this.width + left, y * this.width + right + 1), (y - top) * width);
    }
    return patch;
  }

  paste(patch, { left, top, right, bottom }) {
    const width = right - left + 1;
    for (let y = top; y <= bottom; y += 1) {
      this.pixels.set(patch.subarray((y - top) * width, (y - top + 1) * width), y * this.width + left);
    }
  }

  counts(regions) {
    const counts = new Array(regions).fill(0);
    for (const region of this.pixels) counts[region] += 1;
    return counts;
  }

  // colours: of each region as [red, green, blue, alpha], that of region 0 first.
  paint(context, colours, { left, top, right, bottom }) {
    const image = new ImageData(right - left + 1, bottom - top + 1);
    const words = new Uint32Array(image.data.buffer);
    const table = new Uint32Array(new Uint8ClampedArray(colours.flat()).buffer);
    this.cut(this.pixels, { left, top, right, bottom }).forEach((region, index) => { words[index] = table[region]; });
    context.putImageData(image, left, top);
  }

  get whole() {
    return { left: 0, top: 0, right: this.width - 1, bottom: this.height - 1 };
  }

  toPng(colours) {
    const canvas = h('canvas', { width: this.width, height: this.height });
    this.paint(canvas.getContext('2d'), [NOTHING, ...colours], this.whole);
    return canvas.toDataURL('image/png').split(',')[1];
  }

  // Reads a picture of a mask: pixels of no known colour belong to nothing.
  read(image, colours) {
    const canvas = h('canvas', { width: this.width, height: this.height });
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context.imageSmoothingEnabled = false;
    context.drawImage(image, 0, 0, this.width, this.height);
    const { data } = context.getImageData(0, 0, this.width, this.height);
    const known = new Map();
    const nearest = (rgb) => {
      const off = colours.map((colour) => [0, 1, 2].reduce((sum, i) => sum + Math.abs(colour[i] - rgb[i]), 0));
      const best = Math.min(...off);
      return best <= ALIKE ? off.indexOf(best) + 1 : 0;
    };
    new Uint32Array(data.buffer).forEach((word, index) => {
      if (!known.has(word)) known.set(word, data[index * 4 + 3] < 128 ? 0 : nearest(data.subarray(index * 4, index * 4 + 3)));
      this.pixels[index] = known.get(word);
    });
  }
}

function rgba(hex, alpha = 255) {
  return [...hex.slice(1).match(/../g).map((pair) => parseInt(pair, 16)), alpha];
}
