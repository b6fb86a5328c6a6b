// <crowd-bounding-box>: boxes. Answers {"boundingBoxes": [{height, label, left, top, width}], "inputImageProperties": …}.

class CrowdBoundingBox extends ShapeElement {
  static kind = {
    key: 'boundingBoxes', noun: 'box', nouns: 'boxes', how: 'Drag over a thing to draw a box round it',
    min: 2, max: 2, rect: true, closed: true, grid: 0,
    make: (x, y, half) => [[x - half, y - half], [x + half, y + half]],
  };

  static points({ left, top, width, height }) {
    return [[left, top], [Number(left) + Number(width), Number(top) + Number(height)]];
  }

  static entry(label, [[left, top], [right, bottom]]) {
    return { height: bottom - top, label, left, top, width: right - left };
  }
}

define('crowd-bounding-box', CrowdBoundingBox);
