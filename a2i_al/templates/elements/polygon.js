// <crowd-polygon>, <crowd-polyline> and <crowd-line>: corners joined by straight lines. They answer a list of
// {label, vertices: [{x, y}]} under "polygons", "polylines" or "lines", with "inputImageProperties".

class CrowdPolygon extends ShapeElement {
  static kind = {
    key: 'polygons', noun: 'polygon', nouns: 'polygons', how: 'Click corner after corner round a thing',
    min: 3, max: Infinity, rect: false, closed: true, grid: 0,
    make: (x, y, half) => [[x - half, y - half], [x + half, y - half], [x + half, y + half], [x - half, y + half]],
  };

  static points({ vertices }) {
    return Array.isArray(vertices) ? vertices.map(({ x, y }) => [x, y]) : [];
  }

  static entry(label, points) {
    return { label, vertices: points.map(([x, y]) => ({ x, y })) };
  }
}

class CrowdPolyline extends CrowdPolygon {
  static kind = {
    key: 'polylines', noun: 'polyline', nouns: 'polylines', how: 'Click point after point along a thing',
    min: 2, max: Infinity, rect: false, closed: false, grid: 0,
    make: (x, y, half) => [[x - half, y + half / 2], [x, y - half / 2], [x + half, y + half / 2]],
  };
}

class CrowdLine extends CrowdPolygon {
  static kind = {
    key: 'lines', noun: 'line', nouns: 'lines', how: 'Drag from one end to the other',
    min: 2, max: 2, rect: false, closed: false, grid: 0,
    make: (x, y, half) => [[x - half, y], [x + half, y]],
  };
}

define('crowd-polygon', CrowdPolygon);
define('crowd-polyline', CrowdPolyline);
define('crowd-line', CrowdLine);
