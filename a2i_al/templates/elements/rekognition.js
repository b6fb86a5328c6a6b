// <crowd-rekognition-detect-moderation-labels>: which of a picture's moderation labels apply. The answer holds the chosen
// categories as they came in, texts or whole objects; the exclusion category, or nothing where there is none, gives [].

class CrowdModerationLabels extends Pictured(CrowdClassifierMultiSelect) {
  answerName = 'AWS/Rekognition/DetectModerationLabels/Image/V3';
  entries = new Map();

  labelOf(entry) {
    const label = super.labelOf(entry);
    if (!this.entries.has(label)) this.entries.set(label, entry);
    return label;
  }

  hints() {
    return Object.fromEntries([...this.entries].map(([label, entry]) => [label, entry?.parentName ?? '']));
  }

  get open() {
    return this.exclusion !== null && super.open;
  }

  get value() {
    if (this.open) return undefined;
    const chosen = this.options.value.filter((label) => label !== this.exclusion);
    return { moderationLabels: chosen.map((label) => this.entries.get(label)) };
  }

  set value(value) {
    const labels = value?.moderationLabels ?? value ?? [];
    this.options.value = Array.isArray(labels) ? labels.map((entry) => super.labelOf(entry)) : [];
  }

  problem() {
    return this.open ? `Choose at least one category, or “${this.exclusion}”.` : '';
  }
}

define('crowd-rekognition-detect-moderation-labels', CrowdModerationLabels);
