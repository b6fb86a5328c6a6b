// <crowd-keypoint>: single points. Answers {"keypoints": [{label, x, y}], "inputImageProperties": …}. A point is a pixel.

class CrowdKeypoint extends ShapeElement {
  static kind = {
    key: 'keypoints', noun: 'point', nouns: 'points', how: 'Click to mark a point',
    min: 1, max: 1, rect: false, closed: false, grid: 0.5,
    make: (x, y) => [[x, y]],
  };

  static points({ x, y }) {
    return [[x, y]];
  }

  static entry(label, [[x, y]]) {
    return { label, x, y };
  }
}

define('crowd-keypoint', CrowdKeypoint);
