// <crowd-textract-analyze-document>: the key-value pairs that Textract read on a page, reviewed beside the page.
// Answers {"AWS/Textract/AnalyzeDocument/Forms/V1": {"blocks": [{"blockType": "KEY_VALUE_SET", …}]}}: a KEY and a VALUE
// block for every pair that stands; pairs that are none, and keys that are not found, are left out.

class CrowdTextractAnalyzeDocument extends FieldElement {
  answerName = 'AWS/Textract/AnalyzeDocument/Forms/V1';
  keys = [
    ['Enter', 'go to the next value; after the last one, submit'],
    ['Tab', 'go on: the value, “Value is blank”, “Not a key and its value”'],
  ];

  render(root) {
    this.slotChildren('full-instructions', 'short-instructions');
    this.image = h('img', { alt: 'The page', class: 'sheet' });
    this.image.onerror = () => {
      this.page.replaceChildren(h('p', { class: 'problem', role: 'alert' }, `The page cannot be shown: ${addressOf(this.attribute('src'))}`));
    };
    this.page = h('div', { class: 'stack' }, this.image);
    this.list = h('div', { class: 'pairs' });
    root.append(h('section', { class: 'task document' },
      h('header', {}, h('h2', {}, this.attribute('header')), h('slot', { name: 'full-instructions' })),
      this.brief(),
      h('div', { class: 'target' }, this.page), h('div', { class: 'choices' }, this.list, this.complaint, h('slot'))));
    if (this.attribute('src')) this.image.src = this.attribute('src');
    else this.image.onerror();
    this.reset();
  }

  blocks() {
    const blocks = this.parsed('initial-value', []);
    if (blocks?.some?.((block) => block?.BlockType)) {
      this.complaint.textContent = 'The blocks are in PascalCase (BlockType), as boto3 gives them. Here and in A2I they must be in '
        + 'camelCase (blockType).';
    }
    const types = this.parsed('block-types', ['KEY_VALUE_SET']);
    if (!types.includes('KEY_VALUE_SET')) this.complaint.textContent = 'Of block-types, only KEY_VALUE_SET can be reviewed.';
    return Array.isArray(blocks) ? blocks.filter(isObject) : [];
  }

  reset() {
    const keys = this.parsed('keys', []);
    const important = (Array.isArray(keys) ? keys : [keys]).filter(isObject);
    this.pairs = pairsOf(this.blocks(), important).map((pair, index) => new PairRow(pair, this, index));
    this.list.replaceChildren(...this.pairs.map((pair) => pair.element));
    if (!this.pairs.length) this.list.append(h('p', {}, 'There is nothing to review.'));
    this.page.replaceChildren(...[...this.page.children].filter((child) => !child.matches('.box')), ...this.pairs.flatMap((pair) => pair.boxes));
  }

  get value() {
    return { blocks: this.pairs.filter((pair) => pair.stands).flatMap((pair) => blocksOf(pair.reviewed)) };
  }

  // Pairs without a VALUE block in it are no pairs.
  set value(value) {
    const texts = new Map((value?.blocks ?? []).map(({ id, text }) => [id, text ?? '']));
    for (const pair of this.pairs) pair.review(texts);
  }

  problem() {
    const open = this.pairs.filter((pair) => pair.open);
    for (const pair of this.pairs) pair.element.classList.toggle('open', pair.open);
    return open.length ? 'Write the value, or say why there is none.' : '';
  }

  show(chosen) {
    for (const pair of this.pairs) pair.highlight(pair === chosen);
  }

  // Enter goes from value to value; from the last one on, it submits as everywhere.
  next(pair) {
    const following = this.pairs.slice(this.pairs.indexOf(pair) + 1).find((one) => !one.input.disabled);
    following?.input.focus();
    return Boolean(following);
  }

  focus() {
    (this.pairs.find((pair) => pair.open) ?? this.pairs[0])?.input.focus();
  }
}

define('crowd-textract-analyze-document', CrowdTextractAnalyzeDocument);
