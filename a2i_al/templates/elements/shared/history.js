// What was done, to be undone and done again. A step is {undo, redo} and may say what it weighs, in bytes.

const HEAVIEST = 64 * 2 ** 20; // bytes; the oldest steps are forgotten when masks of large pictures weigh more

class History {
  done = [];
  undone = [];

  // Steps with the same `merge` become one: ten nudges of a box are undone at once.
  did(step, merge = null) {
    const last = this.done.at(-1);
    if (merge !== null && last?.merge === merge && !this.undone.length) last.redo = step.redo;
    else this.done.push({ weight: 0, ...step, merge });
    this.undone = [];
    let weight = 0;
    const from = this.done.findLastIndex((one) => (weight += one.weight) > HEAVIEST);
    if (from >= 0 && this.done.length > 1) this.done.splice(0, Math.min(from + 1, this.done.length - 1));
  }

  undo() {
    const step = this.done.pop();
    if (!step) return false;
    this.undone.push(step);
    step.undo();
    return true;
  }

  redo() {
    const step = this.undone.pop();
    if (!step) return false;
    this.done.push({ ...step, merge: null });
    step.redo();
    return true;
  }
}
