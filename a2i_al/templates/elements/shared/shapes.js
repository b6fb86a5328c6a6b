// Shapes made of points, in pixels of the picture: what they measure, where they can be gripped, and how they look.
// A kind says {noun, nouns, min, max, rect, closed, grid}: how many points it takes, whether two of them span a box,
// whether the last is joined to the first, and whether points are corners of pixels (grid 0) or their middles (0.5).

const HANDLE = 5; // screen pixels, half a side
const REACH = 10; // screen pixels from a point that still mean it

// The nearest point that an answer can hold.
function snapped(kind, [x, y], { width, height }) {
  const snap = (value, most) => Math.min(Math.max(Math.round(value - kind.grid), 0), Math.max(0, most - 2 * kind.grid));
  return [snap(x, width), snap(y, height)];
}

function moved(points, [right, down], { width, height }, grid) {
  const within = (axis, by, most) => {
    const values = points.map((point) => point[axis]);
    return Math.min(Math.max(by, -Math.min(...values)), Math.max(0, most - 2 * grid - Math.max(...values)));
  };
  const by = [within(0, right, width), within(1, down, height)].map(Math.round);
  return points.map(([x, y]) => [x + by[0], y + by[1]]);
}

// What can be taken hold of: which point gives the x and which the y (null: that one stays), or before which point a
// new one is put in.
function handles(kind, points) {
  if (points.length === 1) return [];
  if (kind.rect) return boxHandles(points);
  const corners = points.map((at, index) => ({ x: index, y: index, at }));
  const edges = kind.max === 2 ? [] : points.slice(kind.closed ? 0 : 1).map((_, index) => {
    const to = (index + 1) % points.length;
    return { insert: index + 1, at: [0, 1].map((axis) => Math.round((points[index][axis] + points[to][axis]) / 2)) };
  });
  return [...corners, ...edges];
}

function boxHandles([[left, top], [right, bottom]]) {
  const [xs, ys] = [[left, (left + right) / 2, right], [top, (top + bottom) / 2, bottom]];
  const point = (side) => [0, null, 1][side];
  return [[0, 0], [1, 0], [2, 0], [2, 1], [2, 2], [1, 2], [0, 2], [0, 1]]
    .map(([x, y]) => ({ x: point(x), y: point(y), at: [xs[x], ys[y]] }));
}

function dragged(points, { insert, x: giveX, y: giveY }, [x, y]) {
  if (insert !== undefined) return points.toSpliced(insert, 0, [x, y]);
  return points.map((point, index) => [giveX === index ? x : point[0], giveY === index ? y : point[1]]);
}

// Top left first, whichever corner was drawn first.
function ordered(kind, points) {
  if (!kind.rect) return points;
  const [xs, ys] = [0, 1].map((axis) => points.map((point) => point[axis]).sort((a, b) => a - b));
  return [[xs[0], ys[0]], [xs[1], ys[1]]];
}

function isEmpty(kind, points) {
  const [xs, ys] = [0, 1].map((axis) => new Set(points.map((point) => point[axis])).size);
  return kind.max !== 1 && (kind.rect ? xs < 2 || ys < 2 : xs < 2 && ys < 2);
}

function area(points) {
  const [xs, ys] = [0, 1].map((axis) => points.map((point) => point[axis]));
  return (Math.max(...xs) - Math.min(...xs)) * (Math.max(...ys) - Math.min(...ys));
}

function middleOf(points) {
  return [0, 1].map((axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length);
}

// The corners to join, in order.
function outline(kind, points) {
  if (!kind.rect || points.length < 2) return points;
  const [[left, top], [right, bottom]] = points;
  return [[left, top], [right, top], [right, bottom], [left, bottom]];
}

function pathOf(points, closed) {
  return `M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}${closed ? 'Z' : ''}`;
}

// What a shape measures, in words; in a list of many there is room for less.
function describe(kind, points, short = false) {
  const place = ([x, y]) => `${x}, ${y}`;
  if (kind.rect) {
    const size = `${points[1][0] - points[0][0]} × ${points[1][1] - points[0][1]}`;
    return short ? size : `${size} at ${place(points[0])}`;
  }
  if (points.length === 1) return short ? place(points[0]) : `at ${place(points[0])}`;
  return points.length > 2 ? `${points.length} points` : points.map(place).join(short ? ' – ' : ' to ');
}

// One shape as SVG. `screen` are its points in screen pixels.
function drawShape(kind, { colour, index, selected, unfinished }, screen) {
  const group = s('g', { class: `shape${selected ? ' selected' : ''}`, style: `--colour: ${colour}` });
  const corners = outline(kind, screen);
  const closed = kind.closed && !(unfinished && !kind.rect);
  if (screen.length === 1 && kind.max === 1) {
    const [cx, cy] = screen[0];
    group.append(s('circle', { class: 'halo', cx, cy, r: 6 }), s('circle', { class: 'spot', cx, cy, r: 6 }),
      s('circle', { class: 'grab', cx, cy, r: 12, 'data-shape': index }));
  } else {
    const d = pathOf(corners, closed);
    if (closed) group.append(s('path', { class: 'area', d, 'data-shape': index, 'data-inside': 1 }));
    group.append(s('path', { class: 'halo', d }), s('path', { class: 'line', d }), s('path', { class: 'grab', d, 'data-shape': index }));
  }
  return group;
}

// Its label, which lies below all shapes: it must not hide a point.
function drawTag(kind, label, screen) {
  const corners = outline(kind, screen);
  const top = corners.reduce((best, corner) => (corner[1] < best[1] || (corner[1] === best[1] && corner[0] < best[0]) ? corner : best));
  const text = s('text', { class: 'tag', x: top[0] + (kind.max === 1 ? 10 : 2), y: kind.max === 1 ? top[1] + 4 : Math.max(13, top[1] - 6) });
  text.textContent = label;
  return text;
}

function drawHandles(grips, current) {
  return grips.map(({ at: [x, y], insert }, index) => {
    const half = insert === undefined ? HANDLE : HANDLE - 1.5;
    return s('g', { class: `handle${index === current ? ' current' : ''}${insert === undefined ? '' : ' edge'}`, 'data-handle': index },
      s('circle', { class: 'touch', cx: x, cy: y, r: insert === undefined ? 13 : 9 }),
      s('rect', { x: x - half, y: y - half, width: 2 * half, height: 2 * half, rx: 2 }));
  });
}
