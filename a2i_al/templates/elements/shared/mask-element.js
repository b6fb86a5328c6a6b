// An element whose worker paints masks: its tools, its keys, how it looks, and the list of its regions.

const BRUSHES = { brush: ['Brush', 'b'], eraser: ['Eraser', 'e'], area: ['Area', 'a'] };

class MaskElement extends MaskPainter {
  listed = []; // regions in the list: those with pixels, and the one being painted

  tools() {
    this.brushes = Object.entries(BRUSHES).map(([what, [name, key]]) => this.tool(name, key, () => this.use(what)));
    this.slider = h('input', { type: 'range', min: 1, max: 100, 'aria-label': 'Width of the brush', oninput: () => this.setBreadth(Number(this.slider.value)) });
    this.output = h('output');
    this.removeButton = this.tool('Remove', 'Delete', () => this.remove(this.selected));
    return [...this.brushes, h('label', {}, this.slider, this.output), ...this.moreTools(), this.removeButton];
  }

  moreTools() {
    return [];
  }

  refresh() {
    super.refresh();
    this.brushes.forEach((button, index) => {
      button.setAttribute('aria-pressed', String(Object.keys(BRUSHES)[index] === this.using));
      button.disabled = !this.editable;
    });
    this.slider.disabled = !this.editable;
    this.finishButton.hidden = !this.trace;
    this.removeButton.disabled = !this.editable || !this.counts[this.region];
  }

  items() {
    this.listed = this.regions.map((_, index) => index + 1).filter((region) => this.counts[region] || region === this.opened);
    const { width, height } = this.size;
    return this.listed.map((region) => {
      const share = (100 * this.counts[region]) / (width * height);
      return { label: this.nameOf(region), colour: this.regions[region - 1].colour, detail: `${share > 0 && share < 0.1 ? '< 0.1' : share.toFixed(1)} %` };
    });
  }

  get selected() {
    return this.listed.indexOf(this.region);
  }

  select(index) {
    this.region = this.listed[index] ?? 0;
    const label = this.regions[this.region - 1]?.label;
    if (this.palette.labels.includes(label)) this.palette.current = label;
    this.refresh();
  }

  remove(index) {
    const region = this.listed[index];
    if (this.editable && region) this.alter(() => this.mask.recolour(region, 0));
  }

  problem() {
    const missing = this.required && this.ready && !this.counts.slice(1).some(Boolean);
    return missing ? 'Paint at least one region.' : super.problem();
  }

  advice() {
    if (!this.editable) return '';
    if (this.trace) return `${this.trace.length} corners. Click the next; click the first again or press Enter to fill.`;
    const name = this.nameOf(this.region) || this.palette.current;
    return { brush: `${name}: drag to paint.`, eraser: 'Drag to erase.', area: `${name}: click corner after corner round an area.` }[this.using];
  }

  draw() {
    if (!this.ready) return;
    const { view, overlay } = this.stage;
    const drawn = [];
    const at = this.cursor ?? this.pointer;
    if (this.trace) {
      const points = [...this.trace, ...(at ? [at] : [])].map((point) => view.toScreen(point));
      drawn.push(s('g', { class: 'shape', style: `--colour: ${this.regions[this.region - 1]?.colour ?? '#16191f'}` },
        s('path', { class: 'halo', d: pathOf(points, false) }), s('path', { class: 'line', d: pathOf(points, false) }),
        ...this.trace.map((point, index) => {
          const [cx, cy] = view.toScreen(point);
          return s('circle', { class: 'corner', cx, cy, r: index === 0 && this.trace.length > 2 ? 7 : 4 });
        })));
    }
    if (at && this.editable) {
      const [cx, cy] = view.toScreen(this.using === 'area' ? at : this.spot(at));
      const r = this.using === 'area' ? 3 : Math.max(2, (this.breadth / 2) * view.scale);
      drawn.push(s('circle', { class: 'brush halo', cx, cy, r }), s('circle', { class: 'brush', cx, cy, r }));
    }
    overlay.replaceChildren(...drawn);
  }

  drawingKey(event) {
    const { key } = event;
    if (key === 'Escape' && this.trace) return (this.cancel(), true);
    if (!this.editable) return false;
    if (key === 'Enter') return Boolean(this.trace) && (this.finish(), true);
    if (key in ARROWS && !event.altKey) return deepTarget(event) === this.stage.element && this.moveCursor(ARROWS[key], event.shiftKey);
    const brush = Object.keys(BRUSHES).find((what) => BRUSHES[what][1] === key);
    if (brush) return this.use(brush);
    const step = { '[': -1, ',': -1, ']': 1, '.': 1 }[key];
    if (step) return (this.setBreadth(this.breadth + step * Math.max(1, Math.round(this.breadth / 6))), true);
    if (key.toLowerCase() === 'd') return this.dab(event.shiftKey);
    if (!['Delete', 'Backspace'].includes(key) || !this.counts[this.region]) return false;
    return (this.remove(this.selected), true);
  }

  get drawingKeys() {
    return [
      ...Object.values(BRUSHES).map(([name, key]) => [key, name === 'Area' ? 'outline an area to fill' : name.toLowerCase()]),
      ['[ ]', 'a thinner or thicker brush; so do , and .'],
      ['← → ↑ ↓', 'on the picture: move the brush; with Shift: by 10 pixels'],
      ['d', 'paint, erase or set a corner where the brush is; with Shift: from the place before to here'],
      ['Enter', 'fill the area; submit when nothing is being outlined'],
      ['Escape', 'give up the area'],
      ['Delete', `remove the chosen ${this.noun}`],
    ];
  }

  moveCursor([right, down], far) {
    const { width, height } = this.size;
    const { x, y } = this.stage.view.middle;
    const from = this.cursor ?? this.spot(this.pointer ?? [x, y]);
    const by = far ? 10 : 1;
    this.cursor = [Math.min(Math.max(from[0] + right * by, 0.5), width - 0.5), Math.min(Math.max(from[1] + down * by, 0.5), height - 0.5)];
    this.stage.view.reveal(this.cursor);
    this.draw();
    return true;
  }

  dab(joined) {
    const at = this.cursor ?? this.pointer;
    if (!at) return false;
    if (this.using === 'area') this.addCorner(at);
    else this.alter(() => this.paint((joined && this.dabbed) || at, at));
    this.dabbed = at;
    return true;
  }
}
