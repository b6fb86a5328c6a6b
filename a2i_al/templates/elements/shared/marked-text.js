// A text in which spans are marked and a passage is selected, by pointer or by arrow keys. Owners set `spans`, read
// `selection` ({start, end} or null), and hear of every change of it.

class MarkedText {
  selection = null;
  byKeyboard = false;
  pressed = false;
  spans = [];

  constructor(text, { root, labels, onselect }) {
    Object.assign(this, { text, root, labels, onselect });
    this.words = wordsOf(text);
    this.element = h('div', {
      class: 'marked', tabindex: 0, role: 'textbox', 'aria-readonly': 'true', 'aria-multiline': 'true',
      'aria-label': 'Text to mark', 'aria-describedby': 'how', onkeydown: (event) => this.onKey(event),
      onfocus: () => this.selection || this.pressed || this.goTo(0), onpointerdown: () => { this.pressed = true; },
    });
    // The pointer may go down and be let go beside the text.
    document.addEventListener('pointerup', () => setTimeout(() => this.onPointerUp()));
    this.show();
  }

  // The anchor is what stays selected when the selection is extended.
  select(selection, byKeyboard = false, anchor = selection) {
    this.selection = selection && selection.end > selection.start ? selection : null;
    this.anchor = anchor;
    this.byKeyboard = byKeyboard;
    this.show();
    this.onselect();
  }

  show() {
    const { start, end } = this.selection ?? {};
    const spans = withLanes(this.spans);
    const lanes = Math.max(0, ...spans.map((span) => span.lane + 1));
    this.element.style.setProperty('--lanes', lanes);
    this.element.replaceChildren(...segmentsOf(this.text, spans, this.selection ? [start, end] : []).flatMap((segment) => {
      const chosen = this.selection && segment.start >= start && segment.end <= end;
      const ended = segment.spans.filter((span) => span.endOffset === segment.end);
      return [this.piece(segment, chosen), ...ended.map((span) => this.chip(span))];
    }));
  }

  piece(segment, chosen) {
    const piece = h('span', { class: chosen ? 'piece chosen' : 'piece', 'data-start': segment.start });
    piece.textContent = this.text.slice(segment.start, segment.end);
    if (segment.spans.length) {
      piece.classList.add('spanned');
      piece.style.setProperty('--colour', this.labels.look(segment.spans.at(-1).label).colour);
      piece.style.backgroundImage = segment.spans.map(({ label }) => `linear-gradient(0deg, ${this.labels.look(label).colour} 0 100%)`).join();
      piece.style.backgroundPosition = segment.spans.map(({ lane }) => `0 calc(100% - ${lane * 5}px)`).join();
    }
    return piece;
  }

  // Its text is made by the style sheet, so it is no part of what is selected or counted.
  chip({ label }) {
    const { short, colour } = this.labels.look(label);
    return h('span', { class: 'chip', 'data-label': short, style: `--colour: ${colour}` });
  }

  onPointerUp() {
    const clicked = this.pressed;
    this.pressed = false;
    const selection = document.getSelection();
    const [range] = selection.getComposedRanges?.({ shadowRoots: [this.root] }) ?? [];
    const found = range ?? (selection.rangeCount ? (this.root.getSelection?.() ?? selection).getRangeAt(0) : null);
    if (!found) return;
    const ends = [this.offsetOf(found.startContainer, found.startOffset), this.offsetOf(found.endContainer, found.endOffset)];
    if (ends.includes(null) || (ends[0] === ends[1] && !clicked)) return;
    const [start, end] = ends.sort((a, b) => a - b);
    selection.removeAllRanges();
    if (start < end) this.select(trimmed(this.text, { start, end }));
    else this.point(start);
  }

  // A click without dragging takes the smallest span below it, or the word.
  point(offset) {
    const here = this.spans.filter((span) => span.startOffset <= offset && offset < span.endOffset)
      .sort((a, b) => a.endOffset - a.startOffset - b.endOffset + b.startOffset)[0];
    const word = this.words.find(({ start, end }) => start <= offset && offset <= end);
    this.select(here ? { start: here.startOffset, end: here.endOffset } : word ? { start: word.start, end: word.end } : null, true);
  }

  offsetOf(node, offset) {
    if (!this.element.contains(node)) return null;
    if (node.nodeType === Node.TEXT_NODE) return Number(node.parentElement.dataset.start) + offset;
    if (node !== this.element) return node.dataset.start ? Number(node.dataset.start) : this.offsetOf(this.element, [...this.element.children].indexOf(node));
    const next = [...this.element.children].slice(offset).find((piece) => piece.dataset.start);
    return next ? Number(next.dataset.start) : this.text.length;
  }

  onKey(event) {
    if (event.ctrlKey || event.metaKey) return;
    const { key, shiftKey, altKey } = event;
    const forward = key === 'ArrowRight' || key === 'ArrowDown';
    if (key === 'Escape' && this.selection) this.select(null);
    else if (altKey && shiftKey && ['ArrowLeft', 'ArrowRight'].includes(key)) this.stretchByLetter(forward);
    else if (altKey) return;
    else if (['ArrowLeft', 'ArrowRight'].includes(key)) this.step(forward ? 1 : -1, shiftKey);
    else if (['ArrowUp', 'ArrowDown'].includes(key)) this.goTo(rectOnNextLine(this.words.map((word) => this.rectOf(word)), Math.max(0, this.head), forward), shiftKey);
    else if (key === 'Home' || key === 'End') this.goTo(key === 'Home' ? 0 : this.words.length - 1, shiftKey);
    else return;
    event.preventDefault();
  }

  // The word at the moving end of the selection.
  get head() {
    if (!this.selection) return -1;
    const { start, end } = this.selection;
    return this.words.findLastIndex((word) => word.start < (this.anchor.start > start ? start + 1 : end));
  }

  step(by, extend) {
    const from = this.head;
    this.goTo(from < 0 ? (by > 0 ? 0 : this.words.length - 1) : from + by, extend);
  }

  goTo(index, extend = false) {
    const word = this.words[Math.max(0, Math.min(this.words.length - 1, index))];
    if (!word) return;
    const anchor = extend && this.selection ? this.anchor : word;
    this.select({ start: Math.min(anchor.start, word.start), end: Math.max(anchor.end, word.end) }, true, anchor);
    this.element.querySelector('.chosen')?.scrollIntoView({ block: 'nearest' });
  }

  stretchByLetter(forward) {
    if (!this.selection) return;
    const end = graphemeStep(this.text, this.selection.end, forward);
    if (end > this.selection.start) this.select({ start: this.selection.start, end }, true, this.anchor);
  }

  rectOf({ start }) {
    const piece = [...this.element.querySelectorAll('.piece')].findLast((one) => Number(one.dataset.start) <= start);
    const range = document.createRange();
    range.setStart(piece.firstChild, start - Number(piece.dataset.start));
    range.setEnd(piece.firstChild, Math.min(piece.firstChild.length, start - Number(piece.dataset.start) + 1));
    return range.getBoundingClientRect();
  }
}
