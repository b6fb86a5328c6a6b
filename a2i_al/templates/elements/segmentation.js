// <crowd-semantic-segmentation>: which pixels are of which label. <crowd-instance-segmentation>: and of which thing.
// They answer {"labelMappings": {label: {color}}} or {"instances": [{color, label}]}, with "labeledImage":
// {"pngImageData"}, a PNG in these colours on white, base64, and "inputImageProperties".

class CrowdSemanticSegmentation extends MaskElement {
  noun = 'region';
  listTitle = 'Regions';

  // Regions are the labels, and further ones of the mask given. What an answer holds can be given again.
  async start(given) {
    const mapped = Object.entries(given?.labelMappings ?? {}).map(([label, entry]) => ({ label, colour: hexOf(String(entry?.color ?? '')) }));
    this.regions = mapped.filter(({ colour }) => colour);
    for (const { name, colour } of this.labels) {
      if (!this.regionOf(name)) this.regions.push({ label: name, colour: freeColour(colour, this.regions.map((region) => region.colour)) });
    }
    this.palette.buttons.forEach((button, index) =>
      button.style.setProperty('--colour', this.regions[this.regionOf(this.palette.labels[index]) - 1].colour));
    this.region = this.regionOf(this.palette.current);
    await this.readGiven(given);
  }

  async readGiven(given) {
    const png = given?.labeledImage?.pngImageData;
    const src = png ? `data:image/png;base64,${png}` : given?.src;
    if (!src) return;
    const image = new Image();
    if (!String(src).startsWith('data:')) image.crossOrigin = 'anonymous';
    try {
      image.src = src;
      await image.decode();
      this.mask.read(image, this.regions.map(({ colour }) => rgba(colour)));
    } catch {
      this.trouble.textContent = 'The mask to start from cannot be read. It may be missing, or its bucket may lack a CORS rule.';
    }
  }

  // Another value, as a script sets it: from now on undo leads back to here.
  async take(value) {
    this.mask.pixels.fill(0);
    await this.start(value);
    this.history = new History();
    this.show();
    this.refresh();
  }

  regionOf(label) {
    return this.regions.findIndex((region) => region.label === label) + 1;
  }

  nameOf(region) {
    return this.regions[region - 1]?.label ?? '';
  }

  onLabel(label) {
    this.region = this.regionOf(label);
    if (this.using === 'eraser') this.using = 'brush';
    this.refresh();
  }

  regionToPaint() {
    return this.region;
  }

  payload() {
    const used = this.regions.filter((_, index) => this.counts[index + 1]);
    return { ...this.named(used), labeledImage: { pngImageData: this.mask.toPng(this.regions.map(({ colour }) => rgba(colour))) } };
  }

  named(used) {
    return { labelMappings: Object.fromEntries(used.map(({ label, colour }) => [label, { color: colour }])) };
  }
}

class CrowdInstanceSegmentation extends CrowdSemanticSegmentation {
  noun = 'instance';
  listTitle = 'Instances';

  async start(given) {
    const listed = Array.isArray(given?.instances) ? given.instances.filter(isObject) : [];
    this.regions = listed.map(({ label, color }) => ({ label: String(label ?? ''), colour: hexOf(String(color ?? '')) })).filter(({ colour }) => colour);
    this.region = 0;
    await this.readGiven(given);
  }

  moreTools() {
    return [this.tool('New instance', 'n', () => this.openInstance())];
  }

  // A region comes to be with its first stroke, or where it is asked for: then the next thing of the same label begins.
  openInstance() {
    if (!this.editable) return false;
    const label = this.palette.current;
    const wish = this.labels.find(({ name }) => name === label).colour;
    this.regions.push({ label, colour: freeColour(wish, this.regions.map(({ colour }) => colour)) });
    this.region = this.regions.length;
    this.opened = this.region;
    this.counted = null;
    if (this.using === 'eraser') this.using = 'brush';
    this.refresh();
    return true;
  }

  regionToPaint() {
    if (this.regions[this.region - 1]?.label !== this.palette.current) this.openInstance();
    return this.region;
  }

  // Back to the thing of this label that was begun last.
  onLabel(label) {
    this.region = this.regions.findLastIndex((region, index) => region.label === label && this.counts[index + 1]) + 1;
    if (this.using === 'eraser') this.using = 'brush';
    this.refresh();
  }

  nameOf(region) {
    const label = this.regions[region - 1]?.label;
    const before = this.regions.slice(0, region).filter((one, index) => one.label === label && (this.counts[index + 1] || index + 1 === region));
    return label ? `${label} ${before.length}` : '';
  }

  drawingKey(event) {
    return event.key === 'n' && !event.altKey ? this.openInstance() : super.drawingKey(event);
  }

  get drawingKeys() {
    return [['n', 'the next thing of the same label'], ...super.drawingKeys];
  }

  named(used) {
    return { instances: used.map(({ label, colour }) => ({ color: colour, label })) };
  }
}

define('crowd-semantic-segmentation', CrowdSemanticSegmentation);
define('crowd-instance-segmentation', CrowdInstanceSegmentation);
