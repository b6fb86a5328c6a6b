// Spans of a text as plain data: {label, startOffset, endOffset}, the end exclusive, counted in UTF-16 units as
// JavaScript, and A2I's own page, count.

const WORDS = new Intl.Segmenter(undefined, { granularity: 'word' });
const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

// What arrow keys stop at: words, numbers and pictures, but no punctuation and no spaces.
function wordsOf(text) {
  return Array.from(WORDS.segment(text), ({ segment, index }) => ({ start: index, end: index + segment.length, segment }))
    .filter(({ segment }) => /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(segment));
}

// The end of the grapheme after an offset, or the start of the one before it: no letter is torn from its accent.
function graphemeStep(text, offset, forward) {
  const found = GRAPHEMES.segment(text).containing(forward ? offset : offset - 1);
  if (!found) return offset;
  return forward ? found.index + found.segment.length : found.index;
}

function trimmed(text, { start, end }) {
  const inside = text.slice(start, end);
  return { start: start + inside.length - inside.trimStart().length, end: end - inside.length + inside.trimEnd().length };
}

function inOrder(spans) {
  return [...spans].sort((a, b) => a.startOffset - b.startOffset || a.endOffset - b.endOffset);
}

function sameSpan(a, b) {
  return a.label === b.label && a.startOffset === b.startOffset && a.endOffset === b.endOffset;
}

// Each span with the lowest line below the text that no earlier span occupies there.
function withLanes(spans) {
  const ends = [];
  return inOrder(spans).map((span) => {
    const free = ends.findIndex((end) => end <= span.startOffset);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = span.endOffset;
    return { ...span, lane };
  });
}

// The text cut wherever a span begins or ends: [{start, end, spans}] in order, nothing left out.
function segmentsOf(text, spans, cuts = []) {
  const bounds = new Set([0, text.length, ...cuts, ...spans.flatMap((span) => [span.startOffset, span.endOffset])]);
  const sorted = [...bounds].filter((bound) => bound >= 0 && bound <= text.length).sort((a, b) => a - b);
  return sorted.slice(1).map((end, index) => {
    const start = sorted[index];
    return { start, end, spans: spans.filter((span) => span.startOffset < end && span.endOffset > start) };
  });
}

// Of the rectangles of words, the place of the one nearest above or below; at the end of the text, its first or last.
function rectOnNextLine(rects, from, down) {
  const middle = (rect) => rect.left + rect.width / 2;
  const beyond = rects.map((rect, index) => ({ rect, index }))
    .filter(({ rect }) => (down ? rect.top >= rects[from].bottom - 4 : rect.bottom <= rects[from].top + 4));
  if (!beyond.length) return down ? rects.length - 1 : 0;
  const tops = beyond.map(({ rect }) => rect.top);
  const line = down ? Math.min(...tops) : Math.max(...tops);
  const distance = ({ rect }) => Math.abs(middle(rect) - middle(rects[from]));
  return beyond.filter(({ rect }) => Math.abs(rect.top - line) < 4).sort((a, b) => distance(a) - distance(b))[0].index;
}
