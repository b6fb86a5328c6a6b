// <crowd-classifier-multi-select>: any number of categories, or the one that excludes all others ("None of these").
// Answers {"labels": ["a", "b"]}; the exclusion alone answers an empty list.

class CrowdClassifierMultiSelect extends CrowdClassifier {
  static multiple = true;

  categories() {
    const exclusion = this.parsed('exclusion-category', null);
    this.exclusion = exclusion === null ? null : String(exclusion.text ?? exclusion);
    return this.exclusion === null ? super.categories() : [...super.categories(), this.exclusion];
  }

  get value() {
    const labels = this.options.value;
    return labels.length ? { labels: labels.filter((label) => label !== this.exclusion) } : undefined;
  }

  set value(value) {
    const labels = value?.labels ?? value ?? [];
    this.options.value = Array.isArray(labels) ? labels.map(String) : [];
  }

  changed() {
    const chosen = this.options.value;
    const latest = chosen.find((label) => !this.before?.includes(label));
    if (latest === this.exclusion && latest !== undefined) this.options.value = [latest];
    else if (latest !== undefined) this.options.value = chosen.filter((label) => label !== this.exclusion);
    this.before = this.options.value;
    super.changed();
  }

  problem() {
    return this.open ? 'Choose at least one category.' : '';
  }

  reset() {
    this.value = this.parsed('initial-value', []);
    this.before = this.options.value;
  }
}

define('crowd-classifier-multi-select', CrowdClassifierMultiSelect);
